"""What templates say: sentences of the catalogue, figures, days and money in the language's way."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import template
from django.utils import timezone
from django.utils.html import format_html

from bazafarin.adapters import persian_text, wording
from bazafarin.adapters.persian_script import persian_digits
from bazafarin.web.office import said as office_said

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from bazafarin.domain.errors import BazafarinError

register = template.Library()


@register.simple_tag
def say(key: str, **facts: object) -> str:
    """Return the sentence of ``key``: ``{% say "web_places.title" count=3 %}``."""
    return office_said.said(key, **facts)


@register.simple_tag
def say_of(prefix: str, code: object, **facts: object) -> str:
    """Return the sentence of ``prefix`` and a code, such as a state's or a role's name."""
    return office_said.said(f"{prefix}.{code}", **facts)


@register.simple_tag
def say_error(error: BazafarinError) -> str:
    """Return what a reader is told about an error."""
    return wording.error_text(error, office_said.language())


@register.filter
def label(code: object, kind: str) -> str:
    """Return the word for a code of the city file: ``{{ parcel.use|label:"use" }}``."""
    if code is None or code == "":
        return office_said.said("units.unknown")
    return wording.label(kind, str(code), office_said.language())


@register.filter
def figure(value: Any, decimals: int = 0) -> str:  # noqa: ANN401 - a template gives anything
    """Return a number in the language's digits; the unknown as a word."""
    return persian_text.number(
        None if value is None else float(value), decimals=decimals, language=office_said.language()
    )


@register.filter
def year(value: float | None) -> str:
    """Return a year without a mark of thousands; the unknown as a word."""
    return office_said.said("units.unknown") if value is None else digits(int(value))


@register.filter
def share(value: Any, decimals: int = 0) -> str:  # noqa: ANN401 - a template gives anything
    """Return a share as a percentage; the unknown as a word."""
    return persian_text.percent(
        None if value is None else float(value), decimals=decimals, language=office_said.language()
    )


@register.filter
def rial(value: Any) -> str:  # noqa: ANN401 - a template gives anything
    """Return money with milliard and million spelled."""
    return persian_text.rial(None if value is None else int(value), language=office_said.language())


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a day of the Solar Hijri calendar, in the language's digits."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return persian_text.jalali(value, language=office_said.language())


@register.filter
def moment(value: datetime | None) -> str:
    """Return a day with its hour and minute."""
    if value is None:
        return office_said.said("units.unknown")
    local = timezone.localtime(value)
    clock = local.strftime("%H:%M")
    if office_said.language() == "fa":
        clock = persian_digits(clock)
    return f"{day(local)} {clock}"


@register.filter
def digits(value: object) -> str:
    """Return a text with its digits in the language's own: a page's number, a year."""
    return persian_digits(str(value)) if office_said.language() == "fa" else str(value)


@register.filter
def code(value: object) -> SafeString:
    """Return a code (of a parcel, a letter) that keeps its order within Persian text."""
    return format_html('<bdi dir="ltr" class="code">{}</bdi>', "" if value is None else value)
