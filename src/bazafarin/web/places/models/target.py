"""Target areas of regeneration, of five types."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bazafarin.domain.codes import TargetType
from bazafarin.web.places.geometry_field import GeometryField
from bazafarin.web.places.models.place import Place


class TargetArea(models.Model):
    """A target area, from its resolution on and until another replaces it.

    It may be of several types, one of which is the first: historic and middle fabric overlap.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="target_areas")
    name_fa = models.CharField(max_length=160)
    primary_type = models.CharField(
        max_length=30, choices=[(kind.value, kind.value) for kind in TargetType]
    )
    other_types = models.JSONField(default=list, blank=True)
    geometry = GeometryField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    resolution = models.CharField(max_length=400, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """It ends after it begins, and is of one of the types."""

        constraints = (
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")),
                name="target_area_in_order",
            ),
            models.CheckConstraint(
                condition=Q(primary_type__in=[kind.value for kind in TargetType]),
                name="target_area_of_a_type",
            ),
        )

    def __str__(self) -> str:
        """Return the name."""
        return self.name_fa
