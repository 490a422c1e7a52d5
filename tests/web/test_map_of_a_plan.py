"""The map with the results of a plan: classes broken at the rule, and only where one may see."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bazafarin.standards import Standards
from bazafarin.studies.worn_out_fabric import INDICES, SHARE_RULES, TEST_RULES
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.maps import plan_door
from bazafarin.web.maps.themes import themes
from bazafarin.web.places.models import Block, Neighbourhood, Place
from bazafarin.web.plans.models import AreaResult, BlockResult, Plan, PlanState
from bazafarin.web.plans.results import citation_kept
from web.map_town import address, read, tile_at
from web_town import DATED, signed_in, somebody

MARKS = dict.fromkeys(range(0x2066, 0x206A))
THRESHOLD = float(Standards.national().value("fine_grain.share_above", as_of=DATED))
RESULTS = {
    "B1": {
        "level": 1, "decided": "depends_on_unknown", "indices_met": 3, "worn_out": True,
        "fine_grain_share": 1.0, "instability_share": None, "impermeability_share": THRESHOLD,
    },
    "B2": {
        "level": None, "decided": "no", "indices_met": 0, "worn_out": False,
        "fine_grain_share": 0.0, "instability_share": 0.1, "impermeability_share": 0.6,
    },
}  # fmt: skip

AREAS = {
    "N1": (60, {"education": 60.0, "sport": 0.0, "health": None}),
    "N2": (12, {"education": 48.0}),
}
"""Of neighbourhoods: people, and m² that lack of the least land of a service (4 m² a person)."""


def cited():
    """Return the rules that the indices of a block are judged by, as a plan keeps them."""
    standards = Standards.national()
    return {
        rule: citation_kept(standards.citation(rule, as_of=DATED))
        for index in INDICES
        for rule in (*TEST_RULES[index], SHARE_RULES[index])
    }


@pytest.fixture
def plan(mapped_city) -> Plan:
    """Return a finished plan of the city that found what no small town would."""
    made = Plan.objects.create(
        city=mapped_city, edition_number=1, as_of=DATED, version="0", identity="a" * 64,
        state=PlanState.DONE, ended_at=timezone.now(), citations=cited(),
    )  # fmt: skip
    for block_id, found in RESULTS.items():
        BlockResult.objects.create(plan=made, block_id=block_id, **found)
    places = dict(Place.objects.filter(kind="neighbourhood").values_list("code", "pk"))
    for area, (people, services) in AREAS.items():
        AreaResult.objects.create(
            plan=made, area=area, name_fa=area, in_neighbourhood_id=places[area],
            figures=[
                {
                    "id": "identity.population", "value": people, "unit": "persons",
                    "coverage": 1.0, "is_small": people < 18,
                }
            ],
            services=[service_row(name, people, lacks_m2) for name, lacks_m2 in services.items()],
        )  # fmt: skip
    return made


def service_row(service, people, lacks_m2):
    """Return what a plan keeps of a service that 4 m² a person are asked for."""
    return {
        "service": service, "population": people, "existing_m2": None, "per_capita_m2": None,
        "standard_min_m2": 4.0, "standard_max_m2": 5.0, "deficit_min_m2": lacks_m2,
        "deficit_max_m2": lacks_m2, "existing_coverage": 1.0,
    }  # fmt: skip


def blocks_of(user, city, plan):
    found = read(signed_in(user).get(address(city, tile_at(15), more=f"?plan={plan.pk}")).content)
    return {feature["id"]: feature["properties"] for feature in found["blocks"]["features"]}


def test_a_block_carries_what_the_plan_found_of_it(mapped_city, planner, plan) -> None:
    ids = dict(Block.objects.of_edition(mapped_city).values_list("block_id", "pk"))

    found = blocks_of(planner, mapped_city, plan)

    assert found[ids["B1"]] == {
        "level": 11, "decided": "depends_on_unknown", "indices_met": 3, "fine_grain": 4,
        "impermeability": 1,  # at the threshold itself: the colour of what does not meet it
    }  # fmt: skip
    assert found[ids["B2"]] == {
        "level": 0, "decided": "no", "indices_met": 0, "fine_grain": 0, "instability": 0,
        "impermeability": 2,
    }  # fmt: skip


def test_whoever_sees_no_plans_is_shown_none(mapped_city, owner, plan) -> None:
    assert all(found == {} for found in blocks_of(owner, mapped_city, plan).values())

    page = signed_in(owner).get(f"/maps/{mapped_city.pk}/?plan={plan.pk}").text
    assert '"layer": "blocks", "column"' not in page


def test_every_value_of_a_block_has_a_class_in_the_legend(mapped_city, planner, plan) -> None:
    offered = {theme.id: theme for theme in themes(planner, mapped_city, plan)}
    found = plan_door.results(plan, ["B1", "B2"])

    assert list(offered)[:5] == ["level", "fine_grain", "instability", "impermeability", "decided"]
    for name in list(offered)[:5]:
        known = {value for one in offered[name].classes for value in one.values}
        assert set(found[name].dropna()) <= known, name


def test_the_panel_and_the_print_tell_of_the_plan(mapped_city, planner, plan) -> None:
    client = signed_in(planner)
    block = Block.objects.of_edition(mapped_city).get(block_id="B1").pk

    told = client.get(f"/maps/{mapped_city.pk}/1/features/blocks/{block}/").text
    printed = client.get(
        f"/maps/{mapped_city.pk}/1/print.pdf?view=51.44,35.69,51.45,35.70&theme=level"
    )

    assert "یافتهٔ بلوک" in told
    assert "اولویت یک" in told
    assert printed.content.startswith(b"%PDF")


def test_a_block_without_result_is_unknown_and_not_sound(plan) -> None:
    found = plan_door.results(plan, ["B1", "B9"])

    assert found.loc["B9"].isna().all()


def test_an_agency_sees_plans_and_no_buildings(mapped_city, plan) -> None:
    agency = somebody("agency", Role.AGENCY, mapped_city.place)

    offered = [theme.id for theme in themes(agency, mapped_city, plan)]

    blocks = ["level", "fine_grain", "instability", "impermeability", "decided", "use"]
    assert offered == [*blocks, "lack_education", "lack_sport"]


def neighbourhoods_of(user, city, plan):
    found = read(signed_in(user).get(address(city, tile_at(15), more=f"?plan={plan.pk}")).content)
    return {
        feature["properties"]["name"]: feature["properties"]
        for feature in found["neighbourhoods"]["features"]
    }


def test_a_neighbourhood_carries_what_it_lacks_of_each_service(
    mapped_city, planner, owner, plan
) -> None:
    found = neighbourhoods_of(planner, mapped_city, plan)

    # 60 of 240 m² lack: the first quarter, its end with it; nothing lacks; unknown is left out
    assert found["سرآسیاب"] == {"name": "سرآسیاب", "lack_education": 1, "lack_sport": 0}
    # of twelve people nothing is told that is reckoned from how many they are, whoever asks
    assert found["قلعه‌نو"] == {"name": "قلعه‌نو"}
    assert set(neighbourhoods_of(owner, mapped_city, plan)["سرآسیاب"]) == {"name"}


def test_a_service_is_a_theme_where_something_is_known_of_it(mapped_city, planner, plan) -> None:
    offered = [each for each in themes(planner, mapped_city, plan) if each.group]

    assert {each.id for each in offered} == {"lack_education", "lack_sport"}
    classes = offered[0].classes
    assert [each.values for each in classes] == [(0,), (1,), (2,), (3,), (4,)]
    assert "تأییدنشده" not in offered[0].words  # this plan cites no rule of it
    plan.citations["per_capita.education"] = {"is_verified": False}
    by_id = {each.id: each for each in themes(planner, mapped_city, plan)}
    assert "تأییدنشده" in by_id["lack_education"].words


def test_the_panel_of_a_neighbourhood_tells_what_lacks_to_whom_it_may(
    mapped_city, planner, owner, plan
) -> None:
    agency = somebody("agency", Role.AGENCY, mapped_city.place)
    rows = dict(Neighbourhood.objects.of_edition(mapped_city).values_list("neighbourhood_id", "pk"))
    at = f"/maps/{mapped_city.pk}/1/features/neighbourhoods"

    def told(user, area):
        return signed_in(user).get(f"{at}/{rows[area]}/").text

    assert "۶۰ مترمربع کمتر از کمینهٔ سرانه" in told(agency, "N1").translate(MARKS)
    assert "نامعلوم" in told(agency, "N1")
    assert "۴۸ مترمربع" not in told(agency, "N2").translate(MARKS)
    assert "۴۸ مترمربع" in told(planner, "N2").translate(MARKS)
    assert "مترمربع کمتر" not in told(owner, "N1")


def test_a_service_is_printed(mapped_city, planner, plan) -> None:
    printed = signed_in(planner).get(
        f"/maps/{mapped_city.pk}/1/print.pdf?view=51.44,35.69,51.45,35.70&theme=lack_education"
    )

    assert printed.content.startswith(b"%PDF")


def test_a_plan_of_another_city_or_unfinished_is_never_shown(
    mapped_city, other_city, planner, plan
) -> None:
    foreign = Plan.objects.create(
        city=other_city, edition_number=1, as_of=DATED, version="0", identity="b" * 64,
        state=PlanState.DONE, ended_at=timezone.now(),
    )  # fmt: skip
    making = Plan.objects.create(
        city=mapped_city, edition_number=1, as_of=DATED, version="0", identity="c" * 64
    )

    for other in (foreign, making):
        assert plan_door.plan_shown(planner, mapped_city, 1, str(other.pk)) is None
    assert plan_door.plan_shown(planner, mapped_city, 1, "9" * 30) == plan
