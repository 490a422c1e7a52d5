"""The page of a form that is filled at a desk: its fields, and what was written into them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bazafarin.adapters.persian_script import persian_digits
from bazafarin.adapters.persian_text import normalise_text
from bazafarin.adapters.survey_form.definition import AnswerKind, NodeKind
from bazafarin.adapters.survey_form.filling import ProblemKind
from bazafarin.adapters.survey_form.reading import RANKED
from bazafarin.domain.errors import BazafarinError
from bazafarin.domain.solar_hijri import format_iso_jalali, parse_as_of
from bazafarin.web.office.jalali_field import DayInput
from bazafarin.web.office.said import language, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.http import QueryDict

    from bazafarin.adapters.survey_form.definition import Node
    from bazafarin.adapters.survey_form.filling import Asked, Filling, Problem

FIELD = "a:"
"""What the name of a field begins with; the address of its question follows."""
_FEW_CHOICES = 9
_GROUPED = re.compile(r"-?[0-9]{1,3}([٬,][0-9]{3})+(\.[0-9]+)?")
_MOST_LETTERS = 20_000
_DAY_LENGTH = 10
_XML_CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n\r"}


@dataclass(frozen=True, slots=True)
class Adder:
    """A repeat that a row can be added to."""

    address: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """A question, or a part of the form, as the page draws it.

    Attributes:
        asked: the question.
        number: its place on the page, which names it there.
        name: the name of its field.
        draws: how it is drawn: the name of the kind, ``radio``, ``select``, ``ranked``, ``words``.
        value: what the field holds: text, or the values that are chosen.
        more: what else it holds: the clock of a moment, the longitude of a place.
        problem: what is wrong with it; empty for nothing.
        file: what its file was called; empty for none.
        below: the parts of a group or row.
        adders: the repeats in it that a row can be added to.
        may_go: whether the row can be taken away.
    """

    asked: Asked
    number: int
    name: str
    draws: str
    value: str | tuple[str, ...]
    more: str
    problem: str
    file: str
    below: tuple[Field, ...]
    adders: tuple[Adder, ...]
    may_go: bool

    @property
    def day(self) -> str:
        """Return the field of a day, with its calendar."""
        told = {"id": f"f{self.number}", "aria-describedby": f"f{self.number}-why"}
        return DayInput().render(self.name, self.value, attrs=told)

    @property
    def turns(self) -> tuple[str, ...]:
        """Return what was put first, second and so on; empty for nobody's place."""
        chosen = tuple(self.value)
        return (*chosen, *[""] * (len(self.asked.choices) - len(chosen)))

    def walk(self) -> Iterator[Field]:
        """Yield it and all below it."""
        yield self
        for each in self.below:
            yield from each.walk()


def fields_of(
    filling: Filling, problems: Iterable[Problem], files: Mapping[str, str]
) -> tuple[Field, ...]:
    """Return the parts of a form, the outermost in the form's order.

    Args:
        filling: the form.
        problems: what is to be said of answers.
        files: what the draft's files were called, by their names.
    """
    words = {each.address: words_of(each) for each in problems}
    top = filling.page()
    numbers = {each.address: at for at, each in enumerate(top.walk())}
    return _below(filling, top, numbers, words, files)


def words_of(problem: Problem) -> str:
    """Return what is wrong with an answer, in the form's own words where it has some."""
    if problem.kind is ProblemKind.LIMIT and problem.words:
        return problem.words
    return said(f"web_surveys.desk.problems.{problem.kind}")


def adders_of(filling: Filling, asked: Asked) -> tuple[Adder, ...]:
    """Return the repeats in a part of a form that a row can be added to."""
    return tuple(
        Adder(
            f"{asked.address}/{child.name}",
            filling.definition.words(child.labels, language()) or child.name,
        )
        for child in asked.node.children
        if child.kind is NodeKind.REPEAT and not child.count
    )


def _below(
    filling: Filling,
    part: Asked,
    numbers: Mapping[str, int],
    words: Mapping[str, str],
    files: Mapping[str, str],
) -> tuple[Field, ...]:
    made = []
    for each in part.below:
        if each.node.kind is NodeKind.QUESTION and not each.node.is_asked:
            continue
        value, more = _value_of(each)
        made.append(
            Field(
                asked=each, number=numbers[each.address], name=f"{FIELD}{each.address}",
                draws=_draws(each), value=value, more=more, problem=words.get(each.address, ""),
                file=files.get(each.text, ""), adders=adders_of(filling, each),
                below=_below(filling, each, numbers, words, files),
                may_go=bool(each.row) and not each.node.count,
            )
        )  # fmt: skip
    return tuple(made)


def _draws(asked: Asked) -> str:  # noqa: PLR0911 - one way of drawing after another
    node = asked.node
    if node.kind is not NodeKind.QUESTION:
        return node.kind
    if node.is_read_only or node.calculate:
        return "words"
    if RANKED in node.appearance.split():
        return "ranked"
    if node.answer is AnswerKind.CHOICE:
        return "radio" if len(asked.choices) <= _FEW_CHOICES else "select"
    if node.answer is AnswerKind.BOOLEAN:
        return "boolean"
    if node.answer is AnswerKind.TEXT and "multiline" in node.appearance:
        return "lines"
    return node.answer


def _value_of(asked: Asked) -> tuple[str | tuple[str, ...], str]:
    """Return what a field shows, as the language writes it, and the second half of two."""
    kind, text = asked.node.answer, asked.text
    if kind is AnswerKind.CHOICES:
        return tuple(text.split()), ""
    if kind in {AnswerKind.DATE, AnswerKind.MOMENT}:
        day, clock = text[:_DAY_LENGTH], text[_DAY_LENGTH + 1 : _DAY_LENGTH + 6]
        return _shown_day(day) if "-" in day else text, clock
    if kind is AnswerKind.POINT:
        latitude, _, longitude = " ".join(text.split()[:2]).partition(" ")
        return latitude, longitude
    if kind is AnswerKind.TIME:
        return text[:5], ""
    if kind in {AnswerKind.WHOLE, AnswerKind.NUMBER} and language() == "fa":
        return persian_digits(text), ""
    return text, ""


def _shown_day(day: str) -> str:
    try:
        jalali = format_iso_jalali(parse_as_of(day))
    except (BazafarinError, ValueError):
        return day
    return persian_digits(jalali) if language() == "fa" else jalali


def put_all(filling: Filling, sent: QueryDict) -> None:
    """Put what a page sent into its form; what it says of no question of the form is left."""
    for each in filling.page().walk():
        name = f"{FIELD}{each.address}"
        is_written = each.node.is_asked and not each.node.is_read_only and not each.node.calculate
        if name in sent and is_written and each.node.answer is not AnswerKind.FILE:
            text = written(each.node, sent, name)
            # a field shows less than a phone wrote: what it shows unchanged stays as it was
            if _value_of(replace(each, text=text)) != _value_of(each):
                filling.put(each.address, text)


def written(node: Node, sent: QueryDict, name: str) -> str:  # noqa: PLR0911 - one kind a line
    """Return an answer as a phone writes it; what is none stays as it was typed."""
    text = sent.get(name, "").translate(_XML_CONTROLS)[:_MOST_LETTERS].strip()
    text = text.encode("utf-8", "ignore").decode()
    plain = normalise_text(text)
    match node.answer:
        case AnswerKind.CHOICES:
            return " ".join(dict.fromkeys(filter(None, map(str.strip, sent.getlist(name)))))
        case AnswerKind.DATE:
            return _iso_day(plain) if plain else ""
        case AnswerKind.MOMENT:
            clock = normalise_text(sent.get(f"{name}:clock", ""))
            return f"{_iso_day(plain)}T{clock or '00:00'}:00.000" if plain else ""
        case AnswerKind.TIME:
            return f"{plain}:00.000" if plain else ""
        case AnswerKind.POINT:
            other = normalise_text(sent.get(f"{name}:longitude", ""))
            both = f"{plain} {other}".replace("٫", ".").strip()
            return f"{both} 0 0" if plain and other else both
        case AnswerKind.TRACE | AnswerKind.AREA:
            return plain.replace("؛", ";").replace("٫", ".")
        case AnswerKind.WHOLE | AnswerKind.NUMBER:
            figure = plain.replace("٫", ".").replace("\u2212", "-")
            return re.sub("[٬,]", "", figure) if _GROUPED.fullmatch(figure) else figure
        case _:
            return text


def _iso_day(text: str) -> str:
    try:
        return parse_as_of(text).isoformat()
    except (BazafarinError, ValueError):
        return text
