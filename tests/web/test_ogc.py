"""OGC API – Features: its links, systems, boxes, pages and what each caller sees."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import urlencode

import pytest
from shapely.geometry import shape

from bazafarin.web.accounts import actions as people
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.interfaces.ogc.reference_systems import CRS84, transformer
from bazafarin.web.places import actions
from bazafarin.web.places.models import Parcel
from web_town import EAST, NORTH, delivered, layers, parcel, prepared, signed_in, somebody, town

OWN = "http://www.opengis.net/def/crs/EPSG/0/32639"
TURNED = "http://www.opengis.net/def/crs/EPSG/0/4326"
PEOPLE = {"households", "population", "will_renovate", "will_consolidate"}
BUILDINGS = {"floors", "structure", "ownership", "built_sh", "land_value_rial_m2"}


@pytest.fixture
def second_edition(mapped_city, tmp_path):
    """Return the city once its second edition brought a third floor and one parcel less."""
    parcels = [
        each for each in town([("1-1-1-0", {"floors": 3.0})]) if each["parcel_id"] != "1-2-6-0"
    ]
    edition = prepared(
        mapped_city, delivered(tmp_path / "second.gpkg", layers(parcels)), dated=date(2026, 3, 21)
    )
    actions.accept_edition(by=None, edition=edition)
    mapped_city.refresh_from_db()
    return mapped_city


def address(city, layer="parcels", rest="/items", **words):
    name = f"/ogc/collections/city-{city.pk}-{layer}{rest}"
    return f"{name}?{urlencode({key.replace('_', '-'): word for key, word in words.items()})}"


def items(client, city, layer="parcels", **words):
    answer = client.get(address(city, layer, **words))
    assert answer.status_code == 200, answer.content
    return answer.json()


def keys(page):
    return {feature["id"] for feature in page["features"]}


def linked(page, rel):
    return next((link["href"] for link in page["links"] if link["rel"] == rel), None)


def all_pages(client, start):
    pages = []
    while start:
        answer = client.get(start)
        assert answer.status_code == 200, answer.content
        pages.append(answer.json())
        start = linked(pages[-1], "next")
    return pages


def in_world(*corners):
    """Return a box of CRS84 around a box of the city's own system."""
    return ",".join(map(str, transformer("EPSG:32639", "OGC:CRS84").transform_bounds(*corners)))


def test_the_landing_page_links_to_all_that_answers(planner, mapped_city) -> None:
    client = signed_in(planner)
    landing = client.get("/ogc/").json()

    assert {link["rel"] for link in landing["links"]} == {
        "self",
        "service-desc",
        "conformance",
        "data",
    }
    for link in landing["links"]:
        answer = client.get(link["href"])
        assert answer.status_code == 200
        assert answer["Content-Type"] == link["type"]


def test_collections_tell_extent_systems_and_links_in_persian(planner, mapped_city) -> None:
    client = signed_in(planner)
    told = client.get("/ogc/collections").json()["collections"]

    assert [each["id"] for each in told][:2] == [
        f"city-{mapped_city.pk}-parcels",
        f"city-{mapped_city.pk}-blocks",
    ]
    parcels = told[0]
    assert parcels["title"] == "قطعات · قدس"
    assert parcels["crs"] == [CRS84, TURNED, OWN]
    assert parcels["storageCrs"] == OWN
    assert parcels["itemType"] == "feature"
    west, south, east, north = parcels["extent"]["spatial"]["bbox"][0]
    assert 50 < west < east < 52
    assert 35 < south < north < 36
    assert parcels["extent"]["temporal"]["interval"] == [["2025-11-21T00:00:00Z", None]]
    for link in parcels["links"]:
        assert client.get(link["href"]).status_code == 200
    assert client.get(address(mapped_city, rest="")).json() == parcels


def test_english_is_spoken_to_whoever_chose_it(planner, mapped_city) -> None:
    client = signed_in(planner)
    client.cookies["language"] = "en"

    assert client.get(address(mapped_city, rest="")).json()["title"] == "parcels · قدس"


def test_the_description_tells_how_much_a_page_holds(planner) -> None:
    described = signed_in(planner).get("/ogc/api").json()

    assert described["openapi"].startswith("3.0")
    limit = described["components"]["parameters"]["limit"]["schema"]
    assert (limit["default"], limit["maximum"]) == (1000, 10_000)


def test_a_feature_is_longitude_first_unless_its_system_says_otherwise(
    planner, mapped_city
) -> None:
    client = signed_in(planner)
    own = items(client, mapped_city, crs=OWN)["features"][0]["geometry"]
    world = items(client, mapped_city)["features"][0]["geometry"]
    turned = items(client, mapped_city, crs=TURNED)["features"][0]["geometry"]

    assert shape(own).bounds == (EAST, NORTH, EAST + 10, NORTH + 15)
    lon, lat = world["coordinates"][0][0]
    assert (50 < lon < 52, 35 < lat < 36) == (True, True)
    assert turned["coordinates"][0][0] == [lat, lon]


@pytest.mark.parametrize(
    ("system", "uri"), [({}, CRS84), ({"crs": OWN}, OWN), ({"crs": TURNED}, TURNED)]
)
def test_an_answer_names_its_system(planner, mapped_city, system, uri) -> None:
    answer = signed_in(planner).get(address(mapped_city, **system))

    assert answer["Content-Crs"] == f"<{uri}>"
    assert answer["Content-Type"] == "application/geo+json"


def test_a_point_goes_there_and_back_within_a_millimetre(planner, mapped_city) -> None:
    world = items(signed_in(planner), mapped_city)["features"][0]["geometry"]
    back = transformer("OGC:CRS84", "EPSG:32639")

    for lon, lat in world["coordinates"][0]:
        x, y = back.transform(lon, lat)
        assert abs(x - round(x)) < 0.002
        assert abs(y - round(y)) < 0.002


@pytest.mark.parametrize("limit", [1, 5, 6, 11, 12, 13])
def test_pages_hold_every_row_once(planner, mapped_city, limit) -> None:
    pages = all_pages(signed_in(planner), address(mapped_city, limit=limit))
    given = [feature["id"] for page in pages for feature in page["features"]]

    assert len(given) == len(set(given)) == 12
    assert all(page["numberReturned"] == len(page["features"]) for page in pages)
    assert all("numberMatched" not in page for page in pages)
    assert len(pages) == -(-12 // limit)


def test_pages_hold_every_row_once_where_rows_are_alike(mapped_city, planner) -> None:
    # all that pages might be sorted by is the same in these rows but their number
    row = Parcel.objects.first()
    Parcel.objects.bulk_create(
        Parcel(
            city=mapped_city,
            key=f"same-{n}",
            parcel_id="same",
            search_key="same",
            since=1,
            digest=7,
            geometry=row.geometry,
            west=row.west,
            south=row.south,
            east=row.east,
            north=row.north,
        )
        for n in range(40)
    )

    pages = all_pages(signed_in(planner), address(mapped_city, limit=7))
    given = [feature["id"] for page in pages for feature in page["features"]]

    assert len(given) == len(set(given)) == 52


def test_pages_stay_with_the_edition_they_began_with(mapped_city, planner, tmp_path) -> None:
    client = signed_in(planner)
    first = items(client, mapped_city, limit=5)
    fewer = [each for each in town() if each["parcel_id"] != "1-2-6-0"]
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(fewer)))
    actions.accept_edition(by=None, edition=edition)

    rest = all_pages(client, linked(first, "next"))

    assert {page["edition"] for page in [first, *rest]} == {1}
    assert "1-2-6-0" in keys(rest[-1])
    assert "1-2-6-0" not in keys(items(client, mapped_city))


def test_the_limit_is_never_more_than_ten_thousand(planner, mapped_city) -> None:
    page = items(signed_in(planner), mapped_city, limit=10**15)

    assert page["numberReturned"] == 12


def test_a_box_is_met_by_shapes_in_any_system(planner, mapped_city) -> None:
    client = signed_in(planner)
    corners = (EAST + 1, NORTH + 1, EAST + 12, NORTH + 14)
    met = {"1-1-1-0", "1-1-2-0"}
    lon_lat = in_world(*corners).split(",")
    lat_lon = ",".join([lon_lat[1], lon_lat[0], lon_lat[3], lon_lat[2]])

    assert keys(items(client, mapped_city, bbox=in_world(*corners))) == met
    assert keys(items(client, mapped_city, bbox=lat_lon, bbox_crs=TURNED)) == met
    own = ",".join(map(str, corners))
    assert keys(items(client, mapped_city, bbox=own, bbox_crs=OWN)) == met
    with_heights = f"{corners[0]},{corners[1]},0,{corners[2]},{corners[3]},9"
    assert keys(items(client, mapped_city, bbox=with_heights, bbox_crs=OWN)) == met


@pytest.mark.parametrize("box", ["-180,-90,180,90", "40,20,70,45", "179,-90,178,90"])
def test_the_whole_world_is_met_by_all(planner, mapped_city, box) -> None:
    assert items(signed_in(planner), mapped_city, bbox=box)["numberReturned"] == 12


@pytest.mark.parametrize("box", ["0,0,1,1", "-180,-90,-170,-80", "170,0,-170,80"])
def test_a_box_elsewhere_is_met_by_none(planner, mapped_city, box) -> None:
    page = items(signed_in(planner), mapped_city, bbox=box)

    assert page["features"] == []
    assert linked(page, "next") is None


def test_a_box_that_corners_alone_meet_is_not_met(mapped_city, planner, tmp_path) -> None:
    slanting = town()
    slanting[0]["geometry"] = shape(
        {
            "type": "Polygon",
            "coordinates": [[[EAST, NORTH], [EAST + 10, NORTH], [EAST, NORTH + 15], [EAST, NORTH]]],
        }
    )
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(slanting)))
    actions.accept_edition(by=None, edition=edition)
    # the corner of the first parcel's box that its triangle leaves free
    box = f"{EAST + 8},{NORTH + 13},{EAST + 9},{NORTH + 14}"

    assert items(signed_in(planner), mapped_city, bbox=box, bbox_crs=OWN)["features"] == []


def test_a_box_pages_to_its_end_over_rows_that_it_leaves_out(planner, mapped_city) -> None:
    box = f"{EAST + 51},{NORTH - 5},{EAST + 59},{NORTH + 60}"
    start = address(mapped_city, bbox=box, bbox_crs=OWN, limit=1)

    pages = all_pages(signed_in(planner), start)

    assert [len(page["features"]) for page in pages] == [1, 1]


def test_a_point_is_a_box(planner, mapped_city) -> None:
    point = f"{EAST + 5},{NORTH + 5},{EAST + 5},{NORTH + 5}"

    assert keys(items(signed_in(planner), mapped_city, bbox=point, bbox_crs=OWN)) == {"1-1-1-0"}


def test_an_edition_is_asked_for_by_number_and_by_the_time_at_which_it_held(
    planner, second_edition
) -> None:
    client, city = signed_in(planner), second_edition

    assert items(client, city)["edition"] == 2
    assert items(client, city, edition=1)["numberReturned"] == 12
    assert items(client, city, datetime="2026-01-01")["edition"] == 1
    assert items(client, city, datetime="2025-11-21T00:00:00Z")["numberReturned"] == 12
    assert items(client, city, datetime="2026-03-21T00:00:00+03:30")["edition"] == 2
    assert items(client, city, datetime="../2026-01-01")["edition"] == 1
    assert items(client, city, datetime="2026-01-01/..")["numberReturned"] == 11
    assert items(client, city, datetime="2020-01-01")["features"] == []


def test_an_edition_that_waits_is_nobodys(planner, mapped_city, tmp_path) -> None:
    prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers([*town(), parcel(9, 8, 0)])))
    client = signed_in(planner)

    assert client.get(address(mapped_city, edition=2)).status_code == 400
    assert items(client, mapped_city)["numberReturned"] == 12


def test_items_are_asked_for_by_the_values_of_columns(planner, mapped_city) -> None:
    client = signed_in(planner)

    answer = client.get(address(mapped_city) + "parcel_id=1-1-1-0&floors=2&use=residential")
    assert keys(answer.json()) == {"1-1-1-0"}
    assert items(client, mapped_city, floors=9)["features"] == []


def test_queryables_are_the_columns_that_one_sees(mapped_city, planner, owner) -> None:
    told = signed_in(planner).get(address(mapped_city, rest="/queryables")).json()
    fewer = signed_in(owner).get(address(mapped_city, rest="/queryables")).json()

    assert told["properties"]["parcel_id"] == {"title": "کد نوسازی", "type": "string"}
    assert told["properties"]["floors"]["type"] == "integer"
    assert "residential" in told["properties"]["use"]["enum"]
    assert set(told["properties"]) >= PEOPLE | BUILDINGS
    assert not set(fewer["properties"]) & (PEOPLE | BUILDINGS)


def test_one_feature_is_given_by_its_key(planner, mapped_city) -> None:
    client = signed_in(planner)
    page = items(client, mapped_city)
    answer = client.get(address(mapped_city, rest="/items/1-1-1-0", crs=OWN))
    one = answer.json()

    assert shape(one["geometry"]).bounds == (EAST, NORTH, EAST + 10, NORTH + 15)
    assert one["properties"] == page["features"][0]["properties"]
    assert one["properties"]["floors"] == 2
    assert one["properties"]["built_sh"] is None
    assert client.get(linked(one, "self")).json()["id"] == "1-1-1-0"


@pytest.mark.parametrize("layer", ["blocks", "passages", "neighbourhoods", "facilities"])
def test_every_feature_of_every_layer_is_found_by_its_id(planner, mapped_city, layer) -> None:
    client = signed_in(planner)

    for feature in items(client, mapped_city, layer)["features"]:
        found = client.get(address(mapped_city, layer, f"/items/{feature['id']}"))
        assert found.json()["properties"] == feature["properties"]


WRONG = [
    ("limit=0", "limit"),
    ("limit=-1", "limit"),
    ("limit=x", "limit"),
    ("limit=", "limit"),
    ("limit=1&limit=2", "parameter_twice"),
    ("bbox=1,2,3", "bbox"),
    ("bbox=1,2,3,x", "bbox"),
    ("bbox=1,2,3,nan", "bbox"),
    ("bbox=1,2,3,inf", "bbox"),
    ("bbox=1,9,3,2", "bbox"),
    ("bbox=", "bbox"),
    ("bbox=1,2,3,4&bbox-crs=EPSG:32639", "crs"),
    (f"bbox=9,1,2,2&bbox-crs={OWN}", "bbox"),
    ("bbox-crs=x", "crs"),
    ("crs=http://www.opengis.net/def/crs/EPSG/0/3857", "crs"),
    ("crs=", "crs"),
    ("datetime=yesterday", "datetime"),
    ("datetime=", "datetime"),
    ("datetime=/", "datetime"),
    ("datetime=../..", "datetime"),
    ("datetime=2026-01-01T00:00:00", "datetime"),
    ("datetime=2026-02-01/2026-01-01", "datetime"),
    ("datetime=2026-13-01", "datetime"),
    ("edition=7", "edition"),
    ("edition=x", "edition"),
    ("edition=99999999999999999999", "edition"),
    ("edition=1&datetime=2026-01-01", "edition_and_datetime"),
    ("cursor=x", "cursor"),
    ("cursor=W10", "cursor"),
    ("cursor=" + "W" * 5000, "cursor"),
    ("f=html", "format"),
    ("nothing=1", "parameter"),
    ("floors=many", "value"),
    ("floors=inf", "value"),
    ("heritage=perhaps", "value"),
    ("surveyed_on=1404", "value"),
    ("block_id=%00", "value"),
]


def test_what_cannot_be_is_said_in_both_languages(planner, mapped_city) -> None:
    client = signed_in(planner)

    for words, code in WRONG:
        answer = client.get(address(mapped_city) + words)
        problem = answer.json()
        assert answer.status_code == problem["status"] == 400, words
        assert problem["code"] == f"web_interfaces.error.{code}", words
        assert problem["message_fa"] == problem["detail"] != problem["message_en"]


@pytest.mark.parametrize("rest", ["/ogc/", "/ogc/conformance", "/ogc/collections", "/ogc/api"])
def test_a_parameter_that_is_not_known_is_refused_everywhere(planner, rest) -> None:
    client = signed_in(planner)

    assert client.get(f"{rest}?f=json").status_code == 200
    assert client.get(f"{rest}?other=1").status_code == 400


@pytest.mark.parametrize("rest", ["", "/items", "/items/1-1-1-0", "/queryables"])
def test_an_outsider_finds_no_collection_of_another_city(outsider, mapped_city, rest) -> None:
    client = signed_in(outsider)

    assert client.get(address(mapped_city, rest=rest)).status_code == 404
    assert client.get("/ogc/collections").json()["collections"] == []


@pytest.mark.parametrize("name", ["city-1", "city-1-people", "city-x-parcels", "parcels"])
def test_what_is_no_collection_is_not_found(planner, mapped_city, name) -> None:
    assert signed_in(planner).get(f"/ogc/collections/{name}").status_code == 404


def test_a_feature_that_is_not_there_is_not_found(planner, mapped_city) -> None:
    client = signed_in(planner)

    assert client.get(address(mapped_city, rest="/items/9-9-9-9")).status_code == 404
    assert client.get(address(mapped_city, rest="/items/%00")).status_code == 404


def test_whoever_sees_no_places_is_refused(city) -> None:
    administrator = somebody("administrator", Role.ADMINISTRATOR, city.place)

    assert signed_in(administrator).get("/ogc/").status_code == 403


def test_a_surveyor_sees_one_neighbourhood_and_its_people(surveyor, mapped_city) -> None:
    page = items(signed_in(surveyor), mapped_city)

    assert keys(page) == {f"1-1-{n}-0" for n in range(1, 7)}
    assert all(feature["properties"]["population"] == 10 for feature in page["features"])


def test_people_are_seen_where_one_may_see_them_and_not_next_door(surveyor, mapped_city) -> None:
    # the surveyor of one neighbourhood is an owner, too, and so sees the other's shapes
    people.give_role(by=None, user=surveyor, role=Role.OWNER, place=mapped_city.place)
    client = signed_in(surveyor)
    page = items(client, mapped_city)

    assert page["numberReturned"] == 12
    for feature in page["features"]:
        is_ones_own = feature["properties"]["neighbourhood_id"] == "N1"
        assert set(feature["properties"]) >= PEOPLE or not is_ones_own
        assert is_ones_own or not set(feature["properties"]) & (PEOPLE | BUILDINGS)
    # nor are they found out by asking for their number
    found = client.get(address(mapped_city) + "population=10").json()
    assert keys(found) == {f"1-1-{n}-0" for n in range(1, 7)}
    population = {
        feature["id"]: feature["properties"].get("population")
        for feature in items(client, mapped_city, "neighbourhoods")["features"]
    }
    assert population == {"N1": 60, "N2": None}


def test_an_owner_sees_no_people_and_cannot_ask_for_their_number(owner, mapped_city) -> None:
    client = signed_in(owner)

    for layer in ("parcels", "neighbourhoods"):
        for feature in items(client, mapped_city, layer)["features"]:
            assert not set(feature["properties"]) & (PEOPLE | BUILDINGS)
    assert client.get(address(mapped_city) + "population=10").status_code == 400


def test_features_are_sound_geojson(planner, mapped_city) -> None:
    answer = signed_in(planner).get(address(mapped_city))
    page = json.loads(answer.content, parse_constant=pytest.fail)

    assert page["type"] == "FeatureCollection"
    for feature in page["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert shape(feature["geometry"]).is_valid
