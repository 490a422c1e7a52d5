"""One page of a long list, without counting all of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

ROWS = 50
"""Rows of a page."""


@dataclass(frozen=True)
class Page:
    """The rows of a page and its neighbours; ``words`` are the other parameters of its address."""

    rows: list[Any]
    number: int
    has_next: bool
    words: str

    @property
    def before(self) -> int:
        """Return the number of the page before."""
        return self.number - 1

    @property
    def after(self) -> int:
        """Return the number of the page after."""
        return self.number + 1


def page_of(found: QuerySet[Any], request: HttpRequest, *, rows: int = ROWS) -> Page:
    """Return the page that the request asks for; the first where it asks for none."""
    asked = request.GET.get("page", "1")
    number = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1  # noqa: PLR2004 - a page of seven digits is no page
    begin = (number - 1) * rows
    taken = list(found[begin : begin + rows + 1])
    words = request.GET.copy()
    words.pop("page", None)
    return Page(taken[:rows], number, len(taken) > rows, words.urlencode())
