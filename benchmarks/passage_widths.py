"""Passage widths against momepy.street_profile: the same layers, one process, one ratio.

    python benchmarks/passage_widths.py --parcels 100000
    python benchmarks/passage_widths.py --parcels-file P.gpkg --passages-file S.geojson

Both measure every passage across its centre-line to the parcels at its sides, with rays no
more than ``SPACING_M`` apart that reach ``REACH_M`` to each side. The comparison goes one
step at a time, so that each difference has its cause:

1. Momepy's figure from our rays: cast where momepy puts its ticks (the line's vertices and
   the places between them, none at the ends), one mean a side, a side that met nothing as
   half a tick, a place within a parcel as 0 m. This is like with like: two ways to measure
   one thing.
2. Our mean and our median, of our own samples, against momepy's mean, by group. They differ
   by intent: a tick that looks down a side street counts in momepy with what it meets there,
   and is left out here; the median does not feel the few that remain; an end of a line within
   a parcel counts as 0 m in momepy.
3. Of a synthetic town the true widths are known: both against the truth.
"""

from __future__ import annotations

import argparse
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import momepy
import numpy as np
import pandas as pd
import shapely
from momepy.functional import _dimension

from bazafarin.adapters.synthetic_town import build_town
from bazafarin.analysis.cross_sections import LEAST_SAMPLES, cross_sections
from bazafarin.analysis.passages import passage_widths

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

SPACING_M = 5.0
REACH_M = 40.0
ANSWER_SHARE = 0.3
WITHIN_M = 0.2
TICK_FOOT_M = 0.001
"""Half the length of the line drawn at a tick to cast our rays from it."""


def main() -> None:
    """Measure both, print the ratio and how far the widths agree."""
    arguments = _arguments()
    passages, faces, truth = _layers(arguments)
    repeat = arguments.repeat
    length_km = passages.length.sum() / 1000
    print(f"{len(passages):,} passages, {length_km:,.1f} km, {len(faces):,} parcels")
    ours, our_s = _timed(lambda: _ours(passages, faces), repeat)
    ticks: list[float] = []
    theirs, their_s = _timed(lambda: _theirs(passages, faces, ticks), repeat)
    print(f"bazafarin {our_s:.2f} s, momepy {momepy.__version__} {their_s:.2f} s")
    print(f"ratio: {their_s / our_s:.1f}")
    print(
        f"  were momepy's tick generation free ({min(ticks):.2f} s here, a Python loop that "
        f"numba would compile): {(their_s - min(ticks)) / our_s:.1f}"
    )
    table = _compared(passages, ours, theirs, _theirs_from_our_rays(passages, faces))
    _print_agreement(table[table["both_answer"]])
    if truth is not None:
        both = table["both_answer"]
        print(f"against the true widths, where both answer, within {WITHIN_M} m:")
        for name in ("median", "momepy"):
            print(f"  {_within(table[name][both], truth[both]):6.1%}  {name}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--parcels", type=int, default=50_000, help="size of a synthetic town")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--repeat", type=int, default=2, help="runs of each; the fastest counts")
    parser.add_argument("--parcels-file", type=Path, help="parcels of a real town, in metres")
    parser.add_argument("--passages-file", type=Path, help="its centre-lines")
    return parser.parse_args()


def _layers(
    arguments: argparse.Namespace,
) -> tuple[gpd.GeoSeries, gpd.GeoSeries, pd.Series[float] | None]:
    """Return single lines and single polygons, which momepy takes, and true widths if known."""
    truth = None
    if arguments.parcels_file is None:
        town = build_town(parcels=arguments.parcels, seed=arguments.seed)
        passages, faces = town.frames["passages"].geometry, town.frames["parcels"].geometry
        truth = town.truth.passages["width_m"].reset_index(drop=True)
    else:
        faces = gpd.read_file(arguments.parcels_file).geometry
        passages = gpd.read_file(arguments.passages_file).to_crs(faces.crs).geometry
    faces = faces.explode(ignore_index=True)
    faces = faces[(faces.geom_type == "Polygon") & ~faces.is_empty & ~_is_street(faces)]
    return passages.explode(ignore_index=True), faces.reset_index(drop=True), truth


def _is_street(faces: gpd.GeoSeries) -> pd.Series[bool]:
    """Return which polygons are streets delivered among the parcels: vast and branching."""
    return (faces.area > 2_000) & (4 * np.pi * faces.area / faces.length**2 < 0.03)


def _ours(passages: gpd.GeoSeries, faces: gpd.GeoSeries) -> pd.DataFrame:
    return passage_widths(
        passages,
        faces,
        sample_spacing_m=SPACING_M,
        reach_m=REACH_M,
        answer_share=ANSWER_SHARE,
    )


def _theirs(
    passages: gpd.GeoSeries, faces: gpd.GeoSeries, tick_seconds: list[float]
) -> pd.DataFrame:
    """Return momepy's street profile; the time it took to make ticks goes to the list."""
    made_by_momepy = _dimension.generate_ticks

    def timed_ticks(*arguments: object) -> object:
        ticks, seconds = _timed(lambda: made_by_momepy(*arguments))
        tick_seconds.append(seconds)
        return ticks

    _dimension.generate_ticks = timed_ticks
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # momepy's own, under newer pandas and shapely
            return momepy.street_profile(
                gpd.GeoDataFrame(geometry=passages),
                gpd.GeoDataFrame(geometry=faces),
                distance=SPACING_M,
                tick_length=2 * REACH_M,
            )
    finally:
        _dimension.generate_ticks = made_by_momepy


def _timed(work: Callable[[], Result], repeat: int = 1) -> tuple[Result, float]:
    """Return what the work returns and its fastest time: other work only ever adds to it."""
    seconds = []
    for _ in range(repeat):
        began = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - began)
    return result, min(seconds)


def _theirs_from_our_rays(passages: gpd.GeoSeries, faces: gpd.GeoSeries) -> pd.Series[float]:
    """Return momepy's figure for each passage, measured with our rays at momepy's ticks."""
    points, line = shapely.get_coordinates(
        shapely.segmentize(passages.to_numpy(), SPACING_M), return_index=True
    )
    is_end = np.append(True, line[1:] != line[:-1]) | np.append(line[1:] != line[:-1], True)
    inner = np.nonzero(~is_end)[0]
    ahead = points[inner + 1] - points[inner]
    ahead *= TICK_FOOT_M / np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    feet = shapely.linestrings(np.stack([points[inner] - ahead, points[inner] + ahead], axis=1))
    sections = cross_sections(
        gpd.GeoSeries(feet), faces, sample_spacing_m=1, reach_m=REACH_M, drift_m=0
    )
    met = sections.distance_m[LEAST_SAMPLES // 2 :: LEAST_SAMPLES]
    is_within = np.zeros(len(points), dtype=bool)
    tree = shapely.STRtree(faces.to_numpy())
    is_within[tree.query(shapely.points(points), predicate="intersects")[0]] = True
    met[is_within[inner]] = 0
    within = np.nonzero(is_end & is_within)[0]
    met = np.concatenate([met, np.zeros((len(within), 2))])
    owner = np.concatenate([line[inner], line[within]])
    sides = pd.DataFrame(met).groupby(owner).mean().fillna(REACH_M)
    return sides.sum(axis=1).reindex(range(len(passages)))


def _compared(
    passages: gpd.GeoSeries,
    ours: pd.DataFrame,
    theirs: pd.DataFrame,
    theirs_from_our_rays: pd.Series[float],
) -> pd.DataFrame:
    """Return all widths of each passage, whether both answer, and the group it falls in."""
    inner = shapely.get_num_points(shapely.segmentize(passages.to_numpy(), SPACING_M)) - 2
    met = np.rint((1 - theirs["openness"].to_numpy()) * 2 * (inner + 2))
    looks_aside = ours["samples_known_share"].to_numpy() < 1
    return pd.DataFrame(
        {
            "median": ours["width_m"].to_numpy(),
            "mean": ours["width_mean_m"].to_numpy(),
            "momepy": theirs["width"].to_numpy(),
            "momepy_from_our_rays": theirs_from_our_rays.to_numpy(),
            # more hits than one side has ticks: each side of momepy's has some
            "both_answer": (met > inner) & (inner > 0) & ours["width_m"].notna().to_numpy(),
            "group": np.select(
                [met > 2 * inner, met < 2 * inner, looks_aside],
                [
                    "an end of the line lies within a parcel: 0 m in momepy",
                    "some of momepy's ticks met nothing (junctions, open ground)",
                    "momepy's ticks all met something, some of it along side streets",
                ],
                "every tick and every sample met a face at both sides",
            ),
        }
    )


def _print_agreement(table: pd.DataFrame) -> None:
    print(f"both answer: {len(table):,} passages; within {WITHIN_M} m of momepy's mean:")
    same = _within(table["momepy_from_our_rays"], table["momepy"])
    print(f"  {same:6.2%}  its figure from our rays at its ticks (like with like)")
    for group, rows in [("all", table), *table.groupby("group")]:
        print(
            f"  {_within(rows['median'], rows['momepy']):6.1%}  our median, "
            f"{_within(rows['mean'], rows['momepy']):6.1%}  our mean: {group} ({len(rows):,})"
        )


def _within(one: pd.Series[float], other: pd.Series[float]) -> float:
    return float(((one - other).abs() <= WITHIN_M).mean())


if __name__ == "__main__":
    main()
