"""Small deliveries, drawn by hand: parcels of 10 m × 20 m in a row, in Tehran's zone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pyogrio
import pytest
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EAST, NORTH = 500_000.0, 3_950_000.0


def lot(place: int, *, width: float = 10.0, depth: float = 20.0) -> shapely.Polygon:
    x = EAST + place * width
    return shapely.box(x, NORTH, x + width, NORTH + depth)


def lots(count: int = 4, **columns: Any) -> gpd.GeoDataFrame:
    named = {"parcel_id": [f"3-1-1-{n + 1}" for n in range(count)], **columns}
    return gpd.GeoDataFrame(named, geometry=[lot(n) for n in range(count)], crs=32639)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def _write(frame: Any, name: str = "city.gpkg", layer: str = "parcels", **options: Any) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        has_no_crs = isinstance(frame, gpd.GeoDataFrame) and frame.crs is None
        written = frame.set_crs(32639) if has_no_crs else frame
        pyogrio.write_dataframe(written, path, layer=layer, **options)
        if has_no_crs:
            path.with_suffix(".prj").unlink()
        return path

    return _write


def problems(city: Any, code: str) -> list[Any]:
    return [problem for problem in city.problems if problem.code == code]
