"""What GDAL may open, by whom a delivery comes from; never anything of the network.

GDAL knows a format by what a file begins with, whatever its name ends in. Some formats are
instructions to open another file of this machine, an address of the network or a program
(virtual layers, algorithms, services), and a delivery may come from strangers: what may not be
opened is taken out of GDAL for the whole of this process. What is left asks nothing of the
network either: a GeoJSON may name an address for its coordinate system, a GML one for its schema.
"""

from __future__ import annotations

import os
from enum import Enum
from functools import cache
from typing import Final

import pyogrio
from pyogrio._ogr import _register_drivers


class Formats(Enum):
    """Which formats a reader trusts; each holds those before it."""

    EVERYDAY = "everyday"
    """What deliveries come in: for what strangers send to a site."""
    FILES = "files"
    """Every format of this GDAL that holds by itself what it shows: for one's own files."""
    LINKS = "links"
    """Virtual layers and algorithms too, which open other files of this machine: by consent."""


EVERYDAY: Final = frozenset(
    {
        "CSV", "DGN", "DXF", "ESRI Shapefile", "ESRIJSON", "FlatGeobuf", "GML", "GPKG", "GPX",
        "GeoJSON", "GeoJSONSeq", "JSONFG", "KML", "LIBKML", "MEM", "MapInfo File", "ODS",
        "OpenFileGDB", "SQLite", "TopoJSON", "XLSX",
    }
)  # fmt: skip
LINKS: Final = frozenset({"GDALG", "OGR_VRT"})
"""The formats that lead to other files of this machine."""
NEVER: Final = frozenset(
    {
        "ADBC", "AmigoCloud", "CSW", "Carto", "EEDA", "Elasticsearch", "GPSBabel", "HTTP", "NGW",
        "OAPIF", "OGCAPI", "PLSCENES", "WFS",
    }
)  # fmt: skip
"""The formats that are services of the network, databases or programs, and no files."""
_NO_HOST: Final = ":0"
"""A proxy that is none: whatever would go to the network fails before it leaves."""

_known: list[str] = []
"""GDAL's formats before any was taken out: GDAL itself names only what it keeps."""
_kept: list[Formats] = []
"""What was asked for last; GDAL has one list of formats for the whole process."""


def keep_to_files(formats: Formats = Formats.EVERYDAY) -> None:
    """Leave GDAL in this process the formats that are trusted, and no way to the network."""
    if _kept == [formats]:
        return
    _shut_the_network()
    if not _known:
        _known.extend(pyogrio.list_drivers())
    skipped = sorted(name for name in _known if not _is_trusted(name, formats))
    pyogrio.set_gdal_config_options({"GDAL_SKIP": ",".join(skipped)})
    _register_drivers()  # GDAL's list of what to skip is read when formats are registered
    left = sorted(name for name in pyogrio.list_drivers() if not _is_trusted(name, formats))
    if left:
        raise RuntimeError(f"GDAL keeps formats that lead elsewhere: {left}")
    _kept[:] = [formats]


def _is_trusted(name: str, formats: Formats) -> bool:
    if formats is Formats.EVERYDAY:
        return name in EVERYDAY
    return name not in NEVER and (formats is Formats.LINKS or name not in LINKS)


@cache
def _shut_the_network() -> None:
    for name in ("no_proxy", "NO_PROXY"):  # which would lead past the proxy
        os.environ.pop(name, None)
    pyogrio.set_gdal_config_options(
        {
            "GDAL_HTTP_PROXY": _NO_HOST,
            "GDAL_HTTPS_PROXY": _NO_HOST,
            "CPL_CURL_ENABLE_VSIMEM": "NO",
        }
    )
