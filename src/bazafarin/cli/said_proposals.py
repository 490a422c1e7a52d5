"""What a person reads of a proposal, line by line; one function for each, of its own name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.adapters.wording import Language


def locate(result: dict[str, Any], _language: Language) -> Iterator[str]:
    """Say which sites are best, how good they are and what proves it."""
    yield str(result["model"])
