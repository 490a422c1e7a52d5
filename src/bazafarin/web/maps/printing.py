"""The view of the map as a PDF."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bazafarin.adapters.brand import brand
from bazafarin.adapters.drawing.look import Hatch, Look
from bazafarin.adapters.drawing.map_picture import MapLabel, MapLayer
from bazafarin.adapters.drawing.map_sheet import (
    PAPERS_MM,
    MapSheet,
    bar_length_m,
    draw_map_sheet,
    frame_of_view,
)
from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Permission
from bazafarin.web.maps import plan_door
from bazafarin.web.maps.drawn_layers import DRAWN
from bazafarin.web.maps.raw_rows import raw_rows
from bazafarin.web.maps.seen import seen_in
from bazafarin.web.maps.themes import themes
from bazafarin.web.maps.tile_square import box_of_degrees
from bazafarin.web.office.said import language, said
from bazafarin.web.places.geometry_field import Box
from bazafarin.web.places.queries import COLUMN_NEEDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bazafarin.web.accounts.models import User
    from bazafarin.web.maps.themes import Theme, ThemeClass
    from bazafarin.web.places.models import City, Edition

    Corners = tuple[float, float, float, float]
    from bazafarin.web.plans.models import Plan

PARCELS_MOST: Final = 25_000
"""Parcels on a sheet: more of them are no longer seen apart on paper."""
WIDEST_DEGREES: Final = 3.0
"""A view that holds any city of the country."""
MM_A_METRE: Final = 1_000
KM_M: Final = 1_000
_COLOUR: Final = brand().colour
_MARKS: Final = dict.fromkeys(range(0x2066, 0x206A))
_HATCHES: Final = {
    "hatch": Hatch.UNKNOWN, "hatch_white": Hatch.OPEN, "plus": Hatch.PLUS, "minus": Hatch.MINUS,
}  # fmt: skip
_UNKNOWN: Final = Look(_COLOUR["white"], _COLOUR["slate"], 0.2, hatch=Hatch.UNKNOWN)
_LINES: Final = (
    ("passages", Look(edge=_COLOUR["slate"], edge_pt=0.5)),
    ("neighbourhoods", Look(edge=_COLOUR["slate"], edge_pt=0.7, dashed=True)),
    ("approved_boundary", Look(edge=_COLOUR["lapis"], edge_pt=1.6)),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was asked to be printed: the view in degrees, the theme, the paper."""

    view: Corners
    theme: str
    paper: str


def sheet_of(asked: Mapping[str, str]) -> Sheet:
    """Return what an address asks for.

    Raises:
        UsageError: the view is none.
    """
    paper = asked.get("paper", "")
    return Sheet(
        corners_of(asked.get("view", "").split(",")),
        asked.get("theme", ""),
        paper if paper in PAPERS_MM else "a4",
    )


def corners_of(sides: Sequence[str]) -> Corners:
    """Return west, south, east and north in degrees from words.

    Raises:
        UsageError: they bound nothing, or far more than a city.
    """
    try:
        west, south, east, north = (float(side) for side in sides)
    except ValueError as error:
        raise UsageError("web_map.error.bad_view") from error
    is_finite = all(map(math.isfinite, (west, south, east, north)))
    is_small = is_finite and max(east - west, north - south) <= WIDEST_DEGREES
    if not (is_small and -180 <= west < east <= 180 and -85 <= south < north <= 85):  # noqa: PLR2004 - the world's map
        raise UsageError("web_map.error.bad_view")
    return west, south, east, north


def map_sheet(
    user: User,
    city: City,
    edition: Edition,
    plan: Plan | None,
    sheet: Sheet,
) -> bytes:
    """Return the PDF of a view, with what ``user`` may see of it."""
    offered = themes(user, city, plan)
    theme = next((each for each in offered if each.id == sheet.theme), offered[0])
    frame = frame_of_view(box_of_degrees(sheet.view, city)[:4], sheet.paper)
    box = Box(frame.left_m, frame.bottom_m, frame.right_m, frame.top_m, city.srid)
    layers, legend = _themed(user, city, edition.number, box, theme, plan)
    for name, look in _LINES:
        _, shapes, _ = raw_rows(user, city, edition.number, box, name, [])
        if len(shapes):
            layers.append(MapLayer(shapes, look))
            legend.append((look, said(f"web_map.page.layer_{name}")))
    length = bar_length_m(frame.metres_per_mm)
    told = (length / KM_M, "kilometres") if length >= KM_M else (length, "metres")
    facts = {"city": city.place.name_fa, "number": edition.number}
    scale = said("web_map.scale", scale=round(frame.metres_per_mm * MM_A_METRE))
    notes = [said("web_map.dated", dated=edition.dated), scale]
    if plan is not None:
        of_plan = {"plan": plan.pk, "edition": plan.edition_number, "day": plan.as_of}
        notes.append(said("web_map.found_by", **of_plan))
    if city.is_synthetic:
        notes.append(said("web_places.synthetic_about"))
    return draw_map_sheet(
        MapSheet(
            paper=sheet.paper,
            frame=frame,
            layers=layers,
            labels=_names(user, city, edition.number, box),
            title=_plain(f"{said('web_map.title', **facts)} – {theme.words}"),
            notes=(_plain(" · ".join(notes)), _plain(said("web_map.source", **facts))),
            heading=theme.words,
            legend=legend,
            north=said("map.furniture.north"),
            bar=(length, said(f"map.furniture.{told[1]}", length=told[0])),
            runs_right_to_left=language() == "fa",
        )
    )


def _plain(text: str) -> str:
    """Return a text without the marks that isolate its facts: paper would show them as gaps."""
    return text.translate(_MARKS)


def _themed(  # noqa: PLR0913, PLR0917
    user: User,
    city: City,
    number: int,
    box: Box,
    theme: Theme,
    plan: Plan | None,
) -> tuple[list[MapLayer], list[tuple[Look, str]]]:
    """Return the coloured layer class by class, and the legend's rows of it."""
    of_plan = DRAWN[theme.layer].key if plan is not None else ""
    columns = [of_plan or theme.column]
    _, shapes, places, values = raw_rows(user, city, number, box, theme.layer, columns)
    needed = COLUMN_NEEDS.get(theme.column)
    if of_plan and plan is not None:
        values = _results(plan, theme, values.tolist())
        needed = Permission.SEE_PLANS
    if needed is not None:
        values = seen_in(user, needed, city).masked(values, places)
    place = _class_of(values, theme)
    line = _COLOUR["slate"] if len(shapes) <= PARCELS_MOST else None
    layers, legend = [], []
    for nth, one in enumerate(theme.classes):
        look = _look(one, line)
        layers.append(MapLayer(shapes[place == nth], look))
        legend.append((look, one.words))
    layers.append(MapLayer(shapes[place < 0], _UNKNOWN))
    legend.append((_UNKNOWN, said("web_map.page.unknown")))
    return layers, legend


def _results(plan: Plan, theme: Theme, names: list[str]) -> np.ndarray[Any, Any]:
    ask = plan_door.results if theme.layer == "blocks" else plan_door.lacks
    found = ask(plan, names)[theme.column]
    return found.astype(object).where(found.notna(), None).to_numpy(dtype=object)


def _class_of(values: np.ndarray[Any, Any], theme: Theme) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the place of each value's class; -1 is unknown."""
    if theme.ends:
        known = np.array([np.nan if value is None else value for value in values], dtype=float)
        return np.where(np.isnan(known), -1, np.searchsorted(theme.ends, known, side="left"))
    places = {value: nth for nth, one in enumerate(theme.classes) for value in one.values}
    return np.array([places.get(value, -1) for value in values], dtype=np.int64)


def _look(one: ThemeClass, line: str | None) -> Look:
    hatch = None if one.pattern is None else _HATCHES[one.pattern]
    return Look(one.colour, line, 0.2, hatch=hatch)


def _names(user: User, city: City, number: int, box: Box) -> list[MapLabel]:
    _, shapes, _, names = raw_rows(user, city, number, box, "neighbourhoods", ["name_fa"])
    middles = [shape.point_on_surface() for shape in shapes]
    return [
        MapLabel(middle.x, middle.y, name)
        for middle, name in zip(middles, names, strict=True)
        if name
    ]
