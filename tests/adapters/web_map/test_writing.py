import errno
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.web_map import drawn_town
from bazafarin.adapters.web_map import LeftOut, Limits, write_map
from bazafarin.domain.errors import OutputError, UsageError
from bazafarin.studies.city_plan import CityPlan


def _data(path: Path) -> dict:
    (text,) = re.findall(r'id="plan">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
    return json.loads(text)


def test_every_layer_of_the_plan_is_written(plan: CityPlan, tmp_path: Path):
    contents = write_map(plan, tmp_path / "map.html")

    assert contents.layers == {
        "blocks": len(plan.blocks),
        "parcels": len(plan.parcels),
        "passages": len(plan.passages),
        "neighbourhoods": 2,
        "approved_boundary": 1,
        "proposed_boundary": len(plan.proposed_boundary),
    }
    assert contents.left_out == ()
    assert contents.size_bytes == (tmp_path / "map.html").stat().st_size


def test_a_layer_above_its_limit_is_left_out_and_named(plan: CityPlan, tmp_path: Path):
    contents = write_map(plan, tmp_path / "map.html", limits=Limits(parcels=100))

    assert contents.left_out == (LeftOut("parcels", "too_many", rows=114, limit=100),)
    assert "parcels" not in _data(tmp_path / "map.html")["layers"]
    assert {"blocks", "proposed_boundary"} <= set(contents.layers)


def test_a_layer_at_its_limit_is_shown(plan: CityPlan, tmp_path: Path):
    contents = write_map(plan, tmp_path / "map.html", limits=Limits(parcels=114))

    assert contents.layers["parcels"] == 114


def test_a_boundary_that_was_not_delivered_is_said_to_be_missing(tmp_path: Path):
    bare = drawn_town.plan(replace(drawn_town.town(), approved_boundary=None))

    contents = write_map(bare, tmp_path / "map.html")

    assert contents.left_out == (LeftOut("approved_boundary", "not_delivered"),)


def test_one_neighbourhood_shows_its_own_blocks_and_the_passages_at_them(
    plan: CityPlan, tmp_path: Path
):
    write_map(plan, tmp_path / "map.html", neighbourhood_id="N-1")

    data = _data(tmp_path / "map.html")
    assert data["city"]["neighbourhood"] == "سنگ‌تراشان"
    assert data["layers"]["blocks"]["rows"] == 6
    assert data["layers"]["parcels"]["rows"] == 72
    assert "P-5" not in data["layers"]["passages"]["columns"]["passage_id"]


def test_an_unknown_neighbourhood_is_refused(plan: CityPlan, tmp_path: Path):
    with pytest.raises(UsageError):
        write_map(plan, tmp_path / "map.html", neighbourhood_id="N-9")


def test_nothing_about_people_is_in_the_file_but_the_sum_of_a_neighbourhood(page_file: Path):
    text = page_file.read_text("utf-8")
    data = _data(page_file)

    assert "7654321" not in text
    for name, layer in data["layers"].items():
        told = {"population"} if name == "neighbourhoods" else set()
        about_people = {"population", "households", "ownership", "will_renovate"}
        assert about_people & set(layer["columns"]) == told


def test_a_page_that_cannot_be_written_leaves_the_old_one(
    plan: CityPlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "map.html").write_text("old", "utf-8")

    def full_disk(aside: Path, text: str, _encoding: str) -> int:
        aside.write_bytes(text.encode()[:1000])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(OutputError):
        write_map(plan, tmp_path / "map.html")

    assert (tmp_path / "map.html").read_text("utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["map.html"]


def test_the_page_is_the_same_each_time(plan: CityPlan, page_file: Path, tmp_path: Path):
    write_map(plan, tmp_path / "map.html")

    assert (tmp_path / "map.html").read_bytes() == page_file.read_bytes()


def test_the_page_names_its_day_its_sources_and_that_it_is_synthetic(page_file: Path):
    city = _data(page_file)["city"]

    assert city["as_of"] == "1404/08/30"
    assert city["sources"] == ["town.gpkg"]
    assert city["synthetic"] is True
