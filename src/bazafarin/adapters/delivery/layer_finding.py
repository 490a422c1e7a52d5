"""Which file's layer is which layer of the city: as the reader says, the mapping, or the name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters.delivery import source_file
from bazafarin.adapters.delivery.mapping import DeliveryMapping, SourceRule
from bazafarin.adapters.delivery.mapping_checks import nearest
from bazafarin.adapters.delivery.synonyms import layer_names, name_key
from bazafarin.domain.city import LAYERS, Shape
from bazafarin.domain.errors import DeliveryError, UsageError
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.adapters.delivery.ledger import Ledger
    from bazafarin.adapters.delivery.opening import Opened
    from bazafarin.adapters.delivery.source_file import FileLayer

_ABOUT: Final = "about"
_WORD: Final = re.compile(r"[^\W\d_]+")
_EXACT, _PART = 0, 1
"""How well a name fits a layer: as a whole, or by one of its words."""

_GEOMETRIES: Final = {
    Shape.POLYGON: ("Polygon", "Surface", "Unknown", "Collection"),
    Shape.LINE: ("Line", "Curve", "Unknown", "Collection"),
    Shape.POINT_OR_POLYGON: ("Point", "Polygon", "Surface", "Unknown", "Collection"),
}


@dataclass(frozen=True, slots=True)
class FoundSource:
    """One source of a layer and how it is to be read."""

    file: FileLayer
    rule: SourceRule = field(default_factory=SourceRule)


@dataclass(frozen=True, slots=True)
class FoundLayers:
    """The sources of each layer, of each keyed table (by name), and the table about the file."""

    layers: Mapping[str, tuple[FoundSource, ...]]
    tables: Mapping[str, FoundSource]
    about: FileLayer | None


def find_layers(
    delivery: Opened, mapping: DeliveryMapping, stated: Mapping[str, Path], ledger: Ledger
) -> FoundLayers:
    """Return where each layer of the city is.

    ``stated`` are the reader's own paths (``--layer``): a file, or ``file|layer`` as QGIS
    writes it. They come before the mapping, and the mapping before names. What is wrong is
    a fatal problem; a delivered layer that is not used is a note.
    """
    finder = _Finder(delivery, mapping, ledger)
    layers = {name: finder.mapped(name) for name in mapping.layers}
    layers.update({name: finder.stated(name, path) for name, path in stated.items()})
    tables = {table.name: finder.source(table.name, table.rows) for table in mapping.tables}
    used = [source for sources in layers.values() for source in sources]
    used += [source for found in tables.values() for source in found]
    taken = {(source.file.path, source.file.layer) for source in used}
    free = [layer for layer in delivery.layers if (layer.path, layer.layer) not in taken]
    about = next((layer for layer in free if _is_about(layer)), None)
    free = [layer for layer in free if layer is not about]
    if mapping.finds_others:
        wanted = [name for name in LAYERS if not layers.get(name) and name not in stated]
        layers.update(finder.by_name(wanted, free))
    unread = [layer for layer in free if not _is_in(layer, layers)]
    if mapping.finds_others:
        finder.tell_unused(unread)
    found_tables = {name: found[0] for name, found in tables.items() if found}
    return FoundLayers(
        {name: found for name, found in layers.items() if found}, found_tables, about
    )


def _is_about(layer: FileLayer) -> bool:
    return name_key(layer.layer) == _ABOUT and not layer.geometry


def _is_in(layer: FileLayer, layers: Mapping[str, tuple[FoundSource, ...]]) -> bool:
    return any(source.file is layer for sources in layers.values() for source in sources)


class _Finder:
    """Looks for the sources of one delivery."""

    def __init__(self, delivery: Opened, mapping: DeliveryMapping, ledger: Ledger) -> None:
        self._delivery = delivery
        self._mapping = mapping
        self._ledger = ledger

    def mapped(self, name: str) -> tuple[FoundSource, ...]:
        """Return the sources of a layer as the mapping says."""
        rules = self._mapping.layers[name]
        return tuple(found for rule in rules for found in self.source(name, rule))

    def stated(self, name: str, path: Path) -> tuple[FoundSource, ...]:
        """Return the source of a layer as the reader says, with the mapping's only rule for it."""
        if name not in LAYERS:
            available = ", ".join(LAYERS)
            raise UsageError(
                "reading.no_such_layer",
                layer=name,
                available=available,
                nearest=nearest(name, LAYERS),
            )
        file, _, layer = str(path).partition("|")
        rules = self._mapping.layers.get(name, ())
        rule = rules[0] if len(rules) == 1 else SourceRule()
        rule = replace(rule, source=file, layer=layer.removeprefix("layername=") or None)
        return self._file(name, Path(file), rule)

    def source(self, name: str, rule: SourceRule) -> tuple[FoundSource, ...]:
        """Return a mapping's source: a file beside the delivery, or a layer in it."""
        if rule.source is not None:
            if not _is_inside(rule.source):
                self._fatal("reading.mapping.source_outside", name, file=rule.source)
                return ()
            return self._file(name, self._delivery.folder / rule.source, rule)
        inside = [layer for layer in self._delivery.layers if layer.geometry]
        if rule.layer is not None:
            return self._layer(name, rule.layer, inside, rule)
        found = self.by_name([name], inside).get(name, ())
        return tuple(replace(source, rule=rule) for source in found)

    def _file(self, name: str, path: Path, rule: SourceRule) -> tuple[FoundSource, ...]:
        if not path.exists():
            files = sorted({layer.path.name for layer in self._delivery.layers})
            self._fatal(
                "reading.mapping.no_source",
                name,
                file=path.name,
                available=", ".join(files),
                nearest=nearest(path.name, files),
            )
            return ()
        try:
            opened = [layer for layer in self._delivery.layers if layer.path == path]
            inside = opened or source_file.file_layers(path, self._delivery.formats)
        except DeliveryError as error:
            self._fatal("reading.unreadable", name, **error.facts)
            return ()
        if rule.layer is not None:
            return self._layer(name, rule.layer, inside, rule)
        if len(inside) == 1:
            return (FoundSource(inside[0], rule),)
        fitting = [layer for layer in inside if layer_names().get(name_key(layer.layer)) == name]
        if len(fitting) == 1:
            return (FoundSource(fitting[0], rule),)
        self._fatal(
            "reading.mapping.which_layer",
            name,
            file=path.name,
            available=", ".join(layer.layer for layer in inside),
        )
        return ()

    def _layer(
        self, name: str, wanted: str, inside: list[FileLayer], rule: SourceRule
    ) -> tuple[FoundSource, ...]:
        found = [layer for layer in inside if layer.layer == wanted]
        if len(found) == 1:
            return (FoundSource(found[0], rule),)
        names = [layer.layer for layer in inside]
        self._fatal(
            "reading.mapping.no_layer",
            name,
            wanted=wanted,
            file=rule.source or self._delivery.path.name,
            available=", ".join(names),
            nearest=nearest(wanted, names),
        )
        return ()

    def by_name(
        self, wanted: list[str], free: list[FileLayer]
    ) -> dict[str, tuple[FoundSource, ...]]:
        """Return the layers whose names say what they are; two of one name are fatal."""
        fits: dict[str, list[tuple[int, FileLayer]]] = {}
        for layer in free:
            if fit := _best_fit(layer):
                fits.setdefault(fit[0], []).append((fit[1], layer))
        found = {name: self._only(name, fits[name]) for name in wanted if name in fits}
        spatial = [layer for layer in free if layer.geometry]
        if not found and "parcels" in wanted and len(spatial) == 1 and _fits("parcels", spatial[0]):
            self._ledger.note("reading.taken_as_parcels", "parcels", file=spatial[0].title)
            return {"parcels": (FoundSource(spatial[0]),)}
        return found

    def _only(self, name: str, fits: list[tuple[int, FileLayer]]) -> tuple[FoundSource, ...]:
        named_so = [layer for _, layer in fits if name_key(layer.layer) == name_key(name)]
        best = min(how for how, _ in fits)
        candidates = named_so or [layer for how, layer in fits if how == best]
        if len(candidates) > 1:
            files = ", ".join(layer.title for layer in candidates)
            self._fatal("reading.which_file", name, files=files)
            return ()
        layer = candidates[0]
        if name_key(layer.layer) != name_key(name):
            self._ledger.note("reading.found_by_name", name, file=layer.title)
        return (FoundSource(layer),)

    def tell_unused(self, layers: list[FileLayer]) -> None:
        """Note each delivered layer that is not used."""
        for layer in layers:
            self._ledger.note("reading.not_used", layer.layer, file=layer.title)

    def _fatal(self, code: str, layer: str, **facts: Any) -> None:  # noqa: ANN401 - as in Ledger.note
        self._ledger.note(code, layer, Severity.FATAL, **facts)


def _is_inside(source: str) -> bool:
    """Return whether a mapping's source lies beside its delivery: a mapping may be a stranger's."""
    path = PurePath(source)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in source


def _best_fit(layer: FileLayer) -> tuple[str, int] | None:
    """Return the city's layer that a name stands for and how well; None for none."""
    names = layer_names()
    titles = [layer.layer, layer.path.stem] if layer.is_only else [layer.layer]
    for title in titles:
        if (name := _of_shape(names.get(name_key(title)), layer)) is not None:
            return name, _EXACT
    words = [name_key(word) for title in titles for word in _WORD.findall(title)]
    by_word = {name for word in words if (name := _of_shape(names.get(word), layer)) is not None}
    return (by_word.pop(), _PART) if len(by_word) == 1 else None


def _of_shape(name: str | None, layer: FileLayer) -> str | None:
    """Return the layer of a name that fits the geometry: streets as polygons are carriageways."""
    if name == "passages" and "Polygon" in layer.geometry:
        return "carriageways"
    return name if name is not None and _fits(name, layer) else None


def _fits(name: str, layer: FileLayer) -> bool:
    return any(word in layer.geometry for word in _GEOMETRIES[LAYERS[name].shape])
