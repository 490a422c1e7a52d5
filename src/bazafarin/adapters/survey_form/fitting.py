"""Whether a text is what a question asks for."""

from __future__ import annotations

import math
import re
from contextlib import suppress
from datetime import date, time
from typing import TYPE_CHECKING, Final

from bazafarin.adapters.survey_form.answers import read_point
from bazafarin.adapters.survey_form.definition import AnswerKind
from bazafarin.adapters.survey_form.moments import as_moment
from bazafarin.domain.solar_hijri import GREGORIAN_YEARS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bazafarin.adapters.survey_form.definition import Node

_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,18}")
_CORNERS: Final = {AnswerKind.TRACE: 2, AnswerKind.AREA: 4}


def fits(node: Node, text: str, offered: Collection[str]) -> bool:
    """Return whether an answer that is not empty is what its question asks for.

    Args:
        node: the question.
        text: the answer, as a phone writes it.
        offered: what may be chosen.
    """
    if node.answer is AnswerKind.CHOICE:
        return text in offered
    if node.answer is AnswerKind.CHOICES:
        chosen = text.split()
        return len(set(chosen)) == len(chosen) and set(chosen) <= set(offered)
    check = _FITS.get(node.answer)
    with suppress(ValueError):
        return (check is None or check(text)) and _is_within(node, text)
    return False


def _is_within(node: Node, text: str) -> bool:
    if not node.most:
        return True
    ends = sorted((float(node.least or 0), float(node.most)))
    return ends[0] <= float(text) <= ends[1]


def _is_number(text: str) -> bool:
    return text.isascii() and "_" not in text and math.isfinite(float(text))


def _is_day(text: str) -> bool:
    return date.fromisoformat(text[:10]).year in GREGORIAN_YEARS


def _is_moment(text: str) -> bool:
    moment = as_moment(text)
    return moment is not None and moment.year in GREGORIAN_YEARS


def _is_time(text: str) -> bool:
    return time.fromisoformat(text).hour >= 0


def _are_points(least: int) -> Callable[[str], bool]:
    def are(text: str) -> bool:
        points = [read_point(part) for part in text.split(";") if part.strip()]
        return len(points) >= least

    return are


_FITS: Final[Mapping[AnswerKind, Callable[[str], bool]]] = {
    AnswerKind.WHOLE: lambda text: _WHOLE.fullmatch(text) is not None,
    AnswerKind.NUMBER: _is_number,
    AnswerKind.BOOLEAN: lambda text: text in {"true", "false", "1", "0"},
    AnswerKind.DATE: _is_day,
    AnswerKind.TIME: _is_time,
    AnswerKind.MOMENT: _is_moment,
    AnswerKind.POINT: lambda text: _are_points(1)(text) and ";" not in text,
    AnswerKind.TRACE: _are_points(_CORNERS[AnswerKind.TRACE]),
    AnswerKind.AREA: _are_points(_CORNERS[AnswerKind.AREA]),
}
