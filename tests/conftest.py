"""What every test shares: seeded chance, and the folder of real data beside the checkout."""

from __future__ import annotations

from hypothesis import settings

# Seeded: the same examples on every machine and in every run, so that red means changed code.
settings.register_profile("seeded", derandomize=True, deadline=None)
settings.load_profile("seeded")
