"""Vector tiles (MVT 2.1): layers of features as the bytes that a map reads.

The format is protocol buffers; of them it needs variable-length numbers and messages in messages,
which are written here for a whole layer at a time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from bazafarin.web.maps.tile_square import EXTENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from bazafarin.web.maps.tile_lines import Drawing

    Numbers = npt.NDArray[np.int64]

_VERSION: Final = 2
_BITS: Final = 7
_LONGEST: Final = 9
"""Bytes of a number below 2⁶³."""
# fields of MVT's messages, with how they are written: a number, or bytes of a length
_TILE_LAYER = 3 << 3 | 2
_NAME, _FEATURE, _KEY, _VALUE, _EXTENT, _LAYER_VERSION = 10, 18, 26, 34, 40, 120
_ID, _TAGS, _TYPE, _GEOMETRY = 8, 18, 24, 34
_TEXT, _DOUBLE, _WHOLE, _TRUTH = 10, 25, 40, 56
_SHORT_TEXT: Final = 126
"""Bytes of a text below which both its length and its value's are numbers of one byte."""
_TEXT_MARKS: Final = tuple(bytes((_VALUE, n + 2, _TEXT, n)) for n in range(_SHORT_TEXT))
"""What stands before a text of so many bytes."""


@dataclass(frozen=True)
class TileLayer:
    """The features of one layer: what they are drawn as, their ids and their attributes.

    ``ids`` and ``columns`` are of the drawing's features, in its order; None is left out.
    """

    name: str
    kind: int
    drawing: Drawing
    ids: npt.NDArray[np.object_]
    columns: Mapping[str, npt.NDArray[np.object_]] = field(default_factory=dict)


def tile(layers: Sequence[TileLayer]) -> bytes:
    """Return the tile of layers; one without features is left out, and none is an empty tile."""
    return b"".join(_message(_TILE_LAYER, _layer(layer)) for layer in layers if len(layer.ids))


def _layer(layer: TileLayer) -> bytes:
    keys, values, pairs, counts = _attributes(layer)
    said = [bytes((_LAYER_VERSION, _VERSION)), _message(_NAME, layer.name.encode())]
    said.append(_features(layer, pairs, counts))
    said += [_message(_KEY, key.encode()) for key in keys]
    said += values
    said.append(bytes((_EXTENT,)) + _varint(EXTENT))
    return b"".join(said)


def _features(layer: TileLayer, tags: Numbers, tag_counts: Numbers) -> bytes:
    """Return the messages of all features, written as one row of numbers.

    Everything in a feature is a number or the length of some, and the mark of a field is a
    number below 128, so that one writing serves all of them.
    """
    drawn, counts = layer.drawing.numbers, layer.drawing.counts
    ids = layer.ids.astype(np.int64)
    is_tagged = tag_counts > 0
    tag_bytes = _sums(_lengths(tags), tag_counts)
    drawn_bytes = _sums(_lengths(drawn), counts)
    tagged = np.where(is_tagged, 1 + _lengths(tag_bytes) + tag_bytes, 0)
    whole = 1 + _lengths(ids) + tagged + 2 + 1 + _lengths(drawn_bytes) + drawn_bytes
    many = 8 + 2 * is_tagged + tag_counts + counts
    starts = np.cumsum(many) - many
    numbers = np.empty(int(many.sum()), dtype=np.int64)
    numbers[starts], numbers[starts + 1] = _FEATURE, whole
    numbers[starts + 2], numbers[starts + 3] = _ID, ids
    at = starts + 4
    numbers[at[is_tagged]], numbers[at[is_tagged] + 1] = _TAGS, tag_bytes[is_tagged]
    at += 2 * is_tagged
    numbers[_places(at, tag_counts)] = tags
    at += tag_counts
    numbers[at], numbers[at + 1] = _TYPE, layer.kind
    numbers[at + 2], numbers[at + 3] = _GEOMETRY, drawn_bytes
    numbers[_places(at + 4, counts)] = drawn
    return varints(numbers)[0]


def _places(starts: Numbers, counts: Numbers) -> Numbers:
    """Return the places of pieces of ``counts`` numbers that begin at ``starts``."""
    before = np.cumsum(counts) - counts
    found: Numbers = np.arange(int(counts.sum())) + np.repeat(starts - before, counts)
    return found


def _sums(numbers: Numbers, counts: Numbers) -> Numbers:
    """Return the sum of each piece of ``counts`` numbers; an empty piece has 0."""
    ends = np.append(0, np.cumsum(numbers))[np.append(0, np.cumsum(counts))]
    found: Numbers = np.diff(ends)
    return found


def _attributes(layer: TileLayer) -> tuple[list[str], list[bytes], Numbers, Numbers]:
    """Return keys, messages of distinct values, pairs of their places, and a feature's count."""
    count = len(layer.ids)
    keys = list(layer.columns)
    values: list[bytes] = []
    pairs = np.full((count, len(keys), 2), -1, dtype=np.int64)
    for place, cells in enumerate(layer.columns.values()):
        codes, distinct = pd.factorize(cells)
        pairs[:, place, 0] = place
        pairs[:, place, 1] = np.where(codes < 0, -1, codes + len(values))
        values += [_value(value) for value in distinct]
    is_known = pairs[:, :, 1] >= 0
    return keys, values, pairs[is_known].ravel(), 2 * is_known.sum(axis=1)


def _value(value: object) -> bytes:
    """Return the message of a value."""
    if isinstance(value, str):
        text = value.encode()
        length = len(text)
        if length < _SHORT_TEXT:  # nearly every one: written in one go
            return _TEXT_MARKS[length] + text
        return _message(_VALUE, _message(_TEXT, text))
    if isinstance(value, (bool, np.bool_)):
        return _message(_VALUE, bytes((_TRUTH, int(value))))
    if isinstance(value, (int, np.integer)):
        return _message(_VALUE, bytes((_WHOLE,)) + _varint(int(value)))
    return _message(_VALUE, bytes((_DOUBLE,)) + struct.pack("<d", value))


def _lengths(numbers: Numbers) -> Numbers:
    """Return how many bytes each number (0 and above) has as a variable-length one."""
    lengths = np.ones(len(numbers), dtype=np.int64)
    for more in range(1, _LONGEST):
        is_longer = numbers >> (_BITS * more) > 0
        if not is_longer.any():
            break
        lengths += is_longer
    return lengths


def varints(numbers: Numbers) -> tuple[bytes, Numbers]:
    r"""Return numbers (0 and above) as variable-length bytes, and how many bytes each has.

    >>> varints(np.array([1, 300]))
    (b'\x01\xac\x02', array([1, 2]))
    """
    lengths = _lengths(numbers)
    starts = np.cumsum(lengths) - lengths
    written = np.empty(int(lengths.sum()), dtype=np.uint8)
    for nth in range(int(lengths.max(initial=0))):
        has = lengths > nth
        goes_on = np.where(lengths[has] > nth + 1, 0x80, 0)
        written[starts[has] + nth] = numbers[has] >> (_BITS * nth) & 0x7F | goes_on
    return written.tobytes(), lengths


_SHORT: Final = tuple(bytes((number,)) for number in range(1 << _BITS))
"""The numbers of one byte: nearly all lengths are such."""


def _varint(number: int) -> bytes:
    if number < len(_SHORT):
        return _SHORT[number]
    written = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte
        written.append(number & 0x7F | 0x80)
        number >>= _BITS
    written.append(number)
    return bytes(written)


def _message(field_number: int, content: bytes) -> bytes:
    return _SHORT[field_number] + _varint(len(content)) + content
