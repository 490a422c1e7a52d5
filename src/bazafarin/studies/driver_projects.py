"""Which driver projects (پروژه‌های محرک توسعه) serve the most unserved people for the money?

The candidates are every use of every site that the rules allow. They are chosen together,
exactly, so that the most people are served who are not today, each counting by the priority
of their block; the gap to the best possible choice is proven. What each chosen project adds
is found by choosing again without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from bazafarin.decision.portfolio import best_portfolio
from bazafarin.domain.errors import ScenarioError
from bazafarin.studies import findings, project_findings
from bazafarin.studies.project_offers import project_offers, unserved_demands
from bazafarin.studies.project_sites import candidate_sites

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from bazafarin.decision.portfolio import Portfolio
    from bazafarin.domain.finding import Citation, Finding, FindingTable
    from bazafarin.standards import Standards
    from bazafarin.studies.city_plan import CityPlan
    from bazafarin.studies.project_offers import Demands, ProjectOffers
    from bazafarin.studies.project_sites import Sites
    from bazafarin.studies.scenario import Scenario
    from bazafarin.studies.walking_access import WalkingAccess

STAGES = ("sites", "offers", "choice", "curve", "reasons")
"""The stages that ``on_stage`` is told of, in order."""
EXPLAINED = 12
"""So many projects, of most people served, are explained by choosing again without them."""
OTHERS_FASTER = 4
"""The choices that only explain the first may take a part of its time: there are many."""
NOBODY = 1e-6
"""Persons that a difference of sums of floats may leave where nobody is left."""
ALTERNATIVES = 10
"""So many of the best offers that were not chosen are named."""


@dataclass(frozen=True)
class DriverProjects:
    """The proposal, and everything that a planner asks about it.

    Attributes:
        projects: one row a chosen project, the one that surely adds most first and, where
            that is equal, the one that serves most people by priority: ``project_id``,
            ``rank``, ``service``, ``site_id``, ``kind``, ``block_id``, ``neighbourhood_id``,
            ``parcels_count``, ``site_area_m2``, ``land_m2``, ``capacity``,
            ``people_in_reach``, ``people_served``, ``priority_served`` (people by priority),
            the costs of ``project_offers``, ``loss_without`` (people by priority whom the
            best choice found without it serves less; NaN where it was not tried),
            ``loss_proven`` (what every choice without it serves less; 0 where the gap is as
            wide as the loss) and geometry.
        alternatives: likewise the best offers that were not chosen, with ``gain`` (people by
            priority whom it would add to the choice, money aside) and ``obstacle``
            (``budget``, ``land`` or ``gap``).
        curve: one row a budget: ``budget_rial``, ``people_served``, ``projects``,
            ``spent_rial``, ``gap`` and ``rial_a_person`` of what this budget adds to the one
            before.
        neighbourhoods: one row a neighbourhood and service: ``people_unserved`` today,
            ``people_served`` by the projects and ``people_left``, unserved after them.
        gap: how far the choice may be from the best, 0–1; ``is_feasible`` is False where no
            choice meets the floors.
        findings: every single figure; ``tables``; ``citations``.
    """

    projects: gpd.GeoDataFrame
    alternatives: gpd.GeoDataFrame
    curve: pd.DataFrame
    neighbourhoods: pd.DataFrame
    gap: float
    is_feasible: bool
    findings: tuple[Finding, ...]
    tables: Mapping[str, FindingTable]
    citations: Mapping[str, Citation]


def priced_services(standards: Standards, services: Sequence[str]) -> tuple[str, ...]:
    """Return those of ``services`` that projects can be of: they have a price by rule."""
    priced = {rule.split(".")[1] for rule in standards.ids("projects.") if rule.endswith(".cost")}
    return tuple(service for service in services if service in priced)


def driver_projects(  # noqa: PLR0913 - the plan, what it stands on, and one option
    plan: CityPlan,
    access: WalkingAccess,
    scenario: Scenario,
    *,
    block_scores: pd.Series[float],
    standards: Standards,
    as_of: date,
    on_stage: Callable[[str], None] = lambda _: None,
) -> DriverProjects:
    """Return the projects that ``scenario`` can pay for.

    ``block_scores`` (0–1, by ``block_id``) is the priority of each block: a person in a
    block of score 1 counts twice one in a block of score 0.

    Raises:
        ScenarioError: the scenario has no budget, or names a service that has no price.
    """
    if scenario.budget_rial is None:
        raise ScenarioError("scenario.no_budget")
    services = _services(scenario, access, standards)
    on_stage("sites")
    sites = candidate_sites(
        plan.parcels,
        land_value_rial_m2=scenario.land_value_rial_m2,
        standards=standards,
        as_of=as_of,
    )
    on_stage("offers")
    demands = unserved_demands(plan, access, services, 1.0 + block_scores.fillna(0.0))
    offers = project_offers(
        plan,
        access,
        sites,
        demands,
        services,
        floor_share=scenario.floor_share,
        standards=standards,
        as_of=as_of,
    )
    gap = float(standards.value("projects.gap_at_most", as_of=as_of))

    def choose(problem_of: ProjectOffers, budget_rial: int) -> Portfolio:
        limit_s = scenario.time_limit_s / (1 if problem_of is offers else OTHERS_FASTER)
        return best_portfolio(problem_of.problem, budget_rial, gap=gap, time_limit_s=limit_s)

    on_stage("choice")
    best = choose(offers, scenario.budget_rial)
    on_stage("curve")
    choices = _choices(offers, best, scenario, choose)
    best = choices[scenario.budget_rial]
    on_stage("reasons")
    loss = _losses(offers, best, scenario.budget_rial, choose)
    projects = _projects(sites, offers, demands, best, loss)
    alternatives = _alternatives(sites, offers, best, scenario.budget_rial)
    curve = _curve(offers, choices)
    neighbourhoods = _neighbourhoods(demands, offers, best)
    found = tuple(
        project_findings.findings(
            access=access,
            sites=sites,
            offers=offers,
            demands=demands,
            best=best,
            projects=projects,
            scenario=scenario,
            services=services,
        )
    )
    tables = project_findings.finding_tables(
        projects, alternatives, curve, neighbourhoods, services=services
    )
    return DriverProjects(
        projects=projects,
        alternatives=alternatives,
        curve=curve,
        neighbourhoods=neighbourhoods,
        gap=best.gap,
        is_feasible=best.is_feasible,
        findings=found,
        tables=tables,
        citations=findings.citations(found, tables.values(), standards=standards, as_of=as_of),
    )


def _services(scenario: Scenario, access: WalkingAccess, standards: Standards) -> tuple[str, ...]:
    known = priced_services(standards, tuple(access.radius_m))
    if scenario.services is None:
        return known
    if unknown := sorted(set(scenario.services) - set(known)):
        raise ScenarioError("scenario.unknown_service", names=unknown, known=list(known))
    return tuple(service for service in known if service in scenario.services)


def _losses(
    offers: ProjectOffers,
    best: Portfolio,
    budget_rial: int,
    choose: Callable[[ProjectOffers, int], Portfolio],
) -> dict[int, tuple[float, float]]:
    """Return, of each chosen offer, what the best choice without it serves less, and surely.

    One choice is made a project: nothing cheaper knows what would take its place.
    """
    served = np.bincount(offers.problem.pair_offer, best.served, minlength=len(offers.frame))
    first = best.chosen[np.argsort(-served[best.chosen], kind="stable")][:EXPLAINED]
    losses = {}
    for offer in first.tolist():
        keep = np.arange(len(offers.frame)) != offer
        without = choose(replace(offers, problem=offers.problem.only(keep)), budget_rial)
        losses[offer] = (
            max(0.0, best.value - without.value),
            max(0.0, best.value - without.bound),
        )
    return losses


def _rows(sites: Sites, offers: ProjectOffers, at: np.ndarray) -> gpd.GeoDataFrame:
    """Return offers as rows of a table, with their sites."""
    chosen = offers.frame.iloc[at].reset_index(drop=True)
    site = sites.frame.iloc[chosen["site"].to_numpy()].reset_index(drop=True)
    kept = ["site_id", "kind", "block_id", "neighbourhood_id", "parcels_count", "area_m2"]
    table = site[kept].rename(columns={"area_m2": "site_area_m2"})
    rest = chosen.drop(columns=["site", "service"])
    joined = pd.concat([chosen[["service"]], table, rest], axis=1)
    return gpd.GeoDataFrame(joined, geometry=site.geometry.to_numpy(), crs=sites.frame.crs)


def _projects(
    sites: Sites,
    offers: ProjectOffers,
    demands: Demands,
    best: Portfolio,
    loss: Mapping[int, tuple[float, float]],
) -> gpd.GeoDataFrame:
    table = _rows(sites, offers, best.chosen)
    problem = offers.problem
    count = len(offers.frame)
    value = demands.frame["value"].to_numpy(dtype=float)[problem.pair_demand]
    table["people_served"] = np.bincount(problem.pair_offer, best.served, minlength=count)[
        best.chosen
    ]
    table["priority_served"] = np.bincount(
        problem.pair_offer, best.served * value, minlength=count
    )[best.chosen]
    untried = (np.nan, np.nan)
    for at, name in enumerate(("loss_without", "loss_proven")):
        table[name] = [loss.get(offer, untried)[at] for offer in best.chosen.tolist()]
    order = ["loss_proven", "priority_served", "site_id"]
    table = table.sort_values(
        order, ascending=[False, False, True], na_position="last", ignore_index=True
    )
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    table.insert(0, "project_id", [f"P{rank}" for rank in table["rank"]])
    return table


def _alternatives(
    sites: Sites, offers: ProjectOffers, best: Portfolio, budget_rial: int
) -> gpd.GeoDataFrame:
    """Return the best offers that were not chosen: what each would add, and what stops it.

    None where there is no choice to add to: no budget meets the floors, or time ran out.
    """
    problem = offers.problem
    count = len(offers.frame)
    used = np.bincount(problem.pair_demand, best.served, minlength=len(problem.people))
    left = np.maximum(problem.people - used, 0.0)
    reached = np.bincount(problem.pair_offer, left[problem.pair_demand], minlength=count)
    worth = np.bincount(
        problem.pair_offer, (left * problem.value)[problem.pair_demand], minlength=count
    )
    # with more people left than room, a person of the mean worth takes each place
    share = np.minimum(1.0, problem.capacity / np.maximum(reached, 1e-9))
    gain = worth * share
    is_chosen = np.zeros(count, dtype=np.bool_)
    is_chosen[best.chosen] = True
    group, offer = problem.excluded.T
    taken = np.isin(group, group[is_chosen[offer]])
    on_taken_land = np.zeros(count, dtype=np.bool_)
    on_taken_land[offer[taken]] = True
    money = budget_rial - int(problem.cost_rial[best.chosen].sum())
    is_choice = best.is_feasible and best.is_decided
    open_ = np.flatnonzero(~is_chosen & (gain > 0) & is_choice)
    at = open_[np.argsort(-(gain / np.maximum(problem.cost_rial, 1))[open_], kind="stable")]
    at = at[:ALTERNATIVES]
    table = _rows(sites, offers, at)
    table["gain"] = gain[at]
    table["obstacle"] = np.select(
        [on_taken_land[at], problem.cost_rial[at] > money], ["land", "budget"], default="gap"
    )
    return table


def _choices(
    offers: ProjectOffers,
    best: Portfolio,
    scenario: Scenario,
    choose: Callable[[ProjectOffers, int], Portfolio],
) -> dict[int, Portfolio]:
    """Return the best choice known for each budget of the curve, from the least budget on.

    Each budget is a choice of its own, proven to within the gap only. What another budget's
    choice serves for no more money is known to be possible, and what more money cannot exceed
    less cannot: so more money never buys less, and no sum is named that nobody spends.
    """
    assert scenario.budget_rial is not None  # noqa: S101 - asked before
    budgets = {int(scenario.budget_rial * share) for share in (0.0, *scenario.curve_shares)}
    found = {scenario.budget_rial: best}
    found |= {
        each: choose(replace(offers), each) for each in sorted(budgets - {scenario.budget_rial})
    }
    spent = {each: int(offers.problem.cost_rial[one.chosen].sum()) for each, one in found.items()}
    made = {}
    bound = np.inf
    for budget in sorted(found, reverse=True):
        own = found[budget]
        bound = min(bound, own.bound) if own.is_feasible else own.bound
        affordable = [own, *(found[each] for each in sorted(found) if spent[each] <= budget)]
        most = max(affordable, key=lambda one: one.value) if own.is_feasible else own
        made[budget] = replace(most, bound=max(bound, most.value))
    return dict(sorted(made.items()))


def _curve(offers: ProjectOffers, choices: Mapping[int, Portfolio]) -> pd.DataFrame:
    """Return what each budget buys."""
    table = pd.DataFrame(
        {
            "budget_rial": budget,
            "people_served": float(found.served.sum()),
            "priority_served": found.value,
            "projects": len(found.chosen),
            "spent_rial": int(offers.problem.cost_rial[found.chosen].sum()),
            "gap": found.gap,
            "is_feasible": found.is_feasible,
        }
        for budget, found in choices.items()
    )
    more = table["people_served"].diff()
    money = table["budget_rial"].diff()
    table["rial_a_person"] = (money / more.where(more > 0)).astype(float)
    return table


def _neighbourhoods(demands: Demands, offers: ProjectOffers, best: Portfolio) -> pd.DataFrame:
    """Return who is unserved today and who is served by the projects."""
    table = demands.frame[["neighbourhood_id", "service", "people"]].copy()
    table["people_served"] = np.bincount(
        offers.problem.pair_demand, best.served, minlength=len(table)
    )
    table = table.rename(columns={"people": "people_unserved"})
    table = table.groupby(["neighbourhood_id", "service"], sort=True).sum().reset_index()
    left = table["people_unserved"] - table["people_served"]
    return table.assign(people_left=left.where(left > NOBODY, 0.0))
