"""The JSON API: against its own description, its pages, and what each caller sees."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bazafarin.web.accounts import actions as people
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.interfaces.api.site import api
from bazafarin.web.places import actions
from bazafarin.web.places.models import Edition, Parcel
from bazafarin.web.plans.models import BlockResult
from bazafarin.web.wsgi import application
from web_town import DATED, delivered, layers, planned, prepared, signed_in, somebody, town

PEOPLE = {"households", "population", "will_renovate", "will_consolidate"}
BUILDINGS = {"floors", "structure", "ownership"}


described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def token(mapped_city, planner):
    """Return a planner's token, while requests leave the test's own connection open."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield people.make_token(by=planner, name="test")[1]
    for signal in signals:
        signal.connect(close_old_connections)


@described.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_api_is_as_it_is_described(case, token, mapped_city) -> None:
    known = {"city": mapped_city.pk, "key": "1-1-1-0", "edition": 1, "place": mapped_city.place_id}
    for name, value in case.path_parameters.items():
        # what could be somebody's number is the one that there is, so that more than 404 is seen
        if str(value).isdigit() and name in known:
            case.path_parameters[name] = str(known[name])

    # a cursor is a word of ours and an edition one that there is: any other is rightly refused
    case.call_and_validate(
        headers={"Authorization": f"Bearer {token}"}, excluded_checks=[positive_data_acceptance]
    )


def test_every_address_is_described_with_its_problems(client, db) -> None:
    described = client.get("/api/v1/openapi.json").json()

    assert len(described["paths"]) == 18
    for path in described["paths"].values():
        answers = path["get"]["responses"]
        assert {"200", "400", "401", "403", "404"} <= set(answers)
        assert set(answers["404"]["content"]) == {"application/problem+json"}
    assert set(described["components"]["securitySchemes"]) == {
        "token",
        "token_as_password",
        "session",
    }


def test_the_page_tells_of_every_address_and_loads_nothing_foreign(planner) -> None:
    page = signed_in(planner).get("/api/v1/").content.decode()

    for router in api._get_bound_routers():
        for path in router.path_operations:
            assert path.replace("{int:", "{").replace("{path:", "{") in page
    assert 'src="http' not in page
    assert 'href="http' not in page


def pages(client, start):
    while start:
        page = client.get(start).json()
        yield page
        start = page["next"]


@pytest.mark.parametrize("limit", [1, 5, 12, 100])
def test_parcels_are_paged_once_each_in_the_order_of_their_codes(
    planner, mapped_city, limit
) -> None:
    Parcel.objects.filter(key__startswith="1-2").update(search_key="same")
    start = f"/api/v1/cities/{mapped_city.pk}/parcels?limit={limit}"

    given = [each["key"] for page in pages(signed_in(planner), start) for each in page["items"]]

    assert len(given) == len(set(given)) == 12
    assert given[:6] == [f"1-1-{n}-0" for n in range(1, 7)]


def test_parcels_are_found_by_how_their_code_begins_in_any_digits(planner, mapped_city) -> None:
    client = signed_in(planner)
    for asked in ("1-2", "۱-۲"):
        page = client.get(f"/api/v1/cities/{mapped_city.pk}/parcels", {"code": asked}).json()
        assert {each["key"] for each in page["items"]} == {f"1-2-{n}-0" for n in range(1, 7)}


@pytest.mark.parametrize("noun", ["places", "cities", "jobs", "cities/{}/editions"])
def test_lists_are_paged(planner, mapped_city, noun) -> None:
    client = signed_in(planner)
    start = f"/api/v1/{noun.format(mapped_city.pk)}"
    whole = [each for page in pages(client, start) for each in page["items"]]
    by_ones = [each for page in pages(client, f"{start}?limit=1") for each in page["items"]]

    assert by_ones == whole


def test_a_parcel_has_its_facts_history_and_edition(planner, mapped_city, tmp_path) -> None:
    changed = town([("1-1-1-0", {"floors": 5.0})])
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(changed)))
    actions.accept_edition(by=None, edition=edition)
    client = signed_in(planner)
    parcel = f"/api/v1/cities/{mapped_city.pk}/parcels/1-1-1-0"

    assert client.get(parcel).json()["facts"]["floors"] == 5
    assert client.get(f"{parcel}?edition=1").json()["facts"]["floors"] == 2
    assert client.get(f"{parcel}?edition=3").status_code == 400
    versions = client.get(f"{parcel}/history").json()["versions"]
    assert [each["changed"] for each in versions] == [["floors"], []]


def test_without_a_plan_it_is_unknown_whether_a_parcel_is_worn_out(planner, mapped_city) -> None:
    told = (
        signed_in(planner).get(f"/api/v1/cities/{mapped_city.pk}/parcels/1-1-1-0/worn-out").json()
    )

    assert told["worn_out"] == "unknown"
    assert told["plan"] is None
    assert told["block"] == "B1"


def test_a_plan_says_whether_a_parcel_is_worn_out_and_by_which_clause(
    planner, mapped_city, tmp_path
) -> None:
    # as reckoned in test_plans: all six buildings of B1 without a structural system
    plan = planned(Edition.objects.get(city=mapped_city, number=1))
    client, root = signed_in(planner), f"/api/v1/cities/{mapped_city.pk}"

    told = client.get(f"{root}/parcels/1-1-1-0/worn-out").json()

    assert told["worn_out"] == "yes"
    assert told["plan"] == {
        "id": plan.pk, "city": mapped_city.pk, "edition": 1, "as_of": DATED.isoformat(),
    }  # fmt: skip
    rules = {each["rule"]: each for each in told["rules"]}
    assert rules["fine_grain.parcel_below"]["value"] == 200
    assert all(rule["clause"] and rule["instrument"] for rule in rules.values())
    assert client.get(f"{root}/plans").json()["items"] == [told["plan"]]
    assert client.get(f"{root}/plans/{plan.pk}").json() == told["plan"]
    start = f"{root}/plans/{plan.pk}/blocks?limit=1"
    blocks = [each for page in pages(client, start) for each in page["items"]]
    assert [(each["block"], each["worn_out"], each["level"]) for each in blocks] == [
        ("B1", True, 1),
        ("B2", True, 1),
    ]


@pytest.mark.parametrize("decided", ["yes", "no", "depends_on_unknown"])
def test_the_answer_is_what_no_unknown_row_could_turn(planner, mapped_city, decided) -> None:
    plan = planned(Edition.objects.get(city=mapped_city, number=1))
    BlockResult.objects.filter(plan=plan).update(decided=decided)
    parcel = f"/api/v1/cities/{mapped_city.pk}/parcels/1-1-1-0/worn-out"

    assert signed_in(planner).get(parcel).json()["worn_out"] == decided
    BlockResult.objects.filter(plan=plan).delete()
    assert signed_in(planner).get(parcel).json()["worn_out"] == "unknown"


def test_a_plan_of_another_edition_says_of_which(planner, mapped_city, tmp_path) -> None:
    planned(Edition.objects.get(city=mapped_city, number=1))
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(town()[:11])))
    actions.accept_edition(by=None, edition=edition)

    told = (
        signed_in(planner).get(f"/api/v1/cities/{mapped_city.pk}/parcels/1-1-1-0/worn-out").json()
    )

    assert (told["edition"], told["plan"]["edition"]) == (2, 1)


def test_plans_are_for_whoever_sees_plans_and_blocks_for_whoever_sees_the_place(
    owner, outsider, surveyor, mapped_city
) -> None:
    plan = planned(Edition.objects.get(city=mapped_city, number=1))
    root = f"/api/v1/cities/{mapped_city.pk}"

    for person in (owner, surveyor):
        client = signed_in(person)
        assert client.get(f"{root}/parcels/1-1-1-0/worn-out").json()["worn_out"] == "yes"
        assert client.get(f"{root}/plans").json()["items"] == []
        assert client.get(f"{root}/plans/{plan.pk}").status_code == 404
        assert client.get(f"{root}/plans/{plan.pk}/blocks").status_code == 404
    assert signed_in(outsider).get(f"{root}/plans/{plan.pk}").status_code == 404
    assert signed_in(outsider).get(f"{root}/parcels/1-1-1-0/worn-out").status_code == 404


def addresses(city):
    root = f"/api/v1/cities/{city.pk}"
    return [
        root,
        f"{root}/editions",
        f"{root}/editions/1",
        f"{root}/blocks",
        f"{root}/blocks/B1",
        f"{root}/parcels",
        f"{root}/parcels/1-1-1-0",
        f"{root}/parcels/1-1-1-0/history",
        f"{root}/parcels/1-1-1-0/worn-out",
        f"{root}/plans",
    ]


def test_a_colleague_reads_everything_and_an_outsider_finds_nothing(
    manager, owner, outsider, mapped_city, client
) -> None:
    for address in addresses(mapped_city):
        assert signed_in(manager).get(address).status_code == 200
        assert signed_in(owner).get(address).status_code == 200
        answer = signed_in(outsider).get(address)
        assert answer.status_code == 404
        assert answer.json()["code"] == "web_interfaces.error.not_found"
        assert client.get(address).status_code == 401


def test_an_owner_sees_neither_buildings_nor_people(owner, mapped_city) -> None:
    client = signed_in(owner)
    root = f"/api/v1/cities/{mapped_city.pk}/parcels"

    for facts in (
        client.get(f"{root}/1-1-1-0").json()["facts"],
        *(each["facts"] for each in client.get(root).json()["items"]),
    ):
        assert facts
        assert not set(facts) & (PEOPLE | BUILDINGS)


def test_a_surveyor_sees_the_people_of_their_neighbourhood_alone(surveyor, mapped_city) -> None:
    client, root = signed_in(surveyor), f"/api/v1/cities/{mapped_city.pk}/parcels"

    assert {each["key"] for each in client.get(root).json()["items"]} == {
        f"1-1-{n}-0" for n in range(1, 7)
    }
    assert client.get(f"{root}/1-2-1-0").status_code == 404
    assert client.get(f"{root}/1-2-1-0/history").status_code == 404
    people.give_role(by=None, user=surveyor, role=Role.OWNER, place=mapped_city.place)
    client = signed_in(surveyor)
    facts = {each["key"]: set(each["facts"]) for each in client.get(root).json()["items"]}
    assert facts["1-1-1-0"] >= PEOPLE
    assert not facts["1-2-1-0"] & PEOPLE


def test_somebody_without_any_role_reads_only_of_themselves(mapped_city) -> None:
    client = signed_in(somebody("nobody"))

    assert client.get("/api/v1/me").json()["roles"] == []
    assert client.get("/api/v1/cities").json()["items"] == []
    assert client.get("/api/v1/places").json()["items"] == []


@pytest.mark.parametrize(
    "address",
    ["places?limit=0", "places?limit=1001", "places?limit=x", "jobs?after=x", "cities?after=W10"],
)
def test_what_cannot_be_is_said(planner, address) -> None:
    answer = signed_in(planner).get(f"/api/v1/{address}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"].startswith("web_interfaces.error.")
