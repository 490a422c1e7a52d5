"""Signing in and out, one's own account, and managing people."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import segno
from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.contrib.auth import login as enter
from django.contrib.auth import logout as leave
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp import devices_for_user, match_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from bazafarin.web.accounts import actions, lists, queries
from bazafarin.web.accounts.doors import needs, open_to_all, signed_in
from bazafarin.web.accounts.forms import (
    EntranceForm,
    OtpForm,
    OwnPasswordForm,
    PersonForm,
    RoleForm,
    TokenForm,
)
from bazafarin.web.accounts.models import Membership, User
from bazafarin.web.accounts.permissions import Permission, Role, has_permission, may_give
from bazafarin.web.office.downloads import downloaded
from bazafarin.web.office.paging import page_of
from bazafarin.web.office.said import said
from bazafarin.web.office.sorting import sorted_as_asked

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest

    from bazafarin.web.accounts.doors import UserRequest

GET_OR_POST = ["GET", "HEAD", "POST"]
PEOPLE_SORTED_BY = {"name": ("name_fa", "username"), "username": ("username",)}


@open_to_all
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(GET_OR_POST)
def login(request: HttpRequest) -> HttpResponse:
    """Let somebody in who knows their password, and the second factor where they have one."""
    if request.user.is_authenticated:
        return redirect("office:home")
    form = EntranceForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        enter(request, form.get_user())
        return HttpResponseRedirect(_back(request))
    context = {"form": form, "next": request.GET.get("next", request.POST.get("next", ""))}
    return render(request, "accounts/login.html", context)


def locked_out(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Say that too many passwords were tried, and when to come again."""
    sentence = said("web_accounts.locked_out")
    return render(request, "office/error.html", {"sentence": sentence}, status=429)


@signed_in
@require_POST
def logout(request: UserRequest) -> HttpResponse:
    """Let somebody out."""
    leave(request)
    return redirect("accounts:login")


@signed_in
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def password(request: UserRequest) -> HttpResponse:
    """Change one's own password."""
    user = request.user
    credentials = {"username": user.username}
    if request.method == "POST" and not AxesProxyHandler.is_allowed(request, credentials):
        return locked_out(request)
    form = OwnPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.has_error("old_password"):
        # whoever sits at somebody's open page guesses no faster than at the entrance
        user_login_failed.send(__name__, credentials=credentials, request=request)
    if request.method == "POST" and form.is_valid():
        actions.change_password(by=user, user=user, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        messages.success(request, said("web_accounts.password_changed"))
        return redirect("accounts:account")
    return render(request, "accounts/password.html", {"form": form})


@signed_in
@require_GET
def account(request: UserRequest) -> HttpResponse:
    """Show one's own roles, second factor and tokens."""
    return _account_page(request, OtpForm())


def _account_page(request: UserRequest, otp_form: OtpForm, *, status: int = 200) -> HttpResponse:
    context = {
        "memberships": request.user.memberships.filter(ended_at=None).select_related("place"),
        "has_second_factor": any(devices_for_user(request.user)),
        "tokens": request.user.tokens.order_by("-made_at"),
        "token_form": TokenForm(),
        "may_make_tokens": has_permission(request.user, Permission.USE_INTERFACES),
        "new_token": request.session.pop("new_token", None),
        "otp_form": otp_form,
    }
    return render(request, "accounts/account.html", context, status=status)


@signed_in
@never_cache
@require_http_methods(GET_OR_POST)
def second_factor(request: UserRequest) -> HttpResponse:
    """Show the second factor's secret to scan, and turn it on once a number proves it."""
    if any(devices_for_user(request.user)):
        return redirect("accounts:account")
    device, _ = TOTPDevice.objects.get_or_create(
        user=request.user, confirmed=False, defaults={"name": "totp"}
    )
    form = OtpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["token"]):
            actions.turn_on_second_factor(by=request.user, device=device)
            messages.success(request, said("web_accounts.otp_on"))
            return redirect("accounts:account")
        form.add_error("token", said("web_accounts.otp_wrong"))
    picture = segno.make(device.config_url).svg_data_uri(scale=5, border=2)
    context = {"form": form, "picture": picture, "secret": device.config_url}
    return render(request, "accounts/second_factor.html", context)


@signed_in
@require_POST
def second_factor_off(request: UserRequest) -> HttpResponse:
    """Turn one's second factor off, for its number: a session that was left open is not enough."""
    form = OtpForm(request.POST)
    if any(devices_for_user(request.user)):
        if form.is_valid() and match_token(request.user, form.cleaned_data["token"]) is None:
            form.add_error("token", said("web_accounts.otp_wrong"))
        if not form.is_valid():
            return _account_page(request, form, status=400)
    actions.turn_off_second_factor(by=request.user, user=request.user)
    messages.success(request, said("web_accounts.otp_off"))
    return redirect("accounts:account")


@needs(Permission.USE_INTERFACES)
@require_POST
def make_token(request: UserRequest) -> HttpResponse:
    """Make a token and show it once."""
    form = TokenForm(request.POST)
    if form.is_valid():
        _, words = actions.make_token(by=request.user, name=form.cleaned_data["name"])
        request.session["new_token"] = words
    return redirect("accounts:account")


@signed_in
@require_POST
def end_token(request: UserRequest, number: int) -> HttpResponse:
    """End one of one's own tokens."""
    actions.end_token(by=request.user, token=get_object_or_404(request.user.tokens, pk=number))
    return redirect("accounts:account")


@needs(Permission.MANAGE_PEOPLE)
@require_GET
def people(request: UserRequest) -> HttpResponse | FileResponse:
    """List the people of one's places."""
    asked = request.GET.get("q", "").strip()
    found, sorting = sorted_as_asked(
        queries.people_for(request.user, named=asked), request, PEOPLE_SORTED_BY
    )
    if file := downloaded(request, found, lists.people_listing):
        return file
    context = {
        "page": page_of(found, request),
        "count": found.count(),
        "q": asked,
        "sorting": sorting,
    }
    return render(request, "accounts/people.html", context)


@needs(Permission.MANAGE_PEOPLE)
@sensitive_post_parameters()
@require_http_methods(GET_OR_POST)
def add_person(request: UserRequest) -> HttpResponse:
    """Add somebody; their roles are given on their page."""
    form = PersonForm(
        request.POST or None, by=request.user, initial={"password": secrets.token_urlsafe(9)}
    )
    if request.method == "POST" and form.is_valid():
        added = actions.add_person_with_role(by=request.user, **form.cleaned_data)
        messages.success(request, said("web_accounts.person_added", name=str(added)))
        return redirect("accounts:person", added.pk)
    return render(request, "accounts/add_person.html", {"form": form})


@needs(Permission.MANAGE_PEOPLE)
@require_GET
def person(request: UserRequest, number: int) -> HttpResponse:
    """Show somebody's roles."""
    shown = _person(request, number)
    return _person_page(request, shown, RoleForm(by=request.user))


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def give_role(request: UserRequest, number: int) -> HttpResponse:
    """Give somebody a role."""
    shown = _person(request, number)
    form = RoleForm(request.POST, by=request.user)
    if not form.is_valid():
        return _person_page(request, shown, form, status=400)
    actions.give_role(by=request.user, user=shown, **form.cleaned_data)
    messages.success(request, said("web_accounts.role_given", name=str(shown)))
    return redirect("accounts:person", number)


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def take_role(request: UserRequest, number: int) -> HttpResponse:
    """Take a role back."""
    membership = get_object_or_404(
        Membership.objects.select_related("place", "user"), pk=number, ended_at=None
    )
    if not has_permission(request.user, Permission.MANAGE_PEOPLE, membership.place):
        raise Http404
    actions.take_role(by=request.user, membership=membership)
    messages.success(request, said("web_accounts.role_taken", name=str(membership.user)))
    if not queries.people_for(request.user).filter(pk=membership.user_id).exists():
        return redirect("accounts:people")
    return redirect("accounts:person", membership.user_id)


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def set_active(request: UserRequest, number: int) -> HttpResponse:
    """Close or open somebody's account."""
    shown = _person(request, number)
    if shown == request.user:
        messages.error(request, said("web_accounts.not_oneself"))
    else:
        actions.set_active(by=request.user, user=shown, is_active="open" in request.POST)
    return redirect("accounts:person", number)


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def reset_password(request: UserRequest, number: int) -> HttpResponse:
    """Set a first password for somebody who forgot theirs, and show it once."""
    shown = _somebody_else(request, number)
    words = secrets.token_urlsafe(9)
    actions.change_password(by=request.user, user=shown, password=words)
    messages.success(request, said("web_accounts.password_reset", name=str(shown), password=words))
    return redirect("accounts:person", number)


@needs(Permission.MANAGE_PEOPLE)
@require_POST
def help_with_second_factor(request: UserRequest, number: int) -> HttpResponse:
    """Turn the second factor off for somebody who lost their phone."""
    shown = _somebody_else(request, number)
    actions.turn_off_second_factor(by=request.user, user=shown)
    messages.success(request, said("web_accounts.otp_off_of", name=str(shown)))
    return redirect("accounts:person", number)


def _person_page(
    request: UserRequest, shown: User, form: RoleForm, *, status: int = 200
) -> HttpResponse:
    """Return somebody's page with what the reader may do about each of their roles."""
    held = [
        {"membership": each, "may_take": may_give(request.user, Role(each.role), each.place)}
        for each in shown.memberships.filter(ended_at=None).select_related("place")
    ]
    context = {
        "person": shown,
        "held": held,
        "role_form": form,
        "is_oneself": shown == request.user,
        "manages_all": actions.manages_all_of(request.user, shown),
        "has_second_factor": any(devices_for_user(shown)),
    }
    return render(request, "accounts/person.html", context, status=status)


def _person(request: UserRequest, number: int) -> User:
    """Return somebody of one's own places; 404 for all others."""
    return get_object_or_404(queries.people_for(request.user), pk=number)


def _somebody_else(request: UserRequest, number: int) -> User:
    """Return somebody of one's own places; oneself shows the old password, or the number."""
    found = _person(request, number)
    if found == request.user:
        raise PermissionDenied(Permission.MANAGE_PEOPLE)
    return found


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure()):
        return asked
    return resolve_url("office:home")
