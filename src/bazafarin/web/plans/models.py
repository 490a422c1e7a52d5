"""A plan that was asked for, and what it says of areas and blocks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from pathlib import Path


class PlanState(StrEnum):
    """What has become of a plan."""

    MAKING = "making"
    """It waits or is being made; nobody sees anything of it."""
    DONE = "done"
    FAILED = "failed"
    """It ended before it was done: a fault, a cancellation; nothing of it is left."""


class Plan(models.Model):
    """The studies of one edition of a city, by rules of one day.

    ``identity`` is a digest of everything that determines the result, so that the same
    question finds the same answer. ``standards`` is the city's own file of rules as it was
    sent, empty for the national ones alone; ``scenario`` what was asked of the proposals, None
    for a diagnosis alone. ``headline`` are the figures of the whole city that are told first,
    ``rules_of_figures`` the rules that each figure stands on, by its id, ``citations`` those
    rules; ``proposals`` the driver projects, the budget curve and what comes first.
    ``has_small_groups`` says that a figure of an area tells of too few people for everybody.
    """

    city = models.ForeignKey("places.City", on_delete=models.PROTECT, related_name="plans")
    edition_number = models.PositiveIntegerField()
    as_of = models.DateField()
    standards_name = models.CharField(max_length=200, blank=True)
    standards_digest = models.CharField(max_length=64, blank=True)
    standards = models.TextField(blank=True)
    scenario = models.JSONField(null=True)
    version = models.CharField(max_length=40)
    identity = models.CharField(max_length=64)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=20,
        default=PlanState.MAKING,
        choices=[(state.value, state.value) for state in PlanState],
    )
    headline = models.JSONField(default=list)
    citations = models.JSONField(default=dict)
    rules_of_figures = models.JSONField(default=dict)
    proposals = models.JSONField(null=True)
    has_small_groups = models.BooleanField(default=True)

    class Meta:
        """One result a question; what ended has its moment."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("city", "identity"),
                condition=Q(state__in=["making", "done"]),
                name="plan_of_an_identity",
            ),
            models.CheckConstraint(
                condition=Q(state="making", ended_at=None)
                | Q(state__in=["done", "failed"], ended_at__isnull=False),
                name="plan_ended_at_a_moment",
            ),
        )
        indexes = (
            models.Index(fields=("city", "state", "edition_number", "id"), name="plan_shown"),
        )

    def __str__(self) -> str:
        """Return the city and the number, for developers."""
        return f"{self.city_id}/{self.pk}"

    @property
    def folder(self) -> Path:
        """Return the folder of the plan's files."""
        folder: Path = settings.DATA_FOLDER / "plans" / str(self.pk)
        return folder


def _share() -> models.FloatField[float | None, float | None]:
    return models.FloatField(null=True)


class BlockResult(models.Model):
    """What a plan says of a block: its three indices, whether it is worn-out, and why.

    ``change`` and ``reason`` say how it stands to the boundary; empty without an approved one.
    Unknown is NULL.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="blocks")
    block_id = models.CharField(max_length=120)
    neighbourhood_id = models.CharField(max_length=120, null=True)
    in_neighbourhood = models.ForeignKey(
        "places.Place", null=True, on_delete=models.PROTECT, related_name="+"
    )
    area_m2 = models.FloatField(null=True)
    parcels_count = models.PositiveIntegerField(default=0)
    buildings_count = models.PositiveIntegerField(default=0)
    fine_grain_share = _share()
    fine_grain_share_min = _share()
    fine_grain_share_max = _share()
    fine_grain_coverage = _share()
    instability_share = _share()
    instability_share_min = _share()
    instability_share_max = _share()
    instability_coverage = _share()
    impermeability_share = _share()
    impermeability_share_min = _share()
    impermeability_share_max = _share()
    impermeability_coverage = _share()
    indices_met = models.PositiveSmallIntegerField(default=0)
    worn_out = models.BooleanField(default=False)
    decided = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField(null=True)
    change = models.CharField(max_length=20, null=True)
    reason = models.CharField(max_length=40, null=True)

    class Meta:
        """A plan says one thing of a block."""

        ordering = ("block_id",)
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("plan", "block_id"), name="block_result_once"),
        )

    def __str__(self) -> str:
        """Return the block."""
        return self.block_id


class AreaResult(models.Model):
    """What a plan says of the city (``area`` is empty) or of one of its neighbourhoods.

    ``figures`` are findings as JSON, each with ``is_small`` where it tells of fewer people
    than may be told of; ``services`` the land that each service has and lacks.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="areas")
    area = models.CharField(max_length=120, blank=True)
    name_fa = models.CharField(max_length=200, blank=True)
    in_neighbourhood = models.ForeignKey(
        "places.Place", null=True, on_delete=models.PROTECT, related_name="+"
    )
    figures = models.JSONField(default=list)
    services = models.JSONField(default=list)

    class Meta:
        """A plan says one thing of an area."""

        ordering = ("area",)
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("plan", "area"), name="area_result_once"),
        )

    def __str__(self) -> str:
        """Return the area."""
        return self.area
