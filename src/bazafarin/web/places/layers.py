"""The city file's layers as tables: a clean ``City`` to rows, and rows back to a ``City``.

A city that goes in and comes out again is the same, so its plan is the plan of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.db import connection

from bazafarin.adapters.persian_text import search_keys
from bazafarin.domain.city import LAYERS, City, Kind, LayerSource
from bazafarin.domain.problem import Problem, Severity
from bazafarin.web.places import models

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from enum import StrEnum

    from bazafarin.studies.placing import PlacedCity

TABLES: Final[Mapping[str, type[models.Feature]]] = {
    "parcels": models.Parcel,
    "blocks": models.Block,
    "passages": models.Passage,
    "carriageways": models.Carriageway,
    "neighbourhoods": models.Neighbourhood,
    "facilities": models.Facility,
    "approved_boundary": models.BoundaryPart,
}
"""The table of each layer of the city file."""
NAMED_BY: Final[Mapping[str, str]] = {
    "parcels": "parcel_id",
    "blocks": "block_id",
    "passages": "passage_id",
    "neighbourhoods": "neighbourhood_id",
    "facilities": "facility_id",
}
"""The column that names a row through the editions; other layers are named by what they hold."""
_RENAMED: Final = {"class": "klass"}
_PLACED: Final = {"in_block": "str", "area_m2": "float64", "search_key": "str"}
"""What placing adds to a parcel, in the order in which the digest takes it."""
"""A column whose name is a word of Python."""
_HASH_BITS: Final = 64
_UNTOLD: Final = ["row", "west", "south", "east", "north", "key", "digest"]
"""What of a row says nothing of the thing, or follows from what does."""


def field_of(column: str) -> str:
    """Return the model's field of a column of the city file."""
    return _RENAMED.get(column, column)


def rows_of(
    city: City, placed: PlacedCity, places: Mapping[str, int], *, srid: int
) -> dict[str, pd.DataFrame]:
    """Return the rows of each layer that ``city`` has, as the tables hold them.

    Args:
        city: clean frames in metres.
        placed: the same city's parcels in their blocks and neighbourhoods.
        places: the place of the tree for each neighbourhood's id.
        srid: the number of the city's coordinate system.

    Returns:
        By layer: a frame of the table's columns, ``key``, ``row`` and ``digest`` among them;
        ``geometry`` is EWKB. Derived blocks stand in where none were delivered.
    """
    made: dict[str, pd.DataFrame] = {}
    for name, spec in LAYERS.items():
        frame = getattr(city, name)
        if name == "blocks":
            rows = _blocks(city, placed, srid)
        elif frame is None or frame.empty:
            continue
        else:
            rows = _delivered(frame, [column.name for column in spec.columns], srid)
        if name == "parcels":
            rows["in_block"] = placed.parcels["block_id"]
            rows["area_m2"] = placed.parcels["area_m2"]
            rows["search_key"] = search_keys(rows["parcel_id"].astype("str"))
        rows["in_neighbourhood_id"] = _placed_in(name, rows, placed, places)
        rows["digest"] = digests(rows)
        if name in NAMED_BY:
            rows["key"] = rows[NAMED_BY[name]]
        else:
            # equal rows are told apart by their number among their equals
            nth = rows.groupby("digest").cumcount().astype("str")
            rows["key"] = rows["digest"].astype("str") + "/" + nth
        made[name] = rows
    return made


def _delivered(frame: gpd.GeoDataFrame, columns: Sequence[str], srid: int) -> pd.DataFrame:
    rows = pd.DataFrame(frame[list(columns)]).rename(columns=_RENAMED)
    return rows.assign(row=np.asarray(frame.index), **_shapes(frame, srid))


def _blocks(city: City, placed: PlacedCity, srid: int) -> pd.DataFrame:
    """Return the delivered blocks, and those that were derived where parcels have no other."""
    rows = pd.DataFrame(placed.blocks[["block_id", "neighbourhood_id", "area_m2"]])
    rows["is_derived"] = True
    rows["row"] = 0
    if city.blocks is not None:
        own = pd.Series(np.asarray(city.blocks.index), index=pd.Index(city.blocks["block_id"]))
        rows["row"] = rows["block_id"].map(own).fillna(0).astype("int64")
        rows["is_derived"] = rows["row"] == 0
        said = city.blocks.set_index("block_id")["neighbourhood_id"]
        rows["in_place"] = rows["neighbourhood_id"]
        rows["neighbourhood_id"] = rows["block_id"].map(said)
    else:
        rows["in_place"] = rows["neighbourhood_id"]
    return rows.assign(**_shapes(placed.blocks, srid))


def _shapes(frame: gpd.GeoDataFrame, srid: int) -> dict[str, Any]:
    shapes = np.asarray(frame.geometry)
    corners = shapely.bounds(shapes)
    wkb = shapely.to_wkb(shapely.set_srid(shapes, srid), include_srid=True)
    return {
        "geometry": wkb,
        **{side: corners[:, at] for at, side in enumerate(("west", "south", "east", "north"))},
    }


def _placed_in(
    name: str, rows: pd.DataFrame, placed: PlacedCity, places: Mapping[str, int]
) -> pd.Series[Any]:
    """Return the neighbourhood's place of each row; NA for what belongs to none, as streets."""
    if name == "parcels":
        ids: pd.Series[str] = placed.parcels["neighbourhood_id"]
    elif name == "blocks":
        ids = rows.pop("in_place")
    elif name == "neighbourhoods":
        ids = rows["neighbourhood_id"]
    elif name == "facilities" and placed.facilities is not None:
        ids = placed.facilities["neighbourhood_id"]
    else:
        return pd.Series(pd.NA, index=rows.index, dtype="Int64")
    return ids.map(dict(places)).astype("Int64")


def digests(rows: pd.DataFrame) -> pd.Series[int]:
    """Return a number for each row that changes with anything that it holds but its place."""
    return _hashed(rows.drop(columns=_UNTOLD, errors="ignore"))


def _hashed(held: pd.DataFrame) -> pd.Series[int]:
    hashed = pd.util.hash_pandas_object(held, index=False).to_numpy(dtype=np.uint64)
    return pd.Series(hashed.view(np.int64), index=held.index, dtype="int64")


def digest_of(name: str, row: models.Feature) -> int:
    """Return the digest of one row of the parcels or the boundary, as a delivery would give it."""
    return digests_of(name, [row])[0]


def digests_of(name: str, rows: Sequence[models.Feature]) -> list[int]:
    """Return the digests of rows of the parcels or the boundary, as a delivery would give them."""
    index = pd.RangeIndex(len(rows))
    made = pd.DataFrame(
        {
            field: column_of(
                column.kind, [getattr(row, field) for row in rows], index, column.codes
            )
            for column in LAYERS[name].columns
            for field in [field_of(column.name)]
        }
    )
    shapes = np.array([row.geometry for row in rows], dtype=object)
    made["geometry"] = list(shapely.to_wkb(shapes, include_srid=True))
    if name == "parcels":
        for name_of, dtype in _PLACED.items():
            made[name_of] = pd.Series([getattr(row, name_of) for row in rows], dtype=dtype)
    made["in_neighbourhood_id"] = pd.Series([r.in_neighbourhood_id for r in rows], dtype="Int64")
    return [int(digest) for digest in _hashed(made)]


def digest_of_derived(row: models.Block) -> int:
    """Return the digest of a derived block, as a delivery would give it."""
    made = pd.DataFrame(
        {
            "block_id": pd.Series([row.block_id], dtype="str"),
            "neighbourhood_id": pd.Series([row.neighbourhood_id], dtype="str"),
            "area_m2": [row.area_m2],
            "is_derived": [row.is_derived],
            "geometry": [shapely.to_wkb(row.geometry, include_srid=True)],
            "in_neighbourhood_id": pd.Series([row.in_neighbourhood_id], dtype="Int64"),
        }
    )
    return int(_hashed(made).iloc[0])


def city_of(
    city: models.City,
    number: int,
    *,
    name_fa: str,
    problems: Sequence[Problem] = (),
    sources: Mapping[str, LayerSource] | None = None,
) -> City:
    """Return the city as of an edition, as reading its file gives it."""
    frames: dict[str, gpd.GeoDataFrame | None] = {
        name: _frame(city, number, name) for name in LAYERS
    }
    parcels = frames.pop("parcels")
    assert parcels is not None  # noqa: S101 - an accepted edition has parcels
    return City(
        name_fa=name_fa,
        crs=city.crs,
        parcels=parcels,
        **frames,
        sources=dict(sources or {}),
        problems=tuple(problems),
        synthetic=city.is_synthetic,
    )


def _frame(city: models.City, number: int, name: str) -> gpd.GeoDataFrame | None:
    """Return a layer as of an edition; None where the city has none."""
    spec, table = LAYERS[name], TABLES[name]
    columns = [field_of(column.name) for column in spec.columns]
    found = table.objects.of_edition(city, number)
    if name == "blocks":
        found = found.exclude(row=0)  # derived, not delivered
    query = found.order_by("row", "id").values_list("row", "geometry", *columns).query
    words, parameters = query.sql_with_params()
    # past the model layer: a million rows as plain values, the shapes turned in one go
    with connection.cursor() as cursor:
        cursor.execute(words, parameters)
        rows = cursor.fetchall()
    if not rows:
        return None
    numbers, shapes, *values = zip(*rows, strict=True)
    index = _row_numbers(np.array(numbers, dtype="int64"))
    geometry = shapely.set_srid(shapely.from_wkb(np.array(shapes, dtype=object)), 0)
    made = {
        column.name: column_of(column.kind, value, index, column.codes)
        for column, value in zip(spec.columns, values, strict=True)
    }
    return gpd.GeoDataFrame(pd.DataFrame(made, index=index), geometry=geometry, crs=city.crs)


def _row_numbers(numbers: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pd.Index[int]:
    """Return the rows' numbers in their delivery, where all are of one; else numbers from 1.

    What stayed from an earlier delivery may have the number of a row that a later one brought,
    and what was drawn has none: a study needs each number once.
    """
    index = pd.Index(numbers)
    if index.is_unique and numbers.min() > 0:
        return index
    return pd.Index(np.arange(1, len(numbers) + 1))


def column_of(
    kind: Kind, values: Sequence[Any], index: pd.Index[Any], codes: type[StrEnum] | None
) -> pd.Series[Any]:
    """Return a column with the kind that a reading gives it."""
    match kind:
        case Kind.ID | Kind.TEXT:
            return pd.Series(values, index=index, dtype="str")
        case Kind.NUMBER | Kind.WHOLE | Kind.YEAR_SH:
            return pd.Series(np.array(values, dtype=float), index=index)
        case Kind.BOOLEAN:
            known = [None if value is None else bool(value) for value in values]
            return pd.Series(pd.array(known, dtype="boolean"), index=index)
        case Kind.DATE:
            return pd.Series(pd.to_datetime(pd.Series(values, index=index)).astype("datetime64[s]"))
        case Kind.CODE:
            every = [code.value for code in codes or ()]
            return pd.Series(pd.Categorical(values, categories=every), index=index)


def problems_from(report: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return the problems that a kept reading report holds."""
    return tuple(
        Problem(
            code=each["code"],
            layer=each["layer"],
            severity=Severity(each["severity"]),
            rows=tuple(each["rows"]),
            field=each["field"],
            values=tuple(each["values"]),
            facts=each["facts"],
        )
        for each in report["problems"]
    )
