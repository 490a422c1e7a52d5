"""Where the real data lies, beside the checkout; tests skip, saying so, where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


def shared(name: str) -> Path:
    """Return the path of a shared file or folder, or skip the test."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the shared data ({name}) is not beside the checkout")
    return path
