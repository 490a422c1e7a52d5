"""The forms of a case: opening it, telling what has happened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from bazafarin.adapters.persian_text import key_form
from bazafarin.web.cases.models import CaseEventKind, CaseKind
from bazafarin.web.office.jalali_field import DayField
from bazafarin.web.office.said import said, said_later
from bazafarin.web.office.words import in_persian
from bazafarin.web.places.models import Parcel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bazafarin.web.places.models import City

MOST_PARCELS = 200
SUBJECT_LENGTH, WORDS_LENGTH = 200, 1000
_BETWEEN = re.compile(r"[\s,،;؛]+")


def _kinds() -> list[tuple[str, object]]:
    return [(kind.value, said_later(f"web_cases.kinds.{kind}")) for kind in CaseKind]


class CaseForm(forms.Form):
    """A case as it begins."""

    kind = forms.ChoiceField(label=said_later("web_cases.kind"), choices=_kinds)
    subject = forms.CharField(
        label=said_later("web_cases.subject"),
        help_text=said_later("web_cases.subject_help"),
        max_length=SUBJECT_LENGTH,
    )
    keys = forms.CharField(
        label=said_later("web_cases.parcels"),
        help_text=said_later("web_cases.parcels_help"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "ltr"}),
    )
    opened_on = DayField(label=said_later("web_cases.opened_on"))

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        city: City,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self._city = city

    def clean_kind(self) -> CaseKind:
        """Return the kind."""
        return CaseKind(self.cleaned_data["kind"])

    def clean_subject(self) -> str:
        """Return the subject in Persian letters."""
        subject = in_persian(self.cleaned_data["subject"], SUBJECT_LENGTH)
        if not subject:
            raise forms.ValidationError(self.fields["subject"].error_messages["required"])
        return subject

    def clean_keys(self) -> list[str]:
        """Return the codes of the parcels, each once; a line may be one code with spaces."""
        lines = [line.strip() for line in self.cleaned_data["keys"].splitlines()]
        whole = set(
            Parcel.objects.of_edition(self._city)
            .filter(key__in={key_form(line) for line in lines})
            .values_list("key", flat=True)
        )
        keys = [
            key_form(part)
            for line in lines
            for part in ([line] if key_form(line) in whole else _BETWEEN.split(line))
        ]
        named = [key for key in dict.fromkeys(keys) if key]
        if not named:
            raise forms.ValidationError(said("web_cases.no_code"))
        if len(named) > MOST_PARCELS:
            raise forms.ValidationError(said("web_cases.too_many_parcels", most=MOST_PARCELS))
        return named


class TellForm(forms.Form):
    """What has happened in a case."""

    kind = forms.ChoiceField(label=said_later("web_cases.event"))
    happened_on = DayField(label=said_later("web_cases.happened_on"))
    words = forms.CharField(
        label=said_later("web_cases.words"),
        help_text=said_later("web_cases.words_help"),
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        kinds: Sequence[CaseEventKind],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        kwargs.setdefault("initial", {"happened_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined] # a ChoiceField's
            (kind.value, said(f"web_cases.events.{kind}")) for kind in kinds
        ]

    def clean_kind(self) -> CaseEventKind:
        """Return what has happened."""
        return CaseEventKind(self.cleaned_data["kind"])

    def clean_words(self) -> str:
        """Return the words in Persian letters, line by line."""
        return in_persian(self.cleaned_data["words"], WORDS_LENGTH)
