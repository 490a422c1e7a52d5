"""What offices and their contractors call layers, fields and codes: ``synonyms.toml``, read."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import wording
from bazafarin.adapters.persian_text import search_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

SHAPEFILE_NAME_LENGTH: Final = 10
"""A Shapefile cuts the names of its fields here."""


class Place(StrEnum):
    """What a row among the parcels is when its use says that it is no parcel."""

    STREET = "street"
    WATER = "water"


def name_key(name: str) -> str:
    """Return what two spellings of one name share: no case, spaces, half-spaces or marks.

    >>> name_key("Code_Nosazi") == name_key("CODE NOSAZI")
    True
    """
    key = search_key(name)
    return "".join(letter for letter in key if letter.isalnum()) or key


def layer_names() -> Mapping[str, str]:
    """Return the layer that each name key stands for."""
    return _layer_names()


@cache
def field_names(layer: str, column: str) -> Sequence[str]:
    """Return the name keys under which a column may be delivered, the preferred first."""
    listed = _toml()["fields"].get(layer, {}).get(column, [])
    return tuple(dict.fromkeys([name_key(column), *map(name_key, listed)]))


def code_book(kind: str, codes: type[StrEnum]) -> Mapping[str, str]:
    """Return the code that each name key stands for: its own name, its words, its synonyms."""
    return _code_book(kind, codes)


@cache
def answers() -> Mapping[str, bool]:
    """Return True or False for each name key of a yes or a no."""
    words = _toml()["words"]
    return MappingProxyType(
        {name_key(word): said for said in (True, False) for word in words[str(said).lower()]}
    )


def shape_names(word: str) -> Sequence[str]:
    """Return the name keys of the fields that hold a table's ``x``, ``y`` or shapes (``wkt``)."""
    return [name_key(name) for name in _toml()["words"][word]]


@cache
def unknown_words() -> frozenset[str]:
    """Return the name keys of the words that say that nothing is known."""
    return frozenset(map(name_key, _toml()["words"]["unknown"]))


def places(texts: pd.Series) -> pd.Series:
    """Return for each use text whether it says street or water (``Place``); else missing."""
    book = {name_key(word): place.value for place in Place for word in _toml()["words"][place]}
    distinct = texts.dropna().unique()
    return texts.map({text: book[key] for text in distinct if (key := name_key(text)) in book})


@cache
def _toml() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "synonyms.toml").read_text("utf-8"))


@cache
def _layer_names() -> Mapping[str, str]:
    listed: dict[str, list[str]] = _toml()["layers"]
    return {name_key(name): layer for layer in listed for name in (layer, *listed[layer])}


@cache
def _code_book(kind: str, codes: type[StrEnum]) -> Mapping[str, str]:
    listed: dict[str, list[str]] = _toml()["codes"].get(kind, {})
    book = {name_key(word): code for code in listed for word in listed[code]}
    for code in codes:
        for language in wording.LANGUAGES:
            if wording.has(f"codes.{kind}.{code.value}"):
                book[name_key(wording.label(kind, code.value, language))] = code.value
        book[name_key(code.value)] = code.value
    return book
