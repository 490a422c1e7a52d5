"""What GDAL may open: files of these formats, and nothing that leads from a file elsewhere.

GDAL knows a format by what a file begins with, whatever its name ends in. Some formats are
instructions to open another file of this machine or an address of the network (virtual layers,
algorithms, services), and a delivery comes from strangers: those formats are taken out of
GDAL for the whole of this process. What is left asks nothing of the network either: a GeoJSON
may name an address for its coordinate system, a GML one for its schema.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Final

import pyogrio
from pyogrio._ogr import _register_drivers

ALLOWED: Final = frozenset(
    {
        "CSV", "DGN", "DXF", "ESRI Shapefile", "ESRIJSON", "FlatGeobuf", "GML", "GPKG", "GPX",
        "GeoJSON", "GeoJSONSeq", "JSONFG", "KML", "LIBKML", "MEM", "MapInfo File", "ODS",
        "OpenFileGDB", "SQLite", "TopoJSON", "XLSX",
    }
)  # fmt: skip
"""The formats that hold what they show by themselves."""
_NO_HOST: Final = ":0"
"""A proxy that is none: whatever would go to the network fails before it leaves."""


@cache
def keep_to_files() -> None:
    """Leave GDAL in this process the formats of ``ALLOWED``, and no way to the network."""
    for name in ("no_proxy", "NO_PROXY"):  # which would lead past the proxy
        os.environ.pop(name, None)
    others = sorted(set(pyogrio.list_drivers()) - ALLOWED)
    pyogrio.set_gdal_config_options(
        {
            "GDAL_SKIP": ",".join(others),
            "GDAL_HTTP_PROXY": _NO_HOST,
            "GDAL_HTTPS_PROXY": _NO_HOST,
            "CPL_CURL_ENABLE_VSIMEM": "NO",
        }
    )
    _register_drivers()  # GDAL's list of what to skip is read when formats are registered
    left = set(pyogrio.list_drivers()) - ALLOWED
    if left:
        raise RuntimeError(f"GDAL keeps formats that lead elsewhere: {sorted(left)}")
