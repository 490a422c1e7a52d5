"""The glossary binds every column and code list of the city file to a term."""

import re
from pathlib import Path

import pytest

from bazafarin.domain.city import LAYERS

GLOSSARY = (Path(__file__).resolve().parents[1] / "GLOSSARY.md").read_text(encoding="utf-8")
IDENTIFIERS = set(re.findall(r"`([^`]+)`", GLOSSARY))
PLAN_COLUMNS = """
block_id neighbourhood_id parcels_count buildings_count fine_grain_share instability_share
impermeability_share indices_met worn_out level decided passage_id length_m width_m width_source
service population existing_m2 per_capita_m2 standard_min_m2 standard_max_m2 deficit_min_m2
deficit_max_m2 part_id area_m2 boundary_changes rejected
"""


@pytest.mark.parametrize("layer", LAYERS)
def test_every_column_of_the_city_file_is_in_the_glossary(layer):
    columns = {column.name for column in LAYERS[layer].columns}

    assert not columns - IDENTIFIERS


def test_every_column_of_the_plan_is_in_the_glossary():
    assert not set(PLAN_COLUMNS.split()) - {name.split(":", maxsplit=1)[0] for name in IDENTIFIERS}


def test_persian_in_the_glossary_has_persian_letters():
    assert not re.findall("[يك]", GLOSSARY)
