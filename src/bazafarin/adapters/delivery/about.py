"""What a GeoPackage says about itself: a table ``about`` of ``key`` and ``value``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.delivery import source_file
from bazafarin.adapters.delivery.values import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.adapters.delivery.ledger import Ledger
    from bazafarin.adapters.delivery.source_file import FileLayer


def read_about(source: FileLayer | None, ledger: Ledger) -> Mapping[str, str]:
    """Return the table's values by key; nothing where there is no such table."""
    if source is None or not {"key", "value"} <= set(source.fields):
        return {}
    frame = source_file.read(source, "about", None, ledger).frame.dropna(subset=["key", "value"])
    return dict(zip(as_text(frame["key"]), as_text(frame["value"]), strict=True))
