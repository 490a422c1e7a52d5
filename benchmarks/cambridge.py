"""A real city of 13,116 parcels through the whole plan, the document included.

    python benchmarks/cambridge.py

The target is 30 s; the ratio is measured over target: at most 1. Without the shared data
beside the checkout there is nothing to measure, and it says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time

from towns import AS_OF, ROOT, bazafarin, quiet

CAMBRIDGE = ROOT.parent / "shared" / "data" / "cambridge"
MAPPING = ROOT / "examples" / "cambridge.toml"
TARGET_S = 30.0


def main() -> None:
    """Plan Cambridge in a process of its own; print the ratio."""
    if not CAMBRIDGE.exists():
        sys.exit("skipped: the shared data is not beside the checkout")
    with tempfile.TemporaryDirectory() as out:
        words = ["plan", str(CAMBRIDGE), "--map", str(MAPPING), "--out", f"{out}/plan", "--json"]
        began = time.perf_counter()
        run = subprocess.run(  # noqa: S603 - our own command
            [*bazafarin(), *words, "--as-of", AS_OF], check=True, capture_output=True, text=True
        )
        seconds = time.perf_counter() - began
    stages = json.loads(run.stdout)["seconds"]
    print(f"Cambridge, plan, map and document: {seconds:.1f} s")
    print("  " + ", ".join(f"{name} {value:.1f} s" for name, value in stages.items()))
    print(f"  {quiet()}")
    print(f"ratio: {seconds / TARGET_S:.2f}")


if __name__ == "__main__":
    main()
