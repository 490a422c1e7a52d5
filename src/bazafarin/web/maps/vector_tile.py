"""Vector tiles (MVT 2.1): layers of features as the bytes that a map reads.

The format is protocol buffers; of them it needs variable-length numbers and messages in messages,
which are written here for a whole layer at a time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from itertools import pairwise
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
    keys, values, tags = _attributes(layer)
    geometry = _split(layer.drawing.numbers, layer.drawing.counts)
    kind = bytes((_TYPE, layer.kind))
    said = [bytes((_LAYER_VERSION, _VERSION)), _message(_NAME, layer.name.encode())]
    # A loop: each feature is a message of its own, with its length before it.
    for number, tagged, drawn in zip(layer.ids.tolist(), tags, geometry, strict=True):
        feature = b"".join(
            (
                bytes((_ID,)), _varint(number),
                _message(_TAGS, tagged) if tagged else b"",
                kind, _message(_GEOMETRY, drawn),
            )
        )  # fmt: skip
        said.append(_message(_FEATURE, feature))
    said += [_message(_KEY, key.encode()) for key in keys]
    said += [_message(_VALUE, value) for value in values]
    said.append(bytes((_EXTENT,)) + _varint(EXTENT))
    return b"".join(said)


def _attributes(layer: TileLayer) -> tuple[list[str], list[bytes], list[bytes]]:
    """Return the layer's keys, its distinct values, and each feature's pairs of their places."""
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
    return keys, values, _split(pairs[is_known].ravel(), 2 * is_known.sum(axis=1))


def _value(value: object) -> bytes:
    if isinstance(value, str):
        return _message(_TEXT, value.encode())
    if isinstance(value, (bool, np.bool_)):
        return bytes((_TRUTH, int(value)))
    if isinstance(value, (int, np.integer)):
        return bytes((_WHOLE,)) + _varint(int(value))
    return bytes((_DOUBLE,)) + struct.pack("<d", value)


def _split(numbers: Numbers, counts: Numbers) -> list[bytes]:
    """Return numbers as variable-length bytes, in pieces of ``counts`` numbers."""
    written, lengths = varints(numbers)
    ends = np.append(0, np.cumsum(lengths))[np.append(0, np.cumsum(counts))].tolist()
    return [written[begin:end] for begin, end in pairwise(ends)]


def varints(numbers: Numbers) -> tuple[bytes, Numbers]:
    r"""Return numbers (0 and above) as variable-length bytes, and how many bytes each has.

    >>> varints(np.array([1, 300]))
    (b'\x01\xac\x02', array([1, 2]))
    """
    lengths = np.ones(len(numbers), dtype=np.int64)
    for more in range(1, _LONGEST):
        is_longer = numbers >> (_BITS * more) > 0
        if not is_longer.any():
            break
        lengths += is_longer
    starts = np.cumsum(lengths) - lengths
    written = np.empty(int(lengths.sum()), dtype=np.uint8)
    for nth in range(int(lengths.max(initial=0))):
        has = lengths > nth
        goes_on = np.where(lengths[has] > nth + 1, 0x80, 0)
        written[starts[has] + nth] = numbers[has] >> (_BITS * nth) & 0x7F | goes_on
    return written.tobytes(), lengths


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:  # noqa: PLR2004 - seven bits a byte
        written.append(number & 0x7F | 0x80)
        number >>= _BITS
    written.append(number)
    return bytes(written)


def _message(field_number: int, content: bytes) -> bytes:
    return bytes((field_number,)) + _varint(len(content)) + content
