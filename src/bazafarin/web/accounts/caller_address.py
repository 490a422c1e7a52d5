"""From which address a request comes, where a proxy stands before the site."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

    from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Return the address that a request comes from.

    A proxy says in ``X-Forwarded-For`` for whom it asks. That is believed of the proxies of
    ``BAZAFARIN_PROXIES`` alone: anybody can write such a header.
    """
    at = str(request.META.get("REMOTE_ADDR", ""))
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while told and _is_proxy(at) and (before := _parsed(told.pop())) is not None:
        at = str(before)
    return at


def _is_proxy(address: str) -> bool:
    at = _parsed(address)
    return at is not None and any(at in network for network in settings.PROXIES)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a text tells, with a port or without; None where it tells none.

    An IPv4 address that came through an IPv6 socket (``::ffff:…``) is the IPv4 address.
    """
    plain = text.strip()
    if plain.startswith("["):
        plain = plain[1:].partition("]")[0]
    elif plain.count(":") == 1:
        plain = plain.partition(":")[0]
    try:
        found = ip_address(plain)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
