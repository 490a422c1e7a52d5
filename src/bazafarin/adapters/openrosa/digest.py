"""HTTP's digest authentication (RFC 7616, MD5 as phones speak it) and basic, for a phone.

What is kept is ``HA1``, the digest of name, realm and password. It opens these addresses as the
password does, so the password is drawn by the site, is used for nothing else and is taken back
with a click; a password that somebody chose is never kept so.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

REALM: Final = "bazafarin"
_PART: Final = re.compile(r'([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))', re.IGNORECASE)


def ha1(user_name: str, password: str) -> str:
    """Return what is kept of a phone's password."""
    return _md5(f"{user_name}:{REALM}:{password}")


def challenge(nonce: str, *, is_stale: bool) -> str:
    """Return the header that asks for a digest; stale asks for another with the new nonce."""
    stale = ", stale=true" if is_stale else ""
    return f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{nonce}"{stale}'


def basic_challenge() -> str:
    """Return the header that asks for name and password."""
    return f'Basic realm="{REALM}", charset="UTF-8"'


def digest_parts(header: str) -> Mapping[str, str]:
    """Return the parts of a ``Digest …`` header by their lower-case names."""
    return {
        match[1].lower(): re.sub(r"\\(.)", r"\1", match[2]) if match[2] is not None else match[3]
        for match in _PART.finditer(header.partition(" ")[2])
    }


def answers_digest(parts: Mapping[str, str], *, kept_ha1: str, method: str, uri: str) -> bool:
    """Return whether the parts answer for whoever has ``kept_ha1``, asking just this.

    Without ``qop`` nothing binds the answer to the count of the request, and it is refused.
    """
    if parts.get("qop") != "auth" or parts.get("realm") != REALM or parts.get("uri") != uri:
        return False
    if parts.get("algorithm", "MD5").upper() != "MD5":
        return False
    asked = _md5(f"{method}:{uri}")
    bound = ":".join(parts.get(name, "") for name in ("nonce", "nc", "cnonce", "qop"))
    expected = _md5(f"{kept_ha1}:{bound}:{asked}")
    return hmac.compare_digest(expected.encode(), parts.get("response", "").encode())


def basic_parts(header: str) -> tuple[str, str] | None:
    """Return name and password of a ``Basic …`` header, None where it holds none."""
    try:
        words = base64.b64decode(header.partition(" ")[2].strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    name, colon, password = words.partition(":")
    return (name, password) if colon and "\0" not in words else None


def answers_basic(name: str, password: str, *, kept_ha1: str) -> bool:
    """Return whether name and password are those of whoever has ``kept_ha1``."""
    return hmac.compare_digest(ha1(name, password).encode(), kept_ha1.encode())


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
