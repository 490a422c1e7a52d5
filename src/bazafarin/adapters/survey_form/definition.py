"""An XForm as a tree of questions: their kinds, conditions, and labels in every language.

What is read is the compiler's own output, so an XForm is what
https://getodk.github.io/xforms-spec/ calls one. Conditions stay XPath, as the form says them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    Words = Mapping[str, str]

XF: Final = "{http://www.w3.org/2002/xforms}"
HTML: Final = "{http://www.w3.org/1999/xhtml}"
JR: Final = "{http://openrosa.org/javarosa}"
OR: Final = "{http://openrosa.org/xforms}"
ONLY: Final = ""
"""The name of the one language of a form that names none."""
_TEXT_REFERENCE: Final = re.compile(r"jr:itext\(\s*'([^']*)'\s*\)")
_INSTANCE_REFERENCE: Final = re.compile(r"instance\('([^']+)'\)")


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
    """A form: its id, version, title, languages (the default first) and nodes."""

    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    root: Node
    entity_list: str = ""

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

    def files(self) -> tuple[str, ...]:
        """Return the files whose rows are chosen from, each once."""
        return tuple(dict.fromkeys(node.file for node in self.questions if node.file))

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


def read_definition(xform: str) -> FormDefinition:
    """Return the questions of a compiled form."""
    page = fromstring(xform)
    model = _the(page, f"{HTML}head/{XF}model")
    primary = next(iter(_the(model, f"{XF}instance")))
    return _Reader(page, model, primary).read()


def _code_of(name: str) -> str:
    found = re.search(r"\(([^()]+)\)\s*$", name)
    return found[1] if found else name


def _the(element: Element, path: str) -> Element:
    found = element.find(path)
    if found is None:
        raise ValueError(path)
    return found


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


_KINDS: Final[Mapping[str, AnswerKind]] = {
    "int": AnswerKind.WHOLE, "integer": AnswerKind.WHOLE, "decimal": AnswerKind.NUMBER,
    "boolean": AnswerKind.BOOLEAN, "date": AnswerKind.DATE, "time": AnswerKind.TIME,
    "dateTime": AnswerKind.MOMENT, "geopoint": AnswerKind.POINT, "geotrace": AnswerKind.TRACE,
    "geoshape": AnswerKind.AREA, "binary": AnswerKind.FILE,
}  # fmt: skip
_CONTROLS: Final[Mapping[str, AnswerKind]] = {
    "select1": AnswerKind.CHOICE, "select": AnswerKind.CHOICES, "upload": AnswerKind.FILE,
    "rank": AnswerKind.CHOICES,
}  # fmt: skip


class _Reader:
    """What the reading of one form holds: its texts, binds, controls and lists."""

    def __init__(self, page: Element, model: Element, primary: Element) -> None:
        self._primary = primary
        self._title = page.findtext(f"{HTML}head/{HTML}title") or ""
        self._model = model
        self._texts, self._languages = _texts_of(model)
        self._binds = {bind.get("nodeset", ""): bind for bind in model.iter(f"{XF}bind")}
        self._controls: dict[str, Element] = {}
        body = _the(page, f"{HTML}body")
        for control in body.iter():
            at = control.get("nodeset" if _bare(control.tag) == "repeat" else "ref")
            is_part = _bare(control.tag) in {"label", "hint", "value", "output"}
            if at and not is_part:
                self._controls.setdefault(at, control)
        self._repeats = {each.get("nodeset") for each in body.iter(f"{XF}repeat")}
        self._repeat_labels = {
            repeat.get("nodeset"): group
            for group in body.iter(f"{XF}group")
            for repeat in group.findall(f"{XF}repeat")
        }
        self._lists = {
            instance.get("id", ""): instance for instance in model.findall(f"{XF}instance")
        }

    def read(self) -> FormDefinition:
        entity = next((each for each in self._primary.iter() if _bare(each.tag) == "entity"), None)
        return FormDefinition(
            form_id=self._primary.get("id", ""),
            version=self._primary.get("version", ""),
            title=self._title,
            languages=self._languages,
            root=self._node(self._primary, ""),
            entity_list="" if entity is None else entity.get("dataset", ""),
        )

    def _node(self, element: Element, above: str) -> Node:
        path = f"{above}/{_bare(element.tag)}"
        control, bind = self._controls.get(path), self._binds.get(path)
        # a repeat stands twice in a form: as its template, and as the first of its rows
        once = {_bare(child.tag): child for child in element if _bare(child.tag) != "meta"}
        children = tuple(self._node(child, path) for child in once.values())
        if path in self._repeats:
            labelled = self._repeat_labels.get(path)
            labels = self._words(labelled, "label")
            return Node(path, NodeKind.REPEAT, labels=labels, children=children, is_asked=True)
        if children or not above:
            node = Node(path, NodeKind.GROUP, labels=self._words(control, "label"))
            relevant = "" if bind is None else bind.get("relevant", "")
            appearance = "" if control is None else control.get("appearance", "")
            return replace(node, children=children, relevant=relevant, appearance=appearance)
        return self._question(path, element.text or "", control, bind)

    def _question(
        self, path: str, default: str, control: Element | None, bind: Element | None
    ) -> Node:
        told = {} if bind is None else bind.attrib
        kind = _KINDS.get(told.get("type", "").removeprefix("xsd:"), AnswerKind.TEXT)
        node = Node(
            path, NodeKind.QUESTION, kind, default=default,
            relevant=told.get("relevant", ""), constraint=told.get("constraint", ""),
            required=told.get("required", ""), calculate=told.get("calculate", ""),
            is_read_only=told.get("readonly", "").startswith("true"),
            limits=self._said(told.get(f"{JR}constraintMsg", "")),
            preload=told.get(f"{JR}preloadParams", ""),
        )  # fmt: skip
        if control is None:
            return node
        choices, file = self._choices(control)
        return replace(
            node, is_asked=True, choices=choices, file=file,
            answer=_CONTROLS.get(_bare(control.tag), kind),
            labels=self._words(control, "label"), hints=self._words(control, "hint"),
            appearance=control.get("appearance", ""), media=control.get("mediatype", ""),
        )  # fmt: skip

    def _words(self, control: Element | None, part: str) -> Words:
        found = None if control is None else control.find(f"{XF}{part}")
        if found is None:
            return {}
        if reference := found.get("ref"):
            return self._said(reference)
        return {self._languages[0]: _plain(found)}

    def _said(self, words: str) -> Words:
        """Return a reference to texts as its words by language; other words as they are."""
        reference = _TEXT_REFERENCE.fullmatch(words.strip())
        if reference:
            return self._texts.get(reference[1], {})
        return {self._languages[0]: words} if words else {}

    def _choices(self, control: Element) -> tuple[tuple[Choice, ...], str]:
        """Return the choices of a control, and the file where the rows of one are chosen from."""
        own = [
            Choice(item.findtext(f"{XF}value") or "", self._words(item, "label"))
            for item in control.findall(f"{XF}item")
        ]
        itemset = control.find(f"{XF}itemset")
        named = None if itemset is None else _INSTANCE_REFERENCE.search(itemset.get("nodeset", ""))
        if named is None or named[1] not in self._lists:
            return tuple(own), ""
        held = self._lists[named[1]]
        if source := held.get("src"):
            return (), source.rpartition("/")[2]
        return tuple(self._choice(item) for item in held.iter(f"{XF}item")), ""

    def _choice(self, item: Element) -> Choice:
        value = item.findtext(f"{XF}name") or ""
        if text_id := item.findtext(f"{XF}itextId"):
            return Choice(value, self._texts.get(text_id, {}))
        return Choice(value, {self._languages[0]: item.findtext(f"{XF}label") or value})


def _texts_of(model: Element) -> tuple[Mapping[str, Words], tuple[str, ...]]:
    """Return the texts by id and language, and the languages with the default first."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    languages: list[tuple[bool, str]] = []
    for translation in model.iter(f"{XF}translation"):
        language = translation.get("lang", ONLY)
        languages.append(("default" not in translation.attrib, language))
        for text in translation.findall(f"{XF}text"):
            plain = [each for each in text.findall(f"{XF}value") if "form" not in each.attrib]
            if plain:
                texts[text.get("id", "")][language] = _plain(plain[0])
    ordered = tuple(language for _, language in sorted(languages, key=lambda each: each[0]))
    return texts, ordered or (ONLY,)


def _plain(element: Element) -> str:
    """Return the words of a label; an answer that it repeats stands as ``${path}``."""
    parts: Sequence[str] = [
        element.text or "",
        *(f"${{{each.get('value', '').strip()}}}{each.tail or ''}" for each in element),
    ]
    return "".join(parts).strip()
