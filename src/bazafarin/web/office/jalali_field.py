"""A day typed in the calendar of the reader: Solar Hijri, or ISO."""

from __future__ import annotations

from datetime import date

from django import forms

from bazafarin.adapters.persian_text import normalise_text
from bazafarin.domain.errors import BazafarinError
from bazafarin.domain.solar_hijri import format_iso_jalali, parse_as_of
from bazafarin.web.office.said import language, said, said_later


class DayInput(forms.TextInput):
    """A text field that office.js gives a calendar to."""

    def __init__(self) -> None:
        super().__init__(
            attrs={"class": "day", "dir": "ltr", "inputmode": "numeric", "autocomplete": "off"}
        )

    def format_value(self, value: object) -> str | None:
        """Write a day as the language writes it; what was typed stays as it was typed."""
        if isinstance(value, date):
            return format_iso_jalali(value) if language() == "fa" else value.isoformat()
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
