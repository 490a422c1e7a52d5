"""The pages of plans: what each role sees of one and takes away, and two side by side."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from shapely.geometry import box

from bazafarin.web.accounts.permissions import Role
from bazafarin.web.places import actions as places
from bazafarin.web.places.models import Edition, Place
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.plans import comparison, downloads
from bazafarin.web.plans.comparison import difference
from bazafarin.web.plans.incentives import entitled
from bazafarin.web.plans.models import AreaResult, BlockResult, Plan
from web_town import (
    CITY_RULES,
    CRS,
    DATED,
    EAST,
    NORTH,
    delivered,
    layers,
    parcel,
    planned,
    prepared,
    signed_in,
    somebody,
    town,
)

SOUND = {"structure": "steel_frame", "land_area_m2": 600.0}
"""A building that is neither weak nor fine-grained."""
FILES = ("document.pdf", "plan.xlsx", "plan.gpkg", "map.html", "findings.json")
REPORT = "reading_report.html"


@pytest.fixture
def edition(mapped_city) -> Edition:
    return Edition.objects.select_related("city__place").get(city=mapped_city, number=1)


@pytest.fixture
def plan(edition) -> Plan:
    return planned(edition)


@pytest.fixture
def agency(city):
    return somebody("agency", Role.AGENCY, city.place)


@pytest.fixture
def neighbourhood_agency(mapped_city):
    """Return an agency that works in the first neighbourhood alone."""
    place = Place.objects.get(code="N1", kind=PlaceKind.NEIGHBOURHOOD)
    return somebody("of_n1", Role.AGENCY, place)


def asked(**changes):
    """Return what stands in the form of a study."""
    edition = Edition.objects.get(number=1)
    return {"edition": edition.pk, "as_of": "1404/08/30"} | changes


def taken(client, plan, names=(*FILES, REPORT)):
    """Return the status with which each file is given."""
    given = {}
    for name in names:
        answer = client.get(f"/plans/{plan.pk}/files/{name}")
        given[name] = answer.status_code
        answer.getvalue()  # read to its end, and so closed
    return given


def test_a_planner_takes_every_file(plan, planner) -> None:
    assert set(taken(signed_in(planner), plan).values()) == {200}


def test_an_agency_takes_the_document_and_nothing_of_people_or_buildings(plan, agency) -> None:
    assert taken(signed_in(agency), plan) == {
        "document.pdf": 200, "plan.xlsx": 403, "plan.gpkg": 403, "map.html": 403,
        "findings.json": 403, REPORT: 403,
    }  # fmt: skip


def test_a_secretary_who_sees_buildings_takes_the_map_too(plan, city) -> None:
    secretary = somebody("secretary", Role.COMMISSION_SECRETARY, city.place)

    given = taken(signed_in(secretary), plan)

    assert (given["map.html"], given["document.pdf"], given["plan.gpkg"]) == (200, 200, 403)


@pytest.mark.parametrize("role", ["owner", "surveyor"])
def test_who_sees_no_plans_takes_nothing(plan, role, request) -> None:
    client = signed_in(request.getfixturevalue(role))

    assert set(taken(client, plan).values()) == {403}
    assert client.get("/plans/").status_code == 403


def test_a_planner_of_another_city_finds_nothing(plan, outsider) -> None:
    client = signed_in(outsider)

    assert set(taken(client, plan).values()) == {404}
    area = AreaResult.objects.filter(plan=plan).exclude(area="").first()
    for path in ("", "blocks/", f"areas/{area.pk}/"):
        assert client.get(f"/plans/{plan.pk}/{path}").status_code == 404
    assert client.get("/plans/").context["page"].rows == []


def test_a_stranger_is_led_to_the_login(plan) -> None:
    for path in (f"{plan.pk}/", f"{plan.pk}/blocks/", f"{plan.pk}/files/plan.gpkg", "", "new/"):
        answer = Client().get(f"/plans/{path}")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "name", ["secret_key", "reading_report.json", "..%2F..%2Fsecret_key", "plan.gpkg.bak"]
)
def test_no_other_file_is_served(plan, planner, name) -> None:
    assert signed_in(planner).get(f"/plans/{plan.pk}/files/{name}").status_code == 404


def test_a_file_is_taken_away_and_never_opened_within_the_site(plan, planner) -> None:
    answer = signed_in(planner).get(f"/plans/{plan.pk}/files/map.html")

    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.getvalue().startswith(b"<!doctype html>")


def test_a_document_with_proposals_goes_with_the_tables(plan, agency) -> None:
    plan.scenario = {"budget_rial": 1}
    assert not downloads.may_take(agency, plan, "document.pdf")
    assert downloads.may_take(agency, plan, "diagnosis.pdf")


def test_few_people_are_withheld_from_who_may_not_see_people(
    mapped_city, planner, agency, tmp_path
) -> None:
    # three people of one household in the first neighbourhood: fewer than five households
    few = {"households": 0.0, "population": 0.0}
    parcels = town(
        [(f"1-1-{n}-0", few) for n in range(2, 7)]
        + [("1-1-1-0", {"households": 1.0, "population": 3.0})]
    )
    frames = layers(parcels)
    frames["neighbourhoods"]["population"] = [3.0, 60.0]
    second = prepared(mapped_city, delivered(tmp_path / "b.gpkg", frames))
    places.accept_edition(by=None, edition=second)
    plan = planned(second)
    area = AreaResult.objects.get(plan=plan, area="N1")

    shown = signed_in(planner).get(f"/plans/{plan.pk}/areas/{area.pk}/")
    hidden = signed_in(agency).get(f"/plans/{plan.pk}/areas/{area.pk}/")
    whole = signed_in(agency).get(f"/plans/{plan.pk}/")

    def figures(page):
        return {figure.id: figure for figure in page.context["figures"]}

    assert figures(shown)["identity.population"].value == 3.0
    assert figures(hidden)["identity.population"].is_withheld
    assert figures(hidden)["identity.households"].is_withheld
    # from a lack of land per head the people could be worked out, and from the city's total
    assert hidden.context["services"] == []
    assert figures(whole)["identity.population"].is_withheld
    assert not downloads.may_take(agency, plan, "document.pdf")


def test_an_agency_of_a_neighbourhood_sees_that_neighbourhood_alone(
    plan, neighbourhood_agency
) -> None:
    client = signed_in(neighbourhood_agency)

    page = client.get(f"/plans/{plan.pk}/")
    blocks = client.get(f"/plans/{plan.pk}/blocks/")

    assert [row["area"].area for row in page.context["areas"]] == ["N1"]
    assert "headline" not in page.context
    assert page.context["downloads"] == []
    assert [block.block_id for block in blocks.context["page"].rows] == ["B1"]
    other = AreaResult.objects.get(plan=plan, area="N2")
    city = AreaResult.objects.get(plan=plan, area="")
    for hidden in (other, city):
        assert client.get(f"/plans/{plan.pk}/areas/{hidden.pk}/").status_code == 404
    assert set(taken(client, plan).values()) == {404}


def test_the_page_of_a_plan_says_each_figure_with_its_rule_and_clause(plan, planner) -> None:
    page = signed_in(planner).get(f"/plans/{plan.pk}/")

    first = {figure.id: figure for figure in page.context["headline"]}
    # both blocks are worn-out: two rows of 60 m × 15 m
    assert first["worn_out_fabric.blocks"].words == "۲"
    assert first["worn_out_fabric.area_m2"].words == "۱٬۸۰۰ مترمربع"
    rule = first["worn_out_fabric.blocks"].rules[0]
    assert rule.title
    assert rule.instrument
    body = page.content.decode()
    assert rule.clause in body
    assert "تأییدنشده" in body


def test_a_page_asks_the_database_a_few_times_however_much_it_shows(
    plan, edition, planner, django_assert_max_num_queries
) -> None:
    other = planned(edition, as_of=date(2025, 11, 22))
    client = signed_in(planner)

    for path in (
        "",
        f"{plan.pk}/",
        f"{plan.pk}/blocks/",
        f"compare/?plan={plan.pk}&plan={other.pk}",
    ):
        with django_assert_max_num_queries(14):
            assert client.get(f"/plans/{path}").status_code == 200


def test_the_list_is_sorted_and_searched(plan, edition, planner) -> None:
    later = planned(edition, as_of=date(2025, 11, 22))
    client = signed_in(planner)

    def listed(query):
        return [each.pk for each in client.get(f"/plans/?{query}").context["page"].rows]

    assert listed("") == [later.pk, plan.pk]
    assert listed("sort=as_of") == [plan.pk, later.pk]
    assert listed("sort=-as_of") == [later.pk, plan.pk]
    assert listed("q=قدس") == [later.pk, plan.pk]
    assert listed("q=ری") == []


def test_the_blocks_are_sorted_searched_and_chosen(plan, planner) -> None:
    BlockResult.objects.filter(plan=plan, block_id="B1").update(
        worn_out=False, fine_grain_share=None
    )
    client = signed_in(planner)

    def listed(query):
        rows = client.get(f"/plans/{plan.pk}/blocks/?{query}").context["page"].rows
        return [block.block_id for block in rows]

    # the unknown stands last either way
    assert listed("sort=fine_grain") == listed("sort=-fine_grain") == ["B2", "B1"]
    assert listed("only=worn_out") == ["B2"]
    assert listed("q=B1") == ["B1"]


def test_the_list_says_what_to_do_where_it_is_empty(mapped_city, planner, agency) -> None:
    for user, word in ((planner, "اجرای نخستین مطالعه"), (agency, "هنوز مطالعهٔ پایان‌یافته‌ای")):
        assert word in signed_in(user).get("/plans/").content.decode()


def test_a_planner_runs_a_study_and_finds_it_again(mapped_city, planner) -> None:
    client = signed_in(planner)

    first = client.post("/plans/new/", asked())
    plan = Plan.objects.get()
    again = client.post("/plans/new/", asked(), follow=True)

    assert first["Location"] == f"/jobs/{plan.job_id}/"
    assert Plan.objects.count() == 1
    assert "همین ورودی‌ها" in again.content.decode()
    assert plan.as_of == DATED


def test_a_form_that_was_refused_keeps_what_was_typed(mapped_city, planner) -> None:
    rules = SimpleUploadedFile("شهر.toml", CITY_RULES.encode())
    client = signed_in(planner)

    page = client.post(
        "/plans/new/",
        asked(as_of="۱۴۰۴/۱۳/۱", propose="on", budget_milliard="۷۵۰", standards=rules),
    )

    assert page.status_code == 200
    assert not Plan.objects.exists()
    form = page.context["form"]
    assert "as_of" in form.errors
    assert form["budget_milliard"].value() == "۷۵۰"
    assert form["kept_name"].value() == "شهر.toml"
    # sent again without the file, which the form carried on
    kept = {name: form[name].value() for name in ("kept_standards", "kept_name")}
    client.post("/plans/new/", asked(propose="on", budget_milliard="۷۵۰", **kept))
    plan = Plan.objects.get()
    assert plan.standards == CITY_RULES
    assert plan.scenario["budget_rial"] == 750_000_000_000


def test_rules_that_are_wrong_are_said_by_the_files_own_name(mapped_city, planner) -> None:
    wrong = CITY_RULES.replace("fine_grain.parcel_below", "fine_grain.parcel_belo")
    rules = SimpleUploadedFile("city.toml", wrong.encode())

    page = signed_in(planner).post("/plans/new/", asked(standards=rules))

    told = " ".join(page.context["form"].errors["standards"])
    assert "city.toml" in told
    assert "fine_grain.parcel_below" in told


@pytest.mark.parametrize(
    ("field", "typed"),
    [("budget_milliard", "زیاد"), ("floor_percent", "120"), ("as_of", "1300/01/01")],
)
def test_a_field_that_cannot_be_is_said_beside_it(mapped_city, planner, field, typed) -> None:
    page = signed_in(planner).post("/plans/new/", asked(propose="on", **{field: typed}))

    assert list(page.context["form"].errors) == [field]


def test_only_editions_of_ones_own_cities_are_offered(mapped_city, outsider, agency) -> None:
    nothing = signed_in(outsider).get("/plans/new/")
    refused = signed_in(agency).get("/plans/new/")

    assert "نقشه ندارد" in nothing.content.decode()
    assert refused.status_code == 403
    assert signed_in(outsider).get(f"/plans/new/?city={mapped_city.pk}").status_code == 404


def test_two_plans_are_compared_input_by_input_and_block_by_block(plan, edition, planner) -> None:
    other = planned(edition, standards=CITY_RULES, standards_name="city.toml")

    page = signed_in(planner).get(f"/plans/compare/?plan={other.pk}&plan={plan.pk}")

    context = page.context
    assert (context["before"], context["after"]) == (plan, other)
    differing = {each.name for each in context["inputs"] if each.differs}
    assert differing == {"standards_name", "standards_digest"}
    changed = {change.title: change for change in context["areas"][0]["changed"]}
    blocks = changed["بلوک‌های فرسوده"]
    assert (blocks.before, blocks.after, blocks.difference, blocks.way) == ("۲", "۰", "۲", "less")
    fine = changed["سهم ریزدانگی"]
    assert (fine.before, fine.after, fine.sign) == ("۱۰۰٪", "۰٪", -1)
    assert [(each.block_id, each.kind) for each in context["blocks"]] == [
        ("B1", "went_out"),
        ("B2", "went_out"),
    ]
    assert context["blocks"][0].moved == (("fine_grain", 1.0, 0.0),)


@pytest.mark.parametrize(
    ("old", "new", "unit", "sign"),
    [(2, 5, "count", 1), (5, 2, "count", -1), (2, 2, "count", 0), (None, 2, "count", None)],
)
def test_a_difference_has_its_sign(old, new, unit, sign) -> None:
    assert difference(old, new, unit)[1] == sign


def test_plans_of_two_cities_or_of_others_are_not_compared(plan, planner, outsider) -> None:
    one = signed_in(planner).get(f"/plans/compare/?plan={plan.pk}", follow=True)
    theirs = signed_in(outsider).get(f"/plans/compare/?plan={plan.pk}&plan={plan.pk + 1}")

    assert "دو مطالعهٔ پایان‌یافته" in one.content.decode()
    assert theirs.status_code == 404


def test_an_agency_of_a_neighbourhood_compares_its_own_blocks(
    plan, edition, neighbourhood_agency
) -> None:
    other = planned(edition, standards=CITY_RULES, standards_name="city.toml")

    page = signed_in(neighbourhood_agency).get(
        f"/plans/compare/?plan={plan.pk}&plan={other.pk}"
    )  # fmt: skip

    assert [each.block_id for each in page.context["blocks"]] == ["B1"]
    assert [area["name"] for area in page.context["areas"]] == ["سرآسیاب"]


def test_a_parcels_page_says_why_its_block_is_worn_out(plan, owner) -> None:
    page = signed_in(owner).get(f"/places/cities/{plan.city_id}/parcels/1-1-1-0/")

    body = page.content.decode()
    assert "بافت فرسوده؛ اولویت یک" in body
    assert "۱۰۰٪" in body
    assert "قطعی است" in body
    assert f"/plans/{plan.pk}/" not in body  # an owner opens no plan


@pytest.mark.parametrize(
    ("west_m", "values", "why"),
    [
        (0, {}, "این قطعه درون محدودهٔ مصوب"),
        (1000, {}, "مشوق‌های زیر پس از تصویب محدوده"),
        (1000, SOUND, "مشوق‌های بافت فرسوده به آن مربوط نیست"),
    ],
    ids=["inside", "found worn-out outside", "outside"],
)
def test_a_parcels_page_says_which_incentives_concern_it_and_why(
    city, owner, tmp_path, west_m, values, why
) -> None:
    frames = layers(town((f"1-1-{n}-0", values) for n in range(1, 7)))
    ground = box(EAST + west_m - 10, NORTH - 10, EAST + west_m + 70, NORTH + 60)
    frames["approved_boundary"] = gpd.GeoDataFrame(
        [{"approved_on": "1395/05/01", "resolution": "۱۲", "geometry": ground}], crs=CRS
    )
    edition = prepared(city, delivered(tmp_path / "city.gpkg", frames))
    places.accept_edition(by=None, edition=edition)
    planned(edition)

    body = signed_in(owner).get(f"/places/cities/{city.pk}/parcels/1-1-1-0/").content.decode()

    assert why in body
    assert ("تخفیف عوارض پروانه" in body) == ("مربوط نیست" not in body)


def test_where_no_boundary_and_no_plan_is_known_the_incentives_are_unknown(
    mapped_city, owner
) -> None:
    body = signed_in(owner).get(f"/places/cities/{mapped_city.pk}/parcels/1-1-1-0/").content

    assert "نامعلوم: نه محدودهٔ مصوبی در داده‌هاست" in body.decode()


def test_a_parcels_page_says_where_the_plan_is_of_another_edition(
    plan, mapped_city, planner, tmp_path
) -> None:
    changed = layers(town([("1-1-1-0", {"floors": 5.0})]))
    places.accept_edition(
        by=None, edition=prepared(mapped_city, delivered(tmp_path / "b.gpkg", changed))
    )

    page = signed_in(planner).get(f"/places/cities/{mapped_city.pk}/parcels/1-1-1-0/")

    assert "این یافته‌ها از ویرایش" in page.content.decode()


def test_a_city_and_its_edition_lead_to_their_plans(plan, planner, owner) -> None:
    edition = Edition.objects.get()
    for path in (f"/places/cities/{plan.city_id}/", f"/places/editions/{edition.pk}/"):
        assert f"/plans/?city={plan.city_id}" in signed_in(planner).get(path).content.decode()
        assert "/plans/?city=" not in signed_in(owner).get(path).content.decode()


def test_derived_blocks_are_compared_by_their_ground_and_not_by_their_number(
    city, planner, tmp_path
) -> None:
    plans = []
    north = parcel(
        9, 0, 0, parcel_id="9-9-9-0", geometry=box(EAST, NORTH + 64, EAST + 10, NORTH + 69)
    )
    for number, parcels in enumerate((town(), [*town(), north])):
        frames = layers(parcels)
        del frames["parcels"]["block_id"]
        edition = prepared(city, delivered(tmp_path / f"{number}.gpkg", frames))
        places.accept_edition(by=None, edition=edition)
        city.refresh_from_db()
        plans.append(planned(edition))
    before, after = (list(each.blocks.order_by("block_id")) for each in plans)
    assert [block.block_id for block in before] == ["1", "2"]
    assert [block.parcels_count for block in after] == [1, 6, 6]

    changes = comparison.block_changes(planner, *plans)

    assert [(change.block_id, change.was, change.kind) for change in changes] == [
        ("1", "", "appeared")
    ]
    BlockResult.objects.filter(plan=plans[1], block_id="3").update(worn_out=True)
    BlockResult.objects.filter(plan=plans[0], block_id="2").update(worn_out=False)
    found = comparison.block_changes(planner, *plans)
    assert [(change.block_id, change.was, change.kind) for change in found] == [
        ("3", "2", "came_in"),
        ("1", "", "appeared"),
    ]
    page = signed_in(planner).get(f"/plans/compare/?plan={plans[0].pk}&plan={plans[1].pk}")
    assert "پیش‌تر با شمارهٔ" in page.text


@pytest.mark.parametrize(
    ("inside", "worn_out", "decided", "why"),
    [
        (True, None, None, "inside"),
        (False, True, "yes", "found"),
        (None, True, "depends_on_unknown", "found"),
        (False, False, "no", "outside"),
        (False, False, "depends_on_unknown", "outside_open"),
        (False, None, None, "outside_open"),
        (None, False, "no", "not_found"),
        (None, False, "depends_on_unknown", "unknown"),
        (None, None, None, "unknown"),
    ],
)
def test_nothing_is_said_of_a_block_that_no_study_has_settled(
    inside, worn_out, decided, why
) -> None:
    block = None if decided is None else BlockResult(worn_out=worn_out, decided=decided)

    assert entitled(inside, block) == why
