"""The sentences of a request's language, for views, forms and templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import LazyObject, Promise, lazy
from django.utils.translation import get_language

from bazafarin.adapters import wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import _StrPromise

    from bazafarin.adapters.wording import Language


def language() -> Language:
    """Return the language of the request that is being answered."""
    return "en" if (get_language() or "fa").startswith("en") else "fa"


def said(key: str, /, **facts: object) -> str:
    """Return the sentence of ``key`` in the request's language."""
    # what Django makes only when it is asked for looks like a list to whoever only looks
    made = {
        name: str(fact) if isinstance(fact, (LazyObject, Promise)) else fact
        for name, fact in facts.items()
    }
    return wording.text(key, language(), **made)


def said_later(key: str, /, **facts: object) -> _StrPromise:
    """Return the sentence as what becomes words when a request asks for them: for forms."""
    return _lazily(key, **facts)


# what Django's stubs take for a plain function gives words that are not made yet
_lazily: Callable[..., _StrPromise] = lazy(said, str)  # type: ignore[assignment]
