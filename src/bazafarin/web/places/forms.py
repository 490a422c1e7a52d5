"""What is filled in to deliver an edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from bazafarin.adapters import wording
from bazafarin.domain.errors import UsageError
from bazafarin.web.office.jalali_field import DayField
from bazafarin.web.office.said import language, said_later
from bazafarin.web.places.uploads import DELIVERY_KINDS, MAPPING_KINDS, check

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class DeliveryForm(forms.Form):
    """A delivery, its mapping where it needs one, its day and a note."""

    delivery = forms.FileField(
        label=said_later("web_places.delivery"),
        help_text=said_later("web_places.delivery_help"),
        widget=forms.FileInput(attrs={"accept": ",".join(DELIVERY_KINDS)}),
    )
    mapping = forms.FileField(
        label=said_later("web_places.mapping"),
        help_text=said_later("web_places.mapping_help"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(MAPPING_KINDS)}),
    )
    dated = DayField(label=said_later("web_places.dated"))
    note = forms.CharField(label=said_later("web_places.note"), max_length=400, required=False)

    def clean_delivery(self) -> UploadedFile[Any]:
        """Refuse what is no delivery before anything begins."""
        return _of_kind(self.cleaned_data["delivery"], DELIVERY_KINDS)

    def clean_mapping(self) -> UploadedFile[Any] | None:
        """Refuse what is no mapping."""
        sent = self.cleaned_data["mapping"]
        return _of_kind(sent, MAPPING_KINDS) if sent else None


def _of_kind(upload: UploadedFile[Any], kinds: tuple[str, ...]) -> UploadedFile[Any]:
    try:
        check(upload, kinds=kinds)
    except UsageError as error:
        raise forms.ValidationError(wording.error_text(error, language())) from error
    return upload
