"""What is filled in to deliver an edition."""

from __future__ import annotations

from django import forms

from bazafarin.web.office.jalali_field import DayField
from bazafarin.web.office.said import said_later
from bazafarin.web.places.uploads import DELIVERY_KINDS


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
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )
    dated = DayField(label=said_later("web_places.dated"))
    note = forms.CharField(label=said_later("web_places.note"), max_length=400, required=False)
