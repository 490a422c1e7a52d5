"""An event as a page tells it: its values in words, from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from bazafarin.adapters import wording
from bazafarin.adapters.persian_text import jalali
from bazafarin.web.accounts.models import User
from bazafarin.web.office.said import language, said
from bazafarin.web.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bazafarin.web.audit.models import AuditEvent

_WORDS_OF: Final = {
    "role": "web_accounts.roles",
    "primary_type": "codes.target_type",
}
"""Where the words of a field's codes stand."""

_KINDS: Final = ("places.place_kinds", "jobs.kinds", "places.kinds")
"""Where the words of a ``kind`` stand, whatever it is a kind of."""


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
    key = f"web_audit.fields.{name}"
    return said(key) if wording.has(key) else name


def _value(name: str, value: object, named: dict[str, str]) -> str:
    """Return a value in words; what has none of its own is told as it was written down."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return said("web_office.yes" if value else "web_office.no")
    text = str(value)
    if name == "place":
        return named.get(text, text)
    key = f"{_WORDS_OF[name]}.{text}" if name in _WORDS_OF else ""
    key = key or next(
        (
            k
            for k in (f"web_{topic}.{text}" for topic in _KINDS)
            if name == "kind" and wording.has(k)
        ),
        "",
    )
    if key and wording.has(key):
        return said(key)
    day = _day(text)
    return text if day is None else jalali(day, language=language())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2025-11-21") else None
    except ValueError:
        return None
