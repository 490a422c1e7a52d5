"""A day of the Solar Hijri calendar, chosen or typed; an ISO day may be typed as well."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

from django import forms
from django.utils import timezone

from bazafarin.adapters.persian_script import persian_digits
from bazafarin.adapters.persian_text import normalise_text
from bazafarin.domain.errors import BazafarinError
from bazafarin.domain.solar_hijri import format_iso_jalali, parse_as_of
from bazafarin.web.office.said import language, said, said_later

MONTHS: Final = range(1, 13)
WEEKDAYS: Final = ("saturday", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday")
"""The days of a week, the first of the Iranian one first."""
CALENDAR_WORDS: Final = ("open", "title", "close", "today", "month_before", "month_after")


class DayInput(forms.TextInput):
    """A text field that calendar.js gives a calendar to; typing a day stays possible."""

    def __init__(self) -> None:
        super().__init__(
            attrs={"class": "day", "dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
        )

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return what the field is drawn from, with the calendar's words in the page's language."""
        is_persian = language() == "fa"
        calendar = {
            "today": timezone.localdate().isoformat(),
            "digits": persian_digits("0123456789") if is_persian else "0123456789",
            "months": [said(f"web_office.calendar.month.{month}") for month in MONTHS],
            "days": [said(f"web_office.calendar.weekday.{day}") for day in WEEKDAYS],
            "words": {word: said(f"web_office.calendar.{word}") for word in CALENDAR_WORDS},
        }
        told = {"data-calendar": json.dumps(calendar, ensure_ascii=False), **(attrs or {})}
        return super().get_context(name, value, told)

    def format_value(self, value: object) -> str | None:
        """Write a day as the language writes it; what was typed stays as it was typed."""
        if isinstance(value, date):
            jalali = format_iso_jalali(value)
            return persian_digits(jalali) if language() == "fa" else jalali
        return None if value is None else str(value)


class DayField(forms.Field):
    """A day: ``1404/08/30``, ``۱۴۰۴-۰۸-۳۰`` or ``2025-11-21`` is a ``date``."""

    widget = DayInput

    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("help_text", said_later("web_office.form.day_help"))
        super().__init__(**kwargs)  # type: ignore[arg-type] # Django's own

    def to_python(self, value: object) -> date | None:
        """Return the day; say what was typed where it is none."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        text = normalise_text(str(value))
        try:
            return parse_as_of(text)
        except (BazafarinError, ValueError) as error:
            raise forms.ValidationError(said("web_office.form.no_day", text=text)) from error
