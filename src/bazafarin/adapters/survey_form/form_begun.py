"""A form as it is opened: for the first time, or with answers that were given before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.survey_form.definition import NodeKind
from bazafarin.adapters.survey_form.filling import MOST_ROWS, Filling, empty

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from bazafarin.adapters.survey_form.definition import FormDefinition, Node
    from bazafarin.adapters.survey_form.filling import Rows


def begun(
    definition: FormDefinition,
    *,
    now: str,
    language: str,
    user_name: str,
    files: Mapping[str, Rows] | None = None,
) -> Filling:
    """Return a form as it is opened for the first time.

    Args:
        definition: the form.
        now: the moment.
        language: whose words are shown.
        user_name: who fills it.
        files: the rows of the files that the form chooses from, by the file's name.

    Raises:
        FormError: the form computes what only a phone can.
    """
    root = empty(definition.root)
    filling = Filling(definition, root, now=now, language=language, files=files)
    told = {"start": now, "today": now[:10], "username": user_name}
    for element, node in filling.parts():
        if node.preload in told:
            element.text = told[node.preload]
    filling.load()
    filling.settle()
    return filling


def taken_up(
    definition: FormDefinition,
    answers: Element,
    *,
    now: str,
    language: str,
    files: Mapping[str, Rows] | None = None,
) -> Filling:
    """Return a form with answers that were given before, not settled yet.

    What it does not ask is passed over.

    Raises:
        FormError: the form computes what only a phone can.
    """
    root = empty(definition.root)
    _take_up(root, definition.root, answers)
    return Filling(definition, root, now=now, language=language, files=files)


def _take_up(element: Element, node: Node, answers: Element) -> None:
    given: dict[str, list[Element]] = {}
    for each in answers:
        given.setdefault(each.tag.rpartition("}")[2], []).append(each)
    for child in node.children:
        found = given.get(child.name, [])
        if child.kind is NodeKind.REPEAT:
            place = list(element).index(element.find(child.name))  # type: ignore[arg-type] # one is
            element.remove(element[place])
            for at, row in enumerate(found[:MOST_ROWS]):
                made = empty(child)
                _take_up(made, child, row)
                element.insert(place + at, made)
        elif found:
            target = element.find(child.name)
            assert target is not None  # noqa: S101 - it was made of the same node
            if child.kind is NodeKind.GROUP:
                _take_up(target, child, found[0])
            else:
                target.text = (found[0].text or "").strip()
        elif child.kind is NodeKind.QUESTION:
            target = element.find(child.name)
            assert target is not None  # noqa: S101
            target.text = ""
