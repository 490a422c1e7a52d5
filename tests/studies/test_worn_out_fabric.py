"""The three indices on tables small enough to judge by hand, exactly at each threshold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bazafarin.standards import Standards
from bazafarin.studies import worn_out_fabric
from hand_drawn import AS_OF

THRESHOLDS = worn_out_fabric.Thresholds.in_force(Standards.national(), as_of=AS_OF)


def parcels(areas: list[float], structures: list[str], uses: list[str] | None = None):
    """Return judged parcels of one block."""
    n = len(areas)
    table = pd.DataFrame(
        {
            "block_id": pd.Series(["b"] * n, dtype="str"),
            "area_m2": areas,
            "use": uses or ["residential"] * n,
            "structure": structures,
            "built_area_m2": np.nan,
            "floors": np.nan,
            "built_sh": np.nan,
        },
        index=range(n),
    )
    return table.join(
        worn_out_fabric.judge_parcels(table, standards=Standards.national(), as_of=AS_OF)
    )


def passages(widths: list[float], lengths: list[float]):
    return pd.DataFrame(
        {
            "block_id": pd.Series(["b"] * len(widths), dtype="str"),
            "width_m": np.array(widths, dtype=float),
            "length_m": np.array(lengths, dtype=float),
        }
    )


def judged(areas, structures, widths, lengths, uses=None, thresholds=THRESHOLDS):
    rows = parcels(areas, structures, uses)
    shares = worn_out_fabric.index_shares(
        rows,
        passages(widths, lengths),
        block_ids=pd.Index(["b"]),
        passage_below_m=thresholds.passage_below_m,
    )
    answer = worn_out_fabric.judge_blocks(
        shares, parcels_count=pd.Series([len(areas)], index=["b"]), thresholds=thresholds
    )
    return answer.loc["b"], {index: table.loc["b"] for index, table in shares.items()}


WORN = (["adobe"] * 3, [5.0], [100.0])


def test_a_block_with_all_three_indices_is_worn_out_of_the_first_level() -> None:
    answer, _ = judged([150.0, 150.0, 300.0], *WORN)

    assert answer["worn_out"]
    assert answer["indices_met"] == 3
    assert answer["level"] == 1
    assert answer["decided"] == "yes"


def test_200_square_metres_is_not_below_200() -> None:
    _, shares = judged([200.0, 199.99, 200.01], *WORN)

    assert shares["fine_grain"]["share"] == pytest.approx(1 / 3)


def test_half_of_the_parcels_is_not_more_than_half() -> None:
    answer, shares = judged([150.0, 150.0, 300.0, 300.0], ["adobe"] * 4, [5.0], [100.0])

    assert shares["fine_grain"]["share"] == 0.5
    assert answer["indices_met"] == 2
    assert not answer["worn_out"]


def test_half_of_the_buildings_is_not_more_than_half() -> None:
    answer, shares = judged(
        [150.0] * 4, ["adobe", "brick_wood", "steel_frame", "masonry_tied"], [5.0], [100.0]
    )

    assert shares["instability"]["share"] == 0.5
    assert not answer["worn_out"]
    assert pd.isna(answer["level"])


def test_six_metres_is_not_narrower_than_six() -> None:
    answer, shares = judged([150.0] * 3, ["adobe"] * 3, [6.0, 5.99], [100.0, 100.0])

    assert shares["impermeability"]["share"] == 0.5
    assert answer["indices_met"] == 2


def test_passages_weigh_by_their_length() -> None:
    _, shares = judged([150.0] * 3, ["adobe"] * 3, [5.0, 8.0], [300.0, 100.0])

    assert shares["impermeability"]["share"] == 0.75


def test_vacant_land_is_no_building_but_a_parcel() -> None:
    # 4 parcels, of which 2 vacant: fine grain over 4, instability over 2.
    answer, shares = judged(
        [150.0] * 4,
        ["adobe", "steel_frame", "unknown", "unknown"],
        [5.0],
        [100.0],
        uses=["residential", "residential", "vacant", "vacant"],
    )

    assert shares["fine_grain"]["total"] == 4
    assert shares["instability"]["total"] == 2
    assert shares["instability"]["share"] == 0.5
    assert not answer["worn_out"]


def test_unknown_structures_leave_bounds_and_an_open_answer() -> None:
    # 2 unstable, 1 stable, 1 unknown: 2/3 of the known; between 2/4 and 3/4 of all.
    answer, shares = judged(
        [150.0] * 4, ["adobe", "adobe", "steel_frame", "unknown"], [5.0], [100.0]
    )

    assert shares["instability"]["share"] == pytest.approx(2 / 3)
    assert shares["instability"]["least"] == 0.5
    assert shares["instability"]["most"] == 0.75
    assert shares["instability"]["coverage"] == 0.75
    assert answer["worn_out"]
    assert answer["decided"] == "depends_on_unknown"


def test_unknowns_that_cannot_change_the_answer_leave_it_decided() -> None:
    certain, _ = judged(
        [150.0] * 5, ["adobe", "adobe", "adobe", "steel_frame", "unknown"], [5.0], [100.0]
    )
    hopeless, _ = judged([300.0] * 4, ["adobe", "adobe", "unknown", "unknown"], [5.0], [100.0])

    assert certain["decided"] == "yes"
    assert hopeless["decided"] == "no"


def test_a_block_of_unknown_areas_has_no_share() -> None:
    answer, shares = judged([np.nan, np.nan], ["adobe", "adobe"], [5.0], [100.0])

    assert np.isnan(shares["fine_grain"]["share"])
    assert shares["fine_grain"]["coverage"] == 0
    assert answer["decided"] == "depends_on_unknown"
    assert not answer["worn_out"]


def test_a_block_without_a_delivered_passage_is_open() -> None:
    answer, shares = judged([150.0] * 3, ["adobe"] * 3, [], [])

    assert np.isnan(shares["impermeability"]["share"])
    assert answer["indices_met"] == 2
    assert answer["decided"] == "depends_on_unknown"


def test_a_block_of_vacant_land_cannot_be_unstable() -> None:
    answer, shares = judged([150.0] * 3, ["unknown"] * 3, [5.0], [100.0], uses=["vacant"] * 3)

    assert shares["instability"]["total"] == 0
    assert answer["decided"] == "no"


@pytest.mark.parametrize(
    ("areas", "structure", "width", "level"),
    [
        ([150.0], "adobe", 5.0, 1),
        ([150.0], "adobe", 8.0, 2),
        ([300.0], "adobe", 5.0, 2),
        ([300.0], "adobe", 8.0, 3),
        ([150.0], "steel_frame", 5.0, None),
        ([150.0], "steel_frame", 8.0, None),
    ],
)
def test_the_level_needs_instability(areas, structure, width, level) -> None:
    answer, _ = judged(areas, [structure], [width], [100.0])

    assert (None if pd.isna(answer["level"]) else answer["level"]) == level


def test_a_city_may_set_how_many_indices_a_level_asks_for() -> None:
    # Levels 2 and 3 are of no source that was seen: here the second begins at one index.
    own = replace(THRESHOLDS, level_indices=(3, 1, 1))

    answer, _ = judged([300.0], ["adobe"], [8.0], [100.0], thresholds=own)

    assert answer["level"] == 2


def test_a_level_of_no_index_at_all_still_needs_instability() -> None:
    none = replace(THRESHOLDS, level_indices=(3, 2, 0))

    answer, _ = judged([150.0], ["steel_frame"], [5.0], [100.0], thresholds=none)

    assert pd.isna(answer["level"])


def test_two_indices_without_instability_count_only_where_it_is_not_required() -> None:
    two = replace(THRESHOLDS, min_indices=2)
    drawn = ([150.0], ["steel_frame"], [5.0], [100.0])

    required, _ = judged(*drawn, thresholds=two)
    free, _ = judged(*drawn, thresholds=replace(two, instability_required=False))

    assert (required["worn_out"], required["decided"]) == (False, "no")
    assert (free["worn_out"], free["decided"]) == (True, "yes")
    assert pd.isna(free["level"])


def test_one_unknown_index_of_three_is_decided_where_two_are_enough() -> None:
    two = replace(THRESHOLDS, min_indices=2)
    drawn = ([150.0], ["adobe"], [np.nan], [100.0])

    assert judged(*drawn)[0]["decided"] == "depends_on_unknown"
    assert judged(*drawn, thresholds=two)[0]["decided"] == "yes"


def test_half_the_length_of_passages_is_not_more_than_half() -> None:
    answer, shares = judged([150.0] * 3, ["adobe"] * 3, [5.0, 8.0], [100.0, 100.0])

    assert shares["impermeability"]["share"] == 0.5
    assert answer["indices_met"] == 2


def test_a_passage_of_unknown_width_leaves_bounds_by_its_length() -> None:
    # Of 100 m, 60 m are narrow, 10 m wide, 30 m unknown: 60/70 of the known, 0.6 to 0.9 of all.
    answer, shares = judged([150.0] * 3, ["adobe"] * 3, [5.0, 8.0, np.nan], [60.0, 10.0, 30.0])

    assert shares["impermeability"][["least", "most", "coverage"]].tolist() == [0.6, 0.9, 0.7]
    assert shares["impermeability"]["share"] == pytest.approx(6 / 7)
    assert answer["decided"] == "yes"


def test_a_block_of_no_parcels_is_open() -> None:
    answer, shares = judged([], [], [5.0], [100.0])

    assert np.isnan(shares["fine_grain"]["share"])
    assert np.isnan(shares["instability"]["share"])
    assert answer["decided"] == "depends_on_unknown"
    assert not answer["worn_out"]


def test_a_city_may_ask_for_two_indices() -> None:
    two = replace(THRESHOLDS, min_indices=2)

    answer, _ = judged([150.0], ["adobe"], [8.0], [100.0], thresholds=two)

    assert answer["worn_out"]


def test_a_low_built_area_of_zero_with_a_known_structure_is_still_a_building() -> None:
    table = parcels([150.0], ["adobe"])
    table["built_area_m2"] = 0.0
    again = worn_out_fabric.judge_parcels(
        table.drop(columns=["is_building", "is_unstable", "is_fine_grained"]),
        standards=Standards.national(),
        as_of=AS_OF,
    )

    assert again["is_building"].all()


def test_sensitivity_counts_what_flips_at_each_step() -> None:
    # Fine grain 3/5 = 60 %: at a threshold of 65 % the block falls out; at 45 % nothing moves.
    rows = parcels([150.0] * 3 + [300.0] * 2, ["adobe"] * 5)
    shares = worn_out_fabric.index_shares(
        rows, passages([5.0], [100.0]), block_ids=pd.Index(["b"]), passage_below_m=6.0
    )

    table = worn_out_fabric.sensitivity(
        shares,
        area_m2=pd.Series([20_000.0], index=["b"]),
        thresholds=THRESHOLDS,
        steps=[-0.05, 0.15],
    ).set_index(["rule_id", "step"])

    fine = table.loc["fine_grain.share_above"]
    assert fine.loc[0.15, "blocks_out"] == 1
    assert fine.loc[0.15, "hectares_out"] == 2.0
    assert fine.loc[-0.05, ["blocks_in", "blocks_out"]].tolist() == [0, 0]
    assert table.loc["instability.share_above"]["blocks_out"].sum() == 0
