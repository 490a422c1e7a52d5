"""A place of the administrative tree: a role is held at one and reaches all below it."""

from __future__ import annotations

from enum import StrEnum

from django.db import models


class PlaceKind(StrEnum):
    """How far down the tree a place stands."""

    COUNTRY = "country"
    PROVINCE = "province"
    COUNTY = "county"
    CITY = "city"
    DISTRICT = "district"
    NEIGHBOURHOOD = "neighbourhood"


class Place(models.Model):
    """One place; ``path`` is the ids from the root down, such as ``/1/4/9/``."""

    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in PlaceKind])
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=120, unique=True, editable=False)
    code = models.CharField(max_length=60, blank=True)
    name_fa = models.CharField(max_length=160)

    class Meta:
        """A code names one place below its parent."""

        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(
                fields=("parent", "kind", "code"),
                condition=~models.Q(code=""),
                name="place_code_below_its_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in PlaceKind]),
                name="place_of_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(parent__isnull=False)
                | models.Q(kind__in=[PlaceKind.COUNTRY, PlaceKind.PROVINCE, PlaceKind.CITY]),
                name="place_has_a_parent",
            ),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name_fa

    def save(self, *args: object, **kwargs: object) -> None:
        """Save, and on the first time write the path: it holds the row's own id."""
        is_new = self.pk is None
        if is_new:
            self.path = f"new:{id(self)}"
        super().save(*args, **kwargs)  # type: ignore[arg-type] # Django's own
        if is_new:
            self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
            super().save(update_fields=["path"])
