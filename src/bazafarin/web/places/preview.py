"""A picture of what an edition changes: new, changed and vanished parcels over those that stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.places.geometry_field import Box
from bazafarin.web.places.models import Parcel
from bazafarin.web.places.queries import CHANGE_KINDS, changed_rows
from bazafarin.web.places.scope import rows_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Edition

MOST: Final = 1_500
"""Shapes of a kind in a picture; a page that draws more of them opens slowly."""
WIDTH: Final = 1_000
"""Units across the picture, in which it is drawn; a browser scales them to its page."""
_TALLEST: Final = 700
_MARGIN: Final = 0.08
"""Of the longer side, around what changes: where it lies is seen from what surrounds it."""
_TEXT_ROOM: Final = 24
_BAR_SHARE: Final = 4
"""The scale bar is at most so much of the width: one part in four."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One parcel: its code and its outline as the path of an SVG."""

    key: str
    path: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The picture; ``layers`` by kind of change, the ground first.

    Attributes:
        width: units across.
        height: units down.
        layers: what is drawn, by kind of change.
        left_out: kinds of which more than ``MOST`` change, so that not all are drawn.
        bar_m: metres that the scale bar stands for.
        bar: its length in units.
    """

    width: int
    height: int
    layers: dict[str, list[Drawn]]
    left_out: tuple[str, ...]
    bar_m: int
    bar: float

    @property
    def bar_from(self) -> float:
        """Return where the scale bar begins, in units."""
        return self.width - self.bar - _TEXT_ROOM

    @property
    def bar_to(self) -> float:
        """Return where the scale bar ends, in units."""
        return self.width - float(_TEXT_ROOM)

    @property
    def foot(self) -> int:
        """Return how far down the scale bar stands."""
        return self.height - _TEXT_ROOM


def preview_of(user: User, edition: Edition) -> Preview | None:
    """Return the picture of the parcels that ``user`` sees; None where none changes.

    Of a first edition there is none: all is new, and the map shows all.
    """
    if edition.number == 1:
        return None
    rows: dict[str, list[tuple[str, shapely.Geometry | None]]] = {}
    left_out = []
    for kind in CHANGE_KINDS:
        found = changed_rows(user, edition, "parcels", kind).exclude(geometry=None)
        taken = list(found.order_by("pk").values_list("key", "geometry")[: MOST + 1])
        rows[kind] = taken[:MOST]
        if len(taken) > MOST:
            left_out.append(kind)
    shapes = [shape for taken in rows.values() for _, shape in taken if shape is not None]
    if not shapes:
        return None
    west, south, east, north = around(shapes)
    box = Box(west, south, east, north, edition.city.srid)
    told = {key for taken in rows.values() for key, _ in taken}
    ground = (
        Parcel.objects.of_edition(edition.city, edition.number)
        .filter(rows_for(user, Permission.SEE_PLACES, edition.city))
        .meeting(box)
        .values_list("key", "geometry")[: 2 * MOST]
    )
    scale = min(WIDTH / (east - west), _TALLEST / (north - south))
    layers = {
        "same": paths([row for row in ground if row[0] not in told], west, north, scale),
        # what is new lies over what it came from
        **{kind: paths(rows[kind], west, north, scale) for kind in reversed(CHANGE_KINDS)},
    }
    bar_m = _round_length((east - west) / _BAR_SHARE)
    return Preview(
        round((east - west) * scale),
        round((north - south) * scale),
        layers,
        tuple(left_out),
        bar_m,
        bar_m * scale,
    )


def around(shapes: Sequence[shapely.Geometry]) -> tuple[float, float, float, float]:
    """Return the box of the shapes with a margin; never so flat that it has no other side."""
    west, south, east, north = (float(side) for side in shapely.total_bounds(list(shapes)))
    margin = max(east - west, north - south, 1.0) * _MARGIN
    return west - margin, south - margin, east + margin, north + margin


def paths(
    rows: Iterable[tuple[str, shapely.Geometry | None]], west: float, north: float, scale: float
) -> list[Drawn]:
    """Return shapes, each with its code, as the paths of an SVG of so many units a metre."""
    return [
        Drawn(key, _path(shape, west, north, scale)) for key, shape in rows if shape is not None
    ]


def _path(shape: shapely.Geometry, west: float, north: float, scale: float) -> str:
    """Return the rings of a shape as the path of an SVG, whose second axis points down."""
    rings = [
        ring
        for part in getattr(shape, "geoms", [shape])
        for ring in (part.exterior, *part.interiors)
    ]
    return "".join(
        "M"
        + "L".join(
            f"{(x - west) * scale:.1f} {(north - y) * scale:.1f}" for x, y, *_ in ring.coords[:-1]
        )
        + "Z"
        for ring in rings
    )


def _round_length(most: float) -> int:
    """Return the longest of 1, 2, 5, 10, 20, … metres that is no longer than ``most``."""
    best = 1
    step = 1
    while step <= most:
        best = max(times * step for times in (1, 2, 5) if times == 1 or times * step <= most)
        step *= 10
    return best
