"""The way of a reading: files → layers → one system in metres → clean frames → ``City``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from bazafarin.adapters.delivery import (
    areas,
    columns,
    coordinate_systems,
    geometries,
    identifiers,
    keyed_tables,
    overlaps,
    row_choice,
    source_file,
    streets,
)
from bazafarin.adapters.delivery.about import read_about
from bazafarin.adapters.delivery.astray import CityPlace, near_city
from bazafarin.adapters.delivery.drivers import Formats
from bazafarin.adapters.delivery.layer_finding import FoundLayers, find_layers
from bazafarin.adapters.delivery.ledger import Ledger
from bazafarin.adapters.delivery.mapping import DeliveryMapping
from bazafarin.adapters.delivery.mapping_checks import nearest
from bazafarin.adapters.delivery.mapping_file import read_mapping
from bazafarin.adapters.delivery.opening import opened
from bazafarin.adapters.delivery.values import ColumnReader
from bazafarin.adapters.persian_text import normalise_text
from bazafarin.domain.city import LAYERS, City, Kind, LayerSource
from bazafarin.domain.errors import DeliveryError, MappingError
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    OnStage = Callable[[str, int | None], None]

_GEOMETRY: Final = "geometry"
_TRUE: Final = "true"


def read_city(
    source: Path,
    *,
    mapping: Path | None = None,
    layers: Mapping[str, Path] | None = None,
    formats: Formats = Formats.EVERYDAY,
    on_stage: OnStage | None = None,
) -> City:
    """Return the city that a delivery holds, with every problem that was found in it.

    Args:
        source: a GeoPackage or any file that GDAL reads, a zip, or a folder of them.
        mapping: the mapping file (docs/mapping.md).
        layers: the reader's own path for a layer, before the mapping and before names; a
            layer inside a file is ``file.gpkg|name``.
        formats: those that are opened, by whom the delivery comes from.
        on_stage: told the key of each stage's sentence (``reading.stage.…``) and the rows
            that it works on, where they are known.

    Raises:
        DeliveryError: the delivery cannot be used; its ``problems`` are all that was found.
        MappingError: the mapping names what does not exist; every such mistake is there.
        UsageError: ``layers`` names a layer that the city file does not have.
    """
    ledger = Ledger()
    stage = on_stage or _silent
    rules = read_mapping(mapping, ledger) if mapping else DeliveryMapping()
    stage("reading.stage.open", None)
    with opened(source, ledger, formats) as delivery:
        found = find_layers(delivery, rules, layers or {}, ledger)
        _check(found, rules, ledger)
        about = read_about(found.about, ledger)
        reading = _Reading(found, rules, ledger, stage)
        frames, crs = reading.frames()
    ledger.raise_if_fatal(DeliveryError)
    name = rules.name_fa or about.get("name_fa") or source.stem
    says_synthetic = about.get("synthetic", "").lower() == _TRUE
    return City(
        name_fa=normalise_text(name),
        crs=crs.to_string(),
        **frames,
        sources=reading.sources,
        problems=ledger.problems,
        synthetic=says_synthetic if rules.synthetic is None else rules.synthetic,
    )


def _silent(_stage: str, _rows: int | None) -> None:
    """Tell nobody."""


def _check(found: FoundLayers, rules: DeliveryMapping, ledger: Ledger) -> None:
    """Raise with every mistake of the mapping, or where there are no parcels."""
    for layer, sources in found.layers.items():
        for source in sources:
            where = f"layers.{layer}.fields"
            columns.check_mapped_fields(layer, source.file, source.rule, ledger, where=where)
    for table in rules.tables:
        of_table = found.tables.get(table.name)
        if of_table is None:
            continue
        where = f"tables.{table.name}.columns"
        columns.check_mapped_fields(table.name, of_table.file, table.rows, ledger, where=where)
        if table.key not in of_table.file.fields:
            ledger.note(
                "reading.mapping.no_field", table.name, Severity.FATAL,
                where=f"tables.{table.name}.key", file=of_table.file.title, name=table.key,
                available=", ".join(of_table.file.fields),
                nearest=nearest(table.key, of_table.file.fields),
            )  # fmt: skip
    ledger.raise_if_fatal(MappingError if rules.file else DeliveryError)
    if "parcels" not in found.layers:
        seen = [p.facts["file"] for p in ledger.problems if p.code == "reading.not_used"]
        unread = [p.facts["file"] for p in ledger.problems if p.code == "reading.unreadable"]
        raise DeliveryError(
            "reading.no_parcels",
            problems=ledger.problems,
            found=(*found.layers, *map(str, seen)),
            unreadable=tuple(map(str, unread)),
        )


@dataclass(frozen=True)
class _Part:
    """One source of a layer: its columns and geometries by row number, and its own system."""

    frame: pd.DataFrame
    geometry: np.ndarray[Any, Any]
    crs: pyproj.CRS | None
    stated: str | None


class _Reading:
    """Reads the layers of one delivery."""

    def __init__(
        self, found: FoundLayers, rules: DeliveryMapping, ledger: Ledger, stage: OnStage
    ) -> None:
        self._found = found
        self._rules = rules
        self._ledger = ledger
        self._stage = stage
        self.sources: dict[str, LayerSource] = {}
        self._delivered: dict[str, int] = {}
        self._set_aside = pd.DataFrame()
        self._city: CityPlace | None = None

    def frames(self) -> tuple[dict[str, Any], pyproj.CRS]:
        """Return each layer's frame, None where it was not delivered, and the one system."""
        parts = {name: self._parts(name) for name in self._found.layers}
        self._ledger.raise_if_fatal(MappingError)
        systems = self._systems(parts)
        self._ledger.raise_if_fatal(DeliveryError)
        crs = coordinate_systems.working_crs(
            np.concatenate([part.geometry for part in parts["parcels"]]), systems["parcels"][0]
        )
        frames: dict[str, Any] = dict.fromkeys(LAYERS)
        self._stage("reading.stage.geometries", sum(self._delivered.values()))
        for name in LAYERS:
            if name in parts:
                frame = self._in_one_system(name, parts.pop(name), systems[name], crs)
                frames[name] = self._finished(name, frame, crs)
        self._streets_as_carriageways(frames, crs)
        return frames, crs

    def _parts(self, layer: str) -> list[_Part]:
        reader = ColumnReader(layer, self._rules.codes, self._ledger)
        parts: list[_Part] = []
        before = 0
        for source in self._found.layers[layer]:
            raw = source_file.read(source.file, layer, source.rule.encoding, self._ledger)
            self._stage(f"reading.stage.{layer}", len(raw.frame))
            if raw.geometry is None:
                raise DeliveryError(
                    "reading.no_geometry",
                    problems=self._ledger.problems,
                    layer=layer,
                    file=source.file.title,
                )
            # The rows of a second source are numbered on from the first's last.
            raw.frame.index = pd.RangeIndex(before + 1, before + len(raw.frame) + 1)
            before += len(raw.frame)
            raw = row_choice.taken(raw, source.rule.rows, layer, self._ledger)
            frame = columns.to_columns(raw.frame, layer, source.rule, reader, self._ledger)
            geometry = np.asarray(raw.geometry)
            if source.rule.crs is None:
                geometry = coordinate_systems.in_order(layer, geometry, raw.crs, self._ledger)
            parts.append(_Part(frame, geometry, raw.crs, source.rule.crs))
        self._delivered[layer] = before
        return parts

    def _systems(self, parts: Mapping[str, list[_Part]]) -> dict[str, list[pyproj.CRS]]:
        """Return the system of each source of each layer; what is impossible is fatal."""
        stated = {
            layer: [pyproj.CRS.from_user_input(part.stated) if part.stated else part.crs
                    for part in layer_parts]
            for layer, layer_parts in parts.items()
        }  # fmt: skip
        known = [crs for systems in stated.values() for crs in systems if crs is not None]
        systems: dict[str, list[pyproj.CRS]] = {}
        for layer, layer_parts in parts.items():
            told = [
                coordinate_systems.layer_crs(
                    layer, part.geometry, crs, known, self._ledger, of_city=self._rules.crs
                )
                for part, crs in zip(layer_parts, stated[layer], strict=True)
            ]
            systems[layer] = [crs or coordinate_systems.LAST_RESORT for crs in told]
        return systems

    def _in_one_system(
        self, layer: str, parts: list[_Part], systems: list[pyproj.CRS], crs: pyproj.CRS
    ) -> pd.DataFrame:
        frames = []
        for part, system in zip(parts, systems, strict=True):
            if not system.equals(crs, ignore_axis_order=True):
                self._ledger.note(
                    "reading.crs.transformed", layer, Severity.MENDED,
                    source=coordinate_systems.name_of(system),
                    target=coordinate_systems.name_of(crs),
                )  # fmt: skip
            moved = coordinate_systems.transformed(part.geometry, system, crs)
            frames.append(part.frame.assign(**{_GEOMETRY: moved}))
        frame = frames[0] if len(frames) == 1 else pd.concat(frames)
        return frame.set_index(pd.Index(frame.index, dtype="int64"))

    def _finished(
        self, layer: str, frame: pd.DataFrame, crs: pyproj.CRS
    ) -> gpd.GeoDataFrame | None:
        """Return the layer's rows that can be used; None where it was delivered empty."""
        delivered = self._delivered[layer]
        if not delivered and layer != "parcels":
            self._ledger.note("reading.layer_empty", layer)
            return None
        clean = geometries.cleaned(frame[_GEOMETRY], layer, self._ledger)
        if layer == "parcels" and len(clean):
            self._city = CityPlace.of(clean)
        if self._city is not None:
            clean = near_city(clean, self._city, layer, self._ledger)
            if self._ledger.fatal:
                return None
        kept = frame if len(clean) == len(frame) else frame.loc[clean.index]
        frame = kept.assign(**{_GEOMETRY: clean})
        frame = geometries.without_duplicates(frame, layer, self._ledger)
        if own := identifiers.OWN_NAMES.get(layer):
            frame[own] = identifiers.named(frame[own], layer, self._ledger)
        if layer == "parcels":
            frame = self._parcels(frame)
        if frame.empty:
            raise DeliveryError(
                "reading.no_usable_row", problems=self._ledger.problems, layer=layer,
                number=delivered,
            )  # fmt: skip
        self._record(layer, frame, delivered, crs)
        return self._geo(layer, frame, crs)

    def _parcels(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Join the keyed tables, set streets aside and tell what overlaps."""
        for table in self._rules.tables:
            self._stage("reading.stage.tables", None)
            source = self._found.tables[table.name]
            frame, rows, used = keyed_tables.with_table(
                frame, table, source, self._rules.codes, self._ledger
            )
            path, inside = source.file.path.name, source.file.layer
            self.sources[table.name] = LayerSource(path, inside, rows, used, "")
        self._ledger.raise_if_fatal(MappingError)
        self._stage("reading.stage.streets", len(frame))
        found = streets.set_aside(frame, self._ledger)
        self._set_aside = frame.loc[found.streets]
        frame = frame.drop(index=found.streets.union(found.water)).drop(columns=columns.PLACE)
        self._stage("reading.stage.overlaps", len(frame))
        overlaps.tell_overlaps(frame, self._ledger)
        overlaps.tell_slivers(frame, self._ledger)
        areas.tell_disagreements(frame, self._ledger)
        return frame

    def _streets_as_carriageways(self, frames: dict[str, Any], crs: pyproj.CRS) -> None:
        """Let the streets among the parcels be the carriageways, where none were delivered."""
        rows = self._set_aside
        if rows.empty or frames["carriageways"] is not None:
            return
        frame = rows[[_GEOMETRY]].assign(passage_id=pd.array([None] * len(rows), dtype="str"))
        frames["carriageways"] = self._geo("carriageways", frame, crs)
        parcels = self.sources["parcels"]
        self.sources["carriageways"] = LayerSource(
            parcels.path, parcels.layer, len(rows), len(rows), parcels.crs
        )
        self._ledger.rows(
            "reading.street.as_carriageways", "carriageways", Severity.NOTE, rows.index
        )

    def _record(self, layer: str, frame: pd.DataFrame, delivered: int, crs: pyproj.CRS) -> None:
        files = [source.file for source in self._found.layers[layer]]
        self.sources[layer] = LayerSource(
            path=", ".join(dict.fromkeys(file.path.name for file in files)),
            layer=", ".join(dict.fromkeys(file.layer for file in files)),
            rows=delivered,
            used=len(frame),
            crs=coordinate_systems.name_of(crs),
            dated=_newest(layer, frame),
        )

    @staticmethod
    def _geo(layer: str, frame: pd.DataFrame, crs: pyproj.CRS) -> gpd.GeoDataFrame:
        names = [column.name for column in LAYERS[layer].columns]
        return gpd.GeoDataFrame(frame[[*names, _GEOMETRY]], geometry=_GEOMETRY, crs=crs)


def _newest(layer: str, frame: pd.DataFrame) -> date | None:
    """Return the newest day that a layer's own rows carry."""
    days = [c.name for c in LAYERS[layer].columns if c.kind is Kind.DATE]
    known = [frame[name].max() for name in days if frame[name].notna().any()]
    return max(known).date() if known else None
