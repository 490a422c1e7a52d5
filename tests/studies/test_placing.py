"""Where parcels, blocks and facilities belong, and that none of them falls out of the totals."""

from __future__ import annotations

from shapely import Point, box

from bazafarin.standards import Standards
from bazafarin.studies.placing import OUTSIDE, WHOLE_CITY, place_city
from hand_drawn import AS_OF, city

WEST = {"neighbourhood_id": "w", "geometry": box(-1, -1, 21, 21)}
EAST = {"neighbourhood_id": "e", "geometry": box(21, -1, 50, 21)}


def parcels(*names: str | None):
    """Return touching parcels of 10 m in a row, in the neighbourhoods that they name."""
    return [
        {"geometry": box(10 * n, 0, 10 * n + 10, 10), "neighbourhood_id": name}
        for n, name in enumerate(names)
    ]


def placed(rows, **layers):
    return place_city(city(rows, **layers), standards=Standards.national(), as_of=AS_OF)


def of(table, column="neighbourhood_id"):
    return table[column].tolist()


def test_a_derived_block_never_takes_the_number_of_a_delivered_one() -> None:
    # The one derived block would be number 1; the delivered block 1 lies elsewhere.
    made = placed(parcels(None, None), blocks=[{"block_id": "1", "geometry": box(0, 90, 40, 99)}])

    assert of(made.parcels, "block_id") == ["1~derived"] * 2
    assert made.blocks.set_index("block_id")["area_m2"].to_dict() == {"1": 360, "1~derived": 200}


def test_a_block_without_parcels_lies_in_the_neighbourhood_it_says() -> None:
    park = {"block_id": "park", "neighbourhood_id": "p", "geometry": box(0, 30, 40, 40)}

    made = placed(parcels("w"), blocks=[park])

    assert made.blocks.set_index("block_id")["neighbourhood_id"]["park"] == "p"
    assert of(made.neighbourhoods) == ["p", "w"]


def test_a_block_without_parcels_and_name_is_placed_by_where_it_lies() -> None:
    blocks = [
        {"block_id": "inner", "geometry": box(25, 12, 40, 20)},
        {"block_id": "far", "geometry": box(500, 0, 540, 20)},
    ]

    made = placed(parcels(None, None), blocks=blocks, neighbourhoods=[WEST, EAST])

    assert made.blocks.set_index("block_id")["neighbourhood_id"].to_dict() == {
        "1": "w",
        "inner": "e",
        "far": OUTSIDE,
    }
    assert of(made.neighbourhoods) == ["e", OUTSIDE, "w"]


def test_a_block_without_parcels_belongs_to_the_one_neighbourhood_there_is() -> None:
    park = {"block_id": "park", "geometry": box(0, 30, 40, 40)}

    assert set(of(placed(parcels(None), blocks=[park]).blocks)) == {WHOLE_CITY}
    assert set(of(placed(parcels("n"), blocks=[park]).blocks)) == {"n"}
    assert set(of(placed(parcels("n", "m"), blocks=[park]).blocks)) == {"m", OUTSIDE}


def test_a_facility_outside_every_neighbourhood_is_outside_and_not_lost() -> None:
    school = {"facility_id": "s", "service": "education", "geometry": Point(300, 300)}

    made = placed(parcels(None), neighbourhoods=[WEST, EAST], facilities=[school])

    assert made.facilities is not None
    assert of(made.facilities) == [OUTSIDE]
    assert OUTSIDE in of(made.neighbourhoods)


def test_only_parcels_found_by_position_are_counted_as_such() -> None:
    far = {"geometry": box(500, 0, 510, 10)}

    by_layer = placed([*parcels(None, "e"), far], neighbourhoods=[WEST, EAST])

    assert of(by_layer.parcels) == ["w", "e", OUTSIDE]
    assert by_layer.derived["neighbourhoods"] == 1
    assert placed(parcels(None)).derived["neighbourhoods"] == 0


def test_overlapping_neighbourhoods_hold_each_parcel_once_the_smaller_first() -> None:
    inner = {"neighbourhood_id": "inner", "geometry": box(-1, -1, 11, 11)}

    made = placed(parcels(None, None), neighbourhoods=[WEST, inner])

    assert of(made.parcels) == ["inner", "w"]


def test_a_block_lies_in_the_neighbourhood_of_most_of_its_parcels() -> None:
    assert of(placed(parcels("w", "e", "e")).blocks) == ["e"]
    assert of(placed(parcels("w", "w", "e")).blocks) == ["w"]
    assert of(placed(parcels("w", "e")).blocks) == ["e"]  # of equals the first by name
