"""Exact siting: spopt with its default solver (PuLP's CBC) against ours, instance by instance.

    python benchmarks/siting.py

The instances are published: four models of San Francisco's stores, and p-median problems of
OR-Library. The ratio is spopt's time over ours, over all of them in one run; an objective of
ours that is worse than spopt's ends it. After that all of pmed1 to pmed20 run from the file
to the proof. Without the shared data beside the checkout there is nothing to measure.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pulp
from spopt.locate import LSCP, MCLP, PCenter, PMedian

from bazafarin.adapters.location_files import read_graph
from bazafarin.decision.siting import TravelCosts, maximal_cover, p_center, p_median, set_cover
from towns import ROOT, quiet

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIMA = ROOT.parent / "shared" / "data" / "optima"
DISTANCES = "SF_network_distance_candidateStore_16_censusTract_205_new.csv"
DEMAND = "SF_demand_205_centroid_uniform_weight.csv"
RADIUS_M, STORES = 5000, 4
AGAINST_SPOPT = (1, 2, 3, 4, 5, 7, 8, 9, 10)
ALL = range(1, 21)
ROUNDING = 1e-7
"""CBC hands its objective over as text, in so many figures."""


def main() -> None:
    """Print each instance's times, then the ratio of the sums."""
    if not OPTIMA.exists():
        sys.exit("skipped: the shared data is not beside the checkout")
    ours = theirs = 0.0
    for name, own, peer in [*_san_francisco(), *map(_pmed, AGAINST_SPOPT)]:
        own_s, own_value = _timed(own)
        peer_s, peer_value = _timed(peer)
        print(f"{name:16} ours {own_s:7.3f} s   spopt {peer_s:7.3f} s   objective {own_value:,.4f}")
        better = own_value - peer_value if name == "SF mclp" else peer_value - own_value
        assert better >= -ROUNDING * abs(peer_value), f"worse than spopt's {peer_value}"
        ours, theirs = ours + own_s, theirs + peer_s
    print(f"sum: ours {ours:.2f} s, spopt {theirs:.2f} s")
    _all_pmed()
    print(quiet())
    print(f"ratio: {theirs / ours:.2f}")


def _san_francisco() -> list[tuple[str, Callable[[], float], Callable[[], float]]]:
    pairs = pd.read_csv(OPTIMA / DISTANCES)
    table = pairs.pivot_table(index="DestinationName", columns="name", values="distance")
    weight = pd.read_csv(OPTIMA / DEMAND).set_index("NAME")["POP2000"][table.index].to_numpy()
    cost = table.to_numpy()
    costs = TravelCosts.of(cost, weight=weight)
    return [
        (
            "SF lscp",
            lambda: set_cover(costs, radius=RADIUS_M).objective,
            lambda: _value(LSCP.from_cost_matrix(cost, RADIUS_M)),
        ),
        (
            "SF mclp",
            lambda: maximal_cover(costs, p=STORES, radius=RADIUS_M).objective,
            lambda: _value(MCLP.from_cost_matrix(cost, weight, RADIUS_M, STORES)),
        ),
        (
            "SF pmedian",
            lambda: p_median(costs, p=STORES).objective,
            lambda: _value(PMedian.from_cost_matrix(cost, weight, STORES)),
        ),
        (
            "SF pcenter",
            lambda: p_center(costs, p=STORES).objective,
            lambda: _value(PCenter.from_cost_matrix(cost, STORES)),
        ),
    ]


def _pmed(number: int) -> tuple[str, Callable[[], float], Callable[[], float]]:
    costs, p = read_graph(OPTIMA / "pmed" / f"pmed{number}.txt")
    cost = costs.dense()
    return (
        f"pmed{number}",
        lambda: p_median(costs, p=p).objective,
        lambda: _value(PMedian.from_cost_matrix(cost, np.ones(len(cost)), p)),
    )


def _value(model: LSCP | MCLP | PMedian | PCenter) -> float:
    """Return what spopt achieves with the solver that it takes by default."""
    return float(pulp.value(model.solve(pulp.PULP_CBC_CMD(msg=False)).problem.objective))


def _timed(work: Callable[[], float]) -> tuple[float, float]:
    began = time.perf_counter()
    value = work()
    return time.perf_counter() - began, value


def _all_pmed() -> None:
    """Print the time of every pmed problem, reading included; each must be the optimum."""
    optima = pd.read_csv(OPTIMA / "pmed_optima.csv", index_col="instance")
    seconds = []
    for number in ALL:
        began = time.perf_counter()
        costs, p = read_graph(OPTIMA / "pmed" / f"pmed{number}.txt")
        found = p_median(costs, p=p, time_limit_s=300)
        seconds.append(time.perf_counter() - began)
        assert found.proven_optimal
        assert found.objective == optima.loc[f"pmed{number}", "pmedian_opt_literature"]
    each = ", ".join(f"{value:.2f}" for value in seconds)
    print(f"pmed1 to pmed20, file to proof, all at the optimum: {sum(seconds):.1f} s ({each})")


if __name__ == "__main__":
    main()
