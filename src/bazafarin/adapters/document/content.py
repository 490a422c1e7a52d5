"""What a section is made of: words, figures, tables and pictures, free of their typesetting.

Each is written to JSON as it stands; ``templates/content.typ`` sets each ``kind``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bazafarin.adapters.drawing.look import Look


class Tone(StrEnum):
    """How a paragraph speaks."""

    BODY = "body"
    NOTE = "note"
    """Smaller and paler: how to read what stands above."""
    NOTICE = "notice"
    """Boxed: something the reader must not miss."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: str
    tone: Tone = Tone.BODY
    kind: str = field(default="paragraph", init=False)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """One named figure, and what is to be known about it."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Named figures below each other."""

    title: str
    rows: tuple[Fact, ...]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True, slots=True)
class Highlights:
    """The few figures that a hurried reader takes along."""

    rows: tuple[Fact, ...]
    kind: str = field(default="highlights", init=False)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its title, its width as a fraction, and whether it holds text or figures."""

    title: str
    width: float = 1.0
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, and a small note under it, or beside it where ``is_beside``."""

    text: str
    note: str = ""
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its header stands on every page that it runs over.

    ``total`` is the last row, or empty; ``marked`` are the rows that stand out (from 0);
    ``note`` stands above the table and says how to read it.
    """

    title: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    marked: tuple[int, ...] = ()
    note: str = ""
    kind: str = field(default="table", init=False)


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A word of a legend and how what it names looks."""

    text: str
    look: Look


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A scale bar of ``parts`` equal pieces: the length of one on paper, and its words."""

    part_mm: float
    parts: int
    marks: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A map (with a scale bar) or a chart, with all that must stand beside it."""

    title: str
    file: str
    width_mm: float
    height_mm: float
    legend: tuple[LegendEntry, ...]
    remarks: tuple[str, ...]
    """Source, date, unit: one line each."""
    scale: ScaleBar | None = None
    kind: str = field(default="picture", init=False)


@dataclass(frozen=True, slots=True)
class Card:
    """One neighbourhood at a glance: its name, its figures and its map."""

    title: str
    rows: tuple[Fact, ...]
    remark: str = ""
    picture: Picture | None = None
    kind: str = field(default="card", init=False)


@dataclass(frozen=True, slots=True)
class Signatures:
    """Boxes to be signed: one for each role."""

    roles: tuple[str, ...]
    lines: tuple[str, ...]
    kind: str = field(default="signatures", init=False)


Content = Paragraph | Heading | Facts | Highlights | Table | Picture | Card | Signatures


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section.

    ``on_new_page`` where it must not begin under another, ``is_whole`` where no page may
    part it, ``is_part`` where it goes on with the section before, under no number of its own.
    """

    title: str
    content: tuple[Content, ...]
    on_new_page: bool = False
    is_whole: bool = False
    is_part: bool = False
