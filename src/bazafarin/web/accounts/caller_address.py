"""From which address a request comes, where a proxy stands before the site."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the address that a request comes from.

    A proxy says in ``X-Forwarded-For`` for whom it asks. That is believed of the proxies of
    ``BAZAFARIN_PROXIES`` alone: anybody can write such a header.
    """
    at = str(request.META.get("REMOTE_ADDR", ""))
    told = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while told and _is_proxy(at) and _is_address(told[-1]):
        at = told.pop()
    return at


def _is_proxy(address: str) -> bool:
    if not _is_address(address):
        return False
    at = ipaddress.ip_address(address)
    return any(at in network for network in settings.PROXIES)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
