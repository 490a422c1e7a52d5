"""What is filled in to correct a parcel or the boundary, beside its shape."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from django import forms

from bazafarin.adapters import wording
from bazafarin.adapters.persian_script import persian_digits
from bazafarin.adapters.persian_text import normalise_text
from bazafarin.domain.city import LAYERS, Kind
from bazafarin.web.accounts.permissions import has_permission
from bazafarin.web.maps.tile_square import from_degrees
from bazafarin.web.office.jalali_field import DayField
from bazafarin.web.office.said import language, said, said_later
from bazafarin.web.places.layers import field_of
from bazafarin.web.places.queries import COLUMN_NEEDS

if TYPE_CHECKING:
    from bazafarin.domain.city import ColumnSpec
    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import City, Feature

LONGEST_SHAPE: Final = 2_000_000
"""Letters of a shape: a city's whole boundary has fewer."""
_UNKNOWN: Final = "unknown"
"""The code of what is not known, in the lists that have one."""
_VIEW: Final = re.compile(r"#[\d./-]{1,60}")
_PEOPLE: Final = frozenset(("households", "population", "will_renovate", "will_consolidate"))
"""What is asked of people and not drawn on a map."""
_OTHERS: Final = frozenset(("surveyed_on", "name_fa"))
"""What a visit and the office's register say."""
_SHAPES: Final = ("Polygon", "MultiPolygon")


class FigureField(forms.FloatField):
    """A number, in whatever digits it is typed."""

    widget = forms.TextInput(attrs={"dir": "ltr", "inputmode": "decimal", "autocomplete": "off"})

    def to_python(  # type: ignore[override] # a whole number is the narrower kind
        self,
        value: Any | None,  # noqa: ANN401 - Django's own
    ) -> float | None:
        """Return the number; the empty is unknown."""
        typed = value if value is None else normalise_text(str(value)).replace("٫", ".")
        return super().to_python(typed)

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's own
        """Write a number in the reader's digits; what was typed stays as it was typed."""
        if not isinstance(value, float):
            return value
        written = str(int(value)) if value.is_integer() else str(value)
        return persian_digits(written).replace(".", "٫") if language() == "fa" else written


class CleanText(forms.CharField):
    """A text with one form for each letter, and codes in Latin digits, as a delivery's."""

    def to_python(self, value: Any | None) -> str | None:  # noqa: ANN401 - Django's own
        """Return the text as reading a delivery writes it."""
        return normalise_text(super().to_python(value) or "")


class CorrectionForm(forms.Form):
    """The shape, the edition that it began from, the reason, and the row's own fields."""

    geometry = forms.CharField(required=False, max_length=LONGEST_SHAPE, widget=forms.HiddenInput)
    began = forms.IntegerField(widget=forms.HiddenInput)
    view = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=said_later("web_map.correct.reason"),
        help_text=said_later("web_map.correct.reason_help"),
        max_length=400,
    )

    def __init__(
        self,
        data: Any = None,  # noqa: ANN401 - Django's own
        *,
        user: User,
        city: City,
        layer: str,
        row: Feature | None,
    ) -> None:
        initial: dict[str, Any] = {"began": city.current}
        super().__init__(data, initial=initial)
        self._city = city
        place = city.place if row is None else row.in_neighbourhood or city.place
        for column in LAYERS[layer].columns:
            needed = COLUMN_NEEDS.get(column.name)
            field = _field(column, is_new=row is None)
            if field is None or (needed is not None and not has_permission(user, needed, place)):
                continue
            self.fields[column.name] = field
            if row is not None:
                initial[column.name] = getattr(row, field_of(column.name))
            elif column.kind is Kind.CODE:
                initial[column.name] = _UNKNOWN  # and not the first of the list

    def clean_geometry(self) -> shapely.Geometry:
        """Return the shape in the city's system."""
        text = self.cleaned_data["geometry"]
        if not text:
            raise forms.ValidationError(said("web_map.error.no_shape"))
        try:
            drawn = shapely.force_2d(shapely.from_geojson(text))
        except (TypeError, ValueError, shapely.errors.GEOSException) as error:
            raise forms.ValidationError(said("web_map.error.not_an_area")) from error
        if drawn is None or drawn.geom_type not in _SHAPES or drawn.is_empty:
            raise forms.ValidationError(said("web_map.error.not_an_area"))
        shape = from_degrees(drawn, self._city)
        if not np.isfinite(shapely.get_coordinates(shape)).all():
            raise forms.ValidationError(said("web_map.error.not_an_area"))
        return shape

    @property
    def values(self) -> dict[str, Any]:
        """Return the row's fields as they are now said; the empty is unknown."""
        own = set(self.fields) - {"geometry", "began", "view", "reason"}
        given = self.cleaned_data
        return {field_of(name): None if given[name] == "" else given[name] for name in own}

    @property
    def seen_from(self) -> str:
        """Return the view of the map, as its address says it."""
        view = str(self.cleaned_data["view"])
        return view if _VIEW.fullmatch(view) else ""


def _field(column: ColumnSpec, *, is_new: bool) -> forms.Field | None:
    """Return the field of a column; None for what is not corrected here."""
    known = f"web_places.columns.{column.name}"
    label = said_later(known if wording.has(known) else f"web_map.{column.name}")
    made: forms.Field | None = None
    match column.kind:
        case _ if column.name in _PEOPLE or column.name in _OTHERS:
            pass
        case Kind.CODE:
            made = _code_field(column)
        case Kind.NUMBER | Kind.WHOLE | Kind.YEAR_SH:
            made = FigureField(min_value=column.least, max_value=column.most)
        case Kind.BOOLEAN:
            made = forms.TypedChoiceField(
                empty_value=None, coerce=lambda typed: typed == "True", choices=_truths
            )
        case Kind.DATE:
            made = DayField()
        case Kind.TEXT:
            made = CleanText(max_length=400)
        case Kind.ID if column.name == "parcel_id" and is_new:
            made = CleanText(max_length=120, widget=forms.TextInput(attrs={"dir": "ltr"}))
    if made is not None:
        made.label, made.required = label, column.name == "parcel_id"
    return made


def _code_field(column: ColumnSpec) -> forms.ChoiceField:
    """Return the choice of a list's codes; unknown is one of them, or the empty."""
    kind, codes = column.name.removesuffix("_plan"), list(column.codes or ())
    has_unknown = any(code.value == _UNKNOWN for code in codes)

    def choices() -> list[tuple[str, str]]:
        words = [(code.value, wording.label(kind, code.value, language())) for code in codes]
        return words if has_unknown else [("", said("units.unknown")), *words]

    return forms.TypedChoiceField(
        choices=choices, coerce=str, empty_value=_UNKNOWN if has_unknown else None
    )


def _truths() -> list[tuple[str, str]]:
    return [
        ("", said("units.unknown")),
        ("True", said("web_office.yes")),
        ("False", said("web_office.no")),
    ]
