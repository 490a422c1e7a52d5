"""``bazafarin propose projects`` and ``plan --budget-rial`` as their user meets them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
from shapely import LineString, box

from bazafarin.cli import main
from hand_drawn import CRS

if TYPE_CHECKING:
    from pathlib import Path

AT_X, AT_Y = 640_000, 3_650_000
WORDS = ("--as-of", "1404/08/30")
MONEY = ("--budget-rial", "20_000_000_000")


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """A house at one end of a street, a park at the other, a vacant lot beside the house."""
    path = tmp_path / "drawn.gpkg"
    shapes = [box(0, 6, 20, 26), box(20, 6, 55, 26), box(2950, 6, 3000, 26)]
    parcels: dict[str, Any] = {
        "parcel_id": ["house", "lot", "park"],
        "use": ["residential", "vacant", "green"],
        "population": [40.0, None, None],
        "land_value_rial_m2": [None, 10_000_000.0, None],
    }
    for layer, columns, geometry in (
        ("parcels", parcels, shapes),
        ("passages", {"passage_id": ["p"], "width_m": [12.0]}, [LineString([(0, 0), (3000, 0)])]),
    ):
        moved = gpd.GeoSeries(geometry, crs=CRS).translate(AT_X, AT_Y)
        gpd.GeoDataFrame(columns, geometry=moved).to_file(path, layer=layer)
    return path


def said(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    capsys.readouterr()
    assert main([*map(str, words)]) == 0
    return capsys.readouterr().out


def test_json_gives_the_choice_and_its_proof(drawn, capsys) -> None:
    found = json.loads(said(capsys, "propose", "projects", drawn, *WORDS, *MONEY, "--json"))

    assert [p["site_id"] for p in found["projects"]] == ["lot"]
    assert found["projects"][0]["people_served"] == pytest.approx(40)
    assert found["gap"] == pytest.approx(0, abs=1e-6)
    assert found["budgets"][0]["budget_rial"] == 0
    assert "projects.green.cost" in found["rules"]


def test_a_person_reads_the_choice_the_proof_and_the_budgets(drawn, capsys) -> None:
    told = said(capsys, "propose", "projects", drawn, *WORDS, *MONEY, "--language", "en")

    assert "1 projects, 40 people served" in told
    assert "at most 0.00% more" in told
    assert "Budget curve:" in told


@pytest.mark.parametrize(("budget", "word"), [("0", "No project can be paid for")])
def test_a_budget_of_nothing_is_answered(drawn, capsys, budget: str, word: str) -> None:
    words = ("propose", "projects", drawn, *WORDS, "--budget-rial", budget, "--language", "en")

    assert word in said(capsys, *words)


@pytest.mark.parametrize("budget", ["-5", "12.5", "many", ""])
def test_what_is_no_budget_is_a_usage_error(drawn, capsys, budget: str) -> None:
    words = ["propose", "projects", str(drawn), f"--budget-rial={budget}"]

    assert main(words) == 2
    assert "ریالی" in capsys.readouterr().err


def test_a_budget_is_asked_for(drawn, capsys) -> None:
    assert main(["propose", "projects", str(drawn), *WORDS]) == 2
    assert "--budget-rial" in capsys.readouterr().err


def test_persian_digits_make_a_budget(drawn, capsys) -> None:
    words = ("propose", "projects", drawn, *WORDS, "--budget-rial", "۲۰٬۰۰۰٬۰۰۰٬۰۰۰", "--json")

    assert json.loads(said(capsys, *words))["budget_rial"] == 20_000_000_000


def test_a_plan_with_a_budget_holds_the_proposals(drawn, tmp_path, capsys) -> None:
    out = tmp_path / "plan"
    said(capsys, "plan", drawn, *WORDS, *MONEY, "--out", out, "--no-document", "--no-map")

    layers = {name for name, _ in pyogrio.list_layers(out / "plan.gpkg")}
    assert {"projects", "project_alternatives", "priority_blocks", "access_services"} <= layers
    sheets = openpyxl.load_workbook(out / "plan.xlsx", read_only=True).sheetnames
    assert {"projects", "project_budgets", "priority_works"} <= set(sheets)
    content = json.loads((out / "findings.json").read_text(encoding="utf-8"))
    assert {f["id"] for f in content["findings"]} >= {"projects.people_served", "projects.gap"}
    assert content["tables"]["projects"]["rows"][0]["site_id"] == "lot"


def test_a_plan_without_a_project_says_why(drawn, tmp_path, capsys) -> None:
    out = tmp_path / "plan"
    words = (*WORDS, "--budget-rial", "1", "--out", out, "--no-document", "--no-map")

    told = said(capsys, "plan", drawn, *words, "--language", "en")

    assert "No project can be paid for with this budget" in told


def test_a_plan_without_a_budget_holds_none(drawn, tmp_path, capsys) -> None:
    out = tmp_path / "plan"
    said(capsys, "plan", drawn, *WORDS, "--out", out, "--no-document", "--no-map")

    assert "projects" not in {name for name, _ in pyogrio.list_layers(out / "plan.gpkg")}
