"""A drawn town of twelve blocks that can be checked by eye, and its plan.

Four columns and three rows of blocks of 48 m × 36 m between lanes of 4 m, one street of
14 m and one lane whose width was not delivered. The western half is old: small parcels,
adobe. Some areas and structures are unknown.
"""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, box

from bazafarin.domain.city import LAYERS, City, Kind, LayerSource
from bazafarin.standards import Standards
from bazafarin.studies.city_plan import CityPlan
from bazafarin.studies.plan_city import plan_city

CRS = "EPSG:32639"
AS_OF = date(2025, 11, 21)
ORIGIN = (562_000.0, 3_613_000.0)
HOSTILE_NAME = "</script><img src=x onerror=alert()>"


def town(*, synthetic: bool = True, name: str = "نمونه‌آباد") -> City:
    """Return the drawn town."""
    blocks = _blocks()
    return City(
        name_fa=name,
        crs=CRS,
        parcels=_typed("parcels", _parcels(blocks)),
        blocks=_typed("blocks", blocks),
        passages=_typed("passages", _passages()),
        neighbourhoods=_typed("neighbourhoods", _neighbourhoods(blocks)),
        approved_boundary=_typed("approved_boundary", _approved(blocks)),
        sources={"parcels": LayerSource("town.gpkg", "parcels", 120, 120, CRS, date(2025, 10, 1))},
        synthetic=synthetic,
    )


def plan(city: City | None = None) -> CityPlan:
    """Return the plan of the drawn town by the national rules."""
    return plan_city(city or town(), standards=Standards.national(), as_of=AS_OF)


def _frame(rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    return frame.set_geometry(frame.geometry.translate(*ORIGIN))


def _blocks() -> gpd.GeoDataFrame:
    return _frame(
        [
            {
                "block_id": f"3-12-{row}-{column}",
                "neighbourhood_id": "N-1" if column < 2 else "N-2",
                "geometry": box(left, bottom, left + 48, bottom + 36),
            }
            for row, bottom in enumerate((0, 40, 80))
            for column, left in enumerate((0, 52, 114, 166))
        ]
    )


def _parcels(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(1)
    rows = []
    for place, block in enumerate(blocks.itertuples()):
        left, bottom = block.geometry.bounds[0] - ORIGIN[0], block.geometry.bounds[1] - ORIGIN[1]
        is_old = block.neighbourhood_id == "N-1" or place == 6
        columns, width = (6, 8) if is_old else (3, 16)
        for n in range(columns * 2):
            x, y = left + width * (n % columns), bottom + 18 * (n // columns)
            rows.append(
                {
                    "parcel_id": f"{block.block_id}-{n + 1}",
                    "block_id": block.block_id,
                    "neighbourhood_id": block.neighbourhood_id,
                    "use": "residential" if n else "commercial",
                    "structure": "unknown"
                    if place == 5 and n < 7
                    else rng.choice(["adobe", "brick_wood"])
                    if is_old
                    else "steel_frame",
                    "built_sh": np.nan if place == 5 else 1330.0 + n if is_old else 1390.0 + n,
                    "quality": "to_demolish" if is_old else "new",
                    "ownership": "private",
                    "households": 2.0,
                    "population": 7_654_321.0,
                    "will_renovate": True,
                    "geometry": box(x, y, x + width, y + 18),
                }
            )
    return _frame(rows)


def _passages() -> gpd.GeoDataFrame:
    lanes = [
        ("P-1", "کوچهٔ شهید گچ‌پژ", 4.0, [(-10, 38), (107, 38)]),
        ("P-2", "کوچهٔ ۱۲-۳ بازار", 4.0, [(-10, 78), (107, 78)]),
        ("P-3", "خیابان پیروزی", 14.0, [(107, -10), (107, 126)]),
        ("P-4", None, 4.0, [(50, -10), (50, 126)]),
        ("P-5", "بن‌بست یاس", np.nan, [(164, 0), (164, 116)]),
        ("P-7", "گذر باغ", np.nan, [(-200, -60), (-60, -60)]),
        ("P-6", HOSTILE_NAME, 8.0, [(-10, -4), (224, -4)]),
    ]
    return _frame(
        [
            {"passage_id": i, "name_fa": n, "width_m": w, "geometry": LineString(line)}
            for i, n, w, line in lanes
        ]
    )


def _neighbourhoods(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    names = {"N-1": "سنگ‌تراشان", "N-2": "باغ‌نو"}
    outlines = blocks.dissolve("neighbourhood_id").geometry.convex_hull.buffer(2)
    return gpd.GeoDataFrame(
        {"neighbourhood_id": list(names), "name_fa": list(names.values())},
        geometry=outlines.loc[list(names)].to_numpy(),
        crs=CRS,
    )


def _approved(blocks: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    inside = blocks[blocks["block_id"].isin(["3-12-0-0", "3-12-1-0", "3-12-1-1", "3-12-1-3"])]
    outline = inside.geometry.buffer(3).union_all().buffer(-3)
    return gpd.GeoDataFrame({"resolution": ["م-۱"]}, geometry=[outline], crs=CRS)


def _typed(layer: str, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the frame with every column of the layer, of the kinds that a city is read with."""
    for spec in LAYERS[layer].columns:
        values = frame.get(spec.name, pd.Series(None, index=frame.index, dtype="object"))
        if spec.kind is Kind.CODE and spec.codes is not None:
            codes = [code.value for code in spec.codes]
            filled = values.fillna("unknown") if "unknown" in codes else values
            frame[spec.name] = pd.Categorical(filled, categories=codes)
        else:
            frame[spec.name] = values.astype(_DTYPES[spec.kind])
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame


_DTYPES = {
    Kind.ID: "str",
    Kind.TEXT: "str",
    Kind.NUMBER: "float64",
    Kind.WHOLE: "float64",
    Kind.YEAR_SH: "float64",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "datetime64[s]",
}
