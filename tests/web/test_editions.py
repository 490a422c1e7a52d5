"""An edition: seen by nobody until it is accepted, as a whole, and looked at again later."""

from __future__ import annotations

import pytest
from shapely.geometry import box

from bazafarin.adapters.delivery import read_city
from bazafarin.domain.codes import TargetType
from bazafarin.domain.errors import DeliveryError, UsageError
from bazafarin.standards import Standards
from bazafarin.studies.plan_city import plan_city
from bazafarin.web.places import actions, queries
from bazafarin.web.places.layers import city_of
from bazafarin.web.places.models import Edition, Parcel, Place, Succession
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.places.preparing import discard
from bazafarin.web.places.target_areas import add_target_area
from web_town import DATED, EAST, NORTH, delivered, layers, parcel, prepared, signed_in, town


def keys(city, number=None):
    return set(Parcel.objects.of_edition(city, number).values_list("key", flat=True))


def test_nobody_sees_an_edition_before_it_is_accepted(city, tmp_path) -> None:
    edition = prepared(city, delivered(tmp_path / "a.gpkg", layers(town())))

    assert keys(city) == set()
    assert edition.changes["parcels"] == {"new": 12, "changed": 0, "vanished": 0, "same": 0}

    actions.accept_edition(by=None, edition=edition)
    city.refresh_from_db()

    assert len(keys(city)) == 12


def test_the_same_delivery_changes_nothing(mapped_city, tmp_path) -> None:
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(town())))

    assert {name: counts for name, counts in edition.changes.items() if name != "succession"} == {
        "parcels": {"new": 0, "changed": 0, "vanished": 0, "same": 12},
        "blocks": {"new": 0, "changed": 0, "vanished": 0, "same": 2},
        "passages": {"new": 0, "changed": 0, "vanished": 0, "same": 2},
        "neighbourhoods": {"new": 0, "changed": 0, "vanished": 0, "same": 2},
        "facilities": {"new": 0, "changed": 0, "vanished": 0, "same": 1},
    }


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:32640"])
def test_the_same_delivery_in_another_system_changes_nothing(mapped_city, tmp_path, crs) -> None:
    frames = layers(town())
    frames["approved_boundary"] = frames["neighbourhoods"][["geometry"]].assign(resolution="۱")
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", frames))
    actions.accept_edition(by=None, edition=edition)
    mapped_city.refresh_from_db()
    moved = {name: frame.to_crs(crs) for name, frame in frames.items()}
    moved["parcels"].loc[0, "floors"] = 5.0

    edition = prepared(mapped_city, delivered(tmp_path / "c.gpkg", moved))

    changed = {
        (name, kind): counts[kind]
        for name, counts in edition.changes.items()
        if name != "succession"
        for kind in ("new", "changed", "vanished")
        if counts[kind]
    }
    assert changed == {("parcels", "changed"): 1}
    now = Parcel.objects.get(key="1-1-1-0", since=edition.number)
    assert now.geometry == Parcel.objects.of_edition(mapped_city).get(key="1-1-1-0").geometry


def test_new_changed_split_and_merged_parcels_are_told_apart(mapped_city, tmp_path) -> None:
    parcels = town([("1-1-1-0", {"floors": 5.0})])
    gone = {"1-1-2-0", "1-1-3-0", "1-1-6-0"}
    parcels = [each for each in parcels if each["parcel_id"] not in gone]
    west = parcel(2, 1, 0)["geometry"].bounds[0]
    south = parcel(2, 1, 0)["geometry"].bounds[1]
    parcels += [
        # 2 and 3 became one; 6 became two
        parcel(23, 0, 0, geometry=box(west, south, west + 20, south + 15)),
        parcel(61, 5, 0, geometry=box(west + 40, south, west + 45, south + 15)),
        parcel(62, 5, 0, geometry=box(west + 45, south, west + 50, south + 15)),
    ]

    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(parcels)))

    assert edition.changes["parcels"] == {"new": 3, "changed": 1, "vanished": 3, "same": 8}
    told = set(Succession.objects.values_list("kind", "old", "new"))
    assert told == {
        ("merged", "1-1-2-0", "1-1-23-0"),
        ("merged", "1-1-3-0", "1-1-23-0"),
        ("split", "1-1-6-0", "1-1-61-0"),
        ("split", "1-1-6-0", "1-1-62-0"),
    }


def test_a_block_numbered_anew_changes_none_of_its_parcels(city, manager, tmp_path) -> None:
    north = parcel(
        9, 0, 0, parcel_id="9-9-9-0", geometry=box(EAST, NORTH + 64, EAST + 10, NORTH + 69)
    )
    more = [*town([("1-2-2-0", {"floors": 5.0})]), north]
    for name, parcels in (("a", town()), ("b", more)):
        frames = layers(parcels)
        del frames["parcels"]["block_id"]
        edition = prepared(city, delivered(tmp_path / f"{name}.gpkg", frames))
        if name == "a":
            actions.accept_edition(by=None, edition=edition)
            city.refresh_from_db()

    assert edition.changes["parcels"] == {
        "new": 1, "changed": 1, "vanished": 0, "same": 0, "renumbered": 11,
    }  # fmt: skip
    changed = queries.changed_rows(manager, edition, "parcels", "changed")
    assert [row.key for row in changed] == ["1-2-2-0"]
    assert "۱۱ قطعهٔ دیگر" in signed_in(manager).get(f"/places/editions/{edition.pk}/").text
    actions.accept_edition(by=None, edition=edition)
    city.refresh_from_db()
    assert Parcel.objects.of_edition(city).get(key="1-1-1-0").in_block == "3"
    assert [each.edition.number for each in queries.history_of(manager, city, "1-1-1-0")] == [1]
    versions = queries.history_of(manager, city, "1-2-2-0")
    assert [(each.edition.number, each.until) for each in versions] == [(2, None), (1, 2)]


def test_the_layers_of_an_edition_stand_in_the_order_of_the_city_file(mapped_city, manager) -> None:
    edition = Edition.objects.get(city=mapped_city, number=1)
    edition.changes = dict(sorted(edition.changes.items(), reverse=True))
    edition.save()

    page = signed_in(manager).get(f"/places/editions/{edition.pk}/")

    names = [layer["name"] for layer in page.context["layers"]]
    assert names == ["parcels", "blocks", "passages", "neighbourhoods", "facilities"]


def test_an_earlier_edition_can_be_looked_at_again(mapped_city, tmp_path) -> None:
    changed = town([("1-1-1-0", {"floors": 5.0})])[:-1]
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(changed)))
    actions.accept_edition(by=None, edition=edition)
    mapped_city.refresh_from_db()

    assert len(keys(mapped_city)) == 11
    assert len(keys(mapped_city, 1)) == 12
    floors = Parcel.objects.of_edition(mapped_city, 1).get(key="1-1-1-0").floors
    assert floors == 2.0
    assert Parcel.objects.of_edition(mapped_city).get(key="1-1-1-0").floors == 5.0


def test_a_refused_edition_leaves_nothing(mapped_city, tmp_path) -> None:
    before = keys(mapped_city)
    parcels = [*town([("1-1-1-0", {"floors": 5.0})])[:-1], parcel(9, 7, 0, neighbourhood_id="N9")]
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(parcels)))
    assert Place.objects.filter(code="N9").exists()

    actions.refuse_edition(by=None, edition=edition)

    mapped_city.refresh_from_db()
    assert keys(mapped_city) == before
    assert not Parcel.objects.filter(since=2).exists()
    assert not Parcel.objects.filter(until__isnull=False).exists()
    assert not Place.objects.filter(code="N9").exists()
    again = prepared(mapped_city, delivered(tmp_path / "c.gpkg", layers(town())))
    assert again.number == 2


def test_a_refused_first_edition_leaves_no_coordinate_system(city, tmp_path) -> None:
    elsewhere = {
        name: frame.set_crs("EPSG:32640", allow_override=True)
        for name, frame in layers(town()).items()
    }
    wrong = prepared(city, delivered(tmp_path / "wrong.gpkg", elsewhere))
    actions.refuse_edition(by=None, edition=wrong)
    city.refresh_from_db()

    prepared(city, delivered(tmp_path / "right.gpkg", layers(town())))

    assert (city.crs, city.srid) == ("EPSG:32639", 32639)
    assert Parcel.objects.get(key="1-1-1-0").geometry.equals(parcel(1, 0, 0)["geometry"])


def test_a_refused_edition_takes_no_neighbourhood_that_somebody_added(city, tmp_path) -> None:
    by_hand = actions.add_place(
        by=None, kind=PlaceKind.NEIGHBOURHOOD, name_fa="کوی نو", parent=city.place, code="H1"
    )
    edition = prepared(city, delivered(tmp_path / "a.gpkg", layers(town())))
    of_an_area = Place.objects.get(code="N1")
    add_target_area(
        by=None, place=of_an_area, name_fa="میانی", primary_type=TargetType.MIDDLE, other_types=[],
        valid_from=DATED, resolution="۱",
    )  # fmt: skip

    actions.refuse_edition(by=None, edition=edition)

    left = Place.objects.filter(kind=PlaceKind.NEIGHBOURHOOD, parent=city.place)
    assert set(left) == {by_hand, of_an_area}


@pytest.mark.parametrize(
    ("layer", "column", "length"),
    [
        ("parcels", "parcel_id", 121),
        ("parcels", "neighbourhood_id", 61),
        ("passages", "name_fa", 201),
        ("neighbourhoods", "name_fa", 161),
    ],
)
def test_a_text_longer_than_its_column_is_refused_by_name(
    mapped_city, tmp_path, layer, column, length
) -> None:
    frames = layers(town())
    frames[layer].loc[0, column] = "ن" * length

    with pytest.raises(DeliveryError) as refused:
        prepared(mapped_city, delivered(tmp_path / "b.gpkg", frames))

    assert refused.value.code == "web_places.error.text_long"
    assert refused.value.facts["column"] == column
    assert refused.value.facts["length"] == length
    assert refused.value.facts["most"] == length - 1


def test_only_one_edition_waits_at_a_time(mapped_city, tmp_path) -> None:
    prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(town())))

    with pytest.raises(UsageError, match="edition_waits"):
        actions.begin_edition(by=None, city=mapped_city, dated=DATED, note="")


def test_an_accepted_edition_is_not_discarded(mapped_city) -> None:
    with pytest.raises(ValueError, match="is accepted"):
        discard(Edition.objects.get(city=mapped_city, number=1))


def test_a_layer_that_was_not_delivered_stays(mapped_city, tmp_path) -> None:
    frames = {"parcels": layers(town())["parcels"]}

    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", frames))
    actions.accept_edition(by=None, edition=edition)

    mapped_city.refresh_from_db()
    assert "passages" not in edition.changes
    now = city_of(mapped_city, mapped_city.current, name_fa="قدس")
    assert len(now.passages) == 2
    assert len(now.neighbourhoods) == 2


def test_the_plan_of_an_edition_is_the_plan_of_its_file(mapped_city, tmp_path) -> None:
    path = delivered(tmp_path / "again.gpkg", layers(town()))
    standards = Standards.national()

    of_file = plan_city(read_city(path), standards=standards, as_of=DATED)
    kept = city_of(mapped_city, 1, name_fa="قدس")
    of_edition = plan_city(kept, standards=standards, as_of=DATED)

    figures = {(f.id, f.scope): f.value for f in of_file.findings if "quality" not in f.id}
    same = {(f.id, f.scope): f.value for f in of_edition.findings if "quality" not in f.id}
    assert same == figures


def test_a_city_of_rows_of_two_deliveries_is_planned_as_the_second_file(
    mapped_city, tmp_path
) -> None:
    # what stays has the row number of the first file, what changes that of the second
    path = delivered(tmp_path / "b.gpkg", layers(town([("1-1-3-0", {"floors": 5.0})])[1:]))
    edition = prepared(mapped_city, path)
    actions.accept_edition(by=None, edition=edition)
    mapped_city.refresh_from_db()

    kept = city_of(mapped_city, 2, name_fa="قدس")

    assert kept.parcels.index.is_unique
    standards = Standards.national()
    of_file = plan_city(read_city(path), standards=standards, as_of=DATED)
    of_edition = plan_city(kept, standards=standards, as_of=DATED)
    figures = {(f.id, f.scope): f.value for f in of_file.findings if "quality" not in f.id}
    same = {(f.id, f.scope): f.value for f in of_edition.findings if "quality" not in f.id}
    assert same == figures


def test_the_plan_is_that_of_the_file_where_rows_moved_within_it(mapped_city, tmp_path) -> None:
    # the first row is gone, so the new parcel at the end takes a number that another carries
    parcels = [*town()[1:], town()[0] | {"parcel_id": "1-1-9-0"}]
    path = delivered(tmp_path / "moved.gpkg", layers(parcels))
    actions.accept_edition(by=None, edition=prepared(mapped_city, path))
    standards = Standards.national()

    of_file = plan_city(read_city(path), standards=standards, as_of=DATED)
    kept = city_of(mapped_city, 2, name_fa="قدس")
    of_edition = plan_city(kept, standards=standards, as_of=DATED)

    assert kept.parcels.index.is_unique
    figures = {(f.id, f.scope): f.value for f in of_file.findings if "quality" not in f.id}
    same = {(f.id, f.scope): f.value for f in of_edition.findings if "quality" not in f.id}
    assert same == figures


def test_a_parcel_that_is_gone_shows_what_was_last_known_of_it(
    mapped_city, surveyor, planner, tmp_path
) -> None:
    path = delivered(tmp_path / "less.gpkg", layers(town()[:-1]))
    actions.accept_edition(by=None, edition=prepared(mapped_city, path))
    address = f"/places/cities/{mapped_city.pk}/parcels/1-2-6-0/"

    page = signed_in(planner).get(address)

    assert page.status_code == 200
    assert page.context["edition_number"] == 1
    assert page.context["is_gone"]
    # asked for in an edition that lacks it, or seen from another neighbourhood, there is none
    assert signed_in(planner).get(address, {"edition": "2"}).status_code == 404
    assert signed_in(surveyor).get(address).status_code == 404


def test_a_surveyor_sees_one_neighbourhood(surveyor, mapped_city) -> None:
    page = signed_in(surveyor).get(f"/places/cities/{mapped_city.pk}/parcels/")

    shown = {row.key for row in page.context["page"].rows}
    assert shown == {f"1-1-{n}-0" for n in range(1, 7)}
    other = signed_in(surveyor).get(f"/places/cities/{mapped_city.pk}/parcels/1-2-1-0/")
    assert other.status_code == 404


def test_an_owner_sees_nothing_of_people_or_buildings(owner, mapped_city) -> None:
    page = signed_in(owner).get(f"/places/cities/{mapped_city.pk}/parcels/1-1-1-0/")

    shown = {fact.column for fact in page.context["facts"]}
    assert "use" in shown
    assert not shown & set(queries.COLUMN_NEEDS)


@pytest.mark.parametrize("asked", ["2345/17", "۲۳۴۵/۱۷", "2345", "3751043219", "۳۷۵۱۰۴"])
def test_a_parcel_is_found_by_plaque_and_postal_code(city, planner, tmp_path, asked) -> None:
    told = {"plaque": "2345/17", "postal_code": "3751043219"}
    frames = layers(town([("1-1-3-0", told)]))
    actions.accept_edition(
        by=None, edition=prepared(city, delivered(tmp_path / "city.gpkg", frames))
    )
    client = signed_in(planner)

    listed = client.get(f"/places/cities/{city.pk}/parcels/", {"q": asked})
    suggested = client.get(f"/maps/{city.pk}/1/find/", {"q": asked}).json()["found"]

    assert [row.key for row in listed.context["page"].rows] == ["1-1-3-0"]
    assert [each["name"] for each in suggested] == ["1-1-3-0"]


def test_whoever_sees_no_plaque_finds_nothing_by_it(city, owner, tmp_path) -> None:
    frames = layers(town([("1-1-3-0", {"plaque": "2345/17", "postal_code": "3751043219"})]))
    actions.accept_edition(
        by=None, edition=prepared(city, delivered(tmp_path / "city.gpkg", frames))
    )
    client = signed_in(owner)

    for asked in ("2345/17", "3751043219"):
        page = client.get(f"/places/cities/{city.pk}/parcels/", {"q": asked})
        assert page.context["page"].rows == []
    told = client.get(f"/places/cities/{city.pk}/parcels/1-1-3-0/").content.decode()
    assert "3751043219" not in told
