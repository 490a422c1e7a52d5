"""The layers of the city file, as an office would deliver this town."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bazafarin.adapters.synthetic_town.lots import FIRST_SERVICE_ROLE
from bazafarin.adapters.synthetic_town.quads import LineKind
from bazafarin.adapters.synthetic_town.services import SERVICES
from bazafarin.domain.codes import TargetType, Use

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from bazafarin.adapters.synthetic_town.layout import Layout
    from bazafarin.adapters.synthetic_town.quads import Floats, Ints, Shapes

CRS = "EPSG:32639"
_ORIGIN_M = (641_000.0, 3_652_000.0)
"""Where the town lies: open desert, so that no real place is meant."""

_WARD_CODES = ("1-1", "1-2", "1-3", "1-4", "2-1", "2-2", "2-3", "2-4", "3-1", "3-2")
_TARGETS = (
    *(TargetType.HISTORIC,) * 4,
    None,
    None,
    TargetType.MIDDLE,
    TargetType.MIDDLE,
    TargetType.RURAL_BACKGROUND,
    TargetType.INFORMAL,
)
_FIRST_BLOCK = 101
_BOULEVARD_M = 20.0
_AVENUE_M = 10.0
_STREET_M = 6.0
_STREETS_FILLED_M, _EDGE_M = 15.0, 2.0
"""Half the widest street inside a neighbourhood; how far its edge lies from its blocks."""
_NO_FACILITY = (Use.HERITAGE, Use.INDUSTRY)
"""Kept pieces that no one counts as a service."""
_AREA_KNOWN, _CAPACITY_KNOWN = 0.9, 0.75
_M2_EACH = 8.0
"""Land for each person that a facility has room for."""


@dataclass(frozen=True)
class Names:
    """Persian names of the town, its neighbourhoods and passages (``names.toml``)."""

    town: str
    resolution: str
    neighbourhoods: list[str]
    kinds: dict[str, str]
    classes: dict[str, str]
    words: list[str]


def names() -> Names:
    """Return the names that come with the package."""
    text = resources.files(__package__).joinpath("names.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    table["words"] = table.pop("names")["words"]
    return Names(**table)


def on_the_map(shapes: Shapes) -> Shapes:
    """Return shapes moved from the town's own middle to its place on the map."""
    return np.asarray(shapely.transform(shapes, lambda xy: np.round(xy + np.array(_ORIGIN_M), 3)))


def block_ids(layout: Layout) -> tuple[list[str], list[str]]:
    """Return id and neighbourhood id of each block; blocks are numbered in each neighbourhood."""
    ward = pd.Series(layout.block_quads.ward)
    number = ward.groupby(ward).cumcount() + _FIRST_BLOCK
    neighbourhood = [_WARD_CODES[each] for each in ward]
    ids = [f"{code}-{count}" for code, count in zip(neighbourhood, number, strict=True)]
    return ids, neighbourhood


_FIRST_PLAQUE = 1_200
"""The registry's main number of the first block."""
_FIRST_POSTAL_CODE = 3_751_000_000
"""The postal code of the first parcel; ten digits."""


def parcel_frame(layout: Layout, columns: pd.DataFrame, block_row: Ints) -> gpd.GeoDataFrame:
    """Return the parcels with ids, what the survey told of them, and their shapes."""
    ids, neighbourhood = block_ids(layout)
    house = pd.Series(block_row).groupby(block_row).cumcount() + 1
    block_id = np.array(ids, dtype=object)[block_row]
    table = pd.DataFrame(
        {
            "parcel_id": [
                f"{block}-{count}-0-0-0" for block, count in zip(block_id, house, strict=True)
            ],
            "block_id": block_id,
            "neighbourhood_id": np.array(neighbourhood, dtype=object)[block_row],
        }
    )
    columns = columns.assign(
        plaque=[
            f"{_FIRST_PLAQUE + row}/{count}" for row, count in zip(block_row, house, strict=True)
        ],
        postal_code=[f"{_FIRST_POSTAL_CODE + row}" for row in range(len(table))],
    )
    return gpd.GeoDataFrame(table.join(columns), geometry=on_the_map(layout.parcels), crs=CRS)


def block_frame(layout: Layout) -> gpd.GeoDataFrame:
    """Return the blocks: their parcels and inner dead ends, face to face of their streets."""
    ids, neighbourhood = block_ids(layout)
    return gpd.GeoDataFrame(
        {"block_id": ids, "neighbourhood_id": neighbourhood},
        geometry=on_the_map(layout.blocks),
        crs=CRS,
    )


def passage_frame(layout: Layout, recorded_m: Floats, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Return the passages with names by their kind and width; one name for a whole street."""
    ways = layout.passages
    kind = _kinds(ways.kind, ways.width_m)
    words = names()
    street, of_street = np.unique(ways.line, return_inverse=True)
    word = rng.integers(0, len(words.words), len(street))
    first = kind[np.unique(of_street, return_index=True)[1]]
    number = pd.Series(np.ones(len(street))).groupby([first, word]).cumsum().astype(int)
    called = [
        _name(words, kind, words.words[which], count)
        for kind, which, count in zip(first, word, number, strict=True)
    ]
    digits = len(str(len(ways.line)))
    return gpd.GeoDataFrame(
        {
            "passage_id": [f"P{row:0{digits}d}" for row in range(1, len(ways.line) + 1)],
            "name_fa": np.array(called, dtype=object)[of_street],
            "width_m": recorded_m,
            "class": [words.classes[each] for each in kind],
        },
        geometry=on_the_map(ways.lines),
        crs=CRS,
    )


def _kinds(kind: Ints, width_m: Floats) -> Ints:
    by_width = np.select(
        [width_m >= _BOULEVARD_M, width_m >= _AVENUE_M, width_m >= _STREET_M],
        ["boulevard", "avenue", "street"],
        "lane",
    ).astype(object)
    by_width[kind == LineKind.DEAD_END] = "dead_end"
    by_width[kind == LineKind.BAZAAR] = "bazaar"
    return by_width


def _name(words: Names, kind: str, word: str, count: int) -> str:
    """Return a passage's name; the second of a name has a number, as in any town."""
    name = words.kinds[kind].format(name=word)
    persian = str(count).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    return name if count == 1 or kind == "bazaar" else f"{name} {persian}"


def neighbourhood_frame(blocks: gpd.GeoDataFrame, population: pd.Series[float]) -> gpd.GeoDataFrame:
    """Return the neighbourhoods: their blocks and the streets between them."""
    words = names()
    found = set(blocks["neighbourhood_id"])
    present = [row for row, code in enumerate(_WARD_CODES) if code in found]
    codes = [_WARD_CODES[row] for row in present]
    return gpd.GeoDataFrame(
        {
            "neighbourhood_id": codes,
            "name_fa": [words.neighbourhoods[row] for row in present],
            "population": population.reindex(codes).to_numpy(),
            "target_type": [_TARGETS[row] for row in present],
        },
        geometry=[_outlines(blocks, code) for code in codes],
        crs=CRS,
    )


def _outlines(blocks: gpd.GeoDataFrame, code: str) -> BaseGeometry:
    """Return the union of a neighbourhood's blocks, with the streets between them filled."""
    own = np.asarray(blocks.geometry)[(blocks["neighbourhood_id"] == code).to_numpy()]
    union = shapely.union_all(shapely.buffer(own, _STREETS_FILLED_M, join_style="mitre"))
    return shapely.buffer(union, _EDGE_M - _STREETS_FILLED_M, join_style="mitre")


def facility_frame(
    layout: Layout, parcels: gpd.GeoDataFrame, rng: np.random.Generator
) -> gpd.GeoDataFrame:
    """Return one point for every piece kept for a service that people come to."""
    role = layout.lots.role
    is_facility = np.array([each.use not in _NO_FACILITY for each in SERVICES])
    rows = np.flatnonzero(role >= FIRST_SERVICE_ROLE)
    rows = rows[is_facility[role[rows] - FIRST_SERVICE_ROLE]]
    service = [SERVICES[each - FIRST_SERVICE_ROLE] for each in role[rows]]
    area = shapely.area(layout.parcels[rows])
    points = shapely.point_on_surface(parcels.geometry.to_numpy()[rows])
    return gpd.GeoDataFrame(
        {
            "facility_id": [f"F{row:05d}" for row in range(1, len(rows) + 1)],
            "service": [each.use.value for each in service],
            "area_m2": np.where(rng.random(len(rows)) < _AREA_KNOWN, np.round(area), np.nan),
            "capacity": np.where(
                rng.random(len(rows)) < _CAPACITY_KNOWN, np.round(area / _M2_EACH, -1), np.nan
            ),
        },
        geometry=points,
        crs=CRS,
    )
