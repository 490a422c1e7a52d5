"""An XForm as a tree of questions: their kinds, conditions, and labels in every language.

What is read is the compiler's own output, so an XForm is what
https://getodk.github.io/xforms-spec/ calls one. Conditions stay XPath, as the form says them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Words = Mapping[str, str]

ONLY: Final = ""
"""The name of the one language of a form that names none."""


class AnswerKind(StrEnum):
    """What an answer is."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    POINT = "point"
    TRACE = "trace"
    AREA = "area"
    CHOICE = "choice"
    CHOICES = "choices"
    FILE = "file"
    ACKNOWLEDGED = "acknowledged"
    """That something was read; the answer is ``OK``."""


class NodeKind(StrEnum):
    """What a node of a form is."""

    QUESTION = "question"
    GROUP = "group"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be chosen; ``labels`` by language."""

    value: str
    labels: Words


@dataclass(frozen=True, slots=True)
class Offer:
    """Where a question's choices are found while a form is filled.

    Attributes:
        rows: XPath of the rows; those that a condition leaves out may not be chosen.
        value, label: the part of a row that is the answer, and the part that is shown.
        is_whole: whether every row of one list is offered, whatever was answered.
    """

    rows: str
    value: str
    label: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """An answer that is written where something happens, as XForms' ``setvalue``.

    Attributes:
        path: the answer.
        events: ``odk-instance-first-load``, ``odk-new-repeat`` or ``xforms-value-changed``.
        expression: XPath of what is written; empty where ``text`` is.
        text: what is written as it stands.
        after: the question whose change it follows; empty for none.
    """

    path: str
    events: tuple[str, ...]
    expression: str
    text: str
    after: str


@dataclass(frozen=True, slots=True)
class Node:
    """A question, or a group or repeat of them.

    Attributes:
        path: where its answer stands, ``/data/building/structure``.
        kind: question, group or repeat.
        answer: what a question's answer is.
        is_asked: whether somebody sees it; what is calculated or noted by the phone is not asked.
        labels, hints, limits: by language; ``limits`` say what an answer must hold to.
        choices: what may be chosen, where the form itself says so.
        file: the file that holds the choices, where it is one, such as ``parcels.csv``.
        relevant, constraint, required, calculate: XPath; empty for none.
        default: the answer before anybody gives one.
        appearance: how it is shown, in the words of XLSForm.
        media: the kind of file, ``image/*``.
        preload: what the phone writes by itself: ``start`` and ``end`` are moments.
        offer: where the choices are found while the form is filled; None for none.
        least, most: the ends of a range; empty for none.
        count: XPath of how many rows a repeat has; empty where its filler says so.
        children: what a group or repeat holds.
    """

    path: str
    kind: NodeKind
    answer: AnswerKind = AnswerKind.TEXT
    is_asked: bool = False
    is_read_only: bool = False
    labels: Words = field(default_factory=dict)
    hints: Words = field(default_factory=dict)
    limits: Words = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    file: str = ""
    relevant: str = ""
    constraint: str = ""
    required: str = ""
    calculate: str = ""
    default: str = ""
    appearance: str = ""
    media: str = ""
    preload: str = ""
    offer: Offer | None = None
    least: str = ""
    most: str = ""
    count: str = ""
    children: tuple[Node, ...] = ()

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.path.rpartition("/")[2]

    def walk(self) -> Iterator[Node]:
        """Yield the node and all below it, in the form's order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class FormDefinition:
    """A form: its id, version, title, languages (the default first) and nodes.

    Attributes:
        settings: the answers that are written where something happens.
        metadata: XPath by path of what is computed about the submission itself.
        entity: the attributes of the entity that the form makes or changes.
        lists: the rows of the form's own lists by id, each its parts by name.
        list_files: the file's name by the id of the list that it holds.
        texts: the form's texts by id.
        media: the files that the form needs beside it, each once: lists, pictures, sounds.
    """

    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    root: Node
    entity_list: str = ""
    settings: tuple[Setting, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    entity: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)
    list_files: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Words] = field(default_factory=dict)
    media: tuple[str, ...] = ()

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Return every node by its path."""
        return {node.path: node for node in self.root.walk()}

    @cached_property
    def questions(self) -> tuple[Node, ...]:
        """Return every question, those in repeats too, in the form's order."""
        return tuple(node for node in self.root.walk() if node.kind is NodeKind.QUESTION)

    @cached_property
    def repeat_of(self) -> Mapping[str, str]:
        """Return the path of the innermost repeat of each question that is in one."""
        found: dict[str, str] = {}
        for node in self.root.walk():
            if node.kind is NodeKind.REPEAT:
                found |= {below.path: node.path for below in node.walk() if below is not node}
        return found

    def words(self, words: Words, language: str) -> str:
        """Return the words in the language whose code or name is ``language``, else in the first.

        A form names a language as it likes, ``فارسی (fa)`` or ``fa``.
        """
        wanted = [name for name in self.languages if language in {name, _code_of(name)}]
        for name in (*wanted, *self.languages):
            if words.get(name):
                return words[name]
        return ""

    def title_of(self, node: Node, language: str) -> str:
        """Return the label of a node, or its name where it has none."""
        return self.words(node.labels, language) or node.name


def _code_of(name: str) -> str:
    found = re.search(r"\(([^()]+)\)\s*$", name)
    return found[1] if found else name
