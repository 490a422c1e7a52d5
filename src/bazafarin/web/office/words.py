"""What people write into a form, in Persian letters, and no longer than it can be kept."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from bazafarin.adapters.persian_text import normalise_text
from bazafarin.web.office.said import said


def in_persian(text: str, most: int) -> str:
    """Return a text in Persian letters, line by line.

    Raises:
        ValidationError: it is longer than ``most`` then; one letter may be many once it is
            normalised.
    """
    words = "\n".join(normalise_text(line) for line in text.splitlines()).strip()
    if len(words) > most:
        raise ValidationError(said("web_office.form.too_long", most=most))
    return words
