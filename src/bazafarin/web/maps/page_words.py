"""The sentences that the map's script says by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bazafarin.adapters import wording

if TYPE_CHECKING:
    from bazafarin.adapters.wording import Language

_TOPICS: Final = ("web_map.page.", "map.furniture.")


def page_words(language: Language) -> dict[str, str]:
    """Return the sentences by key, their placeholders unfilled."""
    return {
        key: wording.sentence(key, language)
        for key in sorted(wording.keys(language))
        if key.startswith(_TOPICS)
    }
