"""A table of text: columns that line up, in the direction of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bazafarin.adapters.wording import Language

_RIGHT_TO_LEFT = "\u200f"
"""Opens each line of a Persian table: a line of numbers alone would run left to right."""


def table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], language: Language
) -> Iterator[str]:
    """Say a table line by line, its titles first; a first column of names, then figures."""
    every = [titles, *rows]
    widths = [max(map(cell_len, column)) for column in zip(*every, strict=True)]
    opening = _RIGHT_TO_LEFT if language == "fa" else ""
    for row in every:
        cells = [_padded(cell, widths[at], is_name=at == 0) for at, cell in enumerate(row)]
        yield (opening + "  " + "  ".join(cells)).rstrip()


def _padded(cell: str, width: int, *, is_name: bool) -> str:
    spaces = " " * (width - cell_len(cell))
    return cell + spaces if is_name else spaces + cell
