"""What a parcel costs in a small town, a city and a large one: the same, or nearly.

    python benchmarks/cost_per_parcel.py --parcels 10000 100000 750000

Each town is read, planned and written in one process, after a warm-up; smaller ones more
than once, of which the fastest counts, since other work only ever adds to a time. The ratio
is the dearest parcel over the cheapest: at most 1.5.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from pathlib import Path

from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.plan_files import write_findings, write_geopackage
from bazafarin.domain.solar_hijri import parse_as_of
from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from towns import AS_OF, quiet, town_file

SIZES = (10_000, 100_000, 750_000)
REPEATED_BELOW = {50_000: 20, 200_000: 4}
"""How often a town below so many parcels is planned."""


def main() -> None:
    """Plan each town; print each cost and the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--parcels", type=int, nargs="+", default=list(SIZES))
    sizes = arguments.parse_args().parcels
    towns = {parcels: town_file(parcels) for parcels in sizes}
    gc.freeze()  # as the command does
    _planned(town_file(min(sizes)))
    cost_us = {}
    for parcels, town in towns.items():
        repeat = next((n for most, n in REPEATED_BELOW.items() if parcels < most), 1)
        seconds = min(_planned(town) for _ in range(repeat))
        cost_us[parcels] = seconds / parcels * 1e6
        print(f"{parcels:,} parcels: {seconds:.1f} s, {cost_us[parcels]:.0f} µs a parcel")
    print(f"  {quiet()}")
    print(f"ratio: {max(cost_us.values()) / min(cost_us.values()):.2f}")


def _planned(town: Path) -> float:
    """Return the seconds from the city file to the plan's files."""
    began = time.perf_counter()
    plan = plan_city(read_city(town), standards=Standards.national(), as_of=parse_as_of(AS_OF))
    with tempfile.TemporaryDirectory() as out:
        write_geopackage(plan, Path(out) / "plan.gpkg")
        write_findings(plan, Path(out) / "findings.json")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
