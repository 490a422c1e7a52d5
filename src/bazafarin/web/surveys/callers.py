"""Who a phone is: the name of its owner and the password that was made for it.

A phone is asked for a digest. One that shows name and password at once (basic) is heard as well:
whoever reads along on the way could do no more with it than with what they read besides, and
sites are reached through TLS.
"""

from __future__ import annotations

import secrets
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from bazafarin.adapters import wording
from bazafarin.adapters.openrosa import digest, documents
from bazafarin.domain.errors import BazafarinError
from bazafarin.web.accounts.permissions import Permission, has_permission
from bazafarin.web.office.said import language, said
from bazafarin.web.surveys.models import PhoneAccess

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    from bazafarin.web.accounts.doors import View
    from bazafarin.web.accounts.models import User

_NONCE_SECONDS: Final = 600
"""How long a phone may go on with a nonce; with an older one it is asked once more, unseen."""
_SIGNER: Final = signing.TimestampSigner(salt="bazafarin.openrosa")


def for_phones(*methods: str) -> Callable[[View], View]:
    """Mark a view that phones ask, by these methods, as somebody who fills forms."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - the view's own
            response = _answered(view, request, methods, *args, **kwargs)
            for name, value in documents.HEADERS.items():
                response[name] = value
            response["Cache-Control"] = "private, no-store"
            if request.method == "HEAD" and isinstance(response, HttpResponse):
                response.content = b""
            return response

        guarded.door = Permission.FILL_FORMS  # type: ignore[attr-defined] # a mark on a function
        # no browser's cookie opens these addresses, so a form of another site can't use one
        return csrf_exempt(login_not_required(guarded))

    return mark


def _answered(
    view: View, request: HttpRequest, methods: tuple[str, ...], *args: Any, **kwargs: Any  # noqa: ANN401
) -> HttpResponseBase:  # fmt: skip
    if request.method not in methods:
        response = told(said("web_surveys.error.method"), status=405)
        response["Allow"] = ", ".join(methods)
        return response
    owner, is_stale = owner_of(request)
    if owner is None:
        response = told(said("web_surveys.error.unknown_phone"), status=401)
        nonce = _SIGNER.sign(secrets.token_hex(8))
        response["WWW-Authenticate"] = digest.challenge(nonce, is_stale=is_stale)
        return response
    request.user = owner
    if not has_permission(owner, Permission.FILL_FORMS):
        return told(said("web_surveys.error.not_yours"), status=403)
    try:
        return view(request, *args, **kwargs)
    except PermissionDenied:
        return told(said("web_surveys.error.not_yours"), status=403)
    except BazafarinError as error:
        return told(wording.error_text(error, language()), status=400)


def told(message: str, *, status: int) -> HttpResponse:
    """Return a message in the envelope that phones open."""
    return HttpResponse(documents.word(message), documents.CONTENT_TYPE, status=status)


def owner_of(request: HttpRequest) -> tuple[User | None, bool]:
    """Return whose phone asks, None for nobody's; and whether it is only its nonce that is old."""
    header = request.headers.get("Authorization", "")
    scheme = header.partition(" ")[0].lower()
    if scheme == "basic" and (shown := digest.basic_parts(header)):
        name, password = shown
        phone = _phone(name)
        if phone and digest.answers_basic(name, password, kept_ha1=phone.ha1):
            return phone.user, False
    if scheme == "digest":
        parts = digest.digest_parts(header)
        phone = _phone(parts.get("username", ""))
        uri, method = request.get_full_path(), request.method or ""
        if phone and digest.answers_digest(parts, kept_ha1=phone.ha1, method=method, uri=uri):
            return (phone.user, False) if _is_ours(parts.get("nonce", "")) else (None, True)
    return None, False


def _phone(user_name: str) -> PhoneAccess | None:
    if "\0" in user_name:  # no database holds one in a text
        return None
    found = PhoneAccess.objects.filter(user__username=user_name, ended_at=None)
    return found.filter(user__is_active=True).select_related("user").first()


def _is_ours(nonce: str) -> bool:
    try:
        _SIGNER.unsign(nonce, max_age=_NONCE_SECONDS)
    except signing.BadSignature:
        return False
    return True
