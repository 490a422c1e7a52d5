"""The city file: its layers, their columns, and a city that was read (DESIGN: the city file)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bazafarin.domain.codes import Ownership, Quality, Structure, TargetType, Use

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import geopandas as gpd

    from bazafarin.domain.problem import Problem


class Kind(StrEnum):
    """What a column holds, and so how it stands in a frame that was read.

    ID and TEXT are pandas ``str`` (missing is NaN); NUMBER, WHOLE and YEAR_SH are float64
    (unknown is NaN); CODE is a categorical over all codes of its enum, where a list with
    ``unknown`` has no missing value; BOOLEAN is pandas ``boolean``; DATE is
    ``datetime64[s]``, Gregorian.
    """

    ID = "id"
    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    YEAR_SH = "year_sh"
    DATE = "date"
    BOOLEAN = "boolean"
    CODE = "code"


class Shape(StrEnum):
    """The geometry a layer holds."""

    POLYGON = "polygon"
    LINE = "line"
    POINT_OR_POLYGON = "point_or_polygon"


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of the city file; numbers below ``least`` or above ``most`` cannot be.

    ``most`` is far beyond any city: what lies above it is a slip of a keyboard or another
    field, and a sum that took it would drown every other row.
    """

    name: str
    kind: Kind
    codes: type[StrEnum] | None = None
    unit: str = ""
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One layer of the city file; the first column names the row."""

    name: str
    shape: Shape
    columns: tuple[ColumnSpec, ...]

    def column(self, name: str) -> ColumnSpec:
        """Return the column called ``name``; KeyError when the layer has none."""
        return {column.name: column for column in self.columns}[name]


def _area(name: str) -> ColumnSpec:
    return ColumnSpec(name, Kind.NUMBER, unit="m2", least=0.0, most=1e9)


def _count(name: str, *, most: float) -> ColumnSpec:
    return ColumnSpec(name, Kind.WHOLE, unit="count", least=0.0, most=most)


def _text(name: str) -> ColumnSpec:
    return ColumnSpec(name, Kind.TEXT)


def _id(name: str) -> ColumnSpec:
    return ColumnSpec(name, Kind.ID)


LAYERS: Mapping[str, LayerSpec] = {
    spec.name: spec
    for spec in (
        LayerSpec(
            "parcels",
            Shape.POLYGON,
            (
                _id("parcel_id"),
                _id("block_id"),
                _id("neighbourhood_id"),
                ColumnSpec("use", Kind.CODE, Use),
                ColumnSpec("use_plan", Kind.CODE, Use),
                _area("land_area_m2"),
                _area("built_area_m2"),
                _count("floors", most=200.0),
                _count("units", most=1e5),
                ColumnSpec("built_sh", Kind.YEAR_SH, unit="year_sh"),
                ColumnSpec("structure", Kind.CODE, Structure),
                ColumnSpec("quality", Kind.CODE, Quality),
                ColumnSpec("ownership", Kind.CODE, Ownership),
                ColumnSpec("heritage", Kind.BOOLEAN),
                _count("households", most=1e5),
                _count("population", most=1e6),
                ColumnSpec("will_renovate", Kind.BOOLEAN),
                ColumnSpec("will_consolidate", Kind.BOOLEAN),
                ColumnSpec("land_value_rial_m2", Kind.NUMBER, unit="rial/m2", least=0.0, most=1e13),
                ColumnSpec("surveyed_on", Kind.DATE),
                _id("plaque"),
                _id("postal_code"),
            ),
        ),
        LayerSpec("blocks", Shape.POLYGON, (_id("block_id"), _id("neighbourhood_id"))),
        LayerSpec(
            "passages",
            Shape.LINE,
            (
                _id("passage_id"),
                _text("name_fa"),
                ColumnSpec("width_m", Kind.NUMBER, unit="m", least=0.0, most=1e3),
                _text("class"),
            ),
        ),
        LayerSpec("carriageways", Shape.POLYGON, (_id("passage_id"),)),
        LayerSpec(
            "neighbourhoods",
            Shape.POLYGON,
            (
                _id("neighbourhood_id"),
                _text("name_fa"),
                _count("population", most=1e8),
                ColumnSpec("target_type", Kind.CODE, TargetType),
            ),
        ),
        LayerSpec(
            "facilities",
            Shape.POINT_OR_POLYGON,
            (
                _id("facility_id"),
                _text("service"),
                _area("area_m2"),
                ColumnSpec("capacity", Kind.NUMBER, unit="persons", least=0.0, most=1e6),
            ),
        ),
        LayerSpec(
            "approved_boundary",
            Shape.POLYGON,
            (ColumnSpec("approved_on", Kind.DATE), _text("resolution")),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class LayerSource:
    """Where a layer came from, for the reader who asks.

    ``rows`` counts what was delivered and ``used`` what is used. ``dated`` is the newest
    date that the layer itself carries (a survey, an approval), never the file's.
    """

    path: str
    layer: str
    rows: int
    used: int
    crs: str
    dated: date | None = None


@dataclass(frozen=True)
class City:
    """A city that was read: clean frames in one projected system in metres.

    Every frame's index is the source's row number (first is 1), unique; geometries are
    valid, non-empty, and of the layer's shape; all columns of the layer's spec are there,
    with the kinds of ``Kind``. A layer that was not delivered is None. Unknown is NaN.
    """

    name_fa: str
    crs: str
    parcels: gpd.GeoDataFrame
    blocks: gpd.GeoDataFrame | None = None
    passages: gpd.GeoDataFrame | None = None
    carriageways: gpd.GeoDataFrame | None = None
    neighbourhoods: gpd.GeoDataFrame | None = None
    facilities: gpd.GeoDataFrame | None = None
    approved_boundary: gpd.GeoDataFrame | None = None
    sources: Mapping[str, LayerSource] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    synthetic: bool = False
