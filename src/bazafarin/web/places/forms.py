"""What is filled in to deliver an edition, and to add a place or a target area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from bazafarin.adapters import wording
from bazafarin.adapters.persian_text import normalise_text
from bazafarin.domain.codes import TargetType
from bazafarin.domain.errors import UsageError
from bazafarin.web.office.jalali_field import DayField
from bazafarin.web.office.said import language, said, said_later
from bazafarin.web.places.models import Neighbourhood, Place
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.places.uploads import DELIVERY_KINDS, MAPPING_KINDS, check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet

    _NeighbourhoodChoice = forms.ModelMultipleChoiceField[Neighbourhood]
else:  # Django's classes take no parameters when they run
    _NeighbourhoodChoice = forms.ModelMultipleChoiceField


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


class PlaceForm(forms.Form):
    """A new place below another."""

    kind = forms.ChoiceField(label=said_later("web_places.place_kind"))
    name_fa = forms.CharField(label=said_later("web_places.place_name"), max_length=160)
    code = forms.CharField(
        label=said_later("web_places.place_code"),
        help_text=said_later("web_places.place_code_help"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        kinds: Sequence[PlaceKind],
        parent: Place,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self._parent = parent
        self.fields["kind"].choices = [  # type: ignore[attr-defined] # a ChoiceField's
            (kind.value, said(f"web_places.place_kinds.{kind}")) for kind in kinds
        ]

    def clean_name_fa(self) -> str:
        """Return the name in Persian letters."""
        return normalise_text(self.cleaned_data["name_fa"])

    def clean_code(self) -> str:
        """Return the code in Latin digits."""
        return normalise_text(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        """Refuse a code that another place of the kind has below the same one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "kind" in given:
            given["kind"] = PlaceKind(given["kind"])
            same = Place.objects.filter(
                parent=self._parent, kind=given["kind"], code=given.get("code", "")
            )
            if given.get("code") and same.exists():
                self.add_error("code", said("web_places.code_taken"))
        return given


class NeighbourhoodsField(_NeighbourhoodChoice):
    """Neighbourhoods by their names."""

    def label_from_instance(self, obj: Neighbourhood) -> str:
        """Return the name; the code where there is none."""
        return obj.name_fa or obj.key


def _types() -> list[tuple[str, object]]:
    return [(kind.value, said_later(f"codes.target_type.{kind}")) for kind in TargetType]


class TargetAreaForm(forms.Form):
    """A target area as its resolution says."""

    name_fa = forms.CharField(
        label=said_later("web_places.area_name"),
        help_text=said_later("web_places.area_name_help"),
        max_length=160,
    )
    primary_type = forms.ChoiceField(label=said_later("web_places.area_type"), choices=_types)
    other_types = forms.MultipleChoiceField(
        label=said_later("web_places.area_other_types"),
        choices=_types,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    neighbourhoods = NeighbourhoodsField(
        label=said_later("web_places.area_neighbourhoods"),
        help_text=said_later("web_places.area_neighbourhoods_help"),
        queryset=Neighbourhood.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    valid_from = DayField(label=said_later("web_places.area_from"))
    resolution = forms.CharField(
        label=said_later("web_places.resolution"), max_length=400, required=False
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        neighbourhoods: QuerySet[Neighbourhood],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["neighbourhoods"].queryset = neighbourhoods  # type: ignore[attr-defined]

    def clean_name_fa(self) -> str:
        """Return the name in Persian letters."""
        return normalise_text(self.cleaned_data["name_fa"])

    def clean_primary_type(self) -> TargetType:
        """Return the type."""
        return TargetType(self.cleaned_data["primary_type"])

    def clean_other_types(self) -> list[TargetType]:
        """Return the types."""
        return [TargetType(each) for each in self.cleaned_data["other_types"]]


class EndForm(forms.Form):
    """The day before which a target area ends."""

    valid_until = DayField(label=said_later("web_places.area_until"))
