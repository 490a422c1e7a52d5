"""The map's page, its search, its panel and its print, for each who comes."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from bazafarin.web.accounts.permissions import Role
from bazafarin.web.places.models import Block, Parcel, Passage
from web.map_town import tile_at
from web_town import signed_in, somebody

VIEW = "51.44,35.69,51.45,35.70"


def row(city, key="1-1-1-0"):
    return Parcel.objects.of_edition(city).get(key=key)


def data_of(response):
    found = re.search(
        r'id="map-data" type="application/json">(.*?)</script>', response.text, re.DOTALL
    )
    assert found is not None
    return json.loads(found[1])


def pages(city):
    where = tile_at(16)
    parcel = row(city).pk
    return [
        f"/maps/{city.pk}/",
        f"/maps/{city.pk}/tiles/1/{where.z}/{where.x}/{where.y}.mvt",
        f"/maps/{city.pk}/1/find/?q=1",
        f"/maps/{city.pk}/1/features/parcels/{parcel}/",
        f"/maps/{city.pk}/1/print.pdf?view={VIEW}",
    ]


def of_planners(city):
    return [
        f"/maps/{city.pk}/correct/parcels/",
        f"/maps/{city.pk}/correct/parcels/?id={row(city).pk}",
        f"/maps/{city.pk}/correct/approved_boundary/",
        f"/maps/{city.pk}/about/?west=51.4&south=35.6&east=51.5&north=35.7",
    ]


def test_whoever_works_on_the_city_or_owns_in_it_sees_its_map(
    mapped_city, planner, manager, owner, surveyor
) -> None:
    for user in (planner, manager, owner, surveyor):
        for page in pages(mapped_city):
            assert signed_in(user).get(page).status_code == 200, page


def test_a_planner_of_another_city_finds_nothing(mapped_city, outsider) -> None:
    for page in [*pages(mapped_city), *of_planners(mapped_city)]:
        assert signed_in(outsider).get(page).status_code == 404, page


def test_whoever_is_not_signed_in_is_sent_to_the_login(mapped_city) -> None:
    for page in ["/maps/", *pages(mapped_city), *of_planners(mapped_city)]:
        response = Client().get(page)
        assert response.status_code == 302, page
        assert response["Location"].startswith("/accounts/login/")


def test_only_planners_correct(mapped_city, planner, manager, owner, surveyor) -> None:
    for page in of_planners(mapped_city):
        assert signed_in(planner).get(page).status_code == 200, page
        for user in (manager, owner, surveyor):
            assert signed_in(user).get(page).status_code == 403, page
            assert signed_in(user).post(page).status_code == 403, page


def test_the_map_opens_at_the_first_city_that_has_one(mapped_city, other_city) -> None:
    province = somebody("province", Role.PROVINCE, mapped_city.place.parent.parent)

    response = signed_in(province).get("/maps/")

    assert response["Location"] == f"/maps/{mapped_city.pk}/"


def test_a_city_without_an_edition_says_what_to_do(city, planner, owner) -> None:
    told = signed_in(planner).get(f"/maps/{city.pk}/").text
    assert f'href="/places/cities/{city.pk}/deliver/"' in told

    assert "deliver" not in signed_in(owner).get(f"/maps/{city.pk}/").text


def test_whoever_sees_no_city_is_told_whom_to_ask(db, mapped_city) -> None:
    nobody = somebody("nobody")

    assert signed_in(nobody).get("/maps/").status_code == 403


def test_the_page_offers_the_themes_that_one_may_see(mapped_city, planner, owner) -> None:
    def offered(user):
        response = signed_in(user).get(f"/maps/{mapped_city.pk}/")
        return [theme["id"] for theme in data_of(response)["themes"]]

    assert offered(planner) == ["use", "structure", "quality", "floors"]
    assert offered(owner) == ["use"]


def test_only_whoever_may_correct_is_offered_to(mapped_city, planner, owner) -> None:
    def offers(user):
        response = signed_in(user).get(f"/maps/{mapped_city.pk}/")
        return data_of(response)["correct"] is not None, "data-draw" in response.text

    assert offers(planner) == (True, True)
    assert offers(owner) == (False, False)


def test_the_page_runs_no_script_of_its_own_text(mapped_city, planner) -> None:
    text = signed_in(planner).get(f"/maps/{mapped_city.pk}/").text

    scripts = re.findall(r"<script[^>]*>", text)
    assert all("src=" in each or 'type="application/json"' in each for each in scripts)
    assert not re.search(r"\son\w+=|\sstyle=|https?://", text)


def found_by(user, city, asked):
    response = signed_in(user).get(f"/maps/{city.pk}/1/find/", {"q": asked})
    return [(each["layer"], each["name"]) for each in response.json()["found"]]


def test_a_parcel_is_found_by_the_start_of_its_code_in_any_digits(mapped_city, planner) -> None:
    assert found_by(planner, mapped_city, "1-2-3") == [("parcels", "1-2-3-0")]
    assert found_by(planner, mapped_city, "۱-۲-۳") == [("parcels", "1-2-3-0")]


def test_places_and_lanes_are_found_by_a_part_of_their_name(mapped_city, planner) -> None:
    assert found_by(planner, mapped_city, "آسیاب") == [("neighbourhoods", "سرآسیاب")]
    assert found_by(planner, mapped_city, "كوچه") == [
        ("passages", "کوچهٔ 1"), ("passages", "کوچهٔ 2"),
    ]  # fmt: skip
    assert found_by(planner, mapped_city, "") == []


def test_a_surveyor_finds_what_they_see(mapped_city, surveyor) -> None:
    assert found_by(surveyor, mapped_city, "1-2") == []
    assert found_by(surveyor, mapped_city, "قلعه") == []
    assert len(found_by(surveyor, mapped_city, "1-1")) == 6


def panel(user, city, layer, row_id):
    return signed_in(user).get(f"/maps/{city.pk}/1/features/{layer}/{row_id}/")


def test_the_panel_tells_what_one_may_know_and_leads_to_the_parcel(
    mapped_city, planner, owner
) -> None:
    parcel = row(mapped_city).pk
    told = panel(planner, mapped_city, "parcels", parcel).text
    less = panel(owner, mapped_city, "parcels", parcel).text

    assert f"/places/cities/{mapped_city.pk}/parcels/1-1-1-0/" in told
    assert "بنایی بدون کلاف" in told
    assert "data-correct" in told
    for hidden in ("بنایی بدون کلاف", "جمعیت", "خانوار", "data-correct"):
        assert hidden not in less


def test_the_panel_tells_of_every_layer(mapped_city, planner) -> None:
    block = Block.objects.of_edition(mapped_city).first()
    lane = Passage.objects.of_edition(mapped_city).first()

    assert block.block_id in panel(planner, mapped_city, "blocks", block.pk).text
    assert "کوچهٔ" in panel(planner, mapped_city, "passages", lane.pk).text
    assert panel(planner, mapped_city, "carriageways", 1).status_code == 404
    assert panel(planner, mapped_city, "parcels", 10**9).status_code == 404


def test_a_surveyor_reads_no_parcel_of_another_neighbourhood(mapped_city, surveyor) -> None:
    there = row(mapped_city, "1-2-1-0").pk

    assert panel(surveyor, mapped_city, "parcels", there).status_code == 404


def test_the_view_prints_to_a_pdf_of_the_paper_asked_for(mapped_city, planner) -> None:
    client = signed_in(planner)
    view = ",".join(map(str, data_of(client.get(f"/maps/{mapped_city.pk}/"))["bounds"]))
    address = f"/maps/{mapped_city.pk}/1/print.pdf?view={view}"

    a4, a3 = (client.get(f"{address}&theme=floors&paper={paper}") for paper in ("a4", "a3"))

    assert a4["Content-Type"] == "application/pdf"
    assert a4.content.startswith(b"%PDF")
    assert b"/MediaBox [ 0 0 841.8" in a4.content
    assert b"/MediaBox [ 0 0 1190.5" in a3.content
    # vectors only: no picture is inside
    assert b"/Subtype /Image" not in a4.content


@pytest.mark.parametrize(
    "view", ["", "1,2,3", "a,b,c,d", "nan,1,2,3", "9,9,8,8", "-180,-80,180,80"]
)
def test_a_view_that_bounds_nothing_is_refused_in_words(mapped_city, planner, view) -> None:
    response = signed_in(planner).get(f"/maps/{mapped_city.pk}/1/print.pdf?view={view}")

    assert response.status_code == 400
    assert "محدودهٔ چاپ" in response.text
