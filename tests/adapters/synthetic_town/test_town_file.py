"""The town as a city file: labelled, whole or not there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import pyogrio
import pytest

from bazafarin.adapters.synthetic_town import write_town
from bazafarin.domain.city import LAYERS
from bazafarin.domain.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_file_holds_the_layers_and_says_that_it_is_synthetic(tmp_path: Path) -> None:
    out = tmp_path / "town.gpkg"
    stages: list[str] = []

    truth = write_town(out, parcels=1_000, seed=3, on_stage=stages.append)

    layers = {name for name, _ in pyogrio.list_layers(out)}
    about = pyogrio.read_dataframe(out, layer="about").set_index("key")["value"]
    assert layers == {"about", *LAYERS} - {"carriageways"}
    assert about["synthetic"] == "true"
    assert "ساختگی" in about["name_fa"]
    assert about["seed"] == "3"
    assert gpd.read_file(out, layer="parcels").crs.to_epsg() == 32639
    assert json.loads((tmp_path / "town.truth.json").read_text("utf-8"))["counts"] == truth.counts
    assert stages == ["streets", "buildings", "layers", "writing"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["town.gpkg", "town.truth.json"]


def test_a_file_that_cannot_be_written_is_refused_with_its_name(tmp_path: Path) -> None:
    out = tmp_path / "missing" / "town.gpkg"

    with pytest.raises(OutputError) as refused:
        write_town(out, parcels=1_000, seed=3)

    assert refused.value.facts["path"] == str(out)


def test_an_interrupted_run_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "town.gpkg"
    out.write_bytes(b"before")

    def stop(stage: str) -> None:
        if stage == "writing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_town(out, parcels=1_000, seed=3, on_stage=stop)

    assert out.read_bytes() == b"before"
    assert [path.name for path in tmp_path.iterdir()] == ["town.gpkg"]
