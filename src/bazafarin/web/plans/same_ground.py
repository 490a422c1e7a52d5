"""Which block of one edition is which of another: derived blocks are numbered anew each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from bazafarin.analysis.parcel_succession import parcel_succession
from bazafarin.standards import Standards
from bazafarin.web.places.models import Block

if TYPE_CHECKING:
    from bazafarin.web.plans.models import Plan


def later_names(before: Plan, after: Plan) -> dict[str, str | None]:
    """Return the name in ``after`` of each derived block of ``before``; None where it has none.

    A block is the same where the two share their ground and no other block has part in it.
    Delivered blocks are not told of: they keep their own names.
    """
    if before.edition_number == after.edition_number:
        return {}
    old, new = (_derived(plan) for plan in (before, after))
    share = float(Standards.national().value("editions.overlap_share", as_of=after.as_of))
    pairs = parcel_succession(old, new, overlap_share=share)
    same = pairs[pairs["kind"] == "renamed"]
    return dict.fromkeys(old.index) | dict(zip(same["old"], same["new"], strict=True))


def _derived(plan: Plan) -> gpd.GeoSeries:
    """Return the outlines of the derived blocks of a plan's edition by their name."""
    found = Block.objects.of_edition(plan.city, plan.edition_number).filter(
        is_derived=True, geometry__isnull=False
    )
    held = dict(found.values_list("key", "geometry"))
    return gpd.GeoSeries(np.array([*held.values()], dtype=object), index=[*held])
