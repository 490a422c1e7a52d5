"""Hand-drawn towns for tests: small enough that every answer is derived on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from bazafarin.domain.city import LAYERS, City, Kind, LayerSource
from bazafarin.domain.solar_hijri import parse_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

CRS = "EPSG:32639"

Row = dict[str, Any]


def day(jalali: str) -> date:
    """Return the day of a Jalali date such as 1404/08/30."""
    found = parse_date(jalali)
    assert found is not None
    return found


AS_OF = day("1404/08/30")


def layer(name: str, rows: Sequence[Row]) -> gpd.GeoDataFrame:
    """Return a layer as reading would: all columns, right kinds, index from 1."""
    spec = LAYERS[name]
    index = pd.RangeIndex(1, len(rows) + 1)
    columns: dict[str, pd.Series[Any]] = {}
    for column in spec.columns:
        values = [row.get(column.name) for row in rows]
        columns[column.name] = _column(values, column.kind, column.codes, index)
    return gpd.GeoDataFrame(columns, geometry=[r["geometry"] for r in rows], index=index, crs=CRS)


def _column(values: list[Any], kind: Kind, codes: Any, index: pd.Index) -> pd.Series[Any]:
    if kind in {Kind.NUMBER, Kind.WHOLE, Kind.YEAR_SH}:
        return pd.Series(values, index=index, dtype="float64")
    if kind is Kind.BOOLEAN:
        return pd.Series(values, index=index, dtype="boolean")
    if kind is Kind.DATE:
        return pd.to_datetime(pd.Series(values, index=index)).astype("datetime64[s]")
    if kind is Kind.CODE:
        names = [code.value for code in codes]
        if "unknown" in names:
            values = ["unknown" if v is None else v for v in values]
        return pd.Series(pd.Categorical(values, categories=names), index=index)
    return pd.Series(values, index=index, dtype="str")


def city(parcels: Sequence[Row], **layers: Sequence[Row]) -> City:
    """Return a city of these rows; parcels without an id are numbered."""
    rows = [{"parcel_id": str(n), **row} for n, row in enumerate(parcels, start=1)]
    frames = {name: layer(name, rows) for name, rows in {"parcels": rows, **layers}.items()}
    sources = {
        name: LayerSource("drawn.gpkg", name, len(frame), len(frame), CRS)
        for name, frame in frames.items()
    }
    return City(name_fa="شهر دستی", crs=CRS, sources=sources, **frames)
