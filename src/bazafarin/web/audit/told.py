"""An event as a page tells it: its values in words, from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from bazafarin.adapters import wording
from bazafarin.adapters.persian_script import persian_digits
from bazafarin.adapters.persian_text import jalali, number, percent, rial
from bazafarin.web.accounts.models import User
from bazafarin.web.office.said import language, said
from bazafarin.web.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bazafarin.web.audit.models import AuditEvent

_WORDS_OF: Final = {
    "role": ("web_accounts.roles",),
    "primary_type": ("codes.target_type",),
    "kind": ("web_places.place_kinds", "web_jobs.kinds", "web_places.kinds", "web_cases.kinds"),
    "event": ("web_cases.events",),
    "use": ("codes.use",),
    "services": ("codes.service",),
    "method": ("priority.method",),
}
"""Where the words of a field's codes stand; of a ``kind``, whatever it is a kind of."""
_CODES: Final = ("username", "code", "identity", "parcels")
"""Fields whose value is told letter by letter, in the digits that it was written with."""
_MONEY: Final = ("budget_rial", "land_value_rial_m2")
_SHARES: Final = ("floor_share", "curve_shares")
_IDENTITY_SHOWN: Final = 12
"""So much of an identity tells two apart on a page, as on the study's own."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an event: its word, and its value before and after; empty where it had none."""

    word: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Told:
    """An event, whom or what it is about by name, and its changes in words."""

    event: AuditEvent
    subject: str
    changes: tuple[Change, ...]


def told(events: Iterable[AuditEvent]) -> list[Told]:
    """Return the events of a page in words; names are read for all of them at once."""
    page = list(events)
    people = _names(User, [e.subject_id for e in page if e.subject_kind == "user"])
    places = _names(Place, [e.subject_id for e in page if e.subject_kind == "place"])
    paths = {
        value
        for event in page
        for side in (event.before, event.after)
        for name, value in side.items()
        if name == "place" and isinstance(value, str)
    }
    named = {p.path: p.name_fa for p in Place.objects.filter(path__in=paths)}
    return [
        Told(
            event,
            {"user": people, "place": places}.get(event.subject_kind, {}).get(event.subject_id, ""),
            tuple(
                Change(
                    _word(name),
                    _value(name, event.before.get(name), named),
                    _value(name, event.after.get(name), named),
                )
                for name in {**event.before, **event.after}
            ),
        )
        for event in page
    ]


def _names(model: type[User | Place], ids: list[str]) -> dict[str, str]:
    numbers = [int(each) for each in ids if each.isdigit()]
    return {str(pk): str(row) for pk, row in model.objects.in_bulk(numbers).items()}


def _word(name: str) -> str:
    keys = (
        f"web_audit.fields.{name}", f"web_places.columns.{name}", f"web_plans.input.{name}",
    )  # fmt: skip
    return next((said(key) for key in keys if wording.has(key)), name)


def _value(name: str, value: object, named: dict[str, str]) -> str:
    """Return a value in words; what has none of its own is told as it was written down."""
    match value:
        case None | "":
            told = ""
        case bool():
            told = said("web_office.yes" if value else "web_office.no")
        case list() if name == "columns":
            told = said("units.list_joint").join(_word(str(each)) for each in value)
        case list():
            told = said("units.list_joint").join(_value(name, each, named) for each in value)
        case dict():
            told = _parts(value, named)
        case int() | float():
            told = _number(name, value)
        case _ if name in _CODES:
            told = str(value)[:_IDENTITY_SHOWN] if name == "identity" else str(value)
        case _:
            told = _text(name, str(value), named)
    return told


def _parts(held: dict[str, object], named: dict[str, str]) -> str:
    """Return what was asked as a whole, part by part; what was left open is not told."""
    parts = {name: _value(name, value, named) for name, value in held.items()}
    told = (
        said("web_audit.part", of=_word(name), value=part) for name, part in parts.items() if part
    )
    return said("web_audit.joint").join(told)


def _number(name: str, value: float) -> str:
    if name in _MONEY:
        return rial(round(value), language=language())
    if name in _SHARES:
        return percent(value, decimals=0, language=language())
    if isinstance(value, int):
        return persian_digits(str(value)) if language() == "fa" else str(value)
    return number(value, decimals=0 if value.is_integer() else 2, language=language())


def _text(name: str, text: str, named: dict[str, str]) -> str:
    """Return a place by its name, a code by its word, a day in the reader's calendar."""
    if name == "place":
        return named.get(text, text)
    topics = _WORDS_OF.get(name, ())
    word = next((f"{each}.{text}" for each in topics if wording.has(f"{each}.{text}")), "")
    day = _day(text)
    if word:
        return said(word)
    if day is not None:
        return jalali(day, language=language())
    return persian_digits(text) if language() == "fa" else text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2025-11-21") else None
    except ValueError:
        return None
