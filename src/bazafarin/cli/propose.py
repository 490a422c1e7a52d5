"""The proposals of ``bazafarin propose``, one function each.

Each returns what ``--json`` prints; what a person reads is made from the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse


def locate(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin propose locate``: the best sites of a table of costs, with their proof."""
    return {"model": options.model}
