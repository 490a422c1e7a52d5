"""Figures of areas: what is unknown in a part is no zero in the whole."""

from __future__ import annotations

import pandas as pd
import pytest

from bazafarin.studies.area_findings import neighbourhood_findings

UNKNOWN = float("nan")


def row(**known: object) -> dict[str, object]:
    """Return a neighbourhood of 2 decided blocks and 10 parcels, none of them worn-out."""
    zeros = (
        "worn_out_blocks", "worn_out_area_m2", "worn_out_parcels", "candidate_blocks",
        "undecided_blocks", "blocks_without_passages", "level_1_blocks", "level_2_blocks",
        "level_3_blocks",
    )  # fmt: skip
    return {
        "neighbourhood_id": "n",
        **dict.fromkeys(zeros, 0),
        "area_m2": 1000.0,
        "parcels_count": 10,
        "blocks_count": 2,
        "buildings_count": 9,
        "households": 8.0,
        "households_coverage": 1.0,
        "population": 30.0,
        "population_coverage": 1.0,
        "population_source": "parcels",
        "worn_out_population": 0.0,
        "worn_out_population_coverage": 1.0,
        **known,
    }


def found(*rows: dict[str, object], scope: str = "city"):
    """Return the findings of a scope by id."""
    table = pd.DataFrame(list(rows))
    made = neighbourhood_findings(table, scope_all="city")
    return {finding.id: finding for finding in made if finding.scope == scope}


def people_in_worn_out_blocks(people: list[float], worn_out_parcels: list[int]) -> object:
    rows = [
        row(neighbourhood_id=str(at), worn_out_population=persons, worn_out_parcels=parcels)
        for at, (persons, parcels) in enumerate(zip(people, worn_out_parcels, strict=True))
    ]
    return found(*rows)["worn_out_fabric.population"].value


@pytest.mark.parametrize(
    ("people", "worn_out_parcels", "expected"),
    [
        ([30.0, 12.0], [1, 2], 42.0),
        ([30.0, UNKNOWN], [1, 2], None),
        ([0.0, UNKNOWN], [0, 2], None),
        ([30.0, UNKNOWN], [1, 0], 30.0),
        ([UNKNOWN, UNKNOWN], [0, 0], 0.0),
    ],
)
def test_people_of_worn_out_blocks_are_unknown_where_those_of_a_part_are(
    people, worn_out_parcels, expected
) -> None:
    assert people_in_worn_out_blocks(people, worn_out_parcels) == expected


WORN_OUT = ("blocks", "area_m2", "area_share", "parcels", "population", "candidate_blocks")


def test_none_found_where_no_block_is_decided_is_unknown_and_not_zero() -> None:
    made = found(row(undecided_blocks=2))

    assert {made[f"worn_out_fabric.{name}"].value for name in WORN_OUT} == {None}
    assert {made[f"level.{n}.blocks"].value for n in (1, 2, 3)} == {None}
    assert made["worn_out_fabric.blocks"].coverage == 0
    assert made["worn_out_fabric.blocks_depending_on_unknown"].value == 2


def test_worn_out_figures_carry_the_share_of_blocks_that_are_decided() -> None:
    made = found(row(undecided_blocks=1), row(neighbourhood_id="m", worn_out_blocks=2))

    assert made["worn_out_fabric.blocks"].value == 2
    assert made["worn_out_fabric.blocks"].coverage == 0.75
    assert found(row())["worn_out_fabric.blocks"].value == 0
    assert found(row())["worn_out_fabric.blocks"].coverage == 1


def test_a_place_without_blocks_has_no_share_of_decided_ones() -> None:
    made = found(row(blocks_count=0, area_m2=0.0))

    assert made["worn_out_fabric.blocks"].coverage is None
    assert made["worn_out_fabric.area_share"].value is None


def test_coverage_of_the_city_weighs_each_neighbourhood_by_its_parcels() -> None:
    # 10 parcels all known, 30 of which a third is: 20 of 40.
    small, large = row(), row(neighbourhood_id="m", parcels_count=30)
    large |= {"population_coverage": 1 / 3, "households_coverage": 1 / 3}

    made = found(small, large)

    assert made["identity.population"].value == 60
    assert made["identity.population"].coverage == pytest.approx(0.5)
    assert made["identity.households"].coverage == pytest.approx(0.5)


def test_people_of_worn_out_blocks_say_how_many_of_them_were_counted() -> None:
    # Of 4 worn-out parcels one is counted; half of the blocks are open.
    counted = row(worn_out_parcels=4, worn_out_population=3.0, worn_out_population_coverage=0.25)

    assert found(counted)["worn_out_fabric.population"].coverage == 0.25
    half_open = found(counted | {"undecided_blocks": 1})
    assert half_open["worn_out_fabric.population"].coverage == 0.125


def test_what_lies_outside_and_a_city_of_no_names_are_no_neighbourhoods() -> None:
    names = "a", "b", "outside"

    assert found(*(row(neighbourhood_id=name) for name in names))[
        "identity.neighbourhoods"
    ].value == 2  # fmt: skip
    assert found(row(neighbourhood_id="city"))["identity.neighbourhoods"].value is None


def test_a_neighbourhood_has_the_figures_of_its_own_row() -> None:
    made = found(row(), row(neighbourhood_id="m", parcels_count=3), scope="neighbourhood:m")

    assert made["identity.parcels"].value == 3
    assert "identity.neighbourhoods" not in made
