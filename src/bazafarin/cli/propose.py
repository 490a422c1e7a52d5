"""The proposals of ``bazafarin propose``, one function each.

Each returns what ``--json`` prints; what a person reads is made from the same.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from bazafarin.adapters.location_files import read_distances, read_graph
from bazafarin.decision.siting import (
    Model,
    Siting,
    TravelCosts,
    maximal_cover,
    p_center,
    p_median,
    set_cover,
)
from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    import argparse


def locate(options: argparse.Namespace) -> dict[str, Any]:
    """Run ``bazafarin propose locate``: the best sites of a table of costs, with their proof."""
    model = Model(options.model)
    _check_wanted(model, options)
    if options.graph is not None:
        costs, p_of_file = read_graph(options.graph)
        p = options.p or p_of_file
    else:
        costs, p = read_distances(options.distances), options.p
    if model in _BY_WEIGHT and not costs.weight.any():
        raise UsageError("siting.no_weight")
    began = time.perf_counter()
    made = _siting(model, costs, p=p, radius=options.radius, time_limit_s=options.time_limit)
    seconds = time.perf_counter() - began
    return {
        "model": made.model.value,
        "p": None if model is Model.SET_COVER else p,
        "radius": options.radius if model in _BY_RADIUS else None,
        "objective": made.objective,
        "sites": [costs.site_ids[site] for site in made.sites],
        "proven_optimal": made.proven_optimal,
        "gap": made.gap if math.isfinite(made.gap) else None,
        "bound": made.bound if math.isfinite(made.bound) else None,
        "seconds": round(seconds, 3),
        "demand_points": len(costs.demand_ids),
        "possible_sites": len(costs.site_ids),
        "total_weight": float(costs.weight.sum()),
        "unassigned": int((made.assigned < 0).sum()),
        "served": _served(costs, made),
        "assigned": {
            demand: None if site < 0 else costs.site_ids[site]
            for demand, site in zip(costs.demand_ids, made.assigned.tolist(), strict=True)
        },
    }


_BY_WEIGHT = (Model.P_MEDIAN, Model.MAXIMAL_COVER)
_BY_RADIUS = (Model.MAXIMAL_COVER, Model.SET_COVER)


def _check_wanted(model: Model, options: argparse.Namespace) -> None:
    """Raise UsageError where the model lacks a number that no file gives it."""
    if model is not Model.SET_COVER and options.p is None and options.graph is None:
        raise UsageError("siting.p_wanted", model=model.value)
    if model in _BY_RADIUS and options.radius is None:
        raise UsageError("siting.radius_wanted", model=model.value)


def _siting(
    model: Model, costs: TravelCosts, *, p: int, radius: float, time_limit_s: float
) -> Siting:
    if model is Model.P_MEDIAN:
        return p_median(costs, p=p, time_limit_s=time_limit_s)
    if model is Model.P_CENTER:
        return p_center(costs, p=p, time_limit_s=time_limit_s)
    if model is Model.SET_COVER:
        return set_cover(costs, radius=radius, time_limit_s=time_limit_s)
    return maximal_cover(costs, p=p, radius=radius, time_limit_s=time_limit_s)


def _served(costs: TravelCosts, made: Siting) -> list[dict[str, Any]]:
    """Return, of each chosen site, whom it serves and at what cost; unknown where nobody."""
    sites = np.array(made.sites, dtype=np.intp)
    demand = np.nonzero(made.assigned >= 0)[0]
    at = np.searchsorted(sites, made.assigned[demand])
    cost = costs.to_sites(sites)[demand, at]
    weight = costs.weight[demand]
    served = []
    # A loop over the few sites that were chosen.
    for number, site in enumerate(made.sites):
        own = at == number
        whole = float(weight[own].sum())
        served.append(
            {
                "site": costs.site_ids[site],
                "demand_points": int(own.sum()),
                "weight": whole,
                "mean_cost": float(weight[own] @ cost[own]) / whole if whole else None,
                "farthest_cost": float(cost[own].max()) if own.any() else None,
            }
        )
    return served
