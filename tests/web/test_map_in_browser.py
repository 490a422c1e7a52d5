"""The map as people meet it: in Chromium, against the running site."""

from __future__ import annotations

import os
import shutil

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import sync_playwright

from bazafarin.web.accounts.permissions import Role
from bazafarin.web.audit.models import AuditEvent
from bazafarin.web.places import actions
from bazafarin.web.places.models import BoundaryPart, City, Edition, Parcel
from bazafarin.web.places.models.place import PlaceKind
from web_town import EAST, delivered, layers, planned, prepared, somebody, town

# the site is served to the browser on this machine alone
pytestmark = [
    pytest.mark.browser,
    pytest.mark.enable_socket,
    pytest.mark.django_db(transaction=True),
]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DRAWS_IN_SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")


@pytest.fixture(scope="module")
def browser():
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        reason = "no Chromium on this machine; scripts/install_system_packages.sh installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Chromium refuses its sandbox to root, which is who runs the tests in a container.
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        # Playwright's own loop would keep Django from its database
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        opened = playwright.chromium.launch(
            executable_path=program, args=[*DRAWS_IN_SOFTWARE, *as_root]
        )
        yield opened
        opened.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def emptied_at_the_end(transactional_db):
    """Take the guard off the audit before the database is emptied; emptying puts it on again."""
    yield
    table = AuditEvent._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER {table}_only_appended ON {table}")
        else:
            for verb in ("UPDATE", "DELETE"):
                cursor.execute(f"DROP TRIGGER {table}_no_{verb}")


@pytest.fixture
def the_city(emptied_at_the_end, tmp_path) -> City:
    place = actions.add_place(by=None, kind=PlaceKind.CITY, name_fa="قدس", parent=None)
    made = City.objects.select_related("place").get(place=place)
    edition = prepared(made, delivered(tmp_path / "city.gpkg", layers(town())))
    actions.accept_edition(by=None, edition=edition)
    made.refresh_from_db()
    return made


class Visitor:
    """Somebody at a browser, signed in; what went wrong in their page is kept."""

    def __init__(self, browser, live_server, user, *, width=1280, height=800):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.context = browser.new_context(viewport={"width": width, "height": height})
        cookie = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)
        self.page.on(
            "request",
            lambda asked: (
                self.foreign.append(asked.url)
                if not asked.url.startswith((live_server.url, "blob:", "data:"))
                else None
            ),
        )
        self._site = live_server.url

    def _listen(self, message):
        if "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def open(self, path):
        self.page.goto(self._site + path)
        self.page.wait_for_selector('body[data-state="ready"]', timeout=90_000)
        return self.page

    def search(self, typed):
        self.page.fill("#map-search", typed)
        self.page.press("#map-search", "Enter")
        self.page.wait_for_selector("#map-told h2")
        self.page.wait_for_timeout(1_200)


@pytest.fixture
def planner_of_it(the_city):
    return somebody("planner", Role.PLANNER, the_city.place)


@pytest.fixture
def visitor(browser, live_server, planner_of_it):
    made = Visitor(browser, live_server, planner_of_it)
    yield made
    made.context.close()


def test_the_map_opens_in_persian_and_asks_nobody_else(visitor, the_city) -> None:
    page = visitor.open("/maps/")

    assert page.get_attribute("html", "dir") == "rtl"
    assert plain(page.inner_text("h1")) == "نقشهٔ قدس"
    assert page.locator("#map-classes li").count() == 9
    assert "متر" in page.inner_text("#scale-words")
    assert (visitor.foreign, visitor.complaints) == ([], [])


def test_a_parcel_is_searched_by_keys_read_and_left(visitor, the_city) -> None:
    page = visitor.open("/maps/")

    page.focus("#map-search")
    page.keyboard.type("1-2-")
    page.wait_for_selector("#map-found li")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#map-search", "aria-activedescendant") == "map-found-1"
    page.keyboard.press("Enter")
    page.wait_for_selector("#map-told h2")

    assert "1-2-2-0" in page.inner_text("#map-told h2")
    page.keyboard.press("Escape")
    assert page.is_hidden("#map-panel")


def test_a_click_and_enter_tell_the_same_parcel(visitor, the_city) -> None:
    page = visitor.open("/maps/")
    visitor.search("1-1-3-0")
    page.click("#map-close")

    box = page.locator("#map").bounding_box()
    page.keyboard.press("Enter")
    page.wait_for_selector("#map-told h2")
    by_keys = page.inner_text("#map-told h2")
    page.click("#map-close")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#map-panel:not([hidden])")

    assert by_keys == page.inner_text("#map-told h2")
    assert "1-1-" in by_keys


def test_the_parcels_in_view_are_a_list_that_opens_them(visitor, the_city) -> None:
    page = visitor.open("/maps/")
    visitor.search("1-1-3-0")

    page.click("#map-in-view summary")
    page.wait_for_selector("#map-in-view button")
    page.locator("#map-in-view button").first.press("Enter")
    page.wait_for_selector("#map-told h2:has-text('1-1-')")


def test_a_theme_and_its_legend_change_together(visitor, the_city) -> None:
    page = visitor.open("/maps/")
    before = page.locator("#map").screenshot()

    page.select_option("#map-theme", "structure")
    page.wait_for_selector("#map-classes:has-text('بنایی بدون کلاف')")
    page.wait_for_load_state("networkidle")

    assert "theme=structure" in page.get_attribute("#map-pdf", "href")
    for _ in range(20):  # the tiles of the theme are painted when they have come
        if page.locator("#map").screenshot() != before:
            break
        page.wait_for_timeout(250)
    else:
        pytest.fail("the map looks as before")


def test_a_corner_is_moved_by_keys_undone_moved_and_recorded(visitor, the_city) -> None:
    page = visitor.open("/maps/")
    visitor.search("1-1-6-0")
    page.click("[data-correct]")
    _wait_for_corners(page)
    first = page.input_value("#id_geometry")

    east = _eastern_corners(page)
    page.locator(".map-corner").nth(east[0]).press("Shift+ArrowRight")
    moved = page.input_value("#id_geometry")
    page.click("#map-undo")
    undone = page.input_value("#id_geometry")
    page.locator(".map-corner").nth(east[0]).click()
    page.click("#map-remove")
    without = page.locator(".map-corner").count()
    page.click("#map-undo")
    for corner in east:
        page.locator(".map-corner").nth(corner).press("Shift+ArrowRight")
    page.fill("#id_reason", "بازدید ۱۲")
    seen = page.url.partition("#")[2]
    page.click("#map-told form .button")
    page.wait_for_selector(".message.success, .messages")

    assert page.url.partition("#")[2] == seen  # the map stays where it was
    assert moved != first
    assert undone == first
    assert without == 3
    the_city.refresh_from_db()
    assert the_city.current == 2
    now = Parcel.objects.of_edition(the_city).get(key="1-1-6-0")
    assert now.geometry.bounds[2] > EAST + 60.1
    assert now.geometry.bounds[0] == pytest.approx(EAST + 50)
    assert "ویرایش ۲" in plain(page.inner_text(".messages"))
    assert visitor.complaints == []


def test_a_dragged_corner_snaps_to_its_neighbour(visitor, the_city) -> None:
    page = visitor.open("/maps/")
    visitor.search("1-1-6-0")
    page.click("[data-correct]")
    _wait_for_corners(page)
    east = _eastern_corners(page)
    west = [n for n in range(page.locator(".map-corner").count()) if n not in east]
    before = page.input_value("#id_geometry")

    for x in (9, -7):
        middle = _middles(page)[west[0]]
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0] + 60, middle[1] + 3)
        page.mouse.move(middle[0] + x, middle[1] + 3)
        page.mouse.up()

    assert page.input_value("#id_geometry") == before


def test_a_boundary_is_drawn_by_clicks_and_corrected_by_keys(visitor, the_city) -> None:
    page = visitor.open("/maps/")
    page.click("[data-draw=approved_boundary]")
    page.wait_for_selector("#map-told form")
    page.wait_for_load_state("networkidle")
    x, y = _middle_of_the_map(page)
    for east, south in ((-80, -80), (80, -80), (80, 80), (-80, 80)):  # far from what they snap to
        page.mouse.click(x + east, y + south)
    page.wait_for_function("document.querySelector('#id_geometry').value !== ''")
    page.fill("#id_reason", "مصوبهٔ ۱۴۰۴")
    page.fill("#id_resolution", "مصوبهٔ کمیسیون")
    page.click("#map-told form .button")
    page.wait_for_selector(".messages")
    the_city.refresh_from_db()
    assert the_city.current == 2
    drawn = BoundaryPart.objects.of_edition(the_city).get()
    assert drawn.resolution == "مصوبهٔ کمیسیون"
    edge = drawn.geometry.bounds

    page.wait_for_selector('body[data-state="ready"]')
    page.wait_for_load_state("networkidle")
    x, y = _middle_of_the_map(page)
    correct = page.locator("#map-told [data-correct=approved_boundary]")
    for _ in range(20):  # on its northern edge, as soon as it is drawn
        page.mouse.click(x, y - 80)
        page.wait_for_timeout(250)
        if correct.count():
            break
    correct.click()
    _wait_for_corners(page)
    page.locator(".map-corner").nth(_eastern_corners(page)[0]).press("Shift+ArrowRight")
    page.fill("#id_reason", "اصلاح گوشه")
    page.click("#map-told form .button")
    page.wait_for_selector(".messages:has-text('۳')")

    the_city.refresh_from_db()
    assert the_city.current == 3
    assert BoundaryPart.objects.of_edition(the_city).get().geometry.bounds[2] > edge[2]
    assert BoundaryPart.objects.of_edition(the_city, 2).get().geometry.bounds == edge
    assert visitor.complaints == []


def test_neighbourhoods_are_coloured_by_what_they_lack(visitor, the_city, planner_of_it) -> None:
    made = planned(Edition.objects.get(city=the_city), by=planner_of_it)
    page = visitor.open("/maps/")

    page.select_option("#map-theme", "lack_sport")
    page.wait_for_selector("#map-classes:has-text('بی‌کمبود')")
    page.wait_for_load_state("networkidle")
    page.click("#map-in-view summary")
    row = page.locator("#map-in-view button", has_text="سرآسیاب")
    row.wait_for()
    told = plain(row.inner_text())
    row.press("Enter")
    page.wait_for_selector("#map-told h2:has-text('سرآسیاب')")

    assert "کمبود از" in told or "بی‌کمبود" in told
    assert "ورزش" in page.inner_text("#map-told .map-result")
    assert f"/plans/{made.pk}/areas/" in page.locator("#map-told a.button").get_attribute("href")
    assert visitor.complaints == []


def test_on_a_phone_the_panel_is_a_sheet_from_below_and_nothing_is_cut(
    browser, live_server, planner_of_it
) -> None:
    phone = Visitor(browser, live_server, planner_of_it, width=390, height=844)
    page = phone.open("/maps/")
    phone.search("1-1-3-0")

    box = page.locator("#map-panel").bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    assert page.locator("body").evaluate("body => body.scrollWidth") == 390
    phone.context.close()


def plain(text: str) -> str:
    """Return a text without the marks that isolate its facts."""
    return text.translate(dict.fromkeys(range(0x2066, 0x206A)))


def _wait_for_corners(page) -> None:
    """Wait until the shape is in the form, and its neighbours have come, to whom corners snap."""
    page.wait_for_selector(".map-corner")
    page.wait_for_function("document.querySelector('#id_geometry').value !== ''")
    page.wait_for_load_state("networkidle")


def _middle_of_the_map(page) -> tuple[float, float]:
    box = page.locator("#map").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _middles(page) -> list[tuple[float, float]]:
    """Return where the corners are, all read in one turn: each may be put anew in the next."""
    found = page.evaluate(
        """() => [...document.querySelectorAll(".map-corner")].map((corner) => {
            const box = corner.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        })"""
    )
    return [(x, y) for x, y in found]


def _eastern_corners(page) -> list[int]:
    across = [x for x, _ in _middles(page)]
    middle = (min(across) + max(across)) / 2
    return [n for n, x in enumerate(across) if x > middle]
