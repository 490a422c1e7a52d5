"""The boundary proposal that follows from what a survey found of its blocks.

It is of the survey's blocks alone and changes nothing: a study of the whole city makes the proposal
that goes to the commission.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from bazafarin.domain.codes import BoundaryChange
from bazafarin.standards import Standards
from bazafarin.studies import boundary_revision
from bazafarin.web.places.models import Block, BoundaryPart
from bazafarin.web.places.preview import WIDTH, Drawn, around, paths

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import shapely

    from bazafarin.web.surveys.models import Survey

_TALLEST: Final = 600
OUTSIDE: Final = "outside"
"""What is called a block that the proposal does not hold, nor the approved boundary."""


@dataclass(frozen=True, slots=True)
class BoundaryProposal:
    """What becomes of the boundary in a survey's blocks.

    Attributes:
        is_approved: whether the city has an approved boundary; without one every worn-out block
            is an addition.
        changes: the change of a block, and why as a wording key (empty without a boundary).
        area_m2: what the proposal holds of these blocks, lanes between them included.
        width, height: of the picture, in units.
        layers: the blocks by what becomes of them.
        outlines: the proposed boundary.
    """

    is_approved: bool
    changes: Mapping[str, tuple[str, str]]
    area_m2: float
    width: int
    height: int
    layers: Mapping[str, list[Drawn]]
    outlines: list[Drawn]

    @property
    def hectares(self) -> float:
        """Return what the proposal holds, in hectares."""
        return self.area_m2 / 10_000

    @property
    def added(self) -> list[str]:
        """Return the blocks that come in."""
        return [block for block, (change, _) in self.changes.items() if change == "added"]


def proposal_of(
    survey: Survey, parcels: pd.DataFrame, judged: pd.DataFrame, *, day: date
) -> BoundaryProposal | None:
    """Return what follows for the boundary; None where no block of the survey has a shape.

    Args:
        survey: the survey.
        parcels: the parcels of its blocks now, with ``block_id``.
        judged: its blocks as these parcels tell them, with ``worn_out`` and ``decided``.
        day: whose rules hold.
    """
    city, standards = survey.city, Standards.national()
    held = Block.objects.of_edition(city).filter(key__in=list(judged.index))
    rows = list(held.exclude(geometry=None).order_by("key").values_list("key", "geometry"))
    if not rows:
        return None
    keys = [key for key, _ in rows]
    blocks = gpd.GeoDataFrame(
        {
            "block_id": pd.Series(keys, dtype="str"),
            "worn_out": judged.loc[keys, "worn_out"].to_numpy(dtype=bool),
            "decided": judged.loc[keys, "decided"].to_numpy(),
        },
        geometry=[shape for _, shape in rows if shape is not None], crs=city.srid,
    )  # fmt: skip
    blocks["area_m2"] = blocks.area
    approved = _approved(survey)
    changes: dict[str, tuple[str, str]]
    if approved is None:
        worn_out = blocks["block_id"][blocks["worn_out"]]
        changes = {str(key): (BoundaryChange.ADDED.value, "") for key in worn_out}
    else:
        table = boundary_revision.boundary_changes(
            blocks, parcels, approved, standards=standards, as_of=day
        )
        told = zip(table["block_id"], table["change"], table["reason"], strict=True)
        changes = {str(key): (str(change), str(reason)) for key, change, reason in told}
    stays = {key for key, (change, _) in changes.items() if change != BoundaryChange.REMOVED}
    proposed = boundary_revision.proposed_boundary(
        blocks, blocks["block_id"].isin(stays), standards=standards, as_of=day
    )
    return _drawn(blocks, changes, proposed, is_approved=approved is not None)


def _approved(survey: Survey) -> gpd.GeoDataFrame | None:
    parts = BoundaryPart.objects.of_edition(survey.city).exclude(geometry=None)
    rows = list(parts.values_list("geometry", "approved_on"))
    if not rows:
        return None
    return gpd.GeoDataFrame(
        {"approved_on": pd.to_datetime(pd.Series([day for _, day in rows]))},
        geometry=[shape for shape, _ in rows if shape is not None], crs=survey.city.srid,
    )  # fmt: skip


def _drawn(
    blocks: gpd.GeoDataFrame,
    changes: Mapping[str, tuple[str, str]],
    proposed: gpd.GeoDataFrame,
    *,
    is_approved: bool,
) -> BoundaryProposal:
    shapes: list[shapely.Geometry] = list(blocks.geometry)
    west, south, east, north = around(shapes)
    scale = min(WIDTH / (east - west), _TALLEST / (north - south))
    of_kind: dict[str, list[tuple[str, shapely.Geometry | None]]] = {
        OUTSIDE: [], **{change.value: [] for change in BoundaryChange},
    }  # fmt: skip
    for key, shape in zip(blocks["block_id"], shapes, strict=True):
        of_kind[changes.get(key, (OUTSIDE, ""))[0]].append((key, shape))
    outlines = [("", shape) for shape in proposed.geometry]
    return BoundaryProposal(
        is_approved=is_approved,
        changes=changes,
        area_m2=float(proposed["area_m2"].sum()),
        width=round((east - west) * scale),
        height=round((north - south) * scale),
        layers={kind: paths(held, west, north, scale) for kind, held in of_kind.items()},
        outlines=paths(outlines, west, north, scale),
    )
