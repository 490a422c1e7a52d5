"""The drawn town's page, and a browser that opens it from disk."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from adapters.web_map import drawn_proposals, drawn_town
from bazafarin.adapters.web_map import write_map
from bazafarin.studies.city_plan import CityPlan

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
DRAWS_IN_SOFTWARE = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
HAS_NO_GPU = ("--use-gl=swiftshader", "--ignore-gpu-blocklist")
HAS_NO_WEBGL = ("--disable-gpu", "--disable-3d-apis")


@pytest.fixture(scope="session")
def plan() -> CityPlan:
    return drawn_town.plan()


@pytest.fixture(scope="session")
def page_file(plan: CityPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web_map") / "map.html"
    write_map(plan, path)
    return path


@pytest.fixture(scope="session")
def proposed(plan: CityPlan) -> CityPlan:
    return drawn_proposals.plan(plan)


@pytest.fixture(scope="session")
def proposed_file(proposed: CityPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web_map") / "map.html"
    write_map(proposed, path)
    return path


def _chromium() -> str:
    """Return the browser's program; without one, skip with the reason, or fail under CI."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = "no Chromium on this machine; scripts/install_system_packages.sh installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[[tuple[str, ...]], Browser]]:
    program = _chromium()
    # Chromium refuses its sandbox to root, which is who runs the tests in a container.
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        yield lambda more: playwright.chromium.launch(
            executable_path=program, args=[*QUIET, *as_root, *more]
        )


@pytest.fixture(scope="session")
def browser(launch: Callable[[tuple[str, ...]], Browser]) -> Iterator[Browser]:
    opened = launch(DRAWS_IN_SOFTWARE)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def browser_without_webgl(launch: Callable[[tuple[str, ...]], Browser]) -> Iterator[Browser]:
    opened = launch(HAS_NO_WEBGL)
    yield opened
    opened.close()


class Reader:
    """A reader's page: what it showed, what it asked of the network, what went wrong in it."""

    def __init__(
        self, browser: Browser, *, width: int = 1280, height: int = 800, scale: int = 1
    ) -> None:
        # The page forbids evaluated scripts, by which Playwright waits; selectors need none.
        self.page: Page = browser.new_page(
            viewport={"width": width, "height": height}, device_scale_factor=scale
        )
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: Path, *, state: str = "ready") -> Page:
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(f'body[data-state="{state}"]', timeout=90_000)
        return self.page

    def choose(self, typed: str) -> Page:
        """Search for ``typed`` and take the first answer."""
        self.page.fill("#search", typed)
        self.page.press("#search", "Enter")
        self.page.wait_for_selector("#panel:not([hidden])")
        return self.page


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    made = Reader(browser)
    yield made
    made.page.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Reader]:
    made = Reader(browser, width=390, height=844)
    yield made
    made.page.close()


@pytest.fixture
def reader_without_webgl(browser_without_webgl: Browser) -> Iterator[Reader]:
    made = Reader(browser_without_webgl)
    yield made
    made.page.close()
