"""What is said of the driver projects: single figures, tables, and the rules of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.domain.finding import Column, Finding, FindingTable
from bazafarin.studies import project_sites
from bazafarin.studies.findings import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from bazafarin.decision.portfolio import Portfolio
    from bazafarin.studies.project_offers import Demands, ProjectOffers
    from bazafarin.studies.project_sites import Sites
    from bazafarin.studies.scenario import Scenario
    from bazafarin.studies.walking_access import WalkingAccess

INPUTS = ("parcels", "passages", "facilities", "neighbourhoods")
ACCESS_RULES = ("access.facility_of_service", "access.join_reach_m", "services.uses")
CHOICE_RULES = ("projects.sites_at_most", "projects.gap_at_most")


def service_rules(services: Sequence[str]) -> tuple[str, ...]:
    """Return the rules that price the projects of ``services`` and give them their room."""
    of = [
        rule
        for name in services
        for rule in (
            f"projects.{name}.least_area",
            f"projects.{name}.cost",
            f"projects.{name}.cost_share",
            f"per_capita.{name}",
        )
    ]
    return (*of, "cost_share.green_space.state_per_mille")


def findings(  # noqa: PLR0913 - the parts of one answer
    *,
    access: WalkingAccess,
    sites: Sites,
    offers: ProjectOffers,
    demands: Demands,
    best: Portfolio,
    projects: pd.DataFrame,
    scenario: Scenario,
    services: Sequence[str],
) -> Iterator[Finding]:
    """Yield the portfolio as a whole: people, money, proof, and what was left out."""
    rules = (*ACCESS_RULES, *project_sites.RULES, *service_rules(services), *CHOICE_RULES)
    people = access.parcels["people"]
    known = float(people.notna().mean()) if len(people) else 0.0
    told = [name for name in services if access.parcels[f"{name}_m"].notna().any()]
    # nobody counted, or no place of any service known: who lacks one is unknown, and not 0
    is_known = bool(told) and bool((people > 0).any())
    unserved = float(demands.frame["people"].sum()) if is_known else None
    is_decided = best.is_feasible and best.is_decided and is_known

    def figure(name: str, value: object, unit: str, formula: str = "") -> Finding:
        return Finding(
            f"projects.{name}",
            plain(value),
            unit,
            rules=rules,
            inputs=INPUTS,
            coverage=known,
            formula=formula,
        )

    yield figure("sites", len(sites.frame), "count", "parcels and merged parcels that give way")
    yield figure("sites_without_price", offers.without_price, "count")
    yield figure("sites_not_weighed", offers.beyond_most, "count")
    yield figure("offers", len(offers.frame), "count", "uses of sites that reach unserved people")
    yield figure("budget_rial", scenario.budget_rial, "rial")
    yield figure(
        "people_unserved", unserved, "persons", "Σ over services of people beyond its radius"
    )
    yield figure(
        "services_unknown",
        len(services) - len(told),
        "count",
        "services of which no place is known, so that nobody is known to lack one",
    )
    yield figure("chosen", len(projects) if is_decided else None, "count")
    served = float(best.served.sum()) if is_decided else None
    yield figure("people_served", served, "persons", "each person once a service")
    for name in ("cost_rial", "state_rial", "municipal_rial"):
        yield figure(name, int(projects[name].sum()) if is_decided else None, "rial")
    yield figure("gap", best.gap if is_decided else None, "share", "(bound - value) / bound")
    yield figure("is_feasible", best.is_feasible, "boolean", "whether the floors can be met")


_SITE = {
    "service": Column("text"),
    "site_id": Column("text"),
    "kind": Column("text", rules=project_sites.RULES, inputs=("parcels",)),
    "block_id": Column("text"),
    "neighbourhood_id": Column("text"),
    "parcels_count": Column("count", inputs=("parcels",)),
    "site_area_m2": Column("m2", "the site's whole land", inputs=("parcels",)),
}


def finding_tables(
    projects: pd.DataFrame,
    alternatives: pd.DataFrame,
    curve: pd.DataFrame,
    neighbourhoods: pd.DataFrame,
    *,
    services: Sequence[str],
) -> dict[str, FindingTable]:
    """Return the tables of the proposal with the meaning of each column."""
    rules = service_rules(services)
    reach = (*ACCESS_RULES, *CHOICE_RULES)
    offer = {
        **_SITE,
        "land_m2": Column("m2", "what the people in reach ask for, within the site", rules, INPUTS),
        "capacity": Column("persons", "land / land a person", rules, INPUTS),
        "people_in_reach": Column("persons", "unserved today within the radius", reach, INPUTS),
        "works_rial": Column("rial", "land × price of works", rules, INPUTS),
        "land_rial": Column("rial", "land × price of private land", rules, INPUTS),
        "cost_rial": Column("rial", "works + land", rules, INPUTS),
        "state_rial": Column("rial", "works × the state's share", rules, INPUTS),
        "municipal_rial": Column("rial", "cost - the state's share", rules, INPUTS),
    }
    chosen = {
        "project_id": Column("text"),
        "rank": Column("count", "by what the choice without it serves less"),
        **offer,
        "people_served": Column("persons", "served by it and by no other", reach, INPUTS),
        "priority_served": Column(
            "weighted_persons", "people × (1 + block's score)", reach, INPUTS
        ),
        "loss_without": Column(
            "weighted_persons", "best choice with it - best found without it", reach, INPUTS
        ),
        "loss_proven": Column(
            "weighted_persons", "best choice with it - bound of any without it", reach, INPUTS
        ),
    }
    other = {
        **offer,
        "gain": Column("weighted_persons", "what it would add, money aside", reach, INPUTS),
        "obstacle": Column("text"),
    }
    budgets = {
        "budget_rial": Column("rial"),
        "people_served": Column("persons", rules=reach, inputs=INPUTS),
        "priority_served": Column("weighted_persons", rules=reach, inputs=INPUTS),
        "projects": Column("count", rules=reach, inputs=INPUTS),
        "spent_rial": Column("rial", rules=rules, inputs=INPUTS),
        "gap": Column("share", "(bound - value) / bound", reach, INPUTS),
        "is_feasible": Column("bool", rules=reach, inputs=INPUTS),
        "rial_a_person": Column(
            "rial", "more money / more people served, against the row before", reach, INPUTS
        ),
    }
    places = {
        "neighbourhood_id": Column("text"),
        "service": Column("text"),
        "people_unserved": Column("persons", "beyond the radius today", ACCESS_RULES, INPUTS),
        "people_served": Column("persons", "by the projects", reach, INPUTS),
        "people_left": Column("persons", "people_unserved - people_served", reach, INPUTS),
    }
    made = (
        ("projects", projects, chosen, ("project_id",)),
        ("project_alternatives", alternatives, other, ("site_id", "service")),
        ("project_budgets", curve, budgets, ("budget_rial",)),
        ("project_neighbourhoods", neighbourhoods, places, ("neighbourhood_id", "service")),
    )
    return {name: FindingTable(name, frame, columns, key) for name, frame, columns, key in made}
