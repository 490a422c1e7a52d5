"""The maps of a plan: its place, the three indices, the boundary and its revision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bazafarin.adapters.brand import brand
from bazafarin.adapters.drawing.look import Hatch, Look
from bazafarin.adapters.drawing.map_picture import Frame, MapLabel, MapLayer, draw_map
from bazafarin.adapters.drawing.share_classes import share_class
from bazafarin.domain.codes import BoundaryChange, Decided

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

PARCELS_BELOW_M_PER_MM = 6.0
"""Above this scale a parcel is under two millimetres wide, and its outlines only darken the map."""

_COLOUR = brand().colour


def _block(fill: str, hatch: Hatch | None = None) -> Look:
    """Return the look of blocks: a fill within a fine line."""
    return Look(fill=fill, edge=_COLOUR["slate"], edge_pt=0.2, hatch=hatch)


PLAIN = _block(_COLOUR["paper"])
UNKNOWN = _block(_COLOUR["white"], Hatch.UNKNOWN)
BESIDE = Look(fill=_COLOUR["white"], edge=_COLOUR["line"], edge_pt=0.4)
PARCEL = Look(edge=_COLOUR["slate"], edge_pt=0.08)
NEIGHBOURHOOD = Look(edge=_COLOUR["slate"], edge_pt=0.7)
HERE = Look(fill=brand().ramp["fine_grain"][1], edge=_COLOUR["turquoise"], edge_pt=1.2)
WORN_OUT = _block(_COLOUR["brick"])
LEVELS = {
    2: _block(brand().ramp["instability"][2]),
    3: _block(brand().ramp["instability"][1]),
}
CHANGES = {
    BoundaryChange.ADDED: WORN_OUT,
    BoundaryChange.REMOVED: _block(_COLOUR["sage"], Hatch.REMOVED),
    BoundaryChange.KEPT: _block(brand().ramp["instability"][2]),
}
APPROVED = Look(edge=_COLOUR["lapis"], edge_pt=1.3)
PROPOSED = Look(edge=_COLOUR["lapis"], edge_pt=1.3, dashed=True)


@dataclass(frozen=True, slots=True)
class PlanMap:
    """A map ready to be drawn: its ground, its layers and its labels."""

    frame: Frame
    layers: tuple[MapLayer, ...]
    labels: tuple[MapLabel, ...] = ()

    def draw(self, path: Path) -> None:
        """Draw it into ``path`` (PNG)."""
        draw_map(path, self.frame, self.layers, self.labels)

    @property
    def legend(self) -> dict[str, Look]:
        """Return how each named layer that has anything on it looks, in the order drawn.

        What lies beside the place comes last.
        """
        shown = [layer for layer in self.layers if layer.name and len(layer.geometry)]
        ordered = sorted(shown, key=lambda layer: layer.name == "beside")
        return {layer.name: layer.look for layer in ordered}


@dataclass(frozen=True)
class Ground:
    """What every map of one place shows beneath its own theme.

    ``beside`` are the blocks round the place, pale: what a boundary there goes round.
    """

    frame: Frame
    blocks: gpd.GeoDataFrame
    parcels: gpd.GeoDataFrame
    neighbourhoods: gpd.GeoDataFrame
    labels: tuple[MapLabel, ...] = ()
    beside: gpd.GeoDataFrame | None = None

    def over(self, *theme: MapLayer) -> PlanMap:
        """Return a map of ``theme`` under the outlines of parcels and neighbourhoods."""
        lines = (
            *self._parcel_outlines(),
            MapLayer(_shapes(self.neighbourhoods), NEIGHBOURHOOD, "neighbourhood"),
        )
        areas = tuple(layer for layer in theme if layer.look.is_area)
        edges = tuple(layer for layer in theme if not layer.look.is_area)
        return PlanMap(self.frame, (*self._beside(), *areas, *lines, *edges), self.labels)

    def _beside(self) -> tuple[MapLayer, ...]:
        return () if self.beside is None else (MapLayer(_shapes(self.beside), BESIDE, "beside"),)

    def _parcel_outlines(self) -> tuple[MapLayer, ...]:
        if self.frame.metres_per_mm > PARCELS_BELOW_M_PER_MM:
            return ()
        return (MapLayer(_shapes(self.parcels), PARCEL),)


def index_map(
    ground: Ground, share: pd.Series[float], *, ramp: str, bounds: tuple[float, ...]
) -> PlanMap:
    """Return the map of a share of each block, in five steps; unknown is hatched.

    ``share`` stands on the index of ``ground.blocks``. Legend names are ``class_0`` to
    ``class_4`` and ``unknown``.
    """
    shapes = _shapes(ground.blocks)
    classes = share_class(share.reindex(ground.blocks.index), bounds)
    steps = [
        MapLayer(shapes[classes == step], _block(colour), f"class_{step}")
        for step, colour in enumerate(brand().ramp[ramp])
    ]
    return ground.over(*steps, MapLayer(shapes[classes < 0], UNKNOWN, "unknown"))


def boundary_map(
    ground: Ground, *, proposed: gpd.GeoDataFrame, approved: gpd.GeoDataFrame | None
) -> PlanMap:
    """Return the map of worn-out blocks and candidates, with the boundaries round them."""
    blocks = ground.blocks
    worn_out = blocks["worn_out"].to_numpy(dtype=bool, na_value=False)
    unclear = (blocks["decided"] == Decided.DEPENDS_ON_UNKNOWN).to_numpy() & ~worn_out
    level = blocks["level"].to_numpy(dtype=float, na_value=np.nan)
    shapes = _shapes(blocks)
    levels = {at: ~worn_out & ~unclear & (level == at) for at in LEVELS}
    plain = ~worn_out & ~unclear & ~np.logical_or.reduce(list(levels.values()))
    return ground.over(
        MapLayer(shapes[worn_out], WORN_OUT, "worn_out"),
        *(MapLayer(shapes[levels[at]], look, f"level_{at}") for at, look in LEVELS.items()),
        MapLayer(shapes[unclear], UNKNOWN, "depends_on_unknown"),
        MapLayer(shapes[plain], PLAIN, "plain"),
        *_boundaries(proposed, approved),
    )


def revision_map(
    ground: Ground,
    changes: gpd.GeoDataFrame,
    *,
    proposed: gpd.GeoDataFrame,
    approved: gpd.GeoDataFrame | None,
) -> PlanMap:
    """Return the map of the blocks that come in, go out and stay, between the two boundaries."""
    shapes = _shapes(changes)
    others = ground.blocks[~ground.blocks["block_id"].isin(changes["block_id"])]
    return ground.over(
        *(
            MapLayer(shapes[(changes["change"] == change).to_numpy()], look, str(change))
            for change, look in CHANGES.items()
        ),
        MapLayer(_shapes(others), PLAIN, "plain"),
        *_boundaries(proposed, approved),
    )


def place_map(ground: Ground, here: gpd.GeoDataFrame | None = None) -> PlanMap:
    """Return the map that says where the place lies; ``here`` is filled, the rest in outline."""
    theme = [MapLayer(_shapes(ground.blocks), PLAIN, "plain")]
    if here is not None:
        theme.append(MapLayer(_shapes(here), HERE, "here"))
    return ground.over(*theme)


def _boundaries(
    proposed: gpd.GeoDataFrame, approved: gpd.GeoDataFrame | None
) -> tuple[MapLayer, ...]:
    lines = [MapLayer(_shapes(proposed), PROPOSED, "proposed")]
    if approved is not None:
        lines.insert(0, MapLayer(_shapes(approved), APPROVED, "approved"))
    return tuple(lines)


def _shapes(frame: gpd.GeoDataFrame) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return the frame's geometries that are there, as shapely sees them."""
    return frame.geometry.to_numpy()
