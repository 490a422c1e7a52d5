"""The whole plan of a large city, as its user runs it, without the document: time and memory.

    python benchmarks/city_plan.py --parcels 750000

The target is 90 s and 6 GiB on two cores for 750,000 parcels; for fewer, its share. The
ratio is measured over target, of time or memory, whichever is worse: at most 1.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

from towns import AS_OF, bazafarin, quiet, town_file

PARCELS = 750_000
TARGET_S = 90.0
TARGET_GIB = 6.0


def main() -> None:
    """Plan the town in a process of its own; print the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--parcels", type=int, default=PARCELS)
    parcels = arguments.parse_args().parcels
    town = town_file(parcels)
    with tempfile.TemporaryDirectory() as out:
        words = ["plan", str(town), "--out", f"{out}/plan", "--no-document", "--json"]
        began = time.perf_counter()
        plan = subprocess.Popen(  # noqa: S603 - our own command
            [*bazafarin(), *words, "--as-of", AS_OF], stdout=subprocess.PIPE, text=True
        )
        assert plan.stdout is not None
        with plan.stdout as output:
            told = output.read()
        # wait4 and not the sum over all children: the town may have been made just before
        _, status, used = os.wait4(plan.pid, 0)
        seconds = time.perf_counter() - began
    plan.returncode = os.waitstatus_to_exitcode(status)
    if plan.returncode:
        sys.exit(f"the plan ended with {plan.returncode}")
    gib, cpu_s = used.ru_maxrss / 2**20, used.ru_utime + used.ru_stime
    stages = json.loads(told)["seconds"]
    print(f"{parcels:,} parcels: {seconds:.1f} s, {gib:.2f} GiB, {cpu_s:.1f} s of processor")
    print("  " + ", ".join(f"{name} {value:.1f} s" for name, value in stages.items()))
    print(f"  {quiet()}")
    share = min(parcels / PARCELS, 1.0)
    print(f"ratio: {max(seconds / (TARGET_S * share), gib / TARGET_GIB):.2f}")


if __name__ == "__main__":
    main()
