"""A compiled form read as its definition."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from defusedxml.ElementTree import fromstring

from bazafarin.adapters.survey_form.definition import (
    ONLY,
    AnswerKind,
    Choice,
    FormDefinition,
    Node,
    NodeKind,
    Offer,
    Setting,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from xml.etree.ElementTree import Element

    from bazafarin.adapters.survey_form.definition import Words

XF: Final = "{http://www.w3.org/2002/xforms}"
HTML: Final = "{http://www.w3.org/1999/xhtml}"
JR: Final = "{http://openrosa.org/javarosa}"
_NO_CONTROLS: Final = frozenset({"label", "hint", "value", "output", "setvalue", "setgeopoint"})
RANKED: Final = "rank"
"""How a question is shown whose choices are put in order."""
_TEXT_REFERENCE: Final = re.compile(r"jr:itext\(\s*'([^']*)'\s*\)")
_INSTANCE_REFERENCE: Final = re.compile(r"instance\('([^']+)'\)")
_MEDIA_REFERENCE: Final = re.compile(r"jr://(?:images|audio|video|file|file-csv)/([^/]+)")
_WHOLE_LIST: Final = re.compile(r"instance\('[^']+'\)/root/item")


def read_definition(xform: str) -> FormDefinition:
    """Return the questions of a compiled form."""
    page = fromstring(xform)
    model = _the(page, f"{HTML}head/{XF}model")
    primary = next(iter(_the(model, f"{XF}instance")))
    return _Reader(page, model, primary).read()


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
    "rank": AnswerKind.CHOICES, "trigger": AnswerKind.ACKNOWLEDGED,
}  # fmt: skip


class _Reader:
    """What the reading of one form holds: its texts, binds, controls and lists."""

    def __init__(self, page: Element, model: Element, primary: Element) -> None:
        self._page = page
        self._primary = primary
        self._title = page.findtext(f"{HTML}head/{HTML}title") or ""
        self._model = model
        self._texts, self._languages = _texts_of(model)
        self._binds = {bind.get("nodeset", ""): bind for bind in model.iter(f"{XF}bind")}
        self._controls: dict[str, Element] = {}
        body = _the(page, f"{HTML}body")
        for control in body.iter():
            at = control.get("nodeset" if _bare(control.tag) == "repeat" else "ref")
            is_part = _bare(control.tag) in _NO_CONTROLS
            if at and not is_part:
                self._controls.setdefault(at, control)
        self._repeats = {each.get("nodeset"): each for each in body.iter(f"{XF}repeat")}
        self._repeat_labels = {
            repeat.get("nodeset"): group
            for group in body.iter(f"{XF}group")
            for repeat in group.findall(f"{XF}repeat")
        }
        self._lists = {
            instance.get("id", ""): instance
            for instance in model.findall(f"{XF}instance")
            if instance.get("id")
        }

    def read(self) -> FormDefinition:
        entity = next((each for each in self._primary.iter() if _bare(each.tag) == "entity"), None)
        root = self._node(self._primary, "")
        computed = {
            at: bind.get("calculate", "")
            for at, bind in self._binds.items()
            if at.startswith(f"{root.path}/meta/") and bind.get("calculate")
        }
        named = {name: each.get("src", "") for name, each in self._lists.items()}
        return FormDefinition(
            form_id=self._primary.get("id", ""),
            version=self._primary.get("version", ""),
            title=self._title,
            languages=self._languages,
            root=root,
            entity_list="" if entity is None else entity.get("dataset", ""),
            settings=tuple(self._settings()),
            metadata=computed,
            entity={} if entity is None else dict(entity.attrib),
            lists={name: _rows(self._lists[name]) for name in named if not named[name]},
            list_files={name: src.rpartition("/")[2] for name, src in named.items() if src},
            texts=self._texts,
            media=tuple(dict.fromkeys(self._media())),
        )

    def _media(self) -> Iterator[str]:
        """Yield the names of the files that the form points to, as often as it does."""
        for each in self._page.iter():
            for words in (each.get("src") or "", each.text or ""):
                if found := _MEDIA_REFERENCE.fullmatch(words.strip()):
                    yield found[1]

    def _settings(self) -> Iterator[Setting]:
        above = {each: parent for parent in self._page.iter() for each in parent}
        for each in self._page.iter(f"{XF}setvalue"):
            stands_in = above[each].get("ref", "")
            yield Setting(
                path=each.get("ref", ""), events=tuple(each.get("event", "").split()),
                expression=each.get("value", ""), text=each.text or "", after=stands_in,
            )  # fmt: skip

    def _node(self, element: Element, above: str) -> Node:
        path = f"{above}/{_bare(element.tag)}"
        control, bind = self._controls.get(path), self._binds.get(path)
        # a repeat stands twice in a form: as its template, and as the first of its rows
        once = {_bare(child.tag): child for child in element if _bare(child.tag) != "meta"}
        children = tuple(self._node(child, path) for child in once.values())
        if path in self._repeats:
            labelled = self._repeat_labels.get(path)
            return Node(
                path, NodeKind.REPEAT, labels=self._words(labelled, "label"), children=children,
                is_asked=True, relevant="" if bind is None else bind.get("relevant", ""),
                count=self._repeats[path].get(f"{JR}count", "").strip(),
            )  # fmt: skip
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
            appearance=_appearance(control), media=control.get("mediatype", ""),
            offer=_offer(control), least=control.get("start", ""), most=control.get("end", ""),
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


def _appearance(control: Element) -> str:
    """Return how a control is shown; what is put in order says so."""
    shown = control.get("appearance", "")
    return f"{RANKED} {shown}".strip() if _bare(control.tag) == RANKED else shown


def _offer(control: Element) -> Offer | None:
    itemset = control.find(f"{XF}itemset")
    if itemset is None:
        return None
    rows = itemset.get("nodeset", "").strip()
    value, label = itemset.find(f"{XF}value"), itemset.find(f"{XF}label")
    return Offer(
        rows=rows,
        value="name" if value is None else value.get("ref", "name"),
        label="label" if label is None else label.get("ref", "label"),
        is_whole=_WHOLE_LIST.fullmatch(rows) is not None,
    )


def _rows(instance: Element) -> tuple[Words, ...]:
    """Return the rows of a form's own list, each its parts by name."""
    return tuple(
        {_bare(part.tag): part.text or "" for part in item} for item in instance.iter(f"{XF}item")
    )


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
