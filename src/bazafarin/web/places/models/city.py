"""A city: its coordinate system, and which edition is current."""

from __future__ import annotations

from django.db import models

from bazafarin.web.places.models.place import Place, PlaceKind


class City(models.Model):
    """The city of a place; ``current`` is the number of the edition that everybody sees.

    An accepted edition becomes current by this one number; all its rows were staged before.
    """

    place = models.OneToOneField(
        Place,
        on_delete=models.PROTECT,
        related_name="city",
        limit_choices_to={"kind": PlaceKind.CITY},
    )
    crs = models.CharField(max_length=60, blank=True)
    srid = models.PositiveIntegerField(default=0)
    current = models.PositiveIntegerField(default=0)
    is_synthetic = models.BooleanField(default=False)

    def __str__(self) -> str:
        """Return the name."""
        return self.place.name_fa
