"""The plan as files says the same thing in each of them, exactly as others rely on."""

from __future__ import annotations

import json

import openpyxl
import pandas as pd
import pyogrio
import pytest
from shapely import LineString, box

from bazafarin.adapters import plan_files, plan_workbook
from bazafarin.domain.problem import Problem, Severity
from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from hand_drawn import AS_OF, city

CONTRACT = {
    "blocks": [
        "block_id",
        "neighbourhood_id",
        "parcels_count",
        "buildings_count",
        "fine_grain_share",
        "instability_share",
        "instability_share_min",
        "instability_share_max",
        "impermeability_share",
        "fine_grain_share_coverage",
        "instability_share_coverage",
        "impermeability_share_coverage",
        "indices_met",
        "worn_out",
        "level",
        "decided",
    ],
    "passages": ["passage_id", "length_m", "width_m", "width_source"],
    "services": [
        "neighbourhood_id",
        "service",
        "population",
        "existing_m2",
        "per_capita_m2",
        "standard_min_m2",
        "standard_max_m2",
        "deficit_min_m2",
        "deficit_max_m2",
    ],
    "proposed_boundary": ["part_id", "area_m2"],
    "boundary_changes": ["block_id", "change", "reason"],
    "neighbourhoods": [
        "median_parcel_area_m2",
        "coverage_share",
        "coverage_share_coverage",
        "floor_area_ratio",
        "floor_area_ratio_coverage",
        "parcels_without_frontage",
    ],
    "rejected": ["layer", "row", "reason"],
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    parcels = [
        {"geometry": box(10 * n, 0, 10 * n + 10, 15), "structure": "adobe", "use": "residential"}
        for n in range(4)
    ]
    parcels.append({"geometry": box(100, 0, 110, 15)})
    town = city(
        parcels,
        passages=[
            {"passage_id": "1", "geometry": LineString([(0, -2), (40, -2)]), "width_m": 4.0},
            {"passage_id": "2", "geometry": LineString([(0, 90), (40, 90)])},
        ],
        approved_boundary=[{"geometry": box(0, 0, 20, 15), "approved_on": "2006-05-01"}],
    )
    rejected = Problem("reading.geometry.empty", "parcels", Severity.REJECTED, rows=(6, 9))
    object.__setattr__(town, "problems", (rejected,))
    plan = plan_city(town, standards=Standards.national(), as_of=AS_OF)
    folder = tmp_path_factory.mktemp("plan")
    plan_files.write_geopackage(plan, folder / "plan.gpkg")
    with plan_workbook.plan_workbook_written(plan, folder / "plan.xlsx"):
        pass
    plan_files.write_findings(plan, folder / "findings.json")
    return plan, folder


@pytest.mark.parametrize("layer", CONTRACT)
def test_each_layer_has_the_columns_that_others_rely_on(written, layer: str) -> None:
    _, folder = written

    found = pyogrio.read_dataframe(folder / "plan.gpkg", layer=layer)

    assert set(CONTRACT[layer]) <= set(found.columns)


def test_the_parcels_of_the_geopackage_say_nothing_of_people(written) -> None:
    plan, folder = written

    parcels = pyogrio.read_dataframe(folder / "plan.gpkg", layer="parcels")

    assert list(parcels) == [
        "parcel_id",
        "block_id",
        "neighbourhood_id",
        "area_m2",
        "frontage_m",
        "depth_m",
        "coverage_share",
        "floor_area_ratio",
        "is_fine_grained",
        "is_building",
        "is_unstable",
        "geometry",
    ]
    assert parcels["parcel_id"].tolist() == plan.parcels["parcel_id"].tolist()
    assert parcels["frontage_m"].tolist() == [10.0] * 4 + [0.0]
    assert parcels["depth_m"].isna().tolist() == [False] * 4 + [True]


def test_parcels_stand_in_the_geopackage_alone(written) -> None:
    plan, folder = written

    content = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    book = openpyxl.load_workbook(folder / "plan.xlsx")

    assert "parcels" not in content["tables"]
    assert "parcels" not in book.sheetnames
    assert "parcels" not in plan.tables


def test_unknown_is_null_in_the_geopackage_and_empty_in_the_workbook(written) -> None:
    _, folder = written

    passages = pyogrio.read_dataframe(folder / "plan.gpkg", layer="passages")
    sheet = pd.read_excel(folder / "plan.xlsx", sheet_name="passages")

    assert passages["width_m"].isna().tolist() == [False, True]
    assert sheet["width_m"].isna().tolist() == [False, True]


def test_worn_out_is_a_boolean_and_level_may_be_null(written) -> None:
    _, folder = written

    blocks = pyogrio.read_dataframe(folder / "plan.gpkg", layer="blocks")

    assert blocks["worn_out"].dtype == bool
    assert sorted(blocks["level"].fillna(0)) == [0, 1]


def test_the_workbook_holds_the_same_tables_right_to_left(written) -> None:
    plan, folder = written

    book = openpyxl.load_workbook(folder / "plan.xlsx")

    assert book.sheetnames == ["شناسنامه", "راهنما", *plan_files.plan_layers(plan)]
    assert all(sheet.sheet_view.rightToLeft for sheet in book)
    assert book["blocks"].max_row == len(plan.blocks) + 1
    for name, layer in plan_files.plan_layers(plan).items():
        assert [cell.value for cell in book[name][1]] == [c for c in layer if c != "geometry"]


def test_each_heading_of_the_workbook_carries_its_persian_name(written) -> None:
    plan, folder = written

    book = openpyxl.load_workbook(folder / "plan.xlsx")

    for name in plan_files.plan_layers(plan):
        assert all(cell.comment and not cell.comment.text.isascii() for cell in book[name][1])


def test_figures_of_the_workbook_stand_in_the_format_of_their_unit(written) -> None:
    _, folder = written

    blocks = openpyxl.load_workbook(folder / "plan.xlsx")["blocks"]

    at = {cell.value: cell.column_letter for cell in blocks[1]}
    assert blocks[f"{at['fine_grain_share']}2"].number_format == "0.0%"
    assert blocks[f"{at['area_m2']}2"].number_format == "#,##0"


def test_a_rejected_row_says_why_in_both_languages(written) -> None:
    _, folder = written

    rejected = pyogrio.read_dataframe(folder / "plan.gpkg", layer="rejected")

    assert rejected[["layer", "row"]].to_numpy().tolist() == [["parcels", 6], ["parcels", 9]]
    assert rejected["reason"].eq("reading.geometry.empty").all()
    assert rejected["reason_fa"].str.len().gt(10).all()
    assert rejected["reason_en"].str.len().gt(10).all()


def test_every_finding_names_its_unit_rules_clauses_inputs_and_coverage(written) -> None:
    plan, folder = written

    content = json.loads((folder / "findings.json").read_text(encoding="utf-8"))

    assert len(content["findings"]) == len(plan.findings)
    for finding in content["findings"]:
        assert finding["unit"]
        assert len(finding["rules"]) == len(finding["clauses"])
        assert set(finding["rules"]) <= set(content["rules"])
        assert "coverage" in finding
        assert set(finding["inputs"]) <= set(content["sources"])
    worn = next(f for f in content["findings"] if f["id"] == "worn_out_fabric.blocks")
    assert "fine_grain.parcel_below" in worn["rules"]
    rule = content["rules"]["fine_grain.parcel_below"]
    assert {"value", "unit", "from", "instrument", "clause", "address", "certainty"} <= set(rule)


def test_the_tables_of_the_findings_are_the_tables_of_the_geopackage(written) -> None:
    plan, folder = written

    content = json.loads((folder / "findings.json").read_text(encoding="utf-8"))

    table = content["tables"]["blocks"]
    assert [row["block_id"] for row in table["rows"]] == plan.blocks["block_id"].tolist()
    assert table["columns"]["fine_grain_share"]["rules"]
    assert table["columns"]["fine_grain_share"]["unit"] == "share"


def test_writing_twice_gives_the_same_bytes(written, tmp_path) -> None:
    plan, folder = written

    plan_files.write_findings(plan, tmp_path / "findings.json")
    with plan_workbook.plan_workbook_written(plan, tmp_path / "plan.xlsx"):
        pass

    for name in ("findings.json", "plan.xlsx"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_a_large_workbook_written_beside_other_work_is_the_same(
    written, tmp_path, monkeypatch
) -> None:
    plan, folder = written
    monkeypatch.setattr(plan_workbook, "_WORTH_A_PROCESS", 0)

    with plan_workbook.plan_workbook_written(plan, tmp_path / "plan.xlsx"):
        pass

    assert (tmp_path / "plan.xlsx").read_bytes() == (folder / "plan.xlsx").read_bytes()
