"""Home: each role finds a first task there, and the page of every task opens for it."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.utils import translation

from bazafarin.adapters.brand import brand
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.office.jalali_field import DayField
from bazafarin.web.office.said import said
from bazafarin.web.office.shell import MENU
from bazafarin.web.places.models import Edition, Place
from web_town import delivered, layers, planned, prepared, signed_in, somebody, town


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("language", ["fa", "en"])
def test_each_role_has_a_first_task_that_exists(mapped_city, role, language) -> None:
    place = mapped_city.place
    if role in {Role.PROVINCE, Role.ADMINISTRATOR}:
        place = place.parent.parent
    elif role == Role.SURVEYOR:
        place = Place.objects.get(code="N1")
    client = signed_in(somebody("anybody", role, place))
    client.cookies["language"] = language

    tasks = client.get("/").context["tasks"]

    assert tasks
    for task in tasks:
        assert task.sentence
        assert client.get(task.url, follow=True).status_code == 200


@pytest.mark.parametrize("role", Role)
def test_every_entry_of_the_menu_opens(mapped_city, role) -> None:
    client = signed_in(somebody("anybody", role, mapped_city.place))

    menu = client.get("/").context["menu"]

    assert 2 <= len(menu) <= len(MENU)
    from django.urls import reverse  # noqa: PLC0415

    assert all(client.get(reverse(e["url"]), follow=True).status_code == 200 for e in menu)


def test_what_waits_for_a_decision_comes_first(mapped_city, manager, tmp_path) -> None:
    edition = prepared(mapped_city, delivered(tmp_path / "b.gpkg", layers(town())))

    first = signed_in(manager).get("/").context["tasks"][0]

    assert first.key == "web_office.task.decide_edition"
    assert first.url == f"/places/editions/{edition.pk}/"


def test_a_city_without_a_map_asks_its_planner_for_one(city, planner, outsider) -> None:
    assert signed_in(planner).get("/").context["tasks"][0].url.endswith("/deliver/")
    keys = [task.url for task in signed_in(outsider).get("/").context["tasks"]]
    assert f"/places/cities/{city.pk}/deliver/" not in keys


def test_somebody_without_a_role_is_told_whom_to_ask(db) -> None:
    page = signed_in(somebody("nobody")).get("/")

    assert page.context["tasks"] == []
    assert 'class="empty"' in page.content.decode()


def test_the_first_page_tells_how_the_city_stands(mapped_city, manager, surveyor) -> None:
    edition = Edition.objects.select_related("city__place").get(city=mapped_city, number=1)
    before = signed_in(manager).get("/").content.decode()
    plan = planned(edition)

    page = signed_in(manager).get("/").content.decode()
    of_a_part = signed_in(surveyor).get("/").content.decode()

    assert f"/plans/{plan.pk}/" not in before
    assert f"/plans/{plan.pk}/" in page
    # both blocks are worn-out, and the rules of that stand on a source nobody has seen
    assert said("document.finding.worn_out_fabric.blocks") in page
    assert said("units.certainty_short.unverified") in page
    # who sees one neighbourhood is told of the edition and not of the whole city's figures
    assert f"/places/cities/{mapped_city.pk}/" in of_a_part
    assert said("document.finding.worn_out_fabric.blocks") not in of_a_part


class Form(forms.Form):
    day = DayField(label="")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1404/08/30", date(2025, 11, 21)),
        ("۱۴۰۴/۰۸/۳۰", date(2025, 11, 21)),
        ("2025-11-21", date(2025, 11, 21)),
        ("1403/12/30", date(2025, 3, 20)),
    ],
)
def test_a_day_may_be_typed_in_either_calendar(typed, day) -> None:
    form = Form({"day": typed})

    assert form.is_valid()
    assert form.cleaned_data["day"] == day


@pytest.mark.parametrize("typed", ["1404/12/30", "1404/13/01", "دیروز"])
def test_what_is_no_day_is_refused_and_stays_as_it_was_typed(typed) -> None:
    form = Form({"day": typed})

    assert not form.is_valid()
    assert f'value="{typed}"' in str(form)


def test_the_calendar_gets_its_words_from_the_server() -> None:
    with translation.override("fa"):
        persian = str(Form(initial={"day": date(2025, 11, 21)}))
    with translation.override("en"):
        english = str(Form(initial={"day": date(2025, 11, 21)}))

    assert "فروردین" in persian
    assert 'value="۱۴۰۴/۰۸/۳۰"' in persian
    assert "Farvardin" in english
    assert 'value="1404/08/30"' in english


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    ("ink", "white"), ("ink", "paper"), ("slate", "white"), ("slate", "paper"),
    ("lapis", "paper"), ("lapis", "white"), ("turquoise", "white"), ("turquoise", "paper"),
    ("brick", "white"), ("brick", "paper"), ("sage", "white"), ("sage", "paper"),
]  # fmt: skip


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out_from_its_ground(ink, ground) -> None:
    colour = brand().colour

    assert contrast(colour[ink], colour[ground]) >= 4.5


@pytest.mark.parametrize("ground", ["white", "paper"])
def test_shapes_and_edges_of_fields_stand_out(ground) -> None:
    colour = brand().colour

    assert all(contrast(colour[each], colour[ground]) >= 3 for each in ("ochre", "slate"))


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_an_office_is_left_alone_by_programs_that_gather_pages(client, db) -> None:
    assert client.get("/robots.txt").content.decode().endswith("Disallow: /\n")
