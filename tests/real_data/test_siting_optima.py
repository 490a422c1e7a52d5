"""Published optima: OR-Library's p-median problems and San Francisco's stores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from bazafarin.adapters.location_files import read_distances, read_graph
from bazafarin.decision.siting import maximal_cover, p_center, p_median, set_cover
from real_data.shared_data import shared

if TYPE_CHECKING:
    from pathlib import Path

    from bazafarin.decision.siting import TravelCosts

pytestmark = pytest.mark.shared
DISTANCES = "SF_network_distance_candidateStore_16_censusTract_205_new.csv"
DEMAND = "SF_demand_205_centroid_uniform_weight.csv"


def published(number: int) -> tuple[TravelCosts, int, pd.Series]:
    """Return a pmed problem, its p and what the literature says of it."""
    optima = pd.read_csv(shared("optima/pmed_optima.csv"), index_col="instance")
    return *read_graph(shared(f"optima/pmed/pmed{number}.txt")), optima.loc[f"pmed{number}"]


@pytest.mark.parametrize("number", range(1, 21))
def test_the_p_median_of_the_literature_is_found_and_proven(number: int) -> None:
    costs, p, optimum = published(number)

    found = p_median(costs, p=p, time_limit_s=300)

    assert found.objective == optimum["pmedian_opt_literature"]
    assert found.proven_optimal


@pytest.mark.parametrize("number", [1, 4, 5, 10])
def test_the_p_center_of_the_literature_is_found_and_proven(number: int) -> None:
    costs, p, optimum = published(number)

    found = p_center(costs, p=p, time_limit_s=300)

    assert found.objective == optimum["kcenter_opt_pullan"]
    assert found.proven_optimal


@pytest.fixture(scope="module")
def san_francisco(tmp_path_factory: pytest.TempPathFactory) -> TravelCosts:
    demand = pd.read_csv(shared("optima") / DEMAND, dtype=str).set_index("NAME")["POP2000"]
    pairs = pd.read_csv(shared("optima") / DISTANCES, dtype=str)
    path: Path = tmp_path_factory.mktemp("sf") / "distances.csv"
    pd.DataFrame(
        {
            "demand_id": pairs["DestinationName"],
            "site_id": pairs["name"],
            "cost": pairs["distance"],
            "weight": pairs["DestinationName"].map(demand),
        }
    ).to_csv(path, index=False)
    return read_distances(path)


def test_eight_stores_have_all_of_san_francisco_within_5_km(san_francisco: TravelCosts) -> None:
    found = set_cover(san_francisco, radius=5000)

    assert (found.objective, found.proven_optimal) == (8.0, True)


def test_four_stores_have_most_of_san_francisco_within_5_km(san_francisco: TravelCosts) -> None:
    found = maximal_cover(san_francisco, p=4, radius=5000)

    assert (found.objective, found.proven_optimal) == (875_247.0, True)
    assert found.objective / san_francisco.weight.sum() == pytest.approx(0.91638, abs=5e-6)


def test_four_stores_of_least_walking(san_francisco: TravelCosts) -> None:
    found = p_median(san_francisco, p=4)

    assert found.objective == pytest.approx(2_848_268_129.7146, rel=1e-12)
    assert found.proven_optimal


def test_four_stores_of_the_nearest_farthest_tract(san_francisco: TravelCosts) -> None:
    found = p_center(san_francisco, p=4)

    assert found.objective == pytest.approx(7_403.063811, abs=1e-6)
    assert found.proven_optimal
