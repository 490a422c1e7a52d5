from __future__ import annotations

import pytest

from bazafarin.adapters.synthetic_town import Town, build_town


@pytest.fixture(scope="session")
def town() -> Town:
    return build_town(parcels=3_000, seed=1)
