"""One file's layer as it stands: the formats of ``drivers``, GeoParquet, and plain tables."""

from __future__ import annotations

import csv
import json
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely

from bazafarin.adapters.delivery import encodings
from bazafarin.adapters.delivery.drivers import Formats, keep_to_files
from bazafarin.adapters.delivery.shapefile_parts import check_parts
from bazafarin.adapters.delivery.synonyms import name_key, shape_names
from bazafarin.adapters.persian_text import parse_number
from bazafarin.domain.errors import DeliveryError
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bazafarin.adapters.delivery.ledger import Ledger

_PARQUET: Final = frozenset({".parquet", ".geoparquet"})
_TEXT_TABLES: Final = frozenset({".csv", ".tsv"})
_GEOGRAPHIC: Final = "EPSG:4326"
_SNIFFED: Final = 65_536
_READ_ERRORS: Final = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    shapely.errors.ShapelyError,
    OSError,
    ValueError,
    UnicodeError,
    NotImplementedError,
)


@dataclass(frozen=True)
class FileLayer:
    """A layer that a file holds; ``geometry`` is GDAL's word for its type, empty for a table."""

    path: Path
    layer: str
    is_only: bool
    geometry: str
    seen_fields: tuple[str, ...] | None
    """None where the layer was not opened for them yet."""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the fields; DeliveryError where the layer cannot be read."""
        if self.seen_fields is not None:
            return self.seen_fields
        try:
            return _gdal_fields(self.path, self.layer)
        except _READ_ERRORS as error:
            raise _unreadable(error, self.path, self.title) from error

    @property
    def title(self) -> str:
        """Return the file's own name, and the layer's where a file has several."""
        return self.path.name if self.is_only else f"{self.path.name}|{self.layer}"


@dataclass(frozen=True)
class RawLayer:
    """A layer as it stands; ``geometry`` is None for a table, ``crs`` None where none is said."""

    source: FileLayer
    frame: pd.DataFrame
    geometry: np.ndarray[Any, Any] | None
    crs: pyproj.CRS | None


def file_layers(path: Path, formats: Formats = Formats.EVERYDAY) -> list[FileLayer]:
    """Return the layers of a file with their fields; DeliveryError where it cannot be read."""
    keep_to_files(formats)
    suffix = path.suffix.lower()
    try:
        if suffix in _PARQUET:
            return [_parquet_layer(path)]
        if suffix in _TEXT_TABLES:
            frame = _text_table(path, None, rows=1)[0]
            kind = _kind_of_table(frame.columns)
            return [FileLayer(path, path.stem, True, kind, tuple(frame.columns))]  # noqa: FBT003
        return _gdal_layers(path)
    except _READ_ERRORS as error:
        raise _unreadable(error, path, path.name) from error


def read(source: FileLayer, layer: str, encoding: str | None, ledger: Ledger) -> RawLayer:
    """Return the rows of a file's layer, numbered from 1 in the file's own order.

    ``layer`` is the city's layer that problems are told under; ``encoding`` is the one that
    the reader of the delivery states, before all that is found.
    """
    suffix = source.path.suffix.lower()
    try:
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            if suffix in _PARQUET:
                raw = _read_parquet(source)
            elif suffix in _TEXT_TABLES:
                frame, found = _text_table(source.path, encoding)
                raw = RawLayer(source, frame, None, None)
                _tell_encoding(found, source, layer, ledger)
            else:
                raw = _read_gdal(source, layer, encoding, ledger)
            if raw.geometry is None:
                raw = _with_shapes(raw, layer, ledger)
    except _READ_ERRORS as error:
        raise DeliveryError(
            "reading.unreadable",
            file=source.title,
            reason=_said(error, source.path),
            problems=ledger.problems,
        ) from error
    for text in dict.fromkeys(_said(warning.message, source.path) for warning in said):
        ledger.note("reading.gdal_said", layer, file=source.title, text=text)
    raw.frame.index = pd.RangeIndex(1, len(raw.frame) + 1)
    return raw


def _unreadable(error: Exception, path: Path, title: str) -> DeliveryError:
    return DeliveryError("reading.unreadable", file=title, reason=_said(error, path))


def _said(word: Warning | Exception | str, path: Path) -> str:
    """Return what a library said, without this machine's folders in it."""
    return str(word).replace(f"{path.parent}/", "").strip()


def _parquet_layer(path: Path) -> FileLayer:
    """Return the layer of a GeoParquet file, which names its geometry column, or of a table."""
    schema = pq.read_schema(path)
    stated = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    shape = stated.get("primary_column", "geometry")
    kind = "Unknown" if shape in schema.names else ""
    fields = tuple(name for name in schema.names if name != shape)
    return FileLayer(path, path.stem, True, kind, fields)  # noqa: FBT003


def _gdal_layers(path: Path) -> list[FileLayer]:
    with _unwarned():
        listed = pyogrio.list_layers(path)
    is_only = len(listed) == 1
    layers = []
    for name, kind in listed:
        # One of several layers is opened for its fields where they are asked for.
        fields = _gdal_fields(path, name) if is_only or not kind else None
        geometry = kind or _kind_of_table(fields or ())
        layers.append(FileLayer(path, str(name), is_only, geometry, fields))
    return layers


def _gdal_fields(path: Path, layer: str) -> tuple[str, ...]:
    with _unwarned():
        info = pyogrio.read_info(path, layer=layer, **_options(path))
    return tuple(map(str, info["fields"]))


@contextmanager
def _unwarned() -> Iterator[None]:
    """Let GDAL's warnings go: it warns again when the layer is read, and is told then."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _read_gdal(source: FileLayer, layer: str, encoding: str | None, ledger: Ledger) -> RawLayer:
    options = _options(source.path)
    if source.path.suffix.lower() == ".shp":
        check_parts(source.path, layer, ledger)
    if encoding is None and (dbf := _table_beside(source.path)):
        encoding, is_found = encodings.table_encoding(dbf)
        _tell_encoding(encoding if is_found else "", source, layer, ledger)
    if encoding and source.path.suffix.lower() == ".shp":
        options["encoding"] = encoding
    frame = _gdal_frame(source, options)
    if not isinstance(frame, gpd.GeoDataFrame):
        return RawLayer(source, frame, None, None)
    attributes, geometry, crs = _apart(frame)
    if crs is None and _is_topojson(source.path):
        crs = pyproj.CRS(_GEOGRAPHIC)
        ledger.note("reading.crs.topojson", layer, file=source.title, crs=_GEOGRAPHIC)
    return RawLayer(source, attributes, geometry, crs)


def _apart(frame: gpd.GeoDataFrame) -> tuple[pd.DataFrame, np.ndarray[Any, Any], pyproj.CRS | None]:
    """Return a frame's attributes, geometries and system."""
    attributes = pd.DataFrame(frame).drop(columns=frame.geometry.name)
    return attributes, np.asarray(frame.geometry.array), frame.crs


def _gdal_frame(source: FileLayer, options: dict[str, str]) -> pd.DataFrame:
    """Read in bulk; curves, which the bulk way does not know, row by row as lines of chords."""
    arguments: dict[str, Any] = {"layer": source.layer, "on_invalid": "fix", **options}
    try:
        frame: pd.DataFrame = pyogrio.read_dataframe(source.path, use_arrow=True, **arguments)
    except NotImplementedError:
        frame = pyogrio.read_dataframe(source.path, use_arrow=False, **arguments)
    return frame


def _read_parquet(source: FileLayer) -> RawLayer:
    if not source.geometry:
        return RawLayer(source, pd.read_parquet(source.path), None, None)
    return RawLayer(source, *_apart(gpd.read_parquet(source.path)))


def _text_table(
    path: Path, encoding: str | None, rows: int | None = None
) -> tuple[pd.DataFrame, str]:
    """Return a table of text, all fields as text, and the encoding where it is not UTF-8."""
    found, is_other = (encoding, False) if encoding else encodings.text_encoding(path)
    with path.open(encoding=found, newline="") as file:
        head = file.read(_SNIFFED)
    try:
        separator = csv.Sniffer().sniff(head, delimiters=",;\t|").delimiter
    except csv.Error:
        separator = ","
    frame = pd.read_csv(
        path, sep=separator, dtype="str", encoding=found, nrows=rows,
        keep_default_na=False, na_values=[""],
    )  # fmt: skip
    return frame, found if is_other else ""


def _with_shapes(raw: RawLayer, layer: str, ledger: Ledger) -> RawLayer:
    """Return a table whose rows carry coordinates or WKT with its geometry; any other as it is."""
    x, y, wkt = (_named(raw.frame.columns, word) for word in ("x", "y", "wkt"))
    if wkt is not None:
        texts = raw.frame[wkt].astype("str").astype(object)
        shapes = shapely.from_wkt(texts.where(texts.notna(), None).to_numpy(), on_invalid="ignore")
        if (~shapely.is_missing(shapes)).any():
            ledger.note("reading.shapes_of_table", layer, file=raw.source.title, field=wkt)
            return RawLayer(raw.source, raw.frame.drop(columns=wkt), shapes, None)
    if x is None or y is None:
        return raw
    numbers = raw.frame[[x, y]].apply(parse_number).to_numpy(float)
    known = np.isfinite(numbers).all(axis=1)
    points = np.full(len(numbers), None, dtype=object)
    points[known] = shapely.points(numbers[known])
    ledger.note("reading.points_of_table", layer, file=raw.source.title, x=x, y=y)
    return RawLayer(raw.source, raw.frame.drop(columns=[x, y]), points, None)


def _named(fields: Iterable[str], word: str) -> str | None:
    """Return the first field that is called one of the names for ``word`` (synonyms.toml)."""
    keys = {name_key(str(name)): name for name in fields}
    return next((keys[key] for key in shape_names(word) if key in keys), None)


def _kind_of_table(fields: Iterable[str]) -> str:
    """Return GDAL's word for what a table's fields hold; empty where they hold no geometry."""
    names = list(map(str, fields))
    if _named(names, "wkt") is not None:
        return "Unknown"
    return "Point" if all(_named(names, axis) is not None for axis in ("x", "y")) else ""


def _tell_encoding(found: str, source: FileLayer, layer: str, ledger: Ledger) -> None:
    if found and found != encodings.UTF_8:
        ledger.note("reading.encoding", layer, Severity.MENDED, file=source.title, encoding=found)


def _options(path: Path) -> dict[str, str]:
    # A sheet's first row is its names, even where all its cells are text.
    return {"HEADERS": "FORCE"} if path.suffix.lower() in {".xlsx", ".ods"} else {}


def _table_beside(path: Path) -> Path | None:
    if path.suffix.lower() != ".shp":
        return None
    beside = [path.with_suffix(suffix) for suffix in (".dbf", ".DBF", ".Dbf")]
    return next((table for table in beside if table.exists()), None)


def _is_topojson(path: Path) -> bool:
    with path.open("rb") as file:
        return b'"Topology"' in file.read(_SNIFFED)
