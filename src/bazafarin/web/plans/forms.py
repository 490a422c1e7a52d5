"""What is filled in to have studies run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

import pandas as pd
from django import forms
from django.utils import timezone

from bazafarin.adapters import wording
from bazafarin.adapters.persian_script import persian_digits
from bazafarin.adapters.persian_text import normalise_text, parse_number
from bazafarin.decision.ranking import METHODS
from bazafarin.domain.errors import StandardsError
from bazafarin.standards import Standards
from bazafarin.studies.driver_projects import priced_services
from bazafarin.studies.scenario import Scenario
from bazafarin.studies.worn_out_fabric import Thresholds
from bazafarin.web.office.jalali_field import DayField
from bazafarin.web.office.said import language, said, said_later
from bazafarin.web.plans.making import standards_of
from bazafarin.web.plans.queries import runnable_editions
from bazafarin.web.plans.scenario_json import kept

if TYPE_CHECKING:
    from django.http import QueryDict

    from bazafarin.web.accounts.models import User
    from bazafarin.web.places.models import Edition
    from bazafarin.web.plans.models import Plan

RIAL_A_MILLIARD: Final = 1_000_000_000
RIAL_A_MILLION: Final = 1_000_000
STANDARDS_MAX_BYTES: Final = 500_000
"""A city's own rules are a page of text; what is larger is something else."""
BUDGET_FIRST: Final = 500
"""What stands in the field of the budget at first, milliard rials."""
LAND_VALUE_FIRST: Final = 90
"""What stands in the field of the price of land at first, million rials a square metre."""


class FigureField(forms.Field):
    """A number in any digits, with or without marks between thousands."""

    def __init__(self, *, least: float, most: float, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        self._least, self._most = least, most
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's own
        """Return what stands in the field: numbers in the page's digits, the typed as typed."""
        if not isinstance(value, (int, float)):
            return value
        text = f"{value:.3f}".rstrip("0").rstrip(".")
        return persian_digits(text).replace(".", "٫") if language() == "fa" else text

    def to_python(self, value: object) -> float | None:
        """Return the number; say what was typed where it is none, or beyond its bounds."""
        if value in self.empty_values:
            return None
        text = normalise_text(str(value))
        number = float(parse_number(pd.Series([text], dtype="str")).iloc[0])
        if pd.isna(number):
            raise forms.ValidationError(said("web_plans.form.no_number", text=text))
        if not self._least <= number <= self._most:
            facts = {"text": text, "least": self._least, "most": self._most}
            raise forms.ValidationError(said("web_plans.form.out_of_bounds", **facts))
        return number


class EditionField(forms.ModelChoiceField):  # type: ignore[type-arg] # Django's own takes none
    """An edition, by its number and day; the list is of the cities that one may study."""

    def label_from_instance(self, obj: Edition) -> str:
        """Return the city, the edition's number and day, and whether it is current."""
        key = "current_edition" if obj.number == obj.city.current else "edition"
        return said(
            f"web_plans.form.{key}", city=obj.city.place.name_fa, number=obj.number, day=obj.dated
        )


class StudyForm(forms.Form):
    """Which edition, by the rules of which day, by whose rules, and what to propose."""

    edition = EditionField(queryset=None, label=said_later("web_plans.form.edition_label"))
    as_of = DayField(label=said_later("web_plans.form.as_of"))
    standards = forms.FileField(
        label=said_later("web_plans.form.standards"),
        help_text=said_later("web_plans.form.standards_help"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )
    forget_standards = forms.BooleanField(label=said_later("web_plans.form.forget"), required=False)
    propose = forms.BooleanField(label=said_later("web_plans.form.propose"), required=False)
    budget_milliard = FigureField(
        least=0, most=1e9, required=False,
        label=said_later("web_plans.form.budget"),
        help_text=said_later("web_plans.form.budget_help"),
    )  # fmt: skip
    services = forms.MultipleChoiceField(
        label=said_later("web_plans.form.services"),
        help_text=said_later("web_plans.form.services_help"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    floor_percent = FigureField(
        least=0, most=100, required=False,
        label=said_later("web_plans.form.floor"),
        help_text=said_later("web_plans.form.floor_help"),
    )  # fmt: skip
    land_value_million = FigureField(
        least=0, most=1e6, required=False,
        label=said_later("web_plans.form.land_value"),
        help_text=said_later("web_plans.form.land_value_help"),
    )  # fmt: skip
    method = forms.ChoiceField(label=said_later("web_plans.form.method"), required=False)
    kept_standards = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    kept_name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, city: int | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        editions = self.fields["edition"]
        assert isinstance(editions, EditionField)  # noqa: S101 - named above
        editions.queryset = runnable_editions(user, city)
        editions.empty_label = None
        services, method = self.fields["services"], self.fields["method"]
        assert isinstance(services, forms.ChoiceField)  # noqa: S101
        assert isinstance(method, forms.ChoiceField)  # noqa: S101
        national = Standards.national()
        services.choices = [
            (name, wording.label("service", name, language()))
            for name in priced_services(national, national.services())
        ]
        method.choices = [(name, said(f"priority.method.{name}")) for name in METHODS]

    def clean_standards(self) -> str:
        """Return the text of the city's rules, which stand; a file that was sent before is kept."""
        sent = self.cleaned_data["standards"]
        if not sent and self.data.get("forget_standards"):
            text = name = ""
            self._keep(text, name)
        elif not sent:
            text, name = self.data.get("kept_standards", ""), self.data.get("kept_name", "")
        else:
            text, name = _text_of(sent), sent.name[:200]
        text = str(text).replace("\r\n", "\n")
        if not text:
            return ""
        try:
            standards_of(text, name)
        except StandardsError as error:
            raise forms.ValidationError(wording.error_text(error, language())) from error
        self._keep(text, name)
        return text

    def _keep(self, text: str, name: str) -> None:
        """Let the form carry the file on where something else in it is wrong."""
        data = cast("QueryDict", self.data).copy()
        data["kept_standards"], data["kept_name"] = text, name
        self.data = data

    def clean(self) -> dict[str, Any]:
        """Ask whether the rules of the fabric are in force on the day."""
        given = super().clean() or {}
        if given.get("as_of") and "standards" in given:
            standards = standards_of(given["standards"], self.standards_name)
            try:
                Thresholds.in_force(standards, as_of=given["as_of"])
            except StandardsError as error:
                self.add_error("as_of", wording.error_text(error, language()))
        return given

    @property
    def standards_name(self) -> str:
        """Return the name under which the city's rules were sent; empty without them."""
        return str(self.data.get("kept_name", "")) if self.cleaned_data["standards"] else ""

    def scenario(self) -> dict[str, Any] | None:
        """Return what is asked of the proposals; None where none are."""
        given = self.cleaned_data
        if not given["propose"]:
            return None
        budget, land = given["budget_milliard"], given["land_value_million"]
        every = {name for name, _ in self.fields["services"].choices}  # type: ignore[attr-defined] # a choice field
        services = given["services"]
        return kept(
            Scenario(
                budget_rial=None if budget is None else round(budget * RIAL_A_MILLIARD),
                services=tuple(services) if services and set(services) != every else None,
                floor_share=(given["floor_percent"] or 0) / 100,
                land_value_rial_m2=None if land is None else round(land * RIAL_A_MILLION),
                method=given["method"] or METHODS[0],
            )
        )


def _text_of(sent: Any) -> str:  # noqa: ANN401 - an uploaded file
    """Return the text of a file of rules that was sent."""
    if not sent.name.lower().endswith(".toml"):
        raise forms.ValidationError(said("web_plans.form.not_toml", file=sent.name))
    if sent.size > STANDARDS_MAX_BYTES:
        kib = STANDARDS_MAX_BYTES // 1000
        raise forms.ValidationError(said("web_plans.form.too_large", file=sent.name, most=kib))
    try:
        return str(sent.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        told = said("errors.standards.file_not_utf8", file=sent.name)
        raise forms.ValidationError(told) from error


def first_values(earlier: Plan | None) -> dict[str, Any]:
    """Return what stands in the form at first: of an earlier plan, or what is usual."""
    usual: dict[str, Any] = {
        "as_of": timezone.localdate(),
        "budget_milliard": BUDGET_FIRST,
        "land_value_million": LAND_VALUE_FIRST,
        "floor_percent": 0,
    }
    if earlier is None:
        return usual
    asked = earlier.scenario or {}
    usual |= {
        "as_of": earlier.as_of,
        "kept_standards": earlier.standards,
        "kept_name": earlier.standards_name,
        "propose": earlier.scenario is not None,
    }
    if asked:
        budget, land = asked["budget_rial"], asked["land_value_rial_m2"]
        usual |= {
            "budget_milliard": None if budget is None else budget / RIAL_A_MILLIARD,
            "land_value_million": None if land is None else land / RIAL_A_MILLION,
            "floor_percent": asked["floor_share"] * 100,
            "services": asked["services"] or [],
            "method": asked["method"],
        }
    return usual
