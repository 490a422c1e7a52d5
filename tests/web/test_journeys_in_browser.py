"""First mornings at the office, in Chromium: an expert, a manager, an outsider, a phone."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from bazafarin import __version__
from bazafarin.web.accounts.permissions import Role
from bazafarin.web.jobs import running
from bazafarin.web.jobs.models import Job
from bazafarin.web.offices.actions import open_office
from bazafarin.web.places.models import City, Edition, Place
from bazafarin.web.places.models.place import PlaceKind
from bazafarin.web.plans.models import Plan
from bazafarin.web.surveys.forms_kept import add_version, publish
from bazafarin.web.surveys.models import Survey
from bazafarin.web.surveys.received_files import SentFile
from bazafarin.web.surveys.receiving import receive
from bazafarin.web.surveys.running import begin_survey, give_blocks
from web.test_forms import workbook
from web_phone import filled, photo
from web_town import CITY_RULES, DATED, PASSWORD, delivered, layers, parcel, somebody, town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1", "::1", "localhost"]),
    pytest.mark.django_db(transaction=True),
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        reason = "no Chromium on this machine; scripts/install_system_packages.sh installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Chromium refuses its sandbox to root, which is who runs the tests in a container
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    # Playwright's loop runs in this thread, where Django would refuse to read its tables
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=as_root)
        yield opened
        opened.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Desk:
    """Somebody's browser at the site: what it asked for and what went wrong in it."""

    def __init__(self, browser: Browser, address: str, *, width: int = 1440) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": 844})
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", lambda told: self.complaints.append(told.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda asked: asked.accept())

    def _asked(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.foreign.append(request.url)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def enter(self, username: str, password: str = PASSWORD) -> Page:
        page = self.open("/accounts/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_selector(".who a")
        return page


@pytest.fixture
def desk(chromium, live_server) -> Iterator[Desk]:
    made = Desk(chromium, live_server.url)
    yield made
    made.context.close()
    assert made.foreign == []


@pytest.fixture
def phone(chromium, live_server) -> Iterator[Desk]:
    made = Desk(chromium, live_server.url, width=390)
    yield made
    made.context.close()
    assert made.foreign == []


def fits(page: Page) -> bool:
    """Return whether the page is no wider than its window, and no field wider than its card."""
    return page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth
          && [...document.querySelectorAll(".card :is(input, select, textarea, button)")].every(
            (field) => {
              const own = field.getBoundingClientRect();
              const card = field.closest(".card").getBoundingClientRect();
              return own.width === 0 || field.closest(".wide")
                || (own.left >= card.left - 1 && own.right <= card.right + 1);
            })"""
    )


def test_an_expert_delivers_an_edition_looks_at_it_and_accepts_it(
    mapped_city, planner, desk, tmp_path
) -> None:
    parcels = [*town([("1-1-1-0", {"floors": 5.0})]), parcel(99, 7, 1)]
    file = delivered(tmp_path / "next.gpkg", layers(parcels))
    page = desk.enter("planner")

    page.goto(f"{desk.address}/places/cities/{mapped_city.pk}/deliver/")
    page.set_input_files("[name=delivery]", file)
    page.fill("[name=dated]", "۱۴۰۵/۰۱/۱۵")
    page.click("main button.button:has-text('فرستادن')")
    page.wait_for_url("**/jobs/*/")
    running.run(Job.objects.get())
    page.click("text=دیدن نتیجه")

    expect(page.locator("svg .parcels.new path")).to_have_count(1)
    expect(page.locator("svg .parcels.changed path")).to_have_count(1)
    page.click("a[href*='changes/parcels/?kind=changed']")
    expect(page.locator(".differences")).to_contain_text("۵")
    page.go_back()
    page.click("main button:has-text('پذیرفتن همه')")
    expect(page.locator(".messages")).to_contain_text("۲")
    assert City.objects.get(pk=mapped_city.pk).current == 2
    assert desk.complaints == []


def test_a_manager_adds_a_colleague_who_sets_a_password_and_finds_a_task(
    mapped_city, manager, desk, chromium
) -> None:
    page = desk.enter("manager")
    page.click("nav >> text=افراد")
    page.click("text=افزودن همکار")
    page.fill("[name=name_fa]", "سارا نوری")
    page.fill("[name=username]", "sara")
    page.select_option("[name=role]", "surveyor")
    page.select_option("[name=place]", str(Place.objects.get(code="N1").pk))
    first = page.input_value("[name=password]")
    page.click("main button.button:has-text('افزودن')")
    expect(page.locator("h1")).to_contain_text("سارا نوری")

    other = Desk(chromium, desk.address)
    hers = other.enter("sara", first)
    assert hers.url.endswith("/accounts/password/")
    own = "a-word-of-her-own-7"
    for name, word in (("old_password", first), ("new_password1", own), ("new_password2", own)):
        hers.fill(f"[name={name}]", word)
    hers.press("[name=new_password2]", "Enter")
    hers.click("nav >> text=خانه")
    hers.click("text=باز کردن محله")
    expect(hers.locator("h1")).to_contain_text("سرآسیاب")
    other.context.close()
    assert desk.complaints == other.complaints == []


def test_a_manager_runs_a_study_runs_another_and_compares_the_two(
    mapped_city, manager, desk, tmp_path
) -> None:
    rules = tmp_path / "qods.toml"
    rules.write_text(CITY_RULES, encoding="utf-8")
    page = desk.enter("manager")

    page.click("nav >> text=مطالعات")
    page.click("text=اجرای نخستین مطالعه")
    expect(page.locator("[name=edition] option")).to_have_count(1)
    page.fill("[name=as_of]", "۱۴۰۴/۰۸/۳۰")
    page.click("main form.study button.button")
    page.wait_for_url("**/jobs/*/")
    expect(page.locator("main")).to_contain_text("در صف")
    running.run(Job.objects.latest("pk"))
    page.click("text=دیدن نتیجه")
    expect(page.locator("h1")).to_contain_text("مطالعهٔ")
    first = Plan.objects.get()
    assert page.url.endswith(f"/plans/{first.pk}/")
    pictured(page, tmp_path, "study")

    # the same question again is found, and nothing is run
    page.goto(f"{desk.address}/plans/new/")
    page.fill("[name=as_of]", "۱۴۰۴/۰۸/۳۰")
    page.click("main form.study button.button")
    expect(page.locator(".messages")).to_contain_text("همان نتیجه باز شد")
    assert Plan.objects.count() == 1

    page.click("text=اجرا با ورودی دیگر")
    page.set_input_files("[name=standards]", rules)
    page.click("main form.study button.button")
    page.wait_for_url("**/jobs/*/")
    running.run(Job.objects.latest("pk"))
    page.click("text=دیدن نتیجه")
    page.click("nav >> text=مطالعات")
    for box in page.locator("tbody [name=plan]").all():
        box.check()
    page.click("button:has-text('سنجش دو مطالعه')")

    expect(page.locator("h1")).to_contain_text("سنجش دو مطالعه")
    expect(page.locator("main")).to_contain_text("qods.toml")
    expect(page.locator("main tbody th[scope=row]", has_text="B1").first).to_be_visible()
    pictured(page, tmp_path, "compared")
    assert desk.complaints == []


def pictured(page: Page, folder: Path, name: str) -> None:
    """Look at a page at the width of a phone and of a desk: from right to left, nothing cut."""
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert fits(page), (name, width)
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    assert page.get_attribute("html", "dir") == "rtl"


def test_an_outsider_is_refused_in_persian(mapped_city, outsider, desk) -> None:
    page = desk.enter("outsider")

    desk.open(f"/places/cities/{mapped_city.pk}/")
    expect(page.locator("main")).to_contain_text("چنین صفحه‌ای نیست")
    for path in ("maps/1/", "plans/1/"):
        desk.open(f"/{path}".replace("1", str(mapped_city.pk)))
        expect(page.locator("main")).not_to_contain_text("قدس")
    desk.open("/accounts/people/")
    expect(page.locator("main")).to_contain_text("دسترسی این صفحه به شما داده نشده است")
    assert page.get_attribute("html", "dir") == "rtl"


def test_a_day_is_chosen_by_keys_alone_in_the_readers_calendar(mapped_city, planner, desk) -> None:
    page = desk.enter("planner")
    desk.open(f"/places/cities/{mapped_city.pk}/deliver/")
    page.fill("[name=dated]", "۱۴۰۳/۱۲/۳۰")  # 1403 is a leap year

    page.press("[name=dated]", "Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".calendar-title")).to_have_text("اسفند ۱۴۰۳")
    page.keyboard.press("ArrowLeft")  # to the left is the next day
    expect(page.locator(".calendar-title")).to_have_text("فروردین ۱۴۰۴")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    assert page.input_value("[name=dated]") == "۱۴۰۴/۰۱/۰۸"
    expect(page.locator(".calendar")).to_have_count(0)
    assert page.evaluate("document.activeElement.className") == "calendar-button"
    page.keyboard.press("Enter")
    page.keyboard.press("PageUp")
    page.keyboard.press("Escape")
    assert page.input_value("[name=dated]") == "۱۴۰۴/۰۱/۰۸"
    assert desk.complaints == []


def test_at_390_pixels_the_menu_opens_by_keys_and_nothing_is_wider_than_the_screen(
    mapped_city, manager, phone
) -> None:
    page = phone.enter("manager")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "menu-button"
    page.keyboard.press("Enter")
    assert page.get_attribute(".menu-button", "aria-expanded") == "true"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("مکان‌ها")
    city = mapped_city
    for path in (
        "/", "/places/", f"/places/{city.place_id}/", f"/places/cities/{city.pk}/",
        f"/places/cities/{city.pk}/parcels/", f"/places/cities/{city.pk}/parcels/1-1-1-0/",
        f"/places/editions/{Edition.objects.get().pk}/", f"/places/{city.place_id}/target-areas/",
        "/accounts/people/",
        f"/accounts/people/{manager.pk}/", "/accounts/people/add/", "/accounts/me/", "/audit/",
        "/jobs/", "/help/",
    ):  # fmt: skip
        phone.open(path)
        assert fits(page), path
    assert phone.complaints == []


def test_what_is_pressed_is_large_enough_and_every_field_has_its_name(
    mapped_city, manager, desk
) -> None:
    page = desk.enter("manager")
    city = mapped_city

    for path in (
        "/", "/places/", f"/places/cities/{city.pk}/", "/accounts/people/",
        "/accounts/people/add/", f"/places/cities/{city.pk}/deliver/", "/accounts/me/",
        "/audit/",
    ):  # fmt: skip
        desk.open(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll(
                    "button, input:not([type=hidden]), select, a.sort")]
                .filter((each) => each.offsetParent)
                .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
                .filter(([, box]) => box.width < 24 || box.height < 24)
                .map(([words]) => words)"""
        )
        nameless = page.evaluate(
            """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
                .filter((each) => !each.hidden && !each.labels?.length)
                .filter((each) => !each.getAttribute("aria-label"))
                .map((each) => each.outerHTML.slice(0, 80))"""
        )
        assert (path, small, nameless) == (path, [], [])
        assert page.locator("h1").count() == 1, path
        assert page.title().endswith("بازآفرین"), path


def test_who_wants_english_gets_all_of_it_from_left_to_right(mapped_city, manager, desk) -> None:
    page = desk.enter("manager")

    page.click("text=English")

    assert page.get_attribute("html", "dir") == "ltr"
    for path in ("/", "/places/", f"/places/cities/{mapped_city.pk}/", "/accounts/people/"):
        desk.open(path)
        chrome = page.evaluate(
            """() => [...document.querySelectorAll("nav.menu, thead, h2, .button, label, .foot")]
                .map((each) => each.textContent).join(" ")"""
        )
        assert not [each for each in chrome if "\u0621" <= each <= "\u06cc"], path


def test_a_surveyor_reaches_a_parcel_with_a_thumb(mapped_city, phone) -> None:
    place = Place.objects.get(code="N1", kind=PlaceKind.NEIGHBOURHOOD)
    somebody("surveyor", Role.SURVEYOR, place)
    page = phone.enter("surveyor")

    page.click("text=باز کردن محله")
    page.click("text=قطعات این محله")
    page.click("tbody th a >> nth=0")

    expect(page.locator("h1")).to_contain_text("1-1-1-0")
    expect(page.locator("main")).to_contain_text("تعداد خانوار")
    assert fits(page)


def test_a_manager_begins_a_survey_and_accepts_what_comes_of_it(
    mapped_city, manager, surveyor, desk, tmp_path
) -> None:
    page = desk.enter("manager")
    desk.open("/surveys/")
    page.click("text=آغاز برداشت")
    page.select_option("[name=place]", label=str(Place.objects.get(code="N1")))
    page.click("main button:has-text('آغاز برداشت')")
    page.check("[name=blocks][value=B1]")
    page.select_option("[name=surveyor]", label=str(surveyor))
    page.click("text=دادن به برداشت‌کننده")
    expect(page.locator(".message.success")).to_contain_text("۱ بلوک")
    survey = Survey.objects.get()
    assert fits(page)
    for number in (1, 2, 3):
        xml = filled(survey.form.form_id, f"1-1-{number}-0", structure="steel_frame", photo="a.jpg")
        receive(by=surveyor, xml=xml.encode(), files=[SentFile("a.jpg", photo())])

    desk.open(f"/surveys/{survey.pk}/")
    pictured(page, tmp_path, "coverage")
    page.click("text=بازبینی (۳)")
    assert page.locator("[name=answer]:checked").count() == 3
    pictured(page, tmp_path, "review")
    page.click("th >> text=1-1-3-0")
    returning = page.locator("form[action$='/return/']")
    returning.locator("[name=note]").fill("سازه را دوباره ببینید")
    returning.locator("button").click()
    desk.open(f"/surveys/{survey.pk}/answers/")
    assert page.locator("[name=answer]:checked").count() == 2
    page.click("th >> text=1-1-1-0")
    shown = page.locator("img.photo")
    expect(shown).to_be_visible()
    assert shown.evaluate("picture => picture.naturalWidth") > 0
    pictured(page, tmp_path, "answer")
    page.go_back()
    page.click("text=پذیرفتن برگزیده‌ها")
    expect(page.locator(".message.success")).to_contain_text("ویرایش ۲")
    desk.open(f"/surveys/{survey.pk}/effect/")
    expect(page.locator("tbody").first).to_contain_text("۲ از ۶")
    pictured(page, tmp_path, "effect")
    page.click("text=B1 >> nth=0")
    expect(page.locator("tr", has_text="1-1-1-0")).to_contain_text("اسکلت فلزی")
    pictured(page, tmp_path, "trail")
    assert desk.complaints == []


def test_a_surveyors_phone_is_set_up_from_a_narrow_page(
    mapped_city, surveyor, manager, phone
) -> None:
    survey = running_survey(mapped_city)
    office = open_office(by=None, place=survey.place, name="دفتر", opened_on=DATED)
    give_blocks(by=None, survey=survey, surveyor=surveyor, block_keys=["B1"])
    page = phone.enter("surveyor")
    phone.open("/surveys/mine/")
    expect(page.locator("tbody")).to_contain_text("B1")
    page.click("text=ساختن گذرواژهٔ گوشی")
    code = page.locator("main img")
    expect(code).to_be_visible()
    assert code.evaluate("picture => picture.naturalWidth") > 100
    assert fits(page)
    for path in ("/surveys/mine/", "/offices/", "/"):
        phone.open(path)
        assert fits(page), path
    page.click("text=خروج")
    phone.enter("manager")
    for path in (
        "/surveys/",
        f"/surveys/{survey.pk}/",
        f"/surveys/{survey.pk}/answers/",
        f"/surveys/{survey.pk}/effect/",
        f"/surveys/{survey.pk}/second-looks/",
        "/surveys/forms/",
        f"/surveys/forms/{survey.form.versions.get().pk}/",
        f"/surveys/forms/{survey.form.versions.get().pk}/mapping/",
        "/offices/open/",
        f"/offices/{office.pk}/",
    ):
        phone.open(path)
        assert fits(page), path
    assert phone.complaints == []


def running_survey(city) -> Survey:
    place = Place.objects.get(code="N1")
    return begin_survey(
        by=None, city=city, place=place, title="برداشت", begun_on=DATED, due_on=None
    )


def test_a_surveyors_day_at_a_desk(mapped_city, surveyor, desk, tmp_path) -> None:
    survey = running_survey(mapped_city)
    give_blocks(by=None, survey=survey, surveyor=surveyor, block_keys=["B1"])
    page = desk.enter("surveyor")
    desk.open("/surveys/mine/")
    pictured(page, tmp_path, "mine")
    page.click("tbody th a")
    pictured(page, tmp_path, "block")
    page.locator("button[name=parcel]").first.click()
    floors = page.locator("[name='a:/data/building/floors']")

    page.check("input[value=surveyed]")
    page.select_option("[name='a:/data/building/use']", "vacant")
    expect(floors).to_be_hidden()  # nobody asks how many floors vacant land has
    page.select_option("[name='a:/data/building/use']", "residential")
    expect(floors).to_be_visible()
    page.fill("[name='a:/data/building/built_sh']", "۱۵۰۰")
    page.keyboard.press("Tab")
    expect(page.locator(".wrong-why", has_text="سال ساخت")).to_be_visible()
    page.click("button:has-text('فرستادن')")
    expect(page.locator("#wrong a")).to_have_count(3)
    pictured(page, tmp_path, "desk")
    page.set_viewport_size({"width": 1440, "height": 844})
    page.click("#wrong a >> nth=0")
    page.fill("[name='a:/data/building/built_sh']", "۱۳۸۰")
    page.check("[name='a:/data/building/structure'][value=steel_frame]")
    page.check("[name='a:/data/building/quality'][value=new]")
    page.set_input_files(
        "[name='a:/data/evidence/photo_front']",
        {"name": "نما.jpg", "mimeType": "image/jpeg", "buffer": photo()},
    )
    page.click("button:has-text('نگه داشتن و بستن')")
    page.click("a:has-text('برداشت پلاک به پلاک')")
    expect(page.locator(".kept")).to_contain_text("نما.jpg")
    page.click("button:has-text('فرستادن')")
    expect(page.locator(".messages")).to_contain_text("فرستاده شد")

    expect(page.locator("tbody tr", has_text="منتظر")).to_have_count(1)
    row = survey.submissions.get()
    assert (row.seen["built_sh"], row.attachments.count()) == (1380, 1)
    assert desk.complaints == []


def test_what_a_form_writes_by_itself_is_shown_and_stays(mapped_city, surveyor, desk) -> None:
    sheets = {
        "survey": [
            ("type", "name", "label", "trigger", "calculation"),
            ("text", "a", "نام", "", ""),
            ("text", "b", "پیشنهاد", "${a}", "concat('از ', ${a})"),
            ("text", "c", "یادداشت", "", ""),
            ("select_one yn", "d", "گزینه", "${a}", "if(${a} = 'علی', 'y', 'n')"),
            ("image", "e", "عکس", "", ""),
        ],
        "choices": [("list_name", "name", "label"), ("yn", "y", "بله"), ("yn", "n", "نه")],
        "settings": [("form_id", "version"), ("follows", "1")],
    }
    version = add_version(
        by=None, place=mapped_city.place, content=workbook(sheets=sheets), file_name="f.xlsx"
    )
    publish(by=None, version=version)
    page = desk.enter("surveyor")
    desk.open("/surveys/mine/")
    page.click(f"button[name=form][value='{version.pk}']")
    page.fill("[name='a:/data/a']", "علی")
    page.keyboard.press("Tab")
    expect(page.locator("[name='a:/data/b']")).to_have_value("از علی")
    expect(page.locator("[name='a:/data/d'][value=y]")).to_be_checked()
    page.set_input_files(
        "[name='a:/data/e']", {"name": "نما.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    expect(page.locator(".kept")).to_contain_text(
        "نما.jpg"
    )  # at once, before anything else is done
    page.fill("[name='a:/data/c']", "پایان")
    page.click("button:has-text('نگه داشتن و بستن')")
    expect(page.locator(".messages")).to_contain_text("نگه داشته شد")
    page.click("ul.plain-list form a")
    expect(page.locator("[name='a:/data/b']")).to_have_value("از علی")
    expect(page.locator("[name='a:/data/c']")).to_have_value("پایان")
    expect(page.locator("[name='a:/data/d'][value=y]")).to_be_checked()
    assert page.locator(".foot bdi").inner_text() == __version__
    assert desk.complaints == []
