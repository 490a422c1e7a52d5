"""A month of an office, made from what was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from bazafarin.domain.solar_hijri import from_jalali
from bazafarin.web.offices.duties import duties
from bazafarin.web.offices.models import DoneKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from bazafarin.web.offices.models import Done, Office


@dataclass(frozen=True, slots=True)
class MonthReport:
    """A month of an office.

    Attributes:
        year, month: of the Solar Hijri calendar.
        first, last: its days.
        by_duty: for each duty how often it was served; a duty that nobody served is zero.
        by_kind: for each kind of work how often it was done.
        people: residents who took part, where somebody counted.
        uncounted: how many records say nothing of how many took part.
        parcels: parcels that something was done about.
        rows: what was done.
    """

    year: int
    month: int
    first: date
    last: date
    by_duty: Mapping[str, int]
    by_kind: Mapping[str, int]
    people: int
    uncounted: int
    parcels: int
    rows: QuerySet[Done]


def month_of(office: Office, *, year: int, month: int) -> MonthReport:
    """Return a month of an office.

    Raises:
        ValueError: there is no such month.
    """
    first = from_jalali(year, month, 1)
    after = from_jalali(year + month // 12, month % 12 + 1, 1)
    if first is None or after is None:
        raise ValueError((year, month))
    last = after - timedelta(days=1)
    rows = office.done.filter(happened_on__range=(first, last)).select_related("made_by")
    duty = dict(rows.order_by().values_list("duty").annotate(count=Count("pk")))
    kind = dict(rows.order_by().values_list("kind").annotate(count=Count("pk")))
    told = rows.aggregate(
        took_part=Sum("people"), uncounted=Count("pk", filter=Q(people=None)),
        parcels=Count("parcel_key", filter=~Q(parcel_key=""), distinct=True),
    )  # fmt: skip
    return MonthReport(
        year, month, first, last,
        by_duty={code: duty.get(code, 0) for code in duties().names["fa"]},
        by_kind={each.value: kind.get(each.value, 0) for each in DoneKind},
        people=told["took_part"] or 0, uncounted=told["uncounted"], parcels=told["parcels"],
        rows=rows,
    )  # fmt: skip
