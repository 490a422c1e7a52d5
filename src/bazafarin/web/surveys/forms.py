"""The forms of the pages of surveys."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

from django import forms

from bazafarin.web.accounts.models import User
from bazafarin.web.accounts.permissions import PERMISSIONS_OF, Permission
from bazafarin.web.office.jalali_field import DayField
from bazafarin.web.office.said import said, said_later
from bazafarin.web.office.words import in_persian
from bazafarin.web.places.models import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet

    from bazafarin.web.surveys.models import Survey

NOTE_LENGTH = 1000
MOST_FORM_BYTES = 5 * 2**20
MOST_UNPACKED_BYTES = 60 * 2**20
"""What a workbook of that size may unpack to; one of 300 questions takes half a megabyte."""


class SurveyForm(forms.Form):
    """A survey as it begins."""

    place = forms.ModelChoiceField(
        label=said_later("web_surveys.place"), queryset=Place.objects.none(), empty_label=None
    )
    title = forms.CharField(label=said_later("web_surveys.name"), max_length=200)
    begun_on = DayField(label=said_later("web_surveys.begun_on"))
    due_on = DayField(
        label=said_later("web_surveys.due_on"),
        help_text=said_later("web_surveys.due_help"),
        required=False,
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        places: QuerySet[Place],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined] # a choice's own

    def clean_title(self) -> str:
        """Return the title in Persian letters."""
        title = in_persian(self.cleaned_data["title"], 200)
        if not title:
            raise forms.ValidationError(self.fields["title"].error_messages["required"])
        return title


class FormFile(forms.Form):
    """A form of any kind, as a workbook."""

    place = forms.ModelChoiceField(
        label=said_later("web_surveys.form_place"),
        queryset=Place.objects.none(),
        empty_label=None,
    )
    file = forms.FileField(
        label=said_later("web_surveys.form_file"),
        help_text=said_later("web_surveys.form_file_help"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        places: QuerySet[Place],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined] # a choice's own

    def clean_file(self) -> UploadedFile[Any]:
        """Return the file, no larger than a form is and no bomb."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_FORM_BYTES:
            raise forms.ValidationError(
                said("web_surveys.error.form_large", mib=MOST_FORM_BYTES // 2**20)
            )
        if zipfile.is_zipfile(file):
            try:
                with zipfile.ZipFile(file) as archive:
                    unpacked = sum(entry.file_size for entry in archive.infolist())
            except (zipfile.BadZipFile, NotImplementedError) as error:
                raise forms.ValidationError(said("web_surveys.error.form_broken")) from error
            if unpacked > MOST_UNPACKED_BYTES:
                raise forms.ValidationError(
                    said("web_surveys.error.form_large", mib=MOST_FORM_BYTES // 2**20)
                )
        file.seek(0)
        return file


class BlocksForm(forms.Form):
    """Blocks and the surveyor who gets them."""

    surveyor = forms.ModelChoiceField(
        label=said_later("web_surveys.surveyor"), queryset=User.objects.none()
    )
    blocks = forms.MultipleChoiceField(label=said_later("web_surveys.blocks"))

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        survey: Survey,
        blocks: Mapping[str, int],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["surveyor"].queryset = surveyors_at(survey.place)  # type: ignore[attr-defined]
        self.fields["blocks"].choices = [(key, key) for key in blocks]  # type: ignore[attr-defined]


class DrawForm(forms.Form):
    """How many parcels are to be seen again, and by whom."""

    surveyor = forms.ModelChoiceField(
        label=said_later("web_surveys.second_surveyor"), queryset=User.objects.none()
    )
    count = forms.IntegerField(
        label=said_later("web_surveys.how_many"), min_value=1, max_value=500, initial=10
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        survey: Survey,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["surveyor"].queryset = surveyors_at(survey.place)  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """What a reviewer says."""

    note = forms.CharField(
        label=said_later("web_surveys.note"),
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_note(self) -> str:
        """Return the note in Persian letters."""
        return note_in(self.cleaned_data["note"])


def note_in(text: str) -> str:
    """Return what a reviewer wrote; they have to write something."""
    note = in_persian(text, NOTE_LENGTH)
    if not note:
        raise forms.ValidationError(said("web_surveys.error.no_note"))
    return note


def surveyors_at(place: Place) -> QuerySet[User]:
    """Return those who fill forms at ``place``."""
    roles = [role for role, may in PERMISSIONS_OF.items() if Permission.FILL_FORMS in may]
    above = [int(part) for part in place.path.strip("/").split("/")]
    return (
        User.objects.filter(
            is_active=True, memberships__ended_at=None, memberships__role__in=roles,
            memberships__place__in=above,
        )
        .distinct()
        .order_by("name_fa", "username")
    )  # fmt: skip
