"""What every row of a layer has: its shape, and from which edition to which it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from bazafarin.web.places.geometry_field import GeometryField
from bazafarin.web.places.models.city import City
from bazafarin.web.places.models.place import Place

if TYPE_CHECKING:
    from bazafarin.web.places.geometry_field import Box


_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class FeatureQuerySet(models.QuerySet[_Row_co]):
    """Rows of a layer as of an edition."""

    def of_edition(self, city: City, number: int | None = None) -> Self:
        """Return the rows that hold in an edition of ``city``; without a number, the current."""
        number = city.current if number is None else number
        return self.filter(Q(until=None) | Q(until__gt=number), city=city, since__lte=number)

    def meeting(self, box: Box) -> Self:
        """Return the rows whose bounding box meets ``box``."""
        return self.filter(geometry__meets=box)


class Feature(models.Model):
    """One row of a layer: it holds from edition ``since`` until before edition ``until``.

    ``key`` names the thing through its editions (a parcel's code); ``row`` is the row of the
    delivery it came from; ``digest`` tells whether anything of it changed. The corners are in
    the city's own system, in metres.
    """

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    row = models.PositiveIntegerField(default=0)
    since = models.PositiveIntegerField()
    until = models.PositiveIntegerField(null=True)
    digest = models.BigIntegerField()
    in_neighbourhood = models.ForeignKey(
        Place, null=True, on_delete=models.PROTECT, related_name="+"
    )
    geometry = GeometryField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)

    objects = FeatureQuerySet.as_manager()

    class Meta:
        """One row of a thing is open at a time, and none ends before it begins."""

        abstract = True
        constraints = (
            models.UniqueConstraint(
                fields=("city", "key"), condition=Q(until=None), name="%(class)s_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="%(class)s_in_order"
            ),
        )
        indexes: ClassVar[tuple[models.Index, ...]] = (
            models.Index(fields=("city", "since"), name="%(class)s_since"),
            models.Index(fields=("city", "until"), name="%(class)s_until"),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key

    def save(self, *args: object, **kwargs: object) -> None:
        """Save with the corners of the shape."""
        corners = (None,) * 4 if self.geometry is None else self.geometry.bounds
        self.west, self.south, self.east, self.north = corners
        super().save(*args, **kwargs)  # type: ignore[arg-type] # Django's own
