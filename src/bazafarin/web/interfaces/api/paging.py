"""A page of a long list and the address of the next: by the last row, and without a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlencode

from ninja import Schema
from pydantic import Field

from bazafarin.web.interfaces import cursors
from bazafarin.web.interfaces.cursors import Cursor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

MOST: Final = 1_000
LONGEST_CODE: Final = 120


class Window(Schema):
    """How many rows are asked for, and from where on; ``after`` comes from ``next``."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = 100
    after: Annotated[str, Field(max_length=1_000)] = ""

    def begin(self, *, edition: int = 0) -> Cursor:
        """Return where the page begins; raises ``UsageError`` for a cursor that is none of ours.

        A page after the first stays with the edition of the first.
        """
        return cursors.read(self.after) if self.after else Cursor(edition, 0)


class EditionWindow(Window):
    """A window on the rows of an edition; the current one without a number."""

    edition: int | None = None


class ParcelWindow(EditionWindow):
    """A window on the parcels whose renovation code begins so."""

    code: Annotated[str, Field(max_length=LONGEST_CODE)] = ""


def page(
    request: HttpRequest,
    found: QuerySet[Any],
    asked: Window,
    tell: Callable[[Sequence[Any]], list[Any]],
    *,
    edition: int = 0,
) -> dict[str, Any]:
    """Return the rows of a window in the order of their numbers, or the other way round.

    ``found`` says by its own order which of the two: ``-pk`` is the newest first.
    """
    begin = asked.begin(edition=edition)
    is_newest_first = found.query.order_by == ("-pk",)
    if begin.after:
        found = found.filter(**{"pk__lt" if is_newest_first else "pk__gt": begin.after})
    if not is_newest_first:
        found = found.order_by("pk")
    rows = list(found[: asked.limit + 1])
    has_more = len(rows) > asked.limit
    last = Cursor(begin.edition, rows[asked.limit - 1].pk) if has_more else None
    return told(request, tell(rows[: asked.limit]), last)


def told(request: HttpRequest, items: list[Any], last: Cursor | None) -> dict[str, Any]:
    """Return a page with the address of the next, which has the same other parameters."""
    if last is None:
        return {"items": items, "next": None}
    words = {name: request.GET[name] for name in request.GET} | {"after": cursors.written(last)}
    here = request.build_absolute_uri(request.path)
    return {"items": items, "next": f"{here}?{urlencode(words)}"}
