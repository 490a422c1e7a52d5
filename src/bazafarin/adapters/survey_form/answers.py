"""A submission as the answers to a definition's questions: one row of the form, rows of repeats.

An answer is kept as the phone wrote it. ``value_of`` reads it as what its question asks for, and
leaves what is nothing of the kind as text: a table shows it so, and nothing is lost.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from bazafarin.adapters.survey_form.definition import AnswerKind, NodeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from xml.etree.ElementTree import Element

    from bazafarin.adapters.survey_form.definition import FormDefinition, Node

_DATE_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """The answers of one row.

    Attributes:
        repeat: the path of the repeat whose row it is; empty for the form's own.
        place: which row, counted from 1, of each repeat from the outermost in.
        answers: the text by the question's path; what was left empty is not there.
    """

    repeat: str
    place: tuple[int, ...]
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Point:
    """Where somebody stood: degrees of WGS 84, and metres above the sea and of uncertainty."""

    latitude: float
    longitude: float
    altitude_m: float | None = None
    accuracy_m: float | None = None


def read_answers(definition: FormDefinition, root: Element) -> tuple[AnswerRow, ...]:
    """Return the rows of a submission, the form's own first.

    What the definition does not ask for is passed over: an older version may have asked it, and
    the submission itself keeps it.
    """
    top: dict[str, str] = {}
    rows = [AnswerRow("", (), top)]
    rows += _rows(definition, root, definition.root.path, (), top)
    return tuple(rows)


def _rows(
    definition: FormDefinition,
    element: Element,
    path: str,
    place: tuple[int, ...],
    answers: dict[str, str],
) -> Iterator[AnswerRow]:
    """Put the answers below ``element`` into ``answers``, and yield the rows of its repeats."""
    counted: dict[str, int] = {}
    for child in element:
        at = f"{path}/{child.tag.rpartition('}')[2]}"
        node = definition.nodes.get(at)
        if node is None:
            continue
        if node.kind is NodeKind.REPEAT:
            counted[at] = counted.get(at, 0) + 1
            inside: dict[str, str] = {}
            row = AnswerRow(at, (*place, counted[at]), inside)
            below = list(_rows(definition, child, at, row.place, inside))
            yield row
            yield from below
        elif node.kind is NodeKind.GROUP:
            yield from _rows(definition, child, at, place, answers)
        elif text := (child.text or "").strip():
            answers[at] = text


def value_of(node: Node, text: str) -> str | int | float | bool | date | Point:
    """Return an answer as what its question asks for, or its text where it is none."""
    read = _READERS.get(node.answer)
    with suppress(ValueError):
        return text if read is None else read(text)
    return text


def read_point(text: str) -> Point:
    """Return ``latitude longitude altitude accuracy``, the last two of which may be missing.

    Raises:
        ValueError: it is no point of the earth.
    """
    numbers = [float(part) for part in text.split()]
    latitude, longitude, *rest = numbers
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 - degrees
        raise ValueError(text)
    altitude, accuracy, *_ = (*rest, None, None)
    return Point(latitude, longitude, altitude, accuracy)


_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_READERS: Final[Mapping[AnswerKind, Callable[[str], str | int | float | bool | date | Point]]] = {
    AnswerKind.WHOLE: int,
    AnswerKind.NUMBER: float,
    AnswerKind.DATE: lambda text: date.fromisoformat(text[:_DATE_LENGTH]),
    AnswerKind.MOMENT: datetime.fromisoformat,
    AnswerKind.BOOLEAN: lambda text: _BOOLEANS.get(text, text),
    AnswerKind.POINT: read_point,
}


def shown(definition: FormDefinition, node: Node, text: str, language: str) -> str:
    """Return an answer in the form's own words: the label of what was chosen."""
    labels = {choice.value: definition.words(choice.labels, language) for choice in node.choices}
    if node.answer is AnswerKind.CHOICE:
        return labels.get(text) or text
    if node.answer is AnswerKind.CHOICES:
        return "، ".join(labels.get(part) or part for part in text.split())
    return text
