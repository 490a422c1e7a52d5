"""Drawing and correcting a parcel or the boundary: checked, recorded, and none lost in silence."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon, box

from bazafarin.domain.errors import UsageError
from bazafarin.standards import Standards
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.audit.models import AuditEvent
from bazafarin.web.maps.tile_square import to_degrees
from bazafarin.web.places import actions, correcting
from bazafarin.web.places.layers import digest_of, digest_of_derived
from bazafarin.web.places.models import Block, BoundaryPart, Edition, Parcel, Place
from bazafarin.web.places.queries import taken_back
from web_town import (
    DATED,
    EAST,
    NORTH,
    delivered,
    layers,
    planned,
    prepared,
    signed_in,
    somebody,
    town,
)

LAST = "1-1-6-0"
"""The last parcel of the first row: nothing lies east of it."""


def row(city, key=LAST):
    return Parcel.objects.of_edition(city).get(key=key)


def rectangle(west, south, east, north):
    return box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def corrected(city, shape, *, by=None, old=None, began=None, layer="parcels", values=None):
    return correcting.correct(
        by=by, city=city, layer=layer, old=old, began=city.current if began is None else began,
        shape=shape, values=values or {}, reason="بازدید", day=DATED,
    )  # fmt: skip


def refusal(city, shape, **options):
    with pytest.raises(UsageError) as refused:
        corrected(city, shape, **options)
    return refused.value


def test_a_correction_is_the_next_edition_and_the_one_before_stays_as_it_was(
    mapped_city, planner
) -> None:
    old = row(mapped_city)
    shape = rectangle(50, 0, 62, 15)

    edition = corrected(mapped_city, shape, by=planner, old=old, values={"floors": 3.0})
    mapped_city.refresh_from_db()

    assert (edition.number, edition.kind, edition.state) == (2, "correction", "accepted")
    assert (edition.made_by, edition.decided_by, edition.note) == (planner, planner, "بازدید")
    assert mapped_city.current == 2
    assert edition.changes == {"parcels": {"new": 0, "changed": 1, "vanished": 0, "same": 11}}
    now = row(mapped_city)
    assert (now.geometry.area, now.floors, now.since) == (pytest.approx(180), 3.0, 2)
    assert (now.households, now.in_block) == (old.households, old.in_block)
    before = Parcel.objects.of_edition(mapped_city, 1).get(key=LAST)
    assert (before.geometry, before.floors, before.until) == (old.geometry, 2.0, 2)


def test_the_same_delivery_takes_a_correction_back_and_knows_that_it_does(
    mapped_city, tmp_path
) -> None:
    corrected(mapped_city, rectangle(50, 0, 62, 15), old=row(mapped_city))
    mapped_city.refresh_from_db()

    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(town())))

    assert edition.changes["parcels"] == {"new": 0, "changed": 1, "vanished": 0, "same": 11}
    assert edition.changes["blocks"]["changed"] == 1


def test_a_delivery_that_takes_corrections_back_says_of_how_many_parcels_and_which(
    mapped_city, manager, tmp_path
) -> None:
    corrected(mapped_city, rectangle(50, 0, 62, 15), old=row(mapped_city))
    mapped_city.refresh_from_db()
    corrected(mapped_city, rectangle(62, 0, 70, 15), values={"parcel_id": "1-1-7-0"})
    mapped_city.refresh_from_db()
    corrected(mapped_city, rectangle(-2, 0, 10, 15), old=row(mapped_city, "1-1-1-0"))
    mapped_city.refresh_from_db()
    # the first stays as it was corrected; a parcel that nobody corrected changes, too
    frames = layers(
        town([("1-1-1-0", {"geometry": rectangle(-2, 0, 10, 15)}), ("1-2-1-0", {"floors": 9.0})])
    )

    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", frames))

    assert taken_back(manager, edition) == {"parcels": 2}
    page = signed_in(manager).get(f"/places/editions/{edition.pk}/")
    assert "اصلاح ۲ قطعه" in page.text
    address = f"/places/editions/{edition.pk}/changes/parcels/?kind=taken_back"
    listed = signed_in(manager).get(address)
    assert {row.key for row in listed.context["page"].rows} == {LAST, "1-1-7-0"}
    assert 'kind=taken_back"' in page.text


def test_a_delivery_over_no_correction_takes_none_back(mapped_city, manager, tmp_path) -> None:
    frames = layers(town([("1-1-1-0", {"floors": 9.0})]))

    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", frames))

    assert taken_back(manager, edition) == {}


def test_a_row_has_the_digest_that_a_delivery_gives_it(mapped_city) -> None:
    for parcel in Parcel.objects.of_edition(mapped_city):
        assert digest_of("parcels", parcel) == parcel.digest


def test_a_delivery_of_the_corrected_shape_changes_nothing(mapped_city, tmp_path) -> None:
    shape = rectangle(50, 0, 62, 15)
    corrected(mapped_city, shape, old=row(mapped_city))
    mapped_city.refresh_from_db()

    frames = layers(town([(LAST, {"geometry": shape})]))
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", frames))

    assert edition.changes["parcels"]["same"] == 12
    assert edition.changes["blocks"]["same"] == 2


def test_a_derived_block_follows_its_parcels(mapped_city) -> None:
    block = Block.objects.of_edition(mapped_city).get(block_id=row(mapped_city).in_block)
    assert block.is_derived
    assert digest_of_derived(block) == block.digest

    corrected(mapped_city, rectangle(50, 0, 62, 15), old=row(mapped_city))
    mapped_city.refresh_from_db()

    now = Block.objects.of_edition(mapped_city).get(block_id=block.block_id)
    assert now.geometry.area == pytest.approx(block.geometry.area + 30)
    assert Block.objects.of_edition(mapped_city, 1).get(block_id=block.block_id) == block


def test_the_plan_of_a_corrected_city_judges_the_blocks_that_the_map_shows(city, tmp_path) -> None:
    frames = layers(town())
    del frames["parcels"]["block_id"]
    first = prepared(city, delivered(tmp_path / "a.gpkg", frames))
    actions.accept_edition(by=None, edition=first)
    city.refresh_from_db()
    # alone and in the north: derived anew, it would be the first block and move all others
    values = {"parcel_id": "9-9-9-0", "use": "green"}
    edition = corrected(city, rectangle(0, 64, 10, 69), values=values)

    plan = planned(edition)

    parcels = Parcel.objects.of_edition(city, edition.number)
    drawn = {
        name: parcels.filter(in_block=name).count()
        for name in Block.objects.of_edition(city, edition.number).values_list("key", flat=True)
    }
    assert dict(plan.blocks.values_list("block_id", "parcels_count")) == drawn
    assert sorted(drawn.values()) == [1, 6, 6]


def test_a_shape_over_its_neighbour_is_refused_by_name(mapped_city) -> None:
    refused = refusal(mapped_city, rectangle(48, 0, 60, 15), old=row(mapped_city))

    assert refused.code == "web_map.error.overlaps"
    assert refused.facts["keys"] == ["1-1-5-0"]
    assert refused.facts["area"] == pytest.approx(30)
    assert Edition.objects.count() == 1


def test_an_overlap_within_the_rule_is_of_measuring(mapped_city) -> None:
    limit = Standards.national().value("corrections.overlap_above", as_of=DATED)
    within = limit / 15 * 0.9

    corrected(mapped_city, rectangle(50 - within, 0, 60, 15), old=row(mapped_city))


def test_a_sliver_beside_a_neighbour_is_refused(mapped_city) -> None:
    refused = refusal(mapped_city, rectangle(50.3, 0, 60, 15), old=row(mapped_city))

    assert refused.code == "web_map.error.sliver"
    assert refused.facts["area"] == pytest.approx(4.5, abs=0.2)


def test_a_gap_that_one_can_walk_through_is_no_sliver(mapped_city) -> None:
    corrected(mapped_city, rectangle(51.5, 0, 60, 15), old=row(mapped_city))


def test_a_fault_that_was_there_before_may_stay(mapped_city) -> None:
    corrected(mapped_city, rectangle(51.5, 0, 60, 15), old=row(mapped_city))
    mapped_city.refresh_from_db()
    # the delivery could have brought what a correction may not
    Parcel.objects.filter(pk=row(mapped_city).pk).delete()
    left = row(mapped_city, "1-1-5-0")
    other = Parcel.objects.of_edition(mapped_city, 1).get(key=LAST)
    other.pk, other.since, other.until = None, 2, None
    other.geometry = shapely.set_srid(rectangle(48, 0, 60, 15), mapped_city.srid)
    other.save()

    corrected(mapped_city, rectangle(40, 0, 50, 14), old=left)


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]), "invalid"),
        (box(200, 0, 210, 15), "outside"),
        (box(50, 0, 50.1, 0.1), "not_an_area"),
        (shapely.Point(55, 5), "not_an_area"),
    ],
)
def test_what_does_not_stand_is_refused(mapped_city, shape, code) -> None:
    moved = shapely.transform(shape, lambda at: at + np.array([EAST, NORTH]))

    assert refusal(mapped_city, moved, old=row(mapped_city)).code == f"web_map.error.{code}"


def test_two_who_correct_the_same_parcel_do_not_lose_one_another(mapped_city) -> None:
    seen_by_both = row(mapped_city)
    corrected(mapped_city, rectangle(50, 0, 62, 15), old=seen_by_both)

    refused = refusal(mapped_city, rectangle(50, 0, 61, 15), old=seen_by_both, began=1)

    assert refused.code == "web_map.error.changed_since"
    assert refused.facts == {"began": 1, "since": 2}
    mapped_city.refresh_from_db()
    assert row(mapped_city).geometry.area == pytest.approx(180)


def test_two_who_correct_different_parcels_both_may(mapped_city) -> None:
    first, last = row(mapped_city, "1-1-1-0"), row(mapped_city)
    corrected(mapped_city, rectangle(50, 0, 62, 15), old=last)

    corrected(mapped_city, rectangle(-2, 0, 10, 15), old=first, began=1)

    mapped_city.refresh_from_db()
    assert mapped_city.current == 3


def test_nothing_is_corrected_while_an_edition_waits(mapped_city, tmp_path) -> None:
    waiting = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(town())))

    refused = refusal(mapped_city, rectangle(50, 0, 62, 15), old=row(mapped_city))
    assert refused.code == "web_map.error.edition_waits"

    actions.refuse_edition(by=None, edition=waiting)
    corrected(mapped_city, rectangle(50, 0, 62, 15), old=row(mapped_city))


def test_a_correction_that_changes_nothing_is_none(mapped_city) -> None:
    old = row(mapped_city)

    refused = refusal(mapped_city, old.geometry, old=old, values={"floors": 2.0})

    assert refused.code == "web_map.error.unchanged"


def test_a_new_parcel_finds_its_block_and_neighbourhood(mapped_city) -> None:
    values = {"parcel_id": "1-1-7-0", "use": "green"}
    corrected(mapped_city, rectangle(60, 0, 70, 15), values=values)
    mapped_city.refresh_from_db()

    new = row(mapped_city, "1-1-7-0")
    assert (new.in_block, new.in_neighbourhood.code) == ("B1", "N1")
    assert (new.area_m2, new.search_key) == (pytest.approx(150), "1-1-7-0")
    assert new.households is None


def test_a_code_is_one_parcels_alone(mapped_city) -> None:
    refused = refusal(mapped_city, rectangle(60, 0, 70, 15), values={"parcel_id": "1-1-1-0"})

    assert (refused.code, refused.facts) == ("web_map.error.key_taken", {"key": "1-1-1-0"})
    assert Edition.objects.count() == 1


def test_the_boundary_is_drawn_and_corrected(mapped_city, planner) -> None:
    values = {"approved_on": DATED, "resolution": "۱۲۳"}
    corrected(
        mapped_city, rectangle(-10, -5, 40, 60), by=planner, layer="approved_boundary",
        values=values,
    )  # fmt: skip
    mapped_city.refresh_from_db()
    part = BoundaryPart.objects.of_edition(mapped_city).get()
    corrected(mapped_city, rectangle(-10, -5, 50, 60), layer="approved_boundary", old=part)
    mapped_city.refresh_from_db()

    now = BoundaryPart.objects.of_edition(mapped_city).get()
    assert (now.geometry.area, now.resolution) == (pytest.approx(60 * 65), "۱۲۳")
    assert BoundaryPart.objects.of_edition(mapped_city, 2).get() == part
    assert list(AuditEvent.objects.order_by("-id").values_list("action", flat=True)[:2]) == [
        "boundary.corrected", "boundary.drawn",
    ]  # fmt: skip


def test_the_event_says_what_became_of_what_and_tells_no_hidden_value(mapped_city, planner) -> None:
    values = {"use": "green", "structure": "adobe"}
    corrected(
        mapped_city, rectangle(50, 0, 62, 15), by=planner, old=row(mapped_city), values=values
    )

    event = AuditEvent.objects.get(action="parcel.corrected")
    place = Place.objects.get(code="N1")
    assert (event.by, event.subject_id, event.place_path) == (planner, LAST, place.path)
    assert event.before == {
        "area_m2": 150.0, "use": "residential", "columns": ["structure"], "edition": 1,
    }  # fmt: skip
    assert event.after == {
        "area_m2": 180.0, "use": "green", "columns": ["structure"], "edition": 2,
        "reason": "بازدید",
    }  # fmt: skip


def posted(user, city, shape, *, key=LAST, **fields):
    old = Parcel.objects.filter(key=key).earliest("since")
    geometry = "" if shape is None else shapely.to_geojson(to_degrees([shape], city)[0])
    given = {"geometry": geometry, "began": 1, "reason": "نامه", "use": "green", "view": "#17/1/2"}
    return signed_in(user).post(f"/maps/{city.pk}/correct/parcels/?id={old.pk}", given | fields)


def test_a_form_from_the_map_records_the_correction_and_opens_the_new_map(
    mapped_city, planner
) -> None:
    response = posted(planner, mapped_city, rectangle(50, 0, 62, 15), floors="۳٫۵")

    assert response["HX-Redirect"] == f"/maps/{mapped_city.pk}/?edition=2#17/1/2"
    mapped_city.refresh_from_db()
    now = row(mapped_city)
    assert (now.use, now.floors, now.population) == ("green", 3.5, 10.0)
    # what was drawn in degrees stands on the neighbour's very corners
    assert now.geometry.touches(row(mapped_city, "1-1-5-0").geometry)


def test_a_refused_form_keeps_what_was_typed_and_says_why(mapped_city, planner) -> None:
    response = posted(planner, mapped_city, rectangle(45, 0, 62, 15), reason="نامهٔ ۱۲")

    assert response.status_code == 200
    assert "1-1-5-0" in response.text
    assert "نامهٔ ۱۲" in response.text
    mapped_city.refresh_from_db()
    assert mapped_city.current == 1


@pytest.mark.parametrize(
    "geometry", ["", "{}", "[", '{"type":"Point","coordinates":[1,2]}', "null"]
)
def test_what_is_no_shape_is_refused_in_words(mapped_city, planner, geometry) -> None:
    response = posted(planner, mapped_city, None, geometry=geometry)

    assert response.status_code == 200
    assert "wrong-why" in response.text


def test_a_view_that_is_none_leads_nowhere_else(mapped_city, planner) -> None:
    response = posted(planner, mapped_city, rectangle(50, 0, 62, 15), view="//evil.example/#1/2/3")

    assert response["HX-Redirect"] == f"/maps/{mapped_city.pk}/?edition=2"


def test_who_came_second_is_told_so_on_the_page(mapped_city, planner) -> None:
    colleague = somebody("colleague", Role.PLANNER, mapped_city.place)
    posted(planner, mapped_city, rectangle(50, 0, 62, 15))

    response = posted(colleague, mapped_city, rectangle(50, 0, 61, 15))

    assert "به‌دست دیگری تغییر کرده است" in response.text


def test_only_planners_of_the_city_record(mapped_city, manager, owner, surveyor, outsider) -> None:
    shape = rectangle(50, 0, 62, 15)

    for user in (manager, owner, surveyor):
        assert posted(user, mapped_city, shape).status_code == 403
    assert posted(outsider, mapped_city, shape).status_code == 404
    assert Edition.objects.count() == 1


def test_a_planner_of_a_neighbourhood_corrects_in_it_alone(mapped_city) -> None:
    local = somebody("local", Role.PLANNER, Place.objects.get(code="N1"))

    assert posted(local, mapped_city, rectangle(0, 40, 9, 55), key="1-2-1-0").status_code == 404
    assert posted(local, mapped_city, rectangle(50, 0, 62, 15)).status_code == 204
    # the boundary is the whole city's
    assert (
        signed_in(local).get(f"/maps/{mapped_city.pk}/correct/approved_boundary/").status_code
        == 404
    )


def test_a_neighbour_that_one_does_not_see_is_not_named(mapped_city) -> None:
    local = somebody("local", Role.PLANNER, Place.objects.get(code="N1"))

    refused = refusal(mapped_city, rectangle(50, 0, 60, 50), by=local, old=row(mapped_city))

    assert refused.code == "web_map.error.overlaps_hidden"


def test_the_shapes_to_snap_to_are_those_about_the_view(mapped_city, planner) -> None:
    west, south, east, north = to_degrees([rectangle(-1, -1, 21, 16)], mapped_city)[0].bounds
    address = f"/maps/{mapped_city.pk}/about/?west={west}&south={south}&east={east}&north={north}"

    found = json.loads(signed_in(planner).get(address).content)["features"]

    assert len(found) in (3, 4)  # the third touches the view's edge
    assert {each["properties"]["layer"] for each in found} == {"parcels"}
