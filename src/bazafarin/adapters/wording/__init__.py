"""Every sentence a reader meets, in Persian and English: data in ``fa/*.toml`` and ``en/*.toml``.

catalogue  reads the sentences and fills their facts
"""

from bazafarin.adapters.persian_script import Language
from bazafarin.adapters.wording.catalogue import (
    LANGUAGES,
    error_text,
    has,
    keys,
    label,
    problem_text,
    sentence,
    text,
)

__all__ = [
    "LANGUAGES",
    "Language",
    "error_text",
    "has",
    "keys",
    "label",
    "problem_text",
    "sentence",
    "text",
]
