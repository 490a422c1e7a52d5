"""The form in which a reviewer says anew what an answer tells of its parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from bazafarin.adapters.survey_form.observations import OBSERVABLE
from bazafarin.domain.city import Kind
from bazafarin.web.office.jalali_field import DayField
from bazafarin.web.office.said import said, said_later
from bazafarin.web.surveys.forms import NOTE_LENGTH, note_in
from bazafarin.web.surveys.forms_kept import mapping_of
from bazafarin.web.surveys.receiving import values_of

if TYPE_CHECKING:
    from bazafarin.domain.city import ColumnSpec
    from bazafarin.web.surveys.models import Submission


class EditForm(forms.Form):
    """One field a column that the form of the answer asks for; an empty one tells nothing."""

    note = forms.CharField(
        label=said_later("web_surveys.why"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ()

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **(kwargs | {"auto_id": "edit_%s"}))
        told = {each.column for each in mapping_of(submission.version)}
        columns = [column for column in OBSERVABLE if column.name in told]
        seen = values_of(submission.seen)
        for column in columns:
            self.fields[column.name] = _field(column, seen.get(column.name))
        self.order_fields([*(column.name for column in columns), "note"])
        self._columns = columns

    def clean_note(self) -> str:
        """Return why, in Persian letters."""
        return note_in(self.cleaned_data["note"])

    def values(self) -> dict[str, str]:
        """Return the text of each column."""
        found = {}
        for column in self._columns:
            value = self.cleaned_data[column.name]
            found[column.name] = "" if value is None else str(value)
        return found


def _field(column: ColumnSpec, value: object) -> forms.Field:
    label = said(f"web_places.columns.{column.name}")
    common: dict[str, Any] = {"label": label, "required": False, "initial": value}
    match column.kind:
        case Kind.CODE if column.codes is not None:
            words = [(code, said(f"codes.{column.name}.{code}")) for code in column.codes]
            return forms.ChoiceField(
                choices=[("", said("web_surveys.tells_nothing")), *words], **common
            )
        case Kind.BOOLEAN:
            common["initial"] = "" if value is None else str(value).lower()
            choices = [
                ("", said("web_surveys.tells_nothing")),
                ("true", said("units.yes")),
                ("false", said("units.no")),
            ]
            return forms.ChoiceField(choices=choices, **common)
        case Kind.DATE:
            return DayField(**common)
        case _:
            return forms.CharField(
                max_length=120, widget=forms.TextInput(attrs={"dir": "ltr"}), **common
            )
