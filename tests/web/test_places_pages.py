"""The pages of places: the tree, target areas, the boundary, and what an edition changes."""

from __future__ import annotations

import re
from datetime import date

import geopandas as gpd
import pytest
from shapely.geometry import box

from bazafarin.domain.codes import TargetType
from bazafarin.domain.errors import UsageError
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.audit.models import AuditEvent
from bazafarin.web.places import actions, boundary_versions, preview, target_areas
from bazafarin.web.places.models import City, Place, TargetArea
from web_town import (
    CRS,
    DATED,
    EAST,
    NORTH,
    delivered,
    layers,
    parcel,
    prepared,
    signed_in,
    somebody,
    town,
)


@pytest.fixture
def changed(mapped_city, tmp_path):
    """Return an edition that waits: one parcel changed, one split, one new."""
    parcels = town([("1-1-1-0", {"floors": 5.0, "households": 1.0})])
    parcels = [each for each in parcels if each["parcel_id"] != "1-1-6-0"]
    west, south, *_ = parcel(6, 5, 0)["geometry"].bounds
    parcels += [
        parcel(61, 5, 0, geometry=box(west, south, west + 5, south + 15)),
        parcel(62, 5, 0, geometry=box(west + 5, south, west + 10, south + 15)),
        parcel(99, 7, 1),
    ]
    return prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(parcels)))


def rows(answer):
    return answer.context["page"].rows


def test_the_tree_is_in_order_and_can_be_searched_and_sorted(mapped_city, planner) -> None:
    client = signed_in(planner)

    whole = [place.kind for place in rows(client.get("/places/"))]
    assert whole == ["province", "county", "city", "neighbourhood", "neighbourhood"]
    assert [p.code for p in rows(client.get("/places/?q=N2"))] == ["N2"]
    down = [place.name_fa for place in rows(client.get("/places/?sort=-name"))]
    assert down == sorted(down, reverse=True)
    nothing = client.get("/places/?q=zzz")
    assert rows(nothing) == []
    assert "zzz" in nothing.content.decode()


def test_an_order_that_nobody_offers_is_the_first(mapped_city, planner) -> None:
    page = signed_in(planner).get("/places/?sort=password")

    assert page.context["sorting"].by == "tree"


def test_a_place_is_added_below_another_and_is_found(city, manager) -> None:
    client = signed_in(manager)

    client.post(
        f"/places/{city.place_id}/add/", {"kind": "district", "name_fa": "منطقهٔ ۱", "code": "۱"}
    )

    added = Place.objects.get(kind="district")
    assert (added.parent_id, added.code) == (city.place_id, "1")
    assert client.get(f"/places/{added.pk}/").status_code == 200
    assert AuditEvent.objects.filter(action="place.added", by=manager).count() == 1


@pytest.mark.parametrize(
    ("kind", "code"), [("province", "2"), ("city", "2"), ("neighbourhood", "N1")]
)
def test_a_place_of_a_wrong_kind_or_a_taken_code_is_refused(
    mapped_city, manager, kind, code
) -> None:
    page = signed_in(manager).post(
        f"/places/{mapped_city.place_id}/add/", {"kind": kind, "name_fa": "دو", "code": code}
    )

    assert page.status_code == 200
    assert page.context["form"].errors
    assert 'value="دو"' in page.content.decode()


def test_an_administrator_adds_a_city_and_appoints_its_manager(province, city) -> None:
    client = signed_in(somebody("administrator", Role.ADMINISTRATOR, province))
    county = city.place.parent

    client.post(f"/places/{county.pk}/add/", {"kind": "city", "name_fa": "شهر نو", "code": ""})

    added = City.objects.get(place__name_fa="شهر نو")
    client.post(
        "/accounts/people/add/",
        {
            "username": "chief",
            "name_fa": "مدیر نو",
            "password": "a-first-password-7",
            "role": "manager",
            "place": added.place_id,
        },
    )
    assert added.place.memberships.get().role == Role.MANAGER


def test_a_neighbourhood_says_what_it_has(mapped_city, surveyor) -> None:
    place = Place.objects.get(code="N1")

    page = signed_in(surveyor).get(f"/places/{place.pk}/")

    assert page.context["counts"] == {"parcels": 6, "blocks": 1, "facilities": 1}
    inside = signed_in(surveyor).get(
        f"/places/cities/{mapped_city.pk}/parcels/?neighbourhood={place.pk}&sort=-code"
    )
    codes = [row.key for row in rows(inside)]
    assert codes == sorted(codes, reverse=True)
    assert len(codes) == 6


def an_area(city, **values):
    return target_areas.add_target_area(
        **{
            "by": None,
            "place": city.place,
            "name_fa": "بازار",
            "primary_type": TargetType.HISTORIC,
            "other_types": [TargetType.MIDDLE, TargetType.HISTORIC],
            "valid_from": DATED,
            "resolution": "مصوبهٔ ۱۲",
            **values,
        }
    )


def test_a_target_area_has_versions_in_time(city, planner) -> None:
    first = an_area(city)
    next_day = date(2026, 3, 21)

    second = an_area(city, primary_type=TargetType.MIDDLE, valid_from=next_day, resolution="۱۷")

    first.refresh_from_db()
    assert first.valid_until == next_day
    assert first.other_types == ["middle"]
    assert second.valid_until is None
    shown = rows(signed_in(planner).get(f"/places/{city.place_id}/target-areas/"))
    assert [area.pk for area in shown] == [second.pk, first.pk]
    target_areas.end_target_area(by=None, area=second, valid_until=date(2027, 3, 21))
    assert not TargetArea.objects.filter(valid_until=None).exists()


@pytest.mark.parametrize("day", [DATED, date(2020, 1, 1)])
def test_the_next_version_of_an_area_begins_later(city, day) -> None:
    area = an_area(city)

    with pytest.raises(UsageError, match="area_not_later"):
        an_area(city, valid_from=day)
    with pytest.raises(UsageError, match="area_not_later"):
        target_areas.end_target_area(by=None, area=area, valid_until=day)
    assert TargetArea.objects.count() == 1


def test_a_planner_records_an_area_of_neighbourhoods_in_their_own_calendar(
    mapped_city, planner
) -> None:
    client = signed_in(planner)
    where = f"/places/{mapped_city.place_id}/target-areas/add/"
    offered = list(client.get(where).context["form"].fields["neighbourhoods"].queryset)

    client.post(
        where,
        {
            "name_fa": "بازار",
            "primary_type": "historic",
            "other_types": ["middle"],
            "neighbourhoods": [each.pk for each in offered],
            "valid_from": "۱۴۰۴/۰۸/۳۰",
            "resolution": "مصوبهٔ ۱۲",
        },
    )

    area = TargetArea.objects.get()
    assert area.valid_from == DATED
    assert area.geometry.area == pytest.approx(sum(each.geometry.area for each in offered))
    assert area.made_by == planner
    next_version = client.get(f"{where}?of={area.pk}").context["form"].initial
    assert next_version["name_fa"] == "بازار"


def test_a_day_that_is_too_early_is_told_beside_it_and_the_rest_stays(city, planner) -> None:
    area = an_area(city)
    client = signed_in(planner)

    page = client.post(
        f"/places/{city.place_id}/target-areas/add/",
        {
            "name_fa": "بازار",
            "primary_type": "middle",
            "valid_from": "۱۳۹۹/۰۱/۰۱",
            "resolution": "مصوبهٔ دیگر",
        },
    )
    ended = client.post(f"/places/target-areas/{area.pk}/end/", {"valid_until": "۱۳۹۹/۰۱/۰۱"})

    assert page.status_code == ended.status_code == 200
    assert page.context["form"].errors.keys() == {"valid_from"}
    assert 'value="مصوبهٔ دیگر"' in page.content.decode()
    assert ended.context["form"].errors.keys() == {"valid_until"}
    assert TargetArea.objects.filter(valid_until=None).count() == 1


def test_while_an_edition_waits_the_page_of_deliveries_leads_to_it(changed, planner) -> None:
    page = signed_in(planner).get(f"/places/cities/{changed.city_id}/deliver/").content.decode()

    assert f"/places/editions/{changed.pk}/" in page
    assert 'name="delivery"' not in page


def test_the_boundary_has_a_version_for_each_edition_that_changed_it(mapped_city, tmp_path) -> None:
    def deliver(name, east, resolution):
        part = {
            "approved_on": "2024-05-01",
            "resolution": resolution,
            "geometry": box(EAST - 20, NORTH - 10, EAST + east, NORTH + 30),
        }
        frames = layers(town())
        frames["approved_boundary"] = gpd.GeoDataFrame([part], geometry="geometry", crs=CRS)
        edition = prepared(mapped_city, delivered(tmp_path / name, frames))
        actions.accept_edition(by=None, edition=edition)
        mapped_city.refresh_from_db()

    assert boundary_versions.versions_of(mapped_city) == []
    deliver("b.gpkg", 80, "مصوبهٔ ۱")
    deliver("c.gpkg", 80, "مصوبهٔ ۱")
    deliver("d.gpkg", 60, "مصوبهٔ ۲")

    told = boundary_versions.versions_of(mapped_city)
    assert [(v.edition.number, v.until, v.resolutions, v.area_m2) for v in told] == [
        (4, None, ("مصوبهٔ 2",), 80 * 40.0),
        (2, 4, ("مصوبهٔ 1",), 100 * 40.0),
    ]
    assert told[0].area_ha == pytest.approx(0.32)


def test_a_changed_row_tells_the_old_and_the_new_value(changed, planner) -> None:
    page = signed_in(planner).get(f"/places/editions/{changed.pk}/changes/parcels/?kind=changed")

    (row,) = page.context["rows"]
    told = {d.after.column: (d.before.value, d.after.value) for d in row.differences}
    assert row.key == "1-1-1-0"
    assert told == {"floors": (2.0, 5.0), "households": (3.0, 1.0)}
    assert not row.is_shape_changed


def test_a_changed_row_tells_nobody_what_is_not_theirs(changed, owner) -> None:
    actions.accept_edition(by=None, edition=changed)

    page = signed_in(owner).get(f"/places/editions/{changed.pk}/changes/parcels/?kind=changed")

    (row,) = page.context["rows"]
    assert row.differences == ()
    assert "۵" not in re.sub(r"<(head|header).*?</\1>", "", page.content.decode(), flags=re.DOTALL)


def test_split_parcels_are_listed_as_pairs(changed, planner) -> None:
    page = signed_in(planner).get(f"/places/editions/{changed.pk}/successions/?kind=split")

    assert [(pair.old, pair.new) for pair in rows(page)] == [
        ("1-1-6-0", "1-1-61-0"),
        ("1-1-6-0", "1-1-62-0"),
    ]
    assert (
        rows(signed_in(planner).get(f"/places/editions/{changed.pk}/successions/?kind=merged"))
        == []
    )


def test_a_surveyor_of_one_neighbourhood_sees_the_pairs_of_it_alone(changed, surveyor) -> None:
    actions.accept_edition(by=None, edition=changed)

    assert len(rows(signed_in(surveyor).get(f"/places/editions/{changed.pk}/successions/"))) == 2
    surveyor.memberships.all().update(place=Place.objects.get(code="N2"))
    assert rows(signed_in(surveyor).get(f"/places/editions/{changed.pk}/successions/")) == []


def test_the_picture_shows_what_changes_where_it_lies(changed, planner) -> None:
    drawn = preview.preview_of(planner, changed)

    assert {kind: {each.key for each in told} for kind, told in drawn.layers.items()} == {
        "same": {f"1-1-{n}-0" for n in range(2, 6)} | {f"1-2-{n}-0" for n in range(1, 7)},
        "vanished": {"1-1-6-0"},
        "changed": {"1-1-1-0"},
        "new": {"1-1-61-0", "1-1-62-0", "1-2-99-0"},
    }
    # the northernmost row is at the top: its numbers downwards are the smallest
    down = {
        each.key: float(re.match(r"M[\d.]+ ([\d.]+)", each.path).group(1))
        for told in drawn.layers.values()
        for each in told
    }
    assert down["1-2-99-0"] < down["1-1-61-0"]
    assert drawn.left_out == ()


def test_the_picture_has_a_scale_bar_of_round_metres(changed, planner) -> None:
    drawn = preview.preview_of(planner, changed)

    # 80 m of parcels and 8 % of it at each side are 92.8 m: a quarter of it is 23.2 m
    assert drawn.bar_m == 20
    assert drawn.bar / drawn.width == pytest.approx(20 / 92.8, rel=0.01)


@pytest.mark.parametrize(
    ("most", "length"), [(0.5, 1), (1, 1), (4.9, 2), (5, 5), (23.2, 20), (99, 50), (100, 100)]
)
def test_a_scale_bar_is_one_two_or_five_of_a_power_of_ten(most, length) -> None:
    assert preview._round_length(most) == length


def test_a_picture_of_too_much_says_what_it_leaves_out(changed, planner, monkeypatch) -> None:
    monkeypatch.setattr(preview, "MOST", 2)

    drawn = preview.preview_of(planner, changed)

    assert drawn.left_out == ("new",)
    assert len(drawn.layers["new"]) == 2
    page = signed_in(planner).get(f"/places/editions/{changed.pk}/").content.decode()
    assert 'class="message warning"' in page


def test_the_decision_is_asked_about_before_it_is_taken(changed, planner) -> None:
    page = signed_in(planner).get(f"/places/editions/{changed.pk}/").content.decode()

    asked = re.findall(r'<form method="post" action="([^"]+)" data-ask="([^"]+)"', page)
    assert {where.rsplit("/", 2)[1] for where, _ in asked} == {"accept", "refuse"}
    assert "۳" in {w.rsplit("/", 2)[1]: words for w, words in asked}["accept"]


def test_a_waiting_edition_is_shown_to_nobody_who_does_not_work_on_it(
    changed, owner, surveyor
) -> None:
    for user in (owner, surveyor):
        for page in ("", "changes/parcels/", "successions/"):
            answer = signed_in(user).get(f"/places/editions/{changed.pk}/{page}")
            assert answer.status_code == 404


def test_the_parcels_of_an_earlier_edition_are_listed_as_they_were(changed, planner) -> None:
    actions.accept_edition(by=None, edition=changed)
    where = f"/places/cities/{changed.city_id}/parcels/"
    client = signed_in(planner)

    def codes(page):
        return {row.key for row in rows(client.get(f"{where}{page}"))}

    assert "1-1-6-0" in codes("?edition=1")
    assert "1-1-6-0" not in codes("")
    assert codes("?edition=99") == codes("?edition=x") == codes("?edition=99999999") == codes("")


def test_the_tree_reads_few_tables_however_large_it_is(
    city, planner, django_assert_max_num_queries
) -> None:
    for number in range(30):
        Place.objects.create(
            kind="neighbourhood", parent=city.place, name_fa="محله", code=f"M{number}"
        )
    client = signed_in(planner)

    with django_assert_max_num_queries(7):
        client.get("/places/")


def test_every_page_of_an_edition_reads_few_tables(
    changed, planner, django_assert_max_num_queries
) -> None:
    client = signed_in(planner)
    for page in ("", "changes/parcels/?kind=changed", "successions/"):
        with django_assert_max_num_queries(16):
            client.get(f"/places/editions/{changed.pk}/{page}")
