"""The forms of the pages of offices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from bazafarin.adapters.persian_text import key_form
from bazafarin.web.accounts.models import User
from bazafarin.web.accounts.permissions import PERMISSIONS_OF, Permission
from bazafarin.web.office.jalali_field import DayField
from bazafarin.web.office.said import language, said, said_later
from bazafarin.web.office.words import in_persian
from bazafarin.web.offices.duties import duties
from bazafarin.web.offices.models import DoneKind
from bazafarin.web.places.models import Place

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bazafarin.web.offices.models import Office


class OfficeForm(forms.Form):
    """An office as it opens."""

    place = forms.ModelChoiceField(
        label=said_later("web_offices.place"), queryset=Place.objects.none(), empty_label=None
    )
    name = forms.CharField(label=said_later("web_offices.name"), max_length=200)
    address = forms.CharField(
        label=said_later("web_offices.address"), max_length=300, required=False
    )
    opened_on = DayField(label=said_later("web_offices.opened_on"))

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        places: QuerySet[Place],
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        kwargs.setdefault("initial", {"opened_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined] # a choice's own

    def clean_name(self) -> str:
        """Return the name in Persian letters."""
        name = in_persian(self.cleaned_data["name"], 200)
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name

    def clean_address(self) -> str:
        """Return the address in Persian letters."""
        return in_persian(self.cleaned_data["address"], 300)


class WorkerForm(forms.Form):
    """Somebody who comes to work in an office."""

    user = forms.ModelChoiceField(
        label=said_later("web_offices.worker"), queryset=User.objects.none()
    )
    since = DayField(label=said_later("web_offices.since"))

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Django's own
        office: Office,
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        kwargs.setdefault("initial", {"since": timezone.localdate()})
        super().__init__(*args, **kwargs)
        roles = [role for role, may in PERMISSIONS_OF.items() if Permission.KEEP_OFFICES in may]
        above = [int(part) for part in office.place.path.strip("/").split("/")]
        there = office.workers.filter(until=None).values("user")
        self.fields["user"].queryset = (  # type: ignore[attr-defined]
            User.objects.filter(
                is_active=True, memberships__ended_at=None, memberships__role__in=roles,
                memberships__place__in=above,
            )
            .exclude(pk__in=there)
            .distinct()
            .order_by("name_fa", "username")
        )  # fmt: skip


class DoneForm(forms.Form):
    """What an office did."""

    kind = forms.ChoiceField(
        label=said_later("web_offices.kind"),
        choices=lambda: [(each.value, said(f"web_offices.kinds.{each}")) for each in DoneKind],
    )
    duty = forms.ChoiceField(
        label=said_later("web_offices.duty"),
        choices=lambda: list(duties().names[language()].items()),
    )
    happened_on = DayField(label=said_later("web_offices.happened_on"))
    people = forms.IntegerField(
        label=said_later("web_offices.people"),
        help_text=said_later("web_offices.people_help"),
        required=False,
        min_value=0,
        max_value=100_000,
    )
    parcel_key = forms.CharField(
        label=said_later("web_offices.parcel"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    referred_to = forms.CharField(
        label=said_later("web_offices.referred_to"),
        help_text=said_later("web_offices.referred_to_help"),
        max_length=200,
        required=False,
    )
    words = forms.CharField(
        label=said_later("web_offices.words"),
        help_text=said_later("web_offices.words_help"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        kwargs.setdefault("initial", {"happened_on": timezone.localdate()})
        super().__init__(*args, **kwargs)

    def clean_kind(self) -> DoneKind:
        """Return the kind."""
        return DoneKind(self.cleaned_data["kind"])

    def clean_parcel_key(self) -> str:
        """Return the code as parcels are known by it."""
        return key_form(self.cleaned_data["parcel_key"])

    def clean_referred_to(self) -> str:
        """Return to whom, in Persian letters."""
        return in_persian(self.cleaned_data["referred_to"], 200)

    def clean_words(self) -> str:
        """Return the words in Persian letters, line by line."""
        return in_persian(self.cleaned_data["words"], 1000)
