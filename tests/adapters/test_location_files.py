"""Tables of distances and road graphs: what is read, and what is refused at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import sparse

from bazafarin.adapters import wording
from bazafarin.adapters.location_files import read_distances, read_graph
from bazafarin.domain.errors import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path

    from bazafarin.decision.siting import TravelCosts


@pytest.fixture
def read(tmp_path: Path):
    def read_table(text: str, encoding: str = "utf-8") -> TravelCosts:
        path = tmp_path / "d.csv"
        path.write_bytes(text.encode(encoding))
        return read_distances(path)

    return read_table


@pytest.fixture
def graph(tmp_path: Path):
    def read_lines(text: str) -> tuple[TravelCosts, int]:
        path = tmp_path / "g.txt"
        path.write_text(text)
        return read_graph(path)

    return read_lines


def test_a_whole_table_is_read_in_its_order(read) -> None:
    costs = read("demand_id,site_id,cost,weight\nb,y,3,10\nb,x,4,10\na,y,0,2.5\na,x,1.5,2.5\n")

    assert costs.demand_ids == ("b", "a")
    assert costs.site_ids == ("y", "x")
    assert costs.weight.tolist() == [10.0, 2.5]
    assert costs.cost.tolist() == [[3.0, 4.0], [0.0, 1.5]]


def test_costs_and_weights_may_be_in_persian_digits(read) -> None:
    costs = read("demand_id,site_id,cost,weight\nb,y,۱۲٫۵,۱۰\nb,x,4,۱۰\n")

    assert costs.cost.tolist() == [[12.5, 4.0]]
    assert costs.weight.tolist() == [10.0]


def test_a_pair_that_is_not_there_cannot_be_reached(read) -> None:
    costs = read("\ufeffsite_id, cost ,demand_id\nx,0, محله ۱\ny,2,محله ۲\n")

    assert sparse.issparse(costs.cost)
    assert costs.demand_ids == ("محله ۱", "محله ۲")
    assert costs.weight.tolist() == [1.0, 1.0]
    assert costs.dense().tolist() == [[0.0, np.inf], [np.inf, 2.0]]


def test_all_the_problems_of_a_table_are_told_at_once(read) -> None:
    with pytest.raises(DeliveryError) as raised:
        read(
            "demand_id,site_id,cost,weight\n"
            "a,x,1,5\n"  # line 2 is sound
            "a,x,2,5\n"  # the pair again
            "a,y,,5\n"  # no cost
            "a,z,-1,6\n"  # a negative cost; another weight
            "b,x,inf,\n"  # no number; no weight
            ",x,3,1\n"  # nobody
        )

    found = {error.code.split(".")[-1]: error.facts for error in raised.value.facts["found"]}
    assert found == {
        "no_id": {"count": 1, "lines": [7]},
        "cost": {"count": 3, "lines": [4, 5, 6]},
        "weight": {"count": 1, "lines": [6]},
        "duplicate": {"count": 1, "lines": [3]},
        "weights_differ": {"count": 1, "names": ["a"]},
    }
    for language in wording.LANGUAGES:
        assert len(wording.error_text(raised.value, language).splitlines()) == 6


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("demand_id,cost\na,1\n", "siting.file.columns"),
        ("demand_id,site_id,cost\n", "siting.file.problems"),
        ("", "siting.file.not_csv"),
        ('demand_id,site_id,cost\n"a,x,1\n', "siting.file.not_csv"),
    ],
)
def test_what_is_no_table_of_distances_is_refused(read, text: str, code: str) -> None:
    with pytest.raises(DeliveryError) as raised:
        read(text)

    assert raised.value.code == code
    assert wording.error_text(raised.value, "en")


def test_files_that_cannot_be_read_are_named(read, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="unreadable"):
        read_distances(tmp_path / "nowhere.csv")
    with pytest.raises(DeliveryError, match="unreadable"):
        read_graph(tmp_path)
    with pytest.raises(DeliveryError, match="not_utf8"):
        read("demand_id,site_id,cost\nمحله,x,1\n", encoding="cp1256")


def test_a_graph_gives_the_shortest_ways(graph) -> None:
    # 1 –2– 2 –3– 3, and 1 –9– 3 that is longer than through 2.
    costs, p = graph(" 3 3 2 \n 1 2 2 \n 2 3 3 \n 1 3 9 \n\n")

    assert p == 2
    assert costs.dense().tolist() == [[0, 2, 5], [2, 0, 3], [5, 3, 0]]
    assert costs.demand_ids == costs.site_ids == ("1", "2", "3")


def test_the_last_cost_of_an_edge_counts_in_either_direction(graph) -> None:
    costs, _ = graph("2 3 1\n1 2 5\n2 1 1\n1 2 7\n")

    assert costs.dense()[0, 1] == 7.0


def test_nodes_that_no_edge_joins_cannot_be_reached(graph) -> None:
    costs, _ = graph("3 2 1\n1 2 0\n3 3 4\n")

    assert costs.dense().tolist() == [[0, 0, np.inf], [0, 0, np.inf], [np.inf, np.inf, 0]]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["first_line"]),
        ("3 1\n1 2 3\n", ["first_line"]),
        ("0 0 0\n", ["first_line"]),
        ("2 1 1\n1 3 1\n", ["edge"]),
        ("2 2 1\n1 2 -1\n", ["edge", "edges"]),
        ("2 1 1\n1 2\n", ["edge"]),
        ("2 1 1\n1.5 2 4\n", ["edge"]),
    ],
)
def test_what_is_no_graph_is_refused(graph, text: str, codes: list[str]) -> None:
    with pytest.raises(DeliveryError) as raised:
        graph(text)

    assert [error.code.split(".")[-1] for error in raised.value.facts["found"]] == codes
    assert wording.error_text(raised.value, "fa")
