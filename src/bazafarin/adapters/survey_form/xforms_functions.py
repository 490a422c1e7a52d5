"""The functions that expressions of forms call: those of XPath, of XForms and of ODK.

After https://getodk.github.io/xforms-spec/#xpath-functions. What is not here, a form may not be
filled with at a desk; ``phones_alone`` names it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import random
import uuid
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

import regex
import shapely
from pyproj import Geod

from bazafarin.adapters.survey_form.answers import read_point
from bazafarin.adapters.survey_form.moments import as_days, as_moment, day_of, formatted
from bazafarin.adapters.survey_form.xforms_path import (
    Call,
    Value,
    add_functions,
    as_number,
    as_truth,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from elementpath.xpath_nodes import XPathNode

    from bazafarin.adapters.survey_form.xforms_path import Operation

_EARTH: Final = Geod(ellps="WGS84")
_DAY_S: Final = 86_400
_MOST_PATTERN: Final = 500
_MOST_PLACES: Final = 15
_PATTERN_S: Final = 0.2
"""How long a pattern may look at an answer: one that was made to never end is refused."""
_HASHES: Final = ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")


def _all_texts(call: Call, first: int = 0) -> list[str]:
    return [text for place in range(first, len(call)) for text in call.texts(place)]


def _numbers(call: Call) -> list[float]:
    """Return the numbers of all arguments that are not empty."""
    return [as_number(text) for text in _all_texts(call) if text.strip()]


def _extreme(call: Call, *, take: Callable[[Iterable[float]], float]) -> float:
    numbers = _numbers(call)
    if not numbers or any(math.isnan(number) for number in numbers):
        return math.nan
    return take(numbers)


def _rounded(call: Call) -> float:
    number, wanted = call.number(0), call.number(1) if len(call) > 1 else 0.0
    if not (math.isfinite(number) and math.isfinite(wanted)):
        return math.nan
    scale = 10.0 ** max(-_MOST_PLACES, min(_MOST_PLACES, int(wanted)))
    if not math.isfinite(number * scale):
        return number
    return math.floor(number * scale + 0.5) / scale  # a half goes up, as XPath says


def _whole(call: Call) -> float:
    number = call.number(0)
    return number if math.isnan(number) or math.isinf(number) else float(math.trunc(number))


def _reckoned(call: Call, *, how: Callable[..., float]) -> float:
    try:
        return float(how(*(call.number(place) for place in range(len(call)))))
    except (ValueError, OverflowError, ZeroDivisionError):
        return math.nan


def _matches(call: Call) -> bool:
    pattern = call.text(1)
    if len(pattern) > _MOST_PATTERN:
        raise ValueError(pattern[:_MOST_PATTERN])
    try:
        return regex.fullmatch(pattern, call.text(0), timeout=_PATTERN_S) is not None
    except (regex.error, TimeoutError) as error:
        raise ValueError(pattern) from error


def _part(call: Call) -> str:
    text = call.text(0)
    start = call.number(1)
    end = call.number(2) if len(call) > 2 else float(len(text))  # noqa: PLR2004 - the third argument
    if not (math.isfinite(start) and math.isfinite(end)):
        return ""
    return text[slice(int(start), int(end))]


def _substring(call: Call) -> str:
    text, start = call.text(0), call.number(1)
    if math.isnan(start):
        return ""
    begin = math.floor(start + 0.5)
    end = math.inf if len(call) < 3 else begin + math.floor(call.number(2) + 0.5)  # noqa: PLR2004
    return "".join(letter for at, letter in enumerate(text, 1) if begin <= at < end)


def _translated(call: Call) -> str:
    one, other = call.text(1), call.text(2)
    table: dict[str, str | None] = {}
    for at, letter in enumerate(one):
        table.setdefault(letter, other[at] if at < len(other) else None)
    return "".join(table.get(letter, letter) or "" for letter in call.text(0))


def _before(call: Call) -> str:
    head, found, _ = call.text(0).partition(call.text(1))
    return head if found else ""


def _chosen_at(call: Call) -> str:
    chosen, at = call.text(0).split(), call.number(1)
    return chosen[int(at)] if not math.isnan(at) and 0 <= at < len(chosen) else ""


def _day(call: Call) -> str:
    found = call.value(0)
    if isinstance(found, float):
        return day_of(found)
    text = call.text(0).strip()
    return text if as_moment(text) else day_of(as_number(text))


def _decimal_time(call: Call) -> float:
    text = call.text(0).strip()
    moment = as_moment(text if "T" in text else f"1970-01-01T{text}")
    if moment is None:
        return math.nan
    clock = moment.hour * 3_600 + moment.minute * 60 + moment.second
    return (clock + moment.microsecond / 1e6) / _DAY_S


def _points(call: Call) -> list[tuple[float, float]]:
    """Return the places of all arguments, longitude first."""
    found = []
    for text in _all_texts(call):
        for part in filter(str.strip, text.split(";")):
            with suppress(ValueError):  # a point that is being typed is none yet
                point = read_point(part)
                found.append((point.longitude, point.latitude))
    return found


def _distance_m(call: Call) -> float:
    places = _points(call)
    return float(_EARTH.geometry_length(shapely.LineString(places))) if len(places) > 1 else 0.0


def _area_m2(call: Call) -> float:
    places = _points(call)
    if len(set(places)) < 3:  # noqa: PLR2004 - corners
        return 0.0
    return abs(float(_EARTH.geometry_area_perimeter(shapely.Polygon(places))[0]))


def _position(call: Call) -> float:
    """Return where among those of its name a node stands, from 1."""
    if not len(call):
        return call.place
    nodes = call.value(0)
    node = nodes[0] if isinstance(nodes, list) and nodes else None
    if node is None or node.parent is None:
        return math.nan
    same = [each for each in node.parent.children if each.name == node.name]
    return float(next(at for at, each in enumerate(same, 1) if each is node))


def _of_row(call: Call) -> list[XPathNode]:
    """Return the answers below the rows of repeats that are named by their number."""
    rows: list[XPathNode] | None = None
    for place in range(1, len(call), 2):
        found = [node for node in call.nodes(place) if rows is None or _is_below(node, rows)]
        at = call.number(place + 1)
        rows = [found[int(at) - 1]] if not math.isnan(at) and 1 <= at <= len(found) else []
    return [node for node in call.nodes(0) if _is_below(node, rows or [])]


def _is_below(node: XPathNode, above: list[XPathNode]) -> bool:
    at: XPathNode | None = node
    while at is not None:
        if any(at is each for each in above):
            return True
        at = at.parent
    return False


def _shuffled(call: Call) -> list[XPathNode]:
    nodes = list(call.nodes(0))
    seed = call.text(1) if len(call) > 1 else str(id(call.surroundings))
    random.Random(seed).shuffle(nodes)  # noqa: S311 - an order, no secret
    return nodes


def _looked_up(call: Call) -> str:
    """Return a column of the row of a file whose key is that."""
    column, key_column, key = call.text(1), call.text(2), call.text(3)
    for node in call.surroundings.held(call.text(0)).iter():
        if node.name == "item":
            row = {each.name: str(each.string_value) for each in node.children or ()}
            if row.get(key_column) == key:
                return row.get(column, "")
    return ""


def _digest(call: Call) -> str:
    name = call.text(1)
    if name not in _HASHES:
        raise ValueError(name)
    made = hashlib.new(name.replace("-", "").lower(), call.text(0).encode(), usedforsecurity=False)
    if len(call) > 2 and call.text(2) == "hex":  # noqa: PLR2004 - the third argument
        return made.hexdigest()
    return base64.b64encode(made.digest()).decode()


def _decoded(call: Call) -> str:
    try:
        return base64.b64decode(call.text(0)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _once(call: Call) -> Value:
    before = call.surroundings.text_of(call.answer)
    return before or call.text(0)


def _checklist(call: Call) -> bool:
    """Return whether the number of true arguments, from the third on, is between the first two."""
    count = sum(as_truth(call.text(place) in {"1", "true"}) for place in range(2, len(call)))
    return _is_between(count, call.number(0), call.number(1))


def _weighted_checklist(call: Call) -> bool:
    pairs = range(2, len(call) - 1, 2)
    total = sum(call.number(at + 1) for at in pairs if call.text(at) in {"1", "true"})
    return _is_between(total, call.number(0), call.number(1))


def _is_between(count: float, least: float, most: float) -> bool:
    return (least == -1 or count >= least) and (most == -1 or count <= most)


def _text(call: Call) -> str:
    return call.text(0) if len(call) else call.item


_ANY: Final = None
FUNCTIONS: Final[Mapping[str, tuple[tuple[int, int | None], Operation]]] = {
    "string": ((0, 1), _text),
    "concat": ((1, _ANY), lambda call: "".join(_all_texts(call))),
    "join": ((2, _ANY), lambda call: call.text(0).join(_all_texts(call, 1))),
    "substr": ((2, 3), _part),
    "substring": ((2, 3), _substring),
    "substring-before": ((2, 2), _before),
    "substring-after": ((2, 2), lambda call: call.text(0).partition(call.text(1))[2]),
    "contains": ((2, 2), lambda call: call.text(1) in call.text(0)),
    "starts-with": ((2, 2), lambda call: call.text(0).startswith(call.text(1))),
    "ends-with": ((2, 2), lambda call: call.text(0).endswith(call.text(1))),
    "translate": ((3, 3), _translated),
    "string-length": ((0, 1), lambda call: float(len(_text(call)))),
    "normalize-space": ((0, 1), lambda call: " ".join(_text(call).split())),
    "regex": ((2, 2), _matches),
    "boolean": ((1, 1), lambda call: call.truth(0)),
    "not": ((1, 1), lambda call: not call.truth(0)),
    "true": ((0, 0), lambda _: True),
    "false": ((0, 0), lambda _: False),
    "boolean-from-string": ((1, 1), lambda call: call.text(0) in {"1", "true"}),
    "number": ((1, 1), lambda call: call.number(0)),
    "int": ((1, 1), _whole),
    "round": ((1, 2), _rounded),
    "floor": ((1, 1), partial(_reckoned, how=math.floor)),
    "ceiling": ((1, 1), partial(_reckoned, how=math.ceil)),
    "abs": ((1, 1), partial(_reckoned, how=abs)),
    "sum": ((1, 1), lambda call: sum(as_number(text) for text in call.texts(0))),
    "min": ((1, _ANY), partial(_extreme, take=min)),
    "max": ((1, _ANY), partial(_extreme, take=max)),
    "pow": ((2, 2), partial(_reckoned, how=math.pow)),
    "log": ((1, 1), partial(_reckoned, how=math.log)),
    "log10": ((1, 1), partial(_reckoned, how=math.log10)),
    "exp": ((1, 1), partial(_reckoned, how=math.exp)),
    "exp10": ((1, 1), partial(_reckoned, how=lambda number: math.pow(10, number))),
    "sqrt": ((1, 1), partial(_reckoned, how=math.sqrt)),
    "sin": ((1, 1), partial(_reckoned, how=math.sin)),
    "cos": ((1, 1), partial(_reckoned, how=math.cos)),
    "tan": ((1, 1), partial(_reckoned, how=math.tan)),
    "asin": ((1, 1), partial(_reckoned, how=math.asin)),
    "acos": ((1, 1), partial(_reckoned, how=math.acos)),
    "atan": ((1, 1), partial(_reckoned, how=math.atan)),
    "atan2": ((2, 2), partial(_reckoned, how=math.atan2)),
    "pi": ((0, 0), lambda _: math.pi),
    "random": ((0, 0), lambda call: call.drawn(random.random)),
    "count": ((1, 1), lambda call: float(len(call.nodes(0)))),
    "count-non-empty": ((1, 1), lambda call: float(sum(map(bool, call.texts(0))))),
    "position": ((0, 1), _position),
    "selected": ((2, 2), lambda call: call.text(1).strip() in call.text(0).split()),
    "selected-at": ((2, 2), _chosen_at),
    "count-selected": ((1, 1), lambda call: float(len(call.text(0).split()))),
    "coalesce": ((1, _ANY), lambda call: next(filter(None, _all_texts(call)), "")),
    "if": ((3, 3), lambda call: call.value(1) if call.truth(0) else call.value(2)),
    "once": ((1, 1), _once),
    "date": ((1, 1), _day),
    "date-time": ((1, 1), _day),
    "decimal-date-time": ((1, 1), lambda call: as_days(call.text(0).strip())),
    "decimal-time": ((1, 1), _decimal_time),
    "format-date": ((2, 2), lambda call: formatted(_day(call), call.text(1))),
    "format-date-time": ((2, 2), lambda call: formatted(_day(call), call.text(1))),
    "today": ((0, 0), lambda call: call.surroundings.now[:10]),
    "now": ((0, 0), lambda call: call.surroundings.now),
    "distance": ((1, _ANY), _distance_m),
    "area": ((1, 1), _area_m2),
    "uuid": ((0, 1), lambda call: call.drawn(lambda: str(uuid.uuid4()))),
    "digest": ((2, 3), _digest),
    "base64-decode": ((1, 1), _decoded),
    "checklist": ((2, _ANY), _checklist),
    "weighted-checklist": ((2, _ANY), _weighted_checklist),
    "instance": ((1, 1), lambda call: [call.surroundings.held(call.text(0))]),
    "current": ((0, 0), lambda call: [call.here]),
    "indexed-repeat": ((3, _ANY), _of_row),
    "randomize": ((1, 2), _shuffled),
    "pulldata": ((4, 4), _looked_up),
    "jr-choice-name": (
        (2, 2),
        lambda call: call.surroundings.label(call.text(0), call.text(1).strip(), call.answer),
    ),
    "jr-itext": ((1, 1), lambda call: call.surroundings.words(call.text(0))),
}
add_functions(FUNCTIONS)


def truth(value: Value) -> bool:
    """Return a value as a truth."""
    return as_truth(value)


def shown(value: Value) -> str:
    """Return a value as an answer is written; nodes as the text of the first."""
    if isinstance(value, list):
        return "" if not value else str(value[0].string_value)
    return written(value)
