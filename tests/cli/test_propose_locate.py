"""``bazafarin propose locate`` as its user meets it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from bazafarin.cli import main

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """demand_id,site_id,cost,weight
a,x,100,10
a,y,900,10
b,x,400,20
b,y,600,20
c,y,200,5
"""
MARKS = re.compile("[\u200f\u2066-\u2069]")


@pytest.fixture
def locate(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Return what the command says of a small table: its exit code, output and errors."""
    path = tmp_path / "d.csv"
    path.write_text(TABLE)

    def run(*words: str, source: str = "--distances", file: Path = path) -> tuple[int, str, str]:
        code = main(["propose", "locate", source, str(file), "--language", "en", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.mark.parametrize(
    ("words", "objective", "sites"),
    [
        # y alone reaches all: 10 × 900 + 20 × 600 + 5 × 200.
        (["--model", "pmedian", "--p", "1"], 22_000.0, ["y"]),
        (["--model", "pmedian", "--p", "2"], 10_000.0, ["x", "y"]),
        (["--model", "pcenter", "--p", "2"], 400.0, ["x", "y"]),
        (["--model", "mclp", "--p", "1", "--radius", "400"], 30.0, ["x"]),
        (["--model", "lscp", "--radius", "900"], 1.0, ["y"]),
    ],
)
def test_each_model_is_answered_for_a_machine(locate, words, objective, sites) -> None:
    code, out, _ = locate(*words, "--json")

    said = json.loads(out)
    assert code == 0
    assert said["model"] == words[1]
    assert (said["objective"], said["sites"]) == (objective, sites)
    assert said["proven_optimal"] is True
    assert said["gap"] == 0.0


def test_who_is_served_by_which_site_is_told(locate) -> None:
    _, out, _ = locate("--model", "mclp", "--p", "1", "--radius", "400", "--json")

    said = json.loads(out)
    assert said["assigned"] == {"a": "x", "b": "x", "c": None}
    assert said["unassigned"] == 1
    assert said["served"] == [
        {
            "site": "x",
            "demand_points": 2,
            "weight": 30.0,
            "mean_cost": pytest.approx((10 * 100 + 20 * 400) / 30),
            "farthest_cost": 400.0,
        }
    ]


def test_a_person_reads_a_table_with_its_proof(locate) -> None:
    code, out, _ = locate("--model", "mclp", "--p", "1", "--radius", "400")

    lines = out.splitlines()
    assert code == 0
    assert "30 of 35 (85.7%)" in lines[2]
    assert lines[3] == "Proven: no other choice is better."
    titles = ["Site", "Demand points", "Weight served", "Mean cost", "Farthest cost"]
    assert " ".join(lines[4].split()) == " ".join(titles)
    assert lines[5].split() == ["x", "2", "30", "300", "400"]
    assert len(lines[4]) == len(lines[5])


def test_the_table_runs_from_right_to_left_in_persian(locate) -> None:
    _, out, _ = locate("--model", "pmedian", "--p", "2", "--language", "fa")

    table = [line for line in out.splitlines() if line.startswith("\u200f")]
    assert MARKS.sub("", table[1]).split() == ["x", "۲", "۳۰", "۳۰۰", "۴۰۰"]
    assert "اثبات شد: هیچ گزینش دیگری بهتر نیست." in out


def test_a_graph_brings_its_own_p(locate, tmp_path: Path) -> None:
    graph = tmp_path / "g.txt"
    graph.write_text("3 2 2\n1 2 4\n2 3 6\n")

    _, of_file, _ = locate("--model", "pmedian", "--json", source="--graph", file=graph)
    _, of_option, _ = locate(
        "--model", "pmedian", "--p", "1", "--json", source="--graph", file=graph
    )

    assert json.loads(of_file)["objective"] == 4.0
    assert json.loads(of_option)["objective"] == 10.0
    assert json.loads(of_option)["sites"] == ["2"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--model", "pmedian"], "--p"),
        (["--model", "pcenter"], "--p"),
        (["--model", "mclp", "--p", "1"], "--radius"),
        (["--model", "mclp", "--radius", "400"], "--p"),
        (["--model", "lscp"], "--radius"),
        (["--model", "pmedian", "--p", "3"], "from 1 to 2"),
        (["--model", "pmedian", "--p", "0"], "0"),
        (["--model", "pmedian", "--p", "two"], "two"),
        (["--model", "mclp", "--p", "1", "--radius", "-4"], "-4"),
        (["--model", "mclp", "--p", "1", "--radius", "nan"], "nan"),
        (["--model", "pmedian", "--p", "1", "--time-limit", "0"], "seconds above 0"),
        (["--model", "lscp", "--radius", "300"], "1 demand points have no site"),
        (["--model", "lscp", "--radius", "300"], "among them b"),
        (["--model", "median"], "median"),
    ],
)
def test_what_cannot_be_asked_ends_with_one_message(locate, words, named) -> None:
    code, out, err = locate(*words)

    assert code == 2
    assert out == ""
    assert named in err
    assert len([line for line in err.splitlines() if "bazafarin:" in line]) == 2


def test_a_table_parted_by_semicolons_is_read(locate, tmp_path: Path) -> None:
    file = tmp_path / "costs.csv"
    file.write_text("demand_id;site_id;cost\na;x;2,5\na;y;4\n", encoding="utf-8")

    code, out, _ = locate("--model", "pmedian", "--p", "1", "--json", file=file)

    assert code == 0
    assert json.loads(out)["objective"] == 2.5


def test_sites_that_cannot_reach_everyone_are_an_error(locate, tmp_path: Path) -> None:
    path = tmp_path / "parted.csv"
    path.write_text("demand_id,site_id,cost\na,x,1\nb,y,1\n")

    code, _, err = locate("--model", "pmedian", "--p", "1", file=path)

    assert code == 2
    assert "at least 2 are needed" in err


def test_a_table_that_cannot_be_used_is_a_delivery_that_cannot(locate, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("demand_id,site_id,cost\na,x,-1\na,x,2\n")

    code, _, err = locate("--model", "pmedian", "--p", "1", file=path)

    assert code == 3
    assert "lines 2" in err
    assert "lines 3" in err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--model", "pmedian", "--p", "1"], 2),
        (["--model", "mclp", "--p", "1", "--radius", "400"], 2),
        (["--model", "pcenter", "--p", "1"], 0),
    ],
)
def test_where_nobody_counts_no_site_is_said_to_be_the_best(locate, tmp_path, words, code) -> None:
    path = tmp_path / "nobody.csv"
    path.write_text("demand_id,site_id,cost,weight\na,x,1,0\na,y,2,0\n")

    found, _, error = locate(*words, file=path)

    assert found == code
    assert ("weight 0" in error) == (code == 2)
