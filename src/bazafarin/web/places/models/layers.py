"""The city file's layers as tables: their columns are the city file's, name by name.

A test holds them to ``bazafarin.domain.city.LAYERS``. Unknown is NULL.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bazafarin.web.places.models.feature import Feature


def _words(length: int = 40) -> models.CharField[str | None, str | None]:
    return models.CharField(max_length=length, null=True)


class Parcel(Feature):
    """A parcel; ``in_block`` is the block it was placed in, delivered or derived.

    ``is_renumbered`` where nothing differs from the row before but the number of that block,
    which was derived anew.
    """

    parcel_id = models.CharField(max_length=120)
    block_id = _words(120)
    neighbourhood_id = _words(120)
    use = _words()
    use_plan = _words()
    land_area_m2 = models.FloatField(null=True)
    built_area_m2 = models.FloatField(null=True)
    floors = models.FloatField(null=True)
    units = models.FloatField(null=True)
    built_sh = models.FloatField(null=True)
    structure = _words()
    quality = _words()
    ownership = _words()
    heritage = models.BooleanField(null=True)
    households = models.FloatField(null=True)
    population = models.FloatField(null=True)
    will_renovate = models.BooleanField(null=True)
    will_consolidate = models.BooleanField(null=True)
    land_value_rial_m2 = models.FloatField(null=True)
    surveyed_on = models.DateField(null=True)
    plaque = _words(120)
    postal_code = _words(120)
    in_block = _words(120)
    area_m2 = models.FloatField(null=True)
    search_key = models.CharField(max_length=120, blank=True)
    is_renumbered = models.BooleanField(null=True)

    class Meta(Feature.Meta):
        """Found by the start of its code, and by its block."""

        indexes: ClassVar[tuple[models.Index, ...]] = (
            *Feature.Meta.indexes,
            models.Index(fields=("city", "search_key"), name="parcel_search"),
            models.Index(fields=("city", "plaque"), name="parcel_plaque"),
            models.Index(fields=("city", "postal_code"), name="parcel_postal_code"),
            models.Index(fields=("city", "in_block"), name="parcel_block"),
            models.Index(fields=("city", "key"), name="parcel_key"),
        )


class Block(Feature):
    """An urban block; ``is_derived`` where the delivery had none and parcels that touch made it."""

    block_id = models.CharField(max_length=120)
    neighbourhood_id = _words(120)
    is_derived = models.BooleanField(default=False)
    area_m2 = models.FloatField(null=True)


class Passage(Feature):
    """A street or lane, drawn as its centre-line."""

    passage_id = models.CharField(max_length=120)
    name_fa = _words(200)
    width_m = models.FloatField(null=True)
    klass = models.CharField(max_length=60, null=True, db_column="class")


class Carriageway(Feature):
    """The surface of a street."""

    passage_id = _words(120)


class Neighbourhood(Feature):
    """A neighbourhood as it was delivered; its place in the tree is ``in_neighbourhood``."""

    neighbourhood_id = models.CharField(max_length=120)
    name_fa = _words(200)
    population = models.FloatField(null=True)
    target_type = _words()


class Facility(Feature):
    """Where a service is given."""

    facility_id = models.CharField(max_length=120)
    service = _words()
    area_m2 = models.FloatField(null=True)
    capacity = models.FloatField(null=True)


class BoundaryPart(Feature):
    """A part of the approved boundary of the worn-out fabric, with its resolution."""

    approved_on = models.DateField(null=True)
    resolution = _words(400)
