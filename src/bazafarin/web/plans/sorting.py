"""Headings of a table that sort it when they are followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: its name, where it leads, and how the table is sorted by it now."""

    name: str
    address: str
    order: str
    """``ascending``, ``descending``, or ``none``, as ``aria-sort`` says it."""


def headings(request: HttpRequest, names: Iterable[str], sort: str) -> list[Heading]:
    """Return the headings of a table that is sorted by ``sort``; following one again turns it."""
    made = []
    for name in names:
        order = {name: "ascending", f"-{name}": "descending"}.get(sort, "none")
        words = request.GET.copy()
        words.pop("page", None)
        words["sort"] = f"-{name}" if order == "ascending" else name
        made.append(Heading(name, f"?{words.urlencode()}", order))
    return made
