"""The map of one project: its site, whom it reaches on foot, and what is there already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from bazafarin.adapters.brand import brand
from bazafarin.adapters.drawing.look import Look
from bazafarin.adapters.drawing.map_picture import MapLayer
from bazafarin.adapters.drawing.plan_maps import NEIGHBOURHOOD, PLAIN, PlanMap

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy.typing as npt

    from bazafarin.adapters.drawing.map_picture import Frame, MapLabel

    Shapes = npt.NDArray[np.object_]

_COLOUR = brand().colour
SITE = Look(fill=_COLOUR["brick"], edge=_COLOUR["ink"], edge_pt=0.8)
OTHERS = Look(fill=brand().ramp["instability"][2], edge=_COLOUR["brick"], edge_pt=0.4)
UNSERVED = Look(fill=brand().ramp["fine_grain"][3], edge=_COLOUR["white"], edge_pt=0.1)
WITHIN = Look(fill=brand().ramp["fine_grain"][1], edge=_COLOUR["white"], edge_pt=0.1)
PASSAGE = Look(edge=_COLOUR["slate"], edge_pt=0.3)
PLACE = Look(fill=_COLOUR["ochre"], edge=_COLOUR["ink"], edge_pt=0.4)
PLACE_MM = 1.1
"""Radius of the disc of a place; it covers no less on any scale."""
SITE_MM = 1.6
"""A site that would be smaller than this on paper has a ring of this radius round it."""


class ProjectMap(PlanMap):
    """A map whose legend names what lies on top first: the site."""

    @property
    def legend(self) -> dict[str, Look]:
        """Return how each named layer that has anything on it looks, the topmost first."""
        return dict(reversed(PlanMap.legend.__get__(self).items()))


@dataclass(frozen=True)
class ProjectGround:
    """What lies round a project: blocks, passages, neighbourhoods, in the frame."""

    frame: Frame
    blocks: gpd.GeoDataFrame
    passages: gpd.GeoDataFrame
    neighbourhoods: gpd.GeoDataFrame
    labels: tuple[MapLabel, ...] = ()


def project_map(  # noqa: PLR0913 - what lies on one map
    ground: ProjectGround,
    site: shapely.Geometry,
    *,
    unserved: Shapes,
    within: Shapes,
    others: Shapes,
    places: Shapes,
) -> ProjectMap:
    """Return the map of a project on ``ground``.

    ``unserved`` are the homes in its radius that have no such service today, ``within`` the
    other parcels there, ``others`` the sites of other projects, ``places`` those of its
    service that exist.
    """
    discs = shapely.buffer(shapely.centroid(places), PLACE_MM * ground.frame.metres_per_mm)
    ring = shapely.buffer(shapely.centroid(site), SITE_MM * ground.frame.metres_per_mm)
    rings = np.array([shapely.boundary(ring)], dtype=object)
    return ProjectMap(
        ground.frame,
        (
            MapLayer(ground.blocks.geometry.to_numpy(), PLAIN),
            MapLayer(within, WITHIN, "within"),
            MapLayer(unserved, UNSERVED, "unserved"),
            MapLayer(ground.passages.geometry.to_numpy(), PASSAGE, "passage"),
            MapLayer(ground.neighbourhoods.geometry.to_numpy(), NEIGHBOURHOOD, "neighbourhood"),
            MapLayer(others, OTHERS, "others"),
            MapLayer(discs, PLACE, "place"),
            MapLayer(np.array([site], dtype=object), SITE, "site"),
            MapLayer(rings, Look(edge=_COLOUR["brick"], edge_pt=1.0)),
        ),
        ground.labels,
    )
