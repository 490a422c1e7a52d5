"""The order of a list, as the heads of its columns ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

    Rows = TypeVar("Rows", bound=Model)


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column a list is sorted, and the other words of its address."""

    by: str
    is_down: bool
    words: str


def sorted_as_asked(
    found: QuerySet[Rows], request: HttpRequest, columns: Mapping[str, tuple[str, ...]]
) -> tuple[QuerySet[Rows], Sorting]:
    """Return the list in the order that ``?sort=name`` or ``?sort=-name`` asks for.

    ``columns`` names what can be asked for and the fields of each; the first is the order of a
    list that nobody sorted. The row's number decides between equals, so that pages never differ.
    """
    asked = request.GET.get("sort", "")
    by = asked.removeprefix("-")
    is_down = asked.startswith("-")
    if by not in columns:
        by, is_down = next(iter(columns)), False
    sign = "-" if is_down else ""
    words = request.GET.copy()
    words.pop("sort", None)
    words.pop("page", None)
    ordered = found.order_by(*(f"{sign}{field}" for field in columns[by]), "pk")
    return ordered, Sorting(by, is_down, words.urlencode())
