"""The expressions of a form, and whether a desk can compute them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from elementpath import ElementPathError

from bazafarin.domain.errors import FormError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.adapters.survey_form.definition import FormDefinition
    from bazafarin.adapters.survey_form.xforms_path import XFormsParser

OUTPUT: Final = re.compile(r"\$\{([^}]*)\}")
"""An answer that a label repeats, as the definition writes it."""


def check_expressions(parser: XFormsParser, definition: FormDefinition) -> None:
    """Raise where a form computes what only a phone can.

    Raises:
        FormError: an expression is not known here, or choices come from what is no table.
    """
    for file in definition.list_files.values():
        if not file.endswith(".csv"):
            raise FormError("filling.phones_alone", expression=file)
    for node in definition.questions:
        if "search(" in node.appearance:
            raise FormError("filling.phones_alone", expression=node.appearance)
    for expression in dict.fromkeys(_expressions(definition)):
        try:
            parser.read(expression)
        except (ElementPathError, ValueError) as error:
            raise FormError("filling.phones_alone", expression=expression.strip()) from error


def _expressions(definition: FormDefinition) -> Iterator[str]:
    for node in definition.root.walk():
        told = (node.relevant, node.constraint, node.required, node.calculate, node.count)
        yield from filter(None, told)
        if node.offer is not None:
            yield node.offer.rows
        for words in (node.labels, node.hints, node.limits):
            for text in words.values():
                yield from (found[1] for found in OUTPUT.finditer(text))
    yield from (each.expression for each in definition.settings if each.expression)
    yield from definition.metadata.values()
