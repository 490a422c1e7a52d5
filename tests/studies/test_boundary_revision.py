"""Which blocks come in, go out and stay, on a row of five drawn blocks."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from bazafarin.standards import Standards
from bazafarin.studies import boundary_revision
from hand_drawn import AS_OF, CRS, layer

NATIONAL = Standards.national()


def blocks(worn_out: dict[str, bool], *, size: float = 50.0, gap: float = 6.0, decided="no"):
    """Return blocks in a row, west to east, ``gap`` metres apart."""
    boxes = [box(n * (size + gap), 0, n * (size + gap) + size, size) for n in range(len(worn_out))]
    return gpd.GeoDataFrame(
        {
            "block_id": pd.Series(list(worn_out), dtype="str"),
            "worn_out": list(worn_out.values()),
            "decided": decided,
            "area_m2": size * size,
        },
        geometry=boxes,
        crs=CRS,
    )


def parcels(states: dict[str, list[tuple[str, float | None]]]) -> pd.DataFrame:
    """Return parcels of each block from (quality, year built) pairs."""
    rows = [(block, *state) for block, of in states.items() for state in of]
    table = pd.DataFrame(rows, columns=["block_id", "quality", "built_sh"])
    return table.astype({"built_sh": float, "block_id": "str"})


def approved(to_x: float) -> gpd.GeoDataFrame:
    return layer(
        "approved_boundary",
        [{"geometry": box(-1, -1, to_x, 60), "approved_on": "2006-05-01", "resolution": "۱"}],
    )


def changes(worn_out, states, to_x, decided="no"):
    made = boundary_revision.boundary_changes(
        blocks(worn_out, decided=decided),
        parcels(states),
        approved(to_x),
        standards=NATIONAL,
        as_of=AS_OF,
    )
    return made.set_index("block_id")[["change", "reason"]].apply(tuple, axis=1).to_dict()


OLD = ("repairable", 1340.0)
NEW = ("new", 1400.0)
UNSAID = ("unknown", None)


def test_each_kind_of_block_has_its_change_and_reason() -> None:
    made = changes(
        {"in": False, "worn": True, "half": False, "open": False, "out": True, "far": False},
        {
            "in": [NEW, NEW, OLD],
            "worn": [OLD, OLD, OLD],
            "half": [NEW, OLD],
            "open": [NEW, OLD, UNSAID],
            "out": [OLD],
            "far": [OLD],
        },
        to_x=4 * 56 - 3,
    )

    assert made == {
        "in": ("removed", "renovated"),
        "worn": ("kept", "still_worn_out"),
        "half": ("kept", "not_renovated_enough"),
        "open": ("kept", "renovation_unknown"),
        "out": ("added", "worn_out_outside"),
    }


def test_half_renovated_is_not_beyond_half() -> None:
    made = changes({"b": False}, {"b": [NEW, OLD]}, to_x=60)

    assert made["b"] == ("kept", "not_renovated_enough")


def test_a_renovated_block_that_may_be_worn_out_stays() -> None:
    made = changes({"b": False}, {"b": [NEW, NEW]}, to_x=60, decided="depends_on_unknown")

    assert made["b"] == ("kept", "may_be_worn_out")


def test_a_block_outside_that_is_worn_out_by_what_is_known_comes_in_and_says_so() -> None:
    made = changes({"b": True}, {"b": [OLD]}, to_x=0, decided="depends_on_unknown")

    assert made["b"] == ("added", "worn_out_outside_open")


def test_a_building_of_after_the_approval_is_renovated() -> None:
    # Approved in 1385: 1386 is after, 1385 is not.
    after = changes({"b": False}, {"b": [("repairable", 1386.0)]}, to_x=60)
    same_year = changes({"b": False}, {"b": [("repairable", 1385.0)]}, to_x=60)

    assert after["b"][0] == "removed"
    assert same_year["b"][0] == "kept"


def test_a_block_half_inside_is_not_inside() -> None:
    half = boundary_revision.share_inside(
        blocks({"b": True}).geometry, gpd.GeoSeries([box(0, 0, 25, 50)], crs=CRS)
    )

    assert half.tolist() == [0.5]
    assert changes({"b": True}, {"b": [OLD]}, to_x=25)["b"] == ("added", "worn_out_outside")


def test_the_proposal_joins_across_a_lane_and_covers_no_other_block() -> None:
    town = blocks({"a": True, "b": True, "c": False, "d": True})

    proposed = boundary_revision.proposed_boundary(
        town, town["worn_out"], standards=NATIONAL, as_of=AS_OF
    )

    assert proposed["part_id"].tolist() == [1, 2]
    # a and b with the lane of 6 m between them; d alone, for c lies between.
    assert proposed["area_m2"].tolist() == pytest.approx([106 * 50, 50 * 50])
    assert not proposed.intersects(town.geometry[2].buffer(-0.01)).any()
    assert proposed.is_valid.all()


def test_no_worn_out_block_makes_no_boundary() -> None:
    town = blocks({"a": False})

    proposed = boundary_revision.proposed_boundary(
        town, town["worn_out"], standards=NATIONAL, as_of=AS_OF
    )

    assert proposed.empty
    assert list(proposed.columns) == ["part_id", "area_m2", "geometry"]


def test_only_what_is_surely_renovated_counts_and_not_the_share_of_the_known() -> None:
    # 2 of 2 known parcels, but of 4 in all: between 2/4 and 4/4.
    made = changes({"b": False}, {"b": [NEW, NEW, UNSAID, UNSAID]}, to_x=60)

    assert made["b"] == ("kept", "renovation_unknown")


def test_of_several_approvals_the_newest_says_since_when_a_building_is_new() -> None:
    rows = [
        {"geometry": box(-1, -1, 30, 60), "approved_on": "2006-05-01"},
        {"geometry": box(30, -1, 60, 60), "approved_on": "2016-05-01"},
    ]

    made = boundary_revision.boundary_changes(
        blocks({"b": False}),
        parcels({"b": [("repairable", 1390.0)]}),
        layer("approved_boundary", rows),
        standards=NATIONAL,
        as_of=AS_OF,
    )

    assert made["reason"].tolist() == ["not_renovated_enough"]


def test_a_narrow_block_between_two_worn_out_ones_is_left_out() -> None:
    # 10 m apart they would be joined, but the sound block of 6 m in between is not covered.
    shapes = [box(0, 0, 50, 50), box(52, 0, 58, 50), box(60, 0, 110, 50)]
    town = gpd.GeoDataFrame({"worn_out": [True, False, True]}, geometry=shapes, crs=CRS)

    proposed = boundary_revision.proposed_boundary(
        town, town["worn_out"], standards=NATIONAL, as_of=AS_OF
    )

    assert proposed.intersection(shapes[1]).area.sum() == pytest.approx(0, abs=1e-6)
    assert proposed["area_m2"].sum() == pytest.approx(2 * 50 * 50 + 2 * 2 * 50)
