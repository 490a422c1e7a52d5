"""The tiles of a city: its shapes, as far as somebody may see them, and nothing of people."""

from __future__ import annotations

import numpy as np
import pytest

from bazafarin.web.accounts.permissions import Permission, Role
from bazafarin.web.maps.drawn_layers import DRAWN, RESULTS
from bazafarin.web.maps.tile_square import Tile, _way_into, box_of
from bazafarin.web.places import actions
from bazafarin.web.places.models import Parcel, Place
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.places.queries import COLUMN_NEEDS
from web.map_town import address, on_the_ground, read, tile_at, whole_tile
from web_town import delivered, layers, prepared, signed_in, somebody, town


def test_the_parcels_of_a_tile_are_the_parcels_of_the_city(mapped_city, planner) -> None:
    client = signed_in(planner)
    where = tile_at(17)

    found = read(client.get(address(mapped_city, where)).content)["parcels"]["features"]

    held = {row.pk: row.geometry for row in Parcel.objects.of_edition(mapped_city)}
    assert found
    for feature in found:
        drawn = on_the_ground(feature, where)
        assert drawn.symmetric_difference(held[feature["id"]]).area < 3  # a few cm of each edge
        assert feature["properties"]["use"] == "residential"


def test_all_layers_are_there_and_each_parcel_once_at_least(mapped_city, planner) -> None:
    found = whole_tile(signed_in(planner), mapped_city)

    assert len(found["parcels"]) == 12
    assert len(found["blocks"]) == 2
    assert {each["name"] for each in found["passages"].values()} == {"کوچۀ ۱", "کوچۀ ۲"}
    assert {each["name"] for each in found["neighbourhoods_names"].values()} == {
        "سرآسیاب", "قلعه‌نو",
    }  # fmt: skip
    assert [each["service"] for each in found["facilities"].values()] == ["education"]


def test_far_views_have_no_parcels(mapped_city, planner) -> None:
    client = signed_in(planner)

    far = read(client.get(address(mapped_city, tile_at(13))).content)
    further = read(client.get(address(mapped_city, tile_at(6))).content)

    assert {"parcels"} & set(far) == set()
    assert "blocks" in far
    assert set(further) <= {"neighbourhoods", "neighbourhoods_names", "approved_boundary"}


def test_where_nothing_lies_the_tile_is_empty(mapped_city, planner) -> None:
    response = signed_in(planner).get(address(mapped_city, Tile(16, 1, 1)))

    assert (response.status_code, response.content) == (204, b"")


@pytest.mark.parametrize("where", [Tile(3, 8, 0), Tile(30, 0, 0)])
def test_a_tile_that_the_world_does_not_have_is_not_found(mapped_city, planner, where) -> None:
    assert signed_in(planner).get(address(mapped_city, where)).status_code == 404


def test_an_edition_that_is_not_accepted_has_no_tiles(mapped_city, planner, tmp_path) -> None:
    changed = town([("1-1-1-0", {"use": "green"})])
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(changed)))
    client = signed_in(planner)

    assert client.get(address(mapped_city, tile_at(16), 2)).status_code == 404
    uses = {
        each["key"]: each["use"] for each in whole_tile(client, mapped_city)["parcels"].values()
    }
    assert uses["1-1-1-0"] == "residential"

    actions.accept_edition(by=None, edition=edition)

    def use_in(number):
        found = whole_tile(client, mapped_city, edition=number)["parcels"].values()
        return {each["key"]: each["use"] for each in found}["1-1-1-0"]

    assert (use_in(1), use_in(2)) == ("residential", "green")


def test_nothing_of_people_is_in_any_tile() -> None:
    people = {name for name, needed in COLUMN_NEEDS.items() if needed == Permission.SEE_PEOPLE}
    drawn = {column for layer in DRAWN.values() for column in (*layer.columns, layer.label)}

    assert people >= {"households", "population", "will_renovate", "will_consolidate"}
    assert not people & (drawn | set(RESULTS))


def test_how_a_parcel_is_built_is_seen_by_whoever_may(mapped_city, planner, owner) -> None:
    agency = somebody("agency", Role.AGENCY, mapped_city.place)
    may = whole_tile(signed_in(planner), mapped_city)["parcels"].values()
    may_not = [
        *whole_tile(signed_in(owner), mapped_city)["parcels"].values(),
        *whole_tile(signed_in(agency), mapped_city)["parcels"].values(),
    ]

    assert all(each["floors"] == 2.0 and each["structure"] == "masonry_untied" for each in may)
    assert len(may_not) == 24
    assert all(set(each) == {"key", "use"} for each in may_not)


def test_a_surveyor_sees_the_rows_of_their_neighbourhood_alone(mapped_city, surveyor) -> None:
    found = whole_tile(signed_in(surveyor), mapped_city)

    assert {each["key"].split("-")[1] for each in found["parcels"].values()} == {"1"}
    assert {each["name"] for each in found["neighbourhoods_names"].values()} == {"سرآسیاب"}
    assert len(found["blocks"]) == 1


def test_a_second_role_shows_buildings_in_its_own_neighbourhood_alone(mapped_city, owner) -> None:
    from bazafarin.web.accounts import actions as people  # noqa: PLC0415

    place = Place.objects.get(code="N2")
    people.give_role(by=None, user=owner, role=Role.SURVEYOR, place=place)
    owner = type(owner).objects.get(pk=owner.pk)

    found = whole_tile(signed_in(owner), mapped_city)["parcels"].values()

    knows = {each["key"].split("-")[1]: "structure" in each for each in found}
    assert knows == {"1": False, "2": True}


def test_a_tile_is_asked_for_again_and_not_sent_again(mapped_city, planner) -> None:
    client = signed_in(planner)
    first = client.get(address(mapped_city, tile_at(16)))

    again = client.get(address(mapped_city, tile_at(16)), headers={"If-None-Match": first["ETag"]})

    assert first["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_whoever_may_see_less_is_not_given_what_another_was(mapped_city, planner, owner) -> None:
    first = signed_in(planner).get(address(mapped_city, tile_at(16)))

    other = signed_in(owner).get(
        address(mapped_city, tile_at(16)), headers={"If-None-Match": first["ETag"]}
    )

    assert other.status_code == 200
    assert other["ETag"] != first["ETag"]


def test_a_tile_is_made_with_few_questions(
    mapped_city, planner, django_assert_max_num_queries
) -> None:
    client = signed_in(planner)

    with django_assert_max_num_queries(12):
        client.get(address(mapped_city, tile_at(16)))


def test_a_tile_that_is_kept_is_given_to_nobody_who_may_see_less(mapped_city, planner) -> None:
    where = tile_at(16)
    whole = signed_in(planner).get(address(mapped_city, where)).content
    place = Place.objects.get(code="N1", kind=PlaceKind.NEIGHBOURHOOD)
    surveyor = somebody("a-surveyor", Role.SURVEYOR, place)

    part = signed_in(surveyor).get(address(mapped_city, where)).content

    assert len(read(whole)["parcels"]["features"]) == 12
    assert len(read(part)["parcels"]["features"]) == 6
    assert signed_in(planner).get(address(mapped_city, where)).content == whole


@pytest.mark.parametrize("zoom", [3, 10, 13, 16, 19])
def test_the_way_into_a_tile_is_the_projection_itself(mapped_city, zoom) -> None:
    where = tile_at(zoom)
    way = _way_into(where, mapped_city.crs, box_of(where, mapped_city))
    inside = way.points(40)
    middle = inside.mean(axis=0)
    everywhere = middle + 5 * (inside - middle)

    assert np.abs(way.steps(everywhere) - way.projected(everywhere)).max() < 0.01
    assert (way.bent is None) is (zoom < 10)
