"""A form while it is filled: what is asked now, what is computed, and what does not fit.

It does what a phone does with the same form. An answer that is not asked for any more is kept
while the form is open, so that asking again finds it, and is left out of what is sent.
"""

from __future__ import annotations

import math
import re
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, ElementTree, SubElement, tostring

from elementpath import XPathContext, get_node_tree

from bazafarin.adapters.survey_form.definition import AnswerKind, NodeKind
from bazafarin.adapters.survey_form.fitting import fits
from bazafarin.adapters.survey_form.form_expressions import OUTPUT, check_expressions
from bazafarin.adapters.survey_form.xforms_functions import shown, truth
from bazafarin.adapters.survey_form.xforms_path import XFormsParser, as_number, element_of
from bazafarin.domain.errors import FormError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from elementpath import ElementNode

    from bazafarin.adapters.survey_form.definition import FormDefinition, Node, Words
    from bazafarin.adapters.survey_form.xforms_path import Value

    Rows = Sequence[Words]

MOST_ROWS: Final = 200
"""The most rows of a repeat; a form that asks for more is filled in parts."""
_ROUNDS: Final = 10
_MOST_ROUNDS: Final = 100
"""How often what is computed may change what is computed, before it is a circle."""
_STEP: Final = re.compile(r"([^/\[\]]+)(?:\[(\d{1,4})\])?")
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ON_LOAD: Final = "odk-instance-first-load"
_ON_ROW: Final = "odk-new-repeat"
_ON_CHANGE: Final = "xforms-value-changed"
_SEES_ANSWERS: Final = frozenset({"/", "//", ".", "..", "(name)", "@", "current", "instance"})


class ProblemKind(StrEnum):
    """What is wrong with an answer."""

    REQUIRED = "required"
    """Nothing was answered where something must be."""
    KIND = "kind"
    """It is not what its question asks for: no number, no day, no choice of the list."""
    LIMIT = "limit"
    """It breaks the condition that the form sets."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an answer: where, what, and the form's own words for it (may be empty)."""

    address: str
    kind: ProblemKind
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, group, repeat or row of one as it is asked now.

    Attributes:
        node: the question or part of the form.
        address: its path, with the number of each row of repeats: ``/data/person[2]/age``.
        row: which row of its repeat it is; 0 for none.
        is_asked: whether its condition and those above hold.
        is_required: whether something must be answered.
        title, hint: its words, with the answers that they repeat.
        text: the answer.
        choices: what may be chosen, each with its label.
        below: what it holds.
    """

    node: Node
    address: str
    row: int
    is_asked: bool
    is_required: bool
    title: str
    hint: str
    text: str
    choices: tuple[tuple[str, str], ...]
    below: tuple[Asked, ...]

    def walk(self) -> Iterator[Asked]:
        """Yield it and all below it, in the form's order."""
        yield self
        for each in self.below:
            yield from each.walk()


class Filling:
    """One filling of a form.

    Args:
        definition: the form.
        root: the answers; ``begun`` makes them, ``tostring`` of ``root`` keeps them.
        now: the moment, as expressions see it: ``2026-01-31T08:30:00.000+03:30``.
        language: whose words are shown, its code.
        files: the rows of the files that the form chooses from, by the file's name.

    Raises:
        FormError: the form computes what only a phone can.
    """

    def __init__(
        self,
        definition: FormDefinition,
        root: Element,
        *,
        now: str,
        language: str,
        files: Mapping[str, Rows] | None = None,
    ) -> None:
        self.definition = definition
        self.root = root
        self.now = now
        self._language = language
        self._files = files or {}
        self._lists: dict[str, ElementNode] = {}
        self._unasked: set[Element] = set()
        self._lots: dict[tuple[Element, int], str | float] = {}
        self._parser = XFormsParser(self)
        check_expressions(self._parser, definition)
        self._look_anew()

    # What expressions ask of the form.

    def text_of(self, element: Element) -> str:
        """Return an answer; one that is not asked for now is empty."""
        if element in self._unasked:
            return ""
        return "".join(element.itertext()) if len(element) else (element.text or "")

    def is_asked(self, element: Element) -> bool:
        """Return whether an answer is asked for now."""
        return element not in self._unasked

    def held(self, list_id: str) -> ElementNode:
        """Return the list of that id; ``KeyError`` where there is none."""
        if list_id not in self._lists:
            file = self.definition.list_files.get(list_id)
            rows = self.definition.lists[list_id] if file is None else self._files.get(file, ())
            self._lists[list_id] = _tree(rows)
        return self._lists[list_id]

    def label(self, value: str, question: str, at: Element) -> str:
        """Return the label of a value of the question that a path names, as seen from ``at``."""
        found = self._computed(question, at)
        for each in found if isinstance(found, list) else ():
            element = element_of(each)
            if element is not None and element in self._nodes:
                label = dict(self._choices(self._nodes[element], element)).get(value)
                if label:
                    return label
        return ""

    def drawn(self, at: Element, place: int, draw: Callable[[], str | float]) -> str | float:
        """Return what was drawn by lot at a place of an expression: once in each filling."""
        return self._lots.setdefault((at, place), draw())

    def words(self, text_id: str) -> str:
        """Return the words of a text of the form."""
        return self.definition.words(self.definition.texts.get(text_id, {}), self._language)

    # What its filler does.

    def answer(self, address: str) -> str:
        """Return an answer; ``KeyError`` where there is no such question."""
        return self._at[address].text or ""

    def put(self, address: str, text: str) -> None:
        """Answer a question; ``KeyError`` where there is no such question, or row of it."""
        element, text = self._at[address], _NOT_XML.sub("", text)
        if (element.text or "") == text:
            return
        element.text = text
        path = self._nodes[element].path
        for setting in self.definition.settings:
            if setting.after == path and _ON_CHANGE in setting.events:
                self._set(setting.path, element, setting.expression, setting.text)

    def add_row(self, address: str) -> str:
        """Add a row to a repeat and return its address; the repeat is named without a number.

        Raises:
            FormError: it has the most rows already, or as many as the form says.
        """
        parent, node, rows = self._repeat(address)
        if node.count or len(rows) >= MOST_ROWS:
            raise FormError("filling.most_rows", most=MOST_ROWS)
        made = self._new_row(parent, node, rows)
        self._look_anew()
        self._begin_row(made)
        return f"{address}[{len(rows) + 1}]"

    def drop_row(self, address: str) -> None:
        """Take a row of a repeat away; ``KeyError`` where there is none.

        Raises:
            FormError: the form says how many rows there are.
        """
        element = self._at[address]
        if self._nodes[element].kind is not NodeKind.REPEAT:
            raise KeyError(address)
        if self._nodes[element].count:
            raise FormError("filling.most_rows", most=MOST_ROWS)
        self._above[element].remove(element)
        self._look_anew()

    def settle(self) -> None:
        """Compute what is computed, and what is asked, until nothing changes any more.

        Raises:
            FormError: it never stops changing, or an expression cannot be computed.
        """
        computed = sum(bool(node.calculate) for node in self._nodes.values())
        # each round settles one more of a chain, in whatever order the form has it
        for _ in range(min(_MOST_ROUNDS, computed + _ROUNDS)):
            if not self._round():
                return
        raise FormError("filling.circle")

    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong with the answers that are asked for, in the form's order."""
        return tuple(self._problems())

    def page(self) -> Asked:
        """Return the form as it is asked now."""
        return self._asked(self.root, self.definition.root, self.definition.root.path, 0)

    def sent(self, *, instance_id: str, replaces: str = "") -> bytes:
        """Return the answers that are asked for as a submission.

        Args:
            instance_id: its id.
            replaces: the id of the submission that it replaces; empty for none.
        """
        for element, node in self._nodes.items():
            if node.preload == "end":
                element.text = self.now
        definition = self.definition
        root = Element(self.root.tag, {"id": definition.form_id, "version": definition.version})
        self._copy_asked(self.root, root)
        meta = SubElement(root, "meta")
        SubElement(meta, "instanceID").text = instance_id
        if replaces:
            SubElement(meta, "deprecatedID").text = replaces
        entity = SubElement(meta, "entity", dict(definition.entity)) if definition.entity else None
        told = {each.path: each.expression for each in definition.settings if "/meta/" in each.path}
        for path, expression in (told | dict(definition.metadata)).items():
            text = self._shown(self._computed(expression, self.root))
            name = path.rpartition("/")[2]
            if name.startswith("@") and entity is not None:
                entity.set(name[1:], text)
            elif name == "instanceName":
                SubElement(meta, name).text = text
        written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return written

    def parts(self) -> Iterator[tuple[Element, Node]]:
        """Yield each element of the answers with its part of the form."""
        yield from self._nodes.items()

    # How it is done.

    def _look_anew(self) -> None:
        """Find every element's node, address and place in the tree, after rows came or went."""
        self._nodes: dict[Element, Node] = {}
        self._at: dict[str, Element] = {}
        self._above: dict[Element, Element] = {}
        self._note(self.root, self.definition.root, self.definition.root.path)
        tree = get_node_tree(ElementTree(self.root))
        self._in_tree = {each.value: each for each in tree.iter()}
        self._context = XPathContext(tree)

    def _note(self, element: Element, node: Node, address: str) -> None:
        self._nodes[element] = node
        self._at[address] = element
        counted: dict[str, int] = {}
        by_name = {child.name: child for child in node.children}
        for child in element:
            below = by_name[child.tag]
            self._above[child] = element
            at = f"{address}/{child.tag}"
            if below.kind is NodeKind.REPEAT:
                counted[child.tag] = counted.get(child.tag, 0) + 1
                at = f"{at}[{counted[child.tag]}]"
            self._note(child, below, at)

    def _repeat(self, address: str) -> tuple[Element, Node, list[Element]]:
        above, _, name = address.rpartition("/")
        parent = self._at[above]
        node = next(
            (each for each in self._nodes[parent].children
             if each.name == name and each.kind is NodeKind.REPEAT), None,
        )  # fmt: skip
        if node is None:
            raise KeyError(address)
        return parent, node, parent.findall(name)

    def _new_row(self, parent: Element, node: Node, rows: Sequence[Element]) -> Element:
        made = empty(node)
        # a row stands after the last of its kind, else where the form has it
        siblings = [each.name for each in self._nodes[parent].children]
        before = set(siblings[: siblings.index(node.name) + 1])
        place = len([each for each in parent if each.tag in before])
        parent.insert(place if not rows else list(parent).index(rows[-1]) + 1, made)
        return made

    def _round(self) -> bool:
        """Compute everything once in the form's order; return whether anything changed."""
        unasked: set[Element] = set()
        changed = self._fit_counts()
        for element, node in list(self._nodes.items()):
            above = self._above.get(element)
            is_asked = above not in unasked and self._is_counted(element, node)
            if not is_asked or (node.relevant and not self._holds(node.relevant, element)):
                unasked.add(element)
            elif node.calculate and self._is_computed_now(element, node):
                text = self._shown(self._computed(node.calculate, element))
                changed |= (element.text or "") != text
                element.text = text
            elif node.offer is not None and not node.offer.is_whole and element.text:
                changed |= self._let_go(element, node)
        changed |= unasked != self._unasked
        self._unasked = unasked
        return changed

    def _is_computed_now(self, element: Element, node: Node) -> bool:
        """Return whether an expression is computed anew; one that sees no answer is computed once.

        A phone computes it when the form is opened, and nothing after that asks for it again.
        """
        if not element.text:
            return True
        read = self._parser.read(node.calculate)
        return any(token.symbol in _SEES_ANSWERS for token in read.iter())

    def _fit_counts(self) -> bool:
        """Let repeats have as many rows as the form computes; return whether any were made.

        Rows beyond the count stay in the draft and are not asked: a count that is emptied to
        write another one takes nothing away.
        """
        made: list[Element] = []
        self._wanted: dict[tuple[Element, str], int] = {}
        for element, node in list(self._nodes.items()):
            for child in node.children:
                if child.kind is NodeKind.REPEAT and child.count:
                    made += self._fit_count(element, child)
        if made:
            self._look_anew()
            for row in made:
                self._begin_row(row)
        return bool(made)

    def _fit_count(self, parent: Element, node: Node) -> list[Element]:
        number = as_number(self._shown(self._computed(node.count, parent)))
        wanted = max(0, min(MOST_ROWS, int(number))) if math.isfinite(number) else 0
        self._wanted[parent, node.name] = wanted
        there = len(parent.findall(node.name))
        return [
            self._new_row(parent, node, parent.findall(node.name)) for _ in range(there, wanted)
        ]

    def _is_counted(self, element: Element, node: Node) -> bool:
        """Return whether a row is one of those that the form counts; what is no such row is."""
        if node.kind is not NodeKind.REPEAT or not node.count:
            return True
        parent = self._above[element]
        # rows of a row that was just made are counted in the next round
        wanted = self._wanted.get((parent, node.name), 0)
        return parent.findall(node.name).index(element) < wanted

    def _begin_row(self, row: Element) -> None:
        """Write what the form says is written where a row begins."""
        for setting in self.definition.settings:
            if _ON_ROW in setting.events:
                for each in row.iter():
                    if self._nodes[each].path == setting.path:
                        self._write(each, setting.expression, setting.text)

    def _let_go(self, element: Element, node: Node) -> bool:
        """Take back what was chosen and is offered no more; return whether it was."""
        offered = {value for value, _ in self._choices(node, element)}
        chosen = (element.text or "").split() if node.answer is AnswerKind.CHOICES else [
            element.text or ""
        ]  # fmt: skip
        kept = [value for value in chosen if value in offered]
        element.text = " ".join(kept)
        return kept != chosen

    def _set(self, path: str, near: Element, expression: str, text: str) -> None:
        """Write what a setting says into its answer: that of the same row where it is in one."""
        around: Element | None = near
        while around is not None:
            found = [each for each in around.iter() if self._nodes[each].path == path]
            if found:
                self._write(found[0], expression, text)
                return
            around = self._above.get(around)

    def _write(self, element: Element, expression: str, text: str) -> None:
        element.text = self._shown(self._computed(expression, element)) if expression else text

    def load(self) -> None:
        """Write what the form says is written when it is opened for the first time."""
        for setting in self.definition.settings:
            if _ON_LOAD in setting.events:
                for element, node in self._nodes.items():
                    if node.path == setting.path:
                        self._write(element, setting.expression, setting.text)

    def _computed(self, expression: str, element: Element) -> Value:
        context = copy(self._context)
        context.item = node = self._in_tree[element]
        context.variables = {"here": node}
        return self._parser.result(expression, context)

    def _shown(self, value: Value) -> str:
        """Return a value as an answer is written; of nodes the first, where it is asked."""
        if isinstance(value, list):
            own = element_of(value[0]) if value else None
            return shown(value) if own not in self._nodes or own is None else self.text_of(own)
        return shown(value)

    def _holds(self, expression: str, element: Element) -> bool:
        value = self._computed(expression, element)
        # an answer is true where there is one, as a phone has it
        return bool(self._shown(value)) if isinstance(value, list) else truth(value)

    def _choices(self, node: Node, element: Element) -> Iterator[tuple[str, str]]:
        """Yield what may be chosen now, each with its label."""
        offer = node.offer
        if offer is None or (offer.is_whole and node.choices):
            for choice in node.choices:
                label = self.definition.words(choice.labels, self._language)
                yield choice.value, self._filled(label, element)
            return
        rows = self._computed(offer.rows, element)
        for row in rows if isinstance(rows, list) else ():
            parts = {each.name: str(each.string_value) for each in row.children or ()}
            label = parts.get(offer.label, "")
            if offer.label.startswith("jr:itext"):
                label = self.words(parts.get("itextId", ""))
            elif (own := element_of(row)) in self._nodes:  # rows of a repeat of the form itself
                labels = [] if own is None else own.findall(offer.label)
                label = next((self.text_of(each) for each in labels), "")
            value = parts.get(offer.value, "")
            if value:
                yield value, label or value

    def _filled(self, words: str, element: Element) -> str:
        """Return words with the answers that they repeat; what cannot be computed stays."""

        def told(found: re.Match[str]) -> str:
            try:
                return self._shown(self._computed(found[1], element))
            except FormError:
                return found[0]

        return OUTPUT.sub(told, words)

    def _problems(self) -> Iterator[Problem]:
        for address, element in self._at.items():
            node = self._nodes[element]
            if element in self._unasked or node.kind is not NodeKind.QUESTION or not node.is_asked:
                continue
            text = element.text or ""
            if not text:
                if self._is_required(node, element):
                    yield Problem(address, ProblemKind.REQUIRED, "")
                continue
            offered: tuple[str, ...] = ()
            if node.answer in {AnswerKind.CHOICE, AnswerKind.CHOICES}:
                offered = tuple(value for value, _ in self._choices(node, element))
            limit = self.definition.words(node.limits, self._language)
            if not fits(node, text, offered):
                yield Problem(address, ProblemKind.KIND, "")
            elif node.constraint and not self._keeps_to(node.constraint, element):
                yield Problem(address, ProblemKind.LIMIT, self._filled(limit, element))

    def _keeps_to(self, constraint: str, element: Element) -> bool:
        try:
            return self._holds(constraint, element)
        except FormError:  # a condition that cannot be computed is not kept to, and is said so
            return False

    def _is_required(self, node: Node, element: Element) -> bool:
        # who sits at a desk stands nowhere near; a place is theirs to tell or to leave
        if node.answer is AnswerKind.POINT or not node.required:
            return False
        return self._holds(node.required, element)

    def _asked(self, element: Element, node: Node, address: str, row: int) -> Asked:
        is_asked = element not in self._unasked
        is_question = node.kind is NodeKind.QUESTION and node.is_asked
        words = self.definition.words
        below: list[Asked] = []
        counted: dict[str, int] = {}
        by_name = {child.name: child for child in node.children}
        for child in element:
            at, number = f"{address}/{child.tag}", 0
            if by_name[child.tag].kind is NodeKind.REPEAT:
                number = counted[child.tag] = counted.get(child.tag, 0) + 1
                at = f"{at}[{number}]"
            below.append(self._asked(child, by_name[child.tag], at, number))
        return Asked(
            node=node, address=address, row=row, is_asked=is_asked,
            is_required=is_question and self._is_required(node, element),
            title=self._filled(words(node.labels, self._language), element),
            hint=self._filled(words(node.hints, self._language), element),
            text=element.text or "" if node.kind is NodeKind.QUESTION else "",
            choices=tuple(self._choices(node, element)) if is_question else (),
            below=tuple(below),
        )  # fmt: skip

    def _copy_asked(self, source: Element, target: Element) -> None:
        for child in source:
            if child not in self._unasked:
                made = SubElement(target, child.tag)
                made.text = child.text
                self._copy_asked(child, made)


def empty(node: Node) -> Element:
    """Return a part of a form with nothing answered but what the form itself begins with."""
    made = Element(node.name)
    if node.kind is NodeKind.QUESTION:
        made.text = node.default
    made.extend(empty(child) for child in node.children)
    return made


def _tree(rows: Rows) -> ElementNode:
    """Return rows as the list that expressions walk: ``root/item``."""
    holder = Element("instance")
    root = SubElement(holder, "root")
    for row in rows:
        item = SubElement(root, "item")
        for name, text in row.items():
            SubElement(item, name).text = text
    return get_node_tree(holder)  # type: ignore[return-value] # of an element
