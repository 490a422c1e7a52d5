"""A scenario is read as it is written; whatever is wrong in it is named at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bazafarin.adapters.scenario_file import read_scenario
from bazafarin.domain.criteria import BlockCriterion
from bazafarin.domain.errors import ScenarioError
from bazafarin.studies.scenario import Scenario

EXAMPLE = Path(__file__).parents[2] / "examples" / "scenario.toml"


def written(tmp_path, text: str) -> Path:
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_is_a_scenario() -> None:
    found = read_scenario(EXAMPLE)

    assert found.budget_rial == 500_000_000_000
    assert found.services == ("education", "health", "culture", "green", "sport")


def test_what_the_example_leaves_out_can_be_put_in_as_it_stands(tmp_path) -> None:
    whole = re.sub(r"(?m)^# (?=\[weights|\w+ = )", "", EXAMPLE.read_text(encoding="utf-8"))

    found = read_scenario(written(tmp_path, whole))

    assert found.weights
    assert set(found.weights["blocks"]) <= set(BlockCriterion)


def test_an_empty_file_asks_for_nothing_special(tmp_path) -> None:
    assert read_scenario(written(tmp_path, "")) == Scenario()


def test_every_wrong_entry_is_named(tmp_path) -> None:
    text = 'budget_rial = 1.5\nbudgets = 3\nfloor_share = 2\nservices = []\nmethod = "best"\n'

    with pytest.raises(ScenarioError) as raised:
        read_scenario(written(tmp_path, text))

    assert raised.value.facts["names"] == [
        "budget_rial", "budgets", "floor_share", "services", "method",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "budget_rial = -1",
        "budget_rial = true",
        "land_value_rial_m2 = 9000000000000000000000",
        "curve_shares = [-1]",
        "time_limit_s = 0",
        "weights = 3",
        "weights = {blocks = {a = true}}",
    ],
)
def test_what_is_no_value_is_refused(tmp_path, text: str) -> None:
    with pytest.raises(ScenarioError, match="wrong_entries"):
        read_scenario(written(tmp_path, text))


@pytest.mark.parametrize("name", ["not there.toml", "broken.toml"])
def test_a_file_that_cannot_be_read_is_said(tmp_path, name: str) -> None:
    (tmp_path / "broken.toml").write_text("budget_rial = = 3", encoding="utf-8")

    with pytest.raises(ScenarioError, match="unreadable"):
        read_scenario(tmp_path / name)
