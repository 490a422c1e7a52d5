"""Fifty people at work on the site: PostgreSQL, four workers, one minute.

    python benchmarks/office_load.py --parcels 750000

Each waits one to three seconds between pages, as somebody does who reads; it is counted from when
all have signed in. The ratio is the p95 of all pages over 500 ms; at most 1, and no page may fail.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from office_pages import places
from office_site import served
from towns import quiet

PORT = 8094
USERS = 50
SECONDS = 90
"""Twenty-five of them pass while people come in one after another, and are not counted."""
TARGET_MS = 500.0


def main() -> None:
    """Serve the site, let people in, print the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--parcels", type=int, default=750_000)
    arguments.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    options = arguments.parse_args()
    with (
        served(options.parcels, options.database, workers=4, port=PORT) as data,
        tempfile.TemporaryDirectory() as room,
    ):
        drawn = places(data, options.database)
        keys = Path(room) / "places.csv"
        with keys.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(drawn)
        words = [
            sys.executable, "-m", "locust",
            "--locustfile", str(Path(__file__).with_name("office_people.py")),
            "--headless", "--users", str(USERS), "--spawn-rate", "2",
            "--reset-stats", "--run-time", f"{SECONDS}s",
            "--host", f"http://127.0.0.1:{PORT}", "--csv", f"{room}/told", "--only-summary",
        ]  # fmt: skip
        known = os.environ | {
            "OFFICE_LOGINS": str(data / "logins.json"),
            "OFFICE_PLACES": str(keys),
        }
        subprocess.run(words, check=False, env=known)  # noqa: S603 - our own words
        with (Path(room) / "told_stats.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    whole = next(row for row in rows if row["Name"] == "Aggregated")
    for row in rows:
        print(
            f"{row['Name']:24s} {int(row['Request Count']):6,} asked,"
            f" {row['Failure Count']} failed, median {row['50%']} ms, p95 {row['95%']} ms"
        )
    print(f"  {options.parcels:,} parcels on {options.database}, {USERS} people; {quiet()}")
    if int(whole["Failure Count"]):
        sys.exit("pages failed")
    print(f"ratio: {float(whole['95%']) / TARGET_MS:.2f}")


if __name__ == "__main__":
    main()
