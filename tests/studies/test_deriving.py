"""The plan of a delivery without passages: they are derived, and it says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shapely import box

from bazafarin.adapters import wording
from bazafarin.standards import Standards
from bazafarin.studies import deriving
from bazafarin.studies.plan_city import plan_city
from hand_drawn import AS_OF, city
from oracle.random_towns import TownOptions, random_town

NATIONAL = Standards.national()


def two_rows(gap: float):
    """Draw two blocks of four parcels of 10 by 20 m, ``gap`` apart."""
    return city(
        [
            {"block_id": name, "geometry": box(10 * n, y, 10 * n + 10, y + 20)}
            for name, y in (("south", 0.0), ("north", 20.0 + gap))
            for n in range(4)
        ]
    )


@pytest.mark.parametrize(("gap", "share"), [(4.0, 1.0), (8.0, 0.0)])
def test_the_lane_between_two_blocks_gives_impermeability_its_answer(gap, share) -> None:
    made = plan_city(two_rows(gap), standards=NATIONAL, as_of=AS_OF)

    assert made.passages["passage_id"].tolist() == ["d1"]
    assert made.passages["width_m"].tolist() == pytest.approx([gap])
    assert made.passages["width_source"].tolist() == ["derived"]
    assert made.blocks["impermeability_share"].tolist() == [share, share]
    found = {f.id: f for f in made.findings if f.scope == "city"}
    assert found["identity.passages"].value == 1
    assert found["passages.derived_length_share"].value == 1.0
    assert found["passages.recorded_length_share"].value == 0.0
    assert "passages.derived_reach_m" in found["passages.derived_length_share"].rules


def test_the_data_say_that_passages_were_derived_in_both_languages() -> None:
    made = plan_city(two_rows(4.0), standards=NATIONAL, as_of=AS_OF)

    (note,) = made.city.problems
    assert (note.layer, note.severity, note.facts["number"]) == ("passages", "note", 1)
    for language in wording.LANGUAGES:
        assert wording.has(note.code)
        assert wording.text(note.code, language, number=1)


def test_figures_and_columns_of_derived_passages_cite_how_they_were_derived() -> None:
    made = plan_city(two_rows(4.0), standards=NATIONAL, as_of=AS_OF)

    found = {f.id: f for f in made.findings if f.scope == "city"}
    columns = made.tables["blocks"].columns
    for rules in (
        found["fabric.impermeability_share"].rules,
        found["worn_out_fabric.blocks"].rules,
        found["passages.narrow_length_m"].rules,
        columns["impermeability_share"].rules,
    ):
        assert set(deriving.RULES) <= set(rules) <= set(made.citations)
        assert len(rules) == len(set(rules))
    assert not set(deriving.RULES) & set(found["fabric.fine_grain_share"].rules)
    assert not set(deriving.RULES) & set(columns["fine_grain_share"].rules)


def test_one_block_has_no_passage_and_they_stay_unknown() -> None:
    made = plan_city(city([{"geometry": box(0, 0, 10, 10)}]), standards=NATIONAL, as_of=AS_OF)

    assert made.passages.empty
    assert made.city.passages is None
    assert made.city.problems == ()


def test_delivered_passages_are_not_derived_over() -> None:
    town = random_town(3, TownOptions())
    made = plan_city(town, standards=NATIONAL, as_of=AS_OF)

    assert made.city is town
    assert "derived" not in set(made.passages["width_source"])
    shares = next(f for f in made.findings if f.id == "fabric.impermeability_share")
    assert not set(deriving.RULES) & set(shares.rules)
    without = plan_city(replace(town, passages=None), standards=NATIONAL, as_of=AS_OF)
    assert set(without.passages["width_source"]) == {"derived"}
