"""Totals of findings: what is unknown in a part is no zero in the whole."""

from __future__ import annotations

import pandas as pd
import pytest

from bazafarin.studies.findings import neighbourhood_findings

UNKNOWN = float("nan")


def people_in_worn_out_blocks(people: list[float], worn_out_blocks: list[int]) -> object:
    counted = [
        "area_m2", "parcels_count", "blocks_count", "buildings_count", "households",
        "worn_out_area_m2", "worn_out_parcels", "candidate_blocks", "undecided_blocks",
        "blocks_without_passages", "level_1_blocks", "level_2_blocks", "level_3_blocks",
    ]  # fmt: skip
    table = pd.DataFrame(
        {
            "neighbourhood_id": [str(at) for at in range(len(people))],
            "population": people,
            "population_coverage": 1.0,
            "population_source": "parcels",
            "worn_out_population": people,
            "worn_out_blocks": worn_out_blocks,
            **dict.fromkeys(counted, 1.0),
        }
    )
    found = {(f.scope, f.id): f for f in neighbourhood_findings(table, scope_all="city")}
    return found["city", "worn_out_fabric.population"].value


@pytest.mark.parametrize(
    ("people", "worn_out_blocks", "expected"),
    [
        ([30.0, 12.0], [1, 2], 42.0),
        ([30.0, UNKNOWN], [1, 2], None),
        ([0.0, UNKNOWN], [0, 2], None),
        ([30.0, UNKNOWN], [1, 0], 30.0),
        ([UNKNOWN, UNKNOWN], [0, 0], 0.0),
    ],
)
def test_people_of_worn_out_blocks_are_unknown_where_those_of_a_part_are(
    people, worn_out_blocks, expected
) -> None:
    assert people_in_worn_out_blocks(people, worn_out_blocks) == expected
