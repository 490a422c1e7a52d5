"""What is filled in to sign in, change a password and manage people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django_otp import devices_for_user, match_token

from bazafarin.adapters.persian_text import normalise_text
from bazafarin.web.accounts.models import User
from bazafarin.web.accounts.permissions import Permission, Role, may_give, roles_to_give
from bazafarin.web.office.said import said, said_later
from bazafarin.web.places.models import Place
from bazafarin.web.places.scope import places_for

if TYPE_CHECKING:
    _PlaceChoice = forms.ModelChoiceField[Place]
else:  # Django's classes take no parameters when they run
    _PlaceChoice = forms.ModelChoiceField


class EntranceForm(AuthenticationForm):
    """Name, password, and the second factor's number for whoever has one.

    A wrong name, a wrong password and a closed account are told in the same words.
    """

    otp_token = forms.CharField(
        label=said_later("web_accounts.otp"),
        help_text=said_later("web_accounts.otp_help"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        wrong = said_later("web_accounts.wrong")
        self.error_messages = {"invalid_login": wrong, "inactive": wrong}
        self.fields["username"].label = said_later("web_accounts.username")
        self.fields["username"].widget.attrs["dir"] = "ltr"
        self.fields["password"].label = said_later("web_accounts.password")
        self.fields["password"].widget.attrs["dir"] = "ltr"

    def confirm_login_allowed(self, user: User) -> None:
        """Ask for the second factor's number where somebody has one."""
        super().confirm_login_allowed(user)
        if any(devices_for_user(user)):
            number = normalise_text(self.cleaned_data.get("otp_token") or "")
            device = match_token(user, number) if number else None
            if device is None:
                raise forms.ValidationError(said("web_accounts.otp_wrong"), code="otp")
            user.otp_device = device  # type: ignore[attr-defined] # what django-otp reads


class OwnPasswordForm(PasswordChangeForm):
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        self.error_messages = {
            "password_incorrect": said_later("web_accounts.old_password_wrong"),
            "password_mismatch": said_later("web_accounts.passwords_differ"),
        }
        for name in ("old_password", "new_password1", "new_password2"):
            self.fields[name].label = said_later(f"web_accounts.{name}")
            self.fields[name].help_text = ""
        self.fields["new_password1"].help_text = said_later("web_accounts.password_rules")
        for field in self.fields.values():
            field.widget.attrs["dir"] = "ltr"

    def validate_password_for_user(
        self,
        user: User,
        password_field_name: str = "new_password2",  # noqa: S107 - the name of a field
    ) -> None:
        """Refuse a weak password, in our own words."""
        password = self.cleaned_data.get(password_field_name)
        if password:
            try:
                check_password_is_strong(password, user)
            except forms.ValidationError as error:
                self.add_error("new_password1", error)


def check_password_is_strong(password: str, user: User) -> None:
    """Raise with what is weak about a password, in our own words."""
    try:
        validate_password(password, user)
    except forms.ValidationError as error:
        weak = [said(f"web_accounts.weak.{each.code}") for each in error.error_list]
        raise forms.ValidationError(weak) from error


class PlaceField(_PlaceChoice):
    """A place, named with those above it: two cities may each have a ninth district."""

    def label_from_instance(self, obj: Place) -> str:
        """Return the name, set in by how far down the tree the place stands."""
        depth = obj.path.count("/") - 2
        return "\N{NO-BREAK SPACE}" * 4 * depth + str(obj)


class RoleForm(forms.Form):
    """A role at a place, of those that the giver may give there."""

    role = forms.ChoiceField(label=said_later("web_accounts.role"))
    place = PlaceField(
        label=said_later("web_accounts.place"),
        queryset=Place.objects.none(),
        empty_label=said_later("web_office.form.choose"),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        self._by = by
        self.fields["role"].choices = [  # type: ignore[attr-defined] # a ChoiceField's
            (role.value, said(f"web_accounts.roles.{role}")) for role in roles_to_give(by)
        ]
        self.fields["place"].queryset = places_for(by, Permission.MANAGE_PEOPLE)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a role that the giver may give elsewhere alone."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if {"role", "place"} <= given.keys():
            given["role"] = Role(given["role"])
            if not may_give(self._by, given["role"], given["place"]):
                raise forms.ValidationError(said("web_accounts.not_yours_to_give"))
        return given


class PersonForm(RoleForm):
    """Somebody new, with their first role."""

    field_order = ("name_fa", "username", "role", "place", "password")

    username = forms.SlugField(
        label=said_later("web_accounts.username"),
        max_length=60,
        help_text=said_later("web_accounts.username_help"),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    name_fa = forms.CharField(label=said_later("web_accounts.name"), max_length=120)
    password = forms.CharField(
        label=said_later("web_accounts.first_password"),
        help_text=said_later("web_accounts.first_password_help"),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def clean_username(self) -> str:
        """Refuse a name that is somebody's already."""
        username: str = self.cleaned_data["username"].lower()
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(said("web_accounts.username_taken"))
        return username

    def clean_name_fa(self) -> str:
        """Return the name in Persian letters."""
        return normalise_text(self.cleaned_data["name_fa"])

    def clean_password(self) -> str:
        """Refuse a weak password."""
        password: str = self.cleaned_data["password"]
        check_password_is_strong(password, User(username=self.data.get("username", "")))
        return password


class TokenForm(forms.Form):
    """The name by which its owner knows a token."""

    name = forms.CharField(label=said_later("web_accounts.token_name"), max_length=80)


class OtpForm(forms.Form):
    """The number that proves that the second factor works."""

    token = forms.CharField(
        label=said_later("web_accounts.otp"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        ),
    )

    def clean_token(self) -> str:
        """Return the number in Latin digits."""
        return normalise_text(self.cleaned_data["token"])
