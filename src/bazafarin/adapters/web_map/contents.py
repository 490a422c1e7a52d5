"""What went into the page, what stayed out, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Reason = Literal["too_many", "not_delivered", "empty"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The most rows of a layer that an office computer's browser holds and moves at ease.

    Measured in Chromium 156 on two busy cores without a graphics card: a page of 60,000
    parcels opens in 18 s, one of 30,000 blocks and 17,500 passages in 40 s, and both answer
    a search in under a second. The passages of a town are far fewer than its parcels; their
    limit guards odd deliveries.
    """

    parcels: int = 60_000
    passages: int = 60_000
    blocks: int = 100_000

    def of(self, layer: str) -> int | None:
        """Return the limit of ``layer``; None for the layers that are never so many."""
        return {"parcels": self.parcels, "passages": self.passages, "blocks": self.blocks}.get(
            layer
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A layer that the page does not show; ``limit`` is given where it was too many rows."""

    layer: str
    reason: Reason
    rows: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class MapContents:
    """What the page holds.

    Attributes:
        path: the file.
        size_bytes: its size.
        layers: rows written, by layer.
        left_out: layers left out, each with its reason.
    """

    path: Path
    size_bytes: int
    layers: Mapping[str, int]
    left_out: tuple[LeftOut, ...]
