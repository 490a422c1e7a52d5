"""An edition taken in: read, placed, compared, staged and accepted, parcels a second.

    python benchmarks/import_edition.py --parcels 750000
    scripts/with_postgis.py -- python benchmarks/import_edition.py --parcels 750000

A first edition comes into an empty city, in a data folder that is removed at the end; the
database is SQLite, or the one of ``BAZAFARIN_TEST_DATABASE_URL``. The ratio is 5,000 parcels a
second over ours: at most 1. A second edition that changes nothing is timed beside it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from towns import quiet, town_file

if TYPE_CHECKING:
    from bazafarin.web.places.models import City

PARCELS = 750_000
TARGET = 5_000
"""Parcels a second."""


def main() -> None:
    """Import a town twice; print how long each stage took, and the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--parcels", type=int, default=PARCELS)
    parcels = arguments.parse_args().parcels
    town = town_file(parcels)
    with tempfile.TemporaryDirectory(prefix="bazafarin-bench-") as folder:
        city = _site(Path(folder))
        first = _imported(city, town, "first edition")
        _imported(city, town, "the same again")
    rate = parcels / first
    print(f"{parcels:,} parcels: {first:.1f} s, {rate:,.0f} parcels a second; {quiet()}")
    print(f"ratio: {TARGET / rate:.2f}")


def _site(data: Path) -> City:
    """Return the city of a new site."""
    os.environ.pop("BAZAFARIN_DATABASE_URL", None)
    if url := os.environ.get("BAZAFARIN_TEST_DATABASE_URL"):
        os.environ["BAZAFARIN_DATABASE_URL"] = url
    from bazafarin.web import opening  # noqa: PLC0415 - once its database is named

    opening.bring_up_to_date(data)
    from bazafarin.web.places import actions  # noqa: PLC0415 - once Django is set up
    from bazafarin.web.places.models import City  # noqa: PLC0415
    from bazafarin.web.places.models.place import PlaceKind  # noqa: PLC0415

    actions.add_place(by=None, kind=PlaceKind.CITY, name_fa="x", parent=None)
    return City.objects.select_related("place").get()


def _imported(city: City, town: Path, name: str) -> float:
    """Return the seconds from the delivery to the current edition."""
    from bazafarin.web.demonstration import DATED  # noqa: PLC0415
    from bazafarin.web.places import actions  # noqa: PLC0415
    from bazafarin.web.places.preparing import edition_folder, prepare  # noqa: PLC0415

    city.refresh_from_db()
    edition = actions.begin_edition(by=None, city=city, dated=DATED, note="")
    folder = edition_folder(edition)
    folder.mkdir(parents=True)
    shutil.copyfile(town, folder / "delivery.gpkg")
    actions.put_files(edition=edition, files={"delivery": "delivery.gpkg"})
    told: list[tuple[str, float]] = []
    began = time.perf_counter()
    prepare(edition, on_stage=lambda stage: told.append((stage, time.perf_counter())))
    told.append(("accept", time.perf_counter()))
    actions.accept_edition(by=None, edition=edition)
    ended = time.perf_counter()
    moments = [*(at for _, at in told), ended]
    stages = (
        f"{stage.rpartition('.')[2]} {after - at:.1f} s"
        for (stage, at), after in zip(told, moments[1:], strict=True)
    )
    print(f"{name}: {ended - began:.1f} s ({', '.join(stages)})")
    return ended - began


if __name__ == "__main__":
    main()
