"""The towns that benchmarks run on: synthetic, made once, kept in ``build/bench``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT_IN = ROOT / "build" / "bench"
AS_OF = "1404/08/30"
"""The day on which every benchmark asks the rules."""


def bazafarin() -> list[str]:
    """Return the words that start the command with the Python that runs the benchmark."""
    return [sys.executable, "-c", "import sys; from bazafarin.cli import main; sys.exit(main())"]


def town_file(parcels: int, *, seed: int = 1) -> Path:
    """Return the city file of a town of so many parcels; it is made where it is not kept yet."""
    path = KEPT_IN / f"town-{parcels}-{seed}.gpkg"
    if not path.exists():
        KEPT_IN.mkdir(parents=True, exist_ok=True)
        words = ["town", "--parcels", str(parcels), "--seed", str(seed), "--out", str(path)]
        subprocess.run([*bazafarin(), *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    return path


def quiet() -> str:
    """Return how much else the machine was doing, which every figure of time depends on."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
