"""Passages derived from the blocks of a town of 100,000 parcels, and how like the delivered.

    python benchmarks/derived_passages.py [--parcels N]

The target is 60 s, from placed parcels to lines with widths; the ratio is measured over
target: at most 1. Both shares of length within 2 m of the other network are said, for a
town of 10,000 parcels and for Cambridge where the shared data is beside the checkout.
"""

from __future__ import annotations

import argparse
import itertools
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from bazafarin.adapters.delivery import read_city
from bazafarin.domain.solar_hijri import parse_date
from bazafarin.standards import Standards
from bazafarin.studies.deriving import with_derived_passages
from bazafarin.studies.placing import place_city
from cambridge import CAMBRIDGE, MAPPING
from towns import AS_OF, quiet, town_file

if TYPE_CHECKING:
    import geopandas as gpd

    from bazafarin.domain.city import City

TARGET_S = 60.0
NEAR_M = 2.0
COMPARED = 10_000


def main() -> None:
    """Derive the passages of both places; print the shares and the ratio."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--parcels", type=int, default=100_000)
    parcels = asked.parse_args().parcels
    _compare(f"town of {COMPARED:,}", read_city(town_file(COMPARED)))
    if CAMBRIDGE.exists():
        _compare("Cambridge", read_city(CAMBRIDGE, mapping=MAPPING))
    else:
        print("Cambridge: the shared data is not beside the checkout")
    lines, seconds = _derived(read_city(town_file(parcels)))
    print(f"{parcels:,} parcels: {len(lines):,} passages in {seconds:.1f} s")
    print(f"  {quiet()}")
    print(f"ratio: {seconds / TARGET_S:.2f}")


def _derived(city: City) -> tuple[gpd.GeoDataFrame, float]:
    """Return the passages derived as though none were delivered, and the seconds."""
    as_of = parse_date(AS_OF)
    assert as_of is not None
    bare = replace(city, passages=None)
    standards = Standards.national()
    placed = place_city(bare, standards=standards, as_of=as_of)
    began = time.perf_counter()
    lines = with_derived_passages(bare, placed, standards=standards, as_of=as_of).passages
    seconds = time.perf_counter() - began
    assert lines is not None
    return lines, seconds


def _compare(name: str, city: City) -> None:
    lines, seconds = _derived(city)
    delivered = city.passages
    assert delivered is not None
    print(
        f"{name}: {lines.length.sum() / 1e3:.0f} km derived in {seconds:.1f} s, "
        f"{delivered.length.sum() / 1e3:.0f} km delivered"
    )
    print(f"  {_near(delivered, lines):.1%} of the delivered within {NEAR_M:g} m of a derived")
    print(f"  {_near(lines, delivered):.1%} of the derived within {NEAR_M:g} m of a delivered")


def _near(lines: gpd.GeoDataFrame, others: gpd.GeoDataFrame) -> float:
    """Return the share of the length of ``lines`` within ``NEAR_M`` of ``others``."""
    pieces = shapely.get_parts(shapely.segmentize(lines.geometry.to_numpy(), 1.0))
    points, of = shapely.get_coordinates(pieces, return_index=True)
    step = of[1:] == of[:-1]
    middle = shapely.points((points[1:] + points[:-1])[step] / 2)
    length = shapely.length(shapely.linestrings(list(itertools.pairwise(points))))
    tree = shapely.STRtree(shapely.get_parts(others.geometry.to_numpy()))
    _, distance = tree.query_nearest(middle, return_distance=True, all_matches=False)
    return float(length[step][distance <= NEAR_M].sum() / length[step].sum())


if __name__ == "__main__":
    main()
