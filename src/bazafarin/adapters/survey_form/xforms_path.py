"""The expressions of forms: XPath 1.0 with the functions and the arithmetic that ODK adds.

elementpath reads and walks the paths; what an operator or a function makes of an answer is said
here, after https://getodk.github.io/xforms-spec/#xpath. An answer left empty is text without
letters and no number; a day in arithmetic is the days since 1970, as a phone counts it.
"""

from __future__ import annotations

import math
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias
from xml.etree.ElementTree import Element

from elementpath import ElementPathError, XPath1Parser, XPathContext, XPathFunction
from elementpath.xpath_nodes import XPathNode

from bazafarin.adapters.survey_form.moments import as_days
from bazafarin.domain.errors import FormError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from elementpath import ElementNode, XPathToken

    Operation = Callable[["Call"], "Value"]

Value: TypeAlias = "str | float | bool | list[XPathNode]"


class Surroundings(Protocol):
    """What an expression asks of the form that it stands in."""

    now: str
    """The moment of the filling, ``2026-01-31T08:30:00.000+03:30``."""

    def text_of(self, element: Element) -> str:
        """Return an answer; one that is not asked for now is empty."""

    def is_asked(self, element: Element) -> bool:
        """Return whether an answer is asked for now."""

    def held(self, list_id: str) -> ElementNode:
        """Return the list of that id; ``KeyError`` where there is none."""

    def label(self, value: str, question: str, at: Element) -> str:
        """Return the label of a value of the question that a path names."""

    def words(self, text_id: str) -> str:
        """Return the words of a text of the form."""

    def drawn(self, at: Element, place: int, draw: Callable[[], str | float]) -> str | float:
        """Return what was drawn by lot at a place of an expression: once in each filling."""


class Call:
    """An operator or function with its arguments, where it stands."""

    def __init__(self, token: XPathToken, context: XPathContext) -> None:
        self._token = token
        self._context = context
        self.surroundings: Surroundings = token.parser.surroundings  # type: ignore[attr-defined]

    def __len__(self) -> int:
        """Return how many arguments there are."""
        return len(self._token)

    @property
    def here(self) -> ElementNode:
        """Return the node that the expression, not its predicate, is about."""
        return self._context.variables["here"]  # type: ignore[return-value]

    @property
    def answer(self) -> Element:
        """Return the answer that the expression is about."""
        found = element_of(self.here)
        assert found is not None  # noqa: S101 - a form computes answers alone
        return found

    def drawn(self, draw: Callable[[], str | float]) -> str | float:
        """Return what is drawn by lot, here once in each filling."""
        return self.surroundings.drawn(self.answer, id(self._token), draw)

    @property
    def item(self) -> str:
        """Return the text of the node that is looked at now."""
        found = self._context.item
        return self._text(found) if isinstance(found, XPathNode) else ""

    @property
    def place(self) -> float:
        """Return where, from 1, the node that is looked at now stands among its like."""
        return float(self._context.position)

    def value(self, place: int) -> Value:
        """Return an argument: text, number, truth or nodes."""
        found = list(self._token[place].select(copy(self._context)))
        if len(found) == 1 and not isinstance(found[0], XPathNode):
            return plain(found[0])
        return [each for each in found if isinstance(each, XPathNode)]

    def nodes(self, place: int) -> list[XPathNode]:
        """Return the nodes of an argument that are asked for now."""
        found = self.value(place)
        nodes = found if isinstance(found, list) else []
        return [
            node
            for node in nodes
            if (element := element_of(node)) is None or self.surroundings.is_asked(element)
        ]

    def texts(self, place: int) -> list[str]:
        """Return the texts of an argument: of each of its nodes, or of itself."""
        found = self.value(place)
        if isinstance(found, list):
            return [self._text(node) for node in self.nodes(place)]
        return [written(found)]

    def text(self, place: int) -> str:
        """Return an argument as text: of the first of its nodes."""
        return next(iter(self.texts(place)), "")

    def number(self, place: int) -> float:
        """Return an argument as a number; NaN for what is none."""
        found = self.value(place)
        return as_number(self.text(place) if isinstance(found, list) else found)

    def truth(self, place: int) -> bool:
        """Return an argument as a truth; an answer is true where there is one."""
        found = self.value(place)
        return bool(self.text(place)) if isinstance(found, list) else as_truth(found)

    def path(self, place: int) -> str:
        """Return an argument as it is written."""
        return str(self._token[place].source)

    def _text(self, node: XPathNode) -> str:
        if (element := element_of(node)) is not None:
            return self.surroundings.text_of(element)
        return str(node.string_value)


def element_of(node: XPathNode) -> Element | None:
    """Return the element that a node stands for, None where it is an attribute or a text."""
    value = node.value
    return value if isinstance(value, Element) else None


def plain(value: object) -> str | float | bool:
    """Return what elementpath gives as text, number or truth."""
    return value if isinstance(value, bool | str) else float(str(value))


def written(value: str | float | bool) -> str:  # noqa: FBT001 - one of three kinds of value
    """Return a value as an answer is written: whole numbers without a point, no number empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if math.isnan(value) or math.isinf(value):
        return ""
    return str(int(value)) if value.is_integer() else repr(value)


def as_number(value: str | float | bool) -> float:  # noqa: FBT001
    """Return a value as a number: a day as days since 1970, NaN for what is none."""
    if not isinstance(value, str):
        return float(value)
    text = value.strip()
    if not text.isascii() or "_" in text:
        return math.nan
    try:
        return float(text)
    except ValueError:
        return as_days(text)


def as_truth(value: Value) -> bool:
    """Return a value as a truth: nodes where there are any, text with a letter, numbers but 0."""
    if isinstance(value, float):
        return bool(value) and not math.isnan(value)
    return bool(value)


def _compared(call: Call, *, holds: Callable[[Any, Any], bool], is_order: bool) -> bool:
    """Return whether any pair of the two sides compares so."""
    left, right = call.value(0), call.value(1)
    if isinstance(left, bool) or isinstance(right, bool):
        return holds(call.truth(0), call.truth(1))
    pairs = [(one, other) for one in call.texts(0) for other in call.texts(1)]
    in_numbers = is_order or isinstance(left, float) or isinstance(right, float)
    if in_numbers:
        return any(holds(as_number(one), as_number(other)) for one, other in pairs)
    return any(holds(one, other) for one, other in pairs)


def _divided(one: float, other: float) -> float:
    if other == 0:
        return math.nan if one == 0 or math.isnan(one) else math.copysign(math.inf, one)
    return one / other


def _remainder(one: float, other: float) -> float:
    return math.nan if other == 0 or math.isinf(one) else math.fmod(one, other)


def _reckoned(call: Call, *, how: Callable[[float, float], float]) -> float:
    if len(call) == 1:  # a sign before one number
        return how(0.0, call.number(0))
    return how(call.number(0), call.number(1))


_OPERATORS: Final[Mapping[str, Operation]] = {
    "or": lambda call: call.truth(0) or call.truth(1),
    "and": lambda call: call.truth(0) and call.truth(1),
    "=": partial(_compared, holds=lambda one, other: one == other, is_order=False),
    "!=": partial(_compared, holds=lambda one, other: one != other, is_order=False),
    "<": partial(_compared, holds=lambda one, other: one < other, is_order=True),
    "<=": partial(_compared, holds=lambda one, other: one <= other, is_order=True),
    ">": partial(_compared, holds=lambda one, other: one > other, is_order=True),
    ">=": partial(_compared, holds=lambda one, other: one >= other, is_order=True),
    "+": partial(_reckoned, how=lambda one, other: one + other),
    "-": partial(_reckoned, how=lambda one, other: one - other),
    "*": partial(_reckoned, how=lambda one, other: one * other),
    "div": partial(_reckoned, how=_divided),
    "mod": partial(_reckoned, how=_remainder),
}


_FAILURES: Final = (KeyError, ValueError, TypeError, OverflowError, RecursionError)


class XFormsParser(XPath1Parser):
    """Reads the expressions of one form."""

    PATH_STEP_SYMBOLS = XPath1Parser.PATH_STEP_SYMBOLS | {
        "instance", "current", "randomize", "indexed-repeat",
    }  # fmt: skip

    def __init__(self, surroundings: Surroundings | None) -> None:
        super().__init__()
        self.surroundings = surroundings
        self._read: dict[str, XPathToken] = {}

    def read(self, expression: str) -> XPathToken:
        """Return an expression read; ``ElementPathError`` where it is none that we know."""
        if expression not in self._read:
            # phones' own functions have a prefix that no path of a form has
            bare = expression.replace("jr:", "jr-")
            # the parent would compute it at once, and there is no form to compute it in
            self._read[expression] = super(XPath1Parser, self).parse(bare)
        return self._read[expression]

    def result(self, expression: str, context: XPathContext) -> Value:
        """Return what an expression comes to in a context.

        Raises:
            FormError: it asks for what there is not, or for no number where one must be.
        """
        try:
            found = list(self.read(expression).select(context))
        except (ElementPathError, *_FAILURES) as error:
            raise FormError("filling.expression", expression=expression.strip()) from error
        if len(found) == 1 and not isinstance(found[0], XPathNode):
            return plain(found[0])
        return [each for each in found if isinstance(each, XPathNode)]


def _select(self: XPathToken, context: XPathContext) -> Iterator[object]:
    found = self.evaluate(context)
    yield from found if isinstance(found, list) else [found]


def _evaluating(operation: Operation) -> dict[str, object]:
    def evaluate(self: XPathToken, context: XPathContext) -> Value:
        return operation(Call(self, context))

    return {"evaluate": evaluate, "select": _select}


def add_functions(functions: Mapping[str, tuple[tuple[int, int | None], Operation]]) -> None:
    """Let expressions call functions, each with the least and the most of its arguments."""
    table = XFormsParser.symbol_table
    for symbol, operation in _OPERATORS.items():
        known = table[symbol]
        table[symbol] = type(known.__name__, (known,), _star(operation, known, symbol))
    for name, (counts, operation) in functions.items():
        least, most = counts
        told: dict[str, object] = {
            "symbol": name, "lookup_name": name, "label": "function", "lbp": 90, "rbp": 90,
            "nargs": least if least == most else counts, "namespace": None,
        }  # fmt: skip
        made = type(f"_{name.replace('-', '_')}", (XPathFunction,), told | _evaluating(operation))
        table[name] = made
    XFormsParser.tokenizer = XFormsParser.create_tokenizer(table)


def _star(operation: Operation, known: type[XPathToken], symbol: str) -> dict[str, object]:
    """Return an operator's methods; a star alone stays a step of a path."""
    ours = _evaluating(operation)
    if symbol != "*":
        return ours

    def select(self: XPathToken, context: XPathContext) -> Iterator[object]:
        yield from _select(self, context) if self else known.select(self, context)

    return ours | {"select": select}
