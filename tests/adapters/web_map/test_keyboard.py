"""The page with keys alone: everything is reached by Tab, and the focus is always seen."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from adapters.web_map.conftest import Reader

pytestmark = pytest.mark.browser

MOST_STOPS = 40
IS_SEEN = """() => {
  const node = document.activeElement;
  const style = getComputedStyle(node);
  const box = node.getBoundingClientRect();
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return outlined && inside;
}"""


def _focused(page: Page, selector: str) -> bool:
    return bool(page.evaluate("(selector) => document.activeElement.matches(selector)", selector))


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until ``selector`` has the focus; every stop on the way must be seen."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        assert page.evaluate(IS_SEEN), page.evaluate("document.activeElement.outerHTML")
        if _focused(page, selector):
            return
    pytest.fail(f"{selector} is not reached by Tab")


def test_a_layer_is_switched_with_the_space_bar(reader: Reader, proposed_file: Path):
    page = reader.open(proposed_file)

    _tab_to(page, '[data-layer="alternatives"]')
    page.keyboard.press("Space")

    assert page.is_checked('[data-layer="alternatives"]')
    assert _focused(page, '[data-layer="alternatives"]')


def test_a_theme_is_chosen_with_the_arrows_and_keeps_the_focus(reader: Reader, proposed_file: Path):
    page = reader.open(proposed_file)

    _tab_to(page, "#theme")
    page.keyboard.press("ArrowDown")

    assert page.input_value("#theme") == "fine_grain_share"
    assert _focused(page, "#theme")


def test_a_project_is_chosen_from_the_list_and_escape_goes_back(
    reader: Reader, proposed_file: Path
):
    page = reader.open(proposed_file)

    _tab_to(page, "#show-list")
    page.keyboard.press("Enter")
    assert _focused(page, "#panel")
    _tab_to(page, '[data-place="projects-1"]')
    scale = page.get_attribute("#scale-bar", "style")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1_500)

    assert "۲" in page.inner_text("#panel h2")
    assert _focused(page, "#panel")
    assert page.get_attribute("#scale-bar", "style") != scale
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")
    assert _focused(page, "#show-list")


def test_the_way_back_from_a_project_to_the_list_is_reached(reader: Reader, proposed_file: Path):
    page = reader.open(proposed_file)

    _tab_to(page, "#show-list")
    page.keyboard.press("Enter")
    _tab_to(page, '[data-place="neighbourhoods-0"]')
    page.keyboard.press("Enter")
    _tab_to(page, ".back")
    page.keyboard.press("Enter")

    assert page.locator('[data-place="projects-0"]').count() == 1
    assert _focused(page, "#panel")


def test_the_close_button_gives_the_focus_back(reader: Reader, proposed_file: Path):
    page = reader.open(proposed_file)

    _tab_to(page, "#show-list")
    page.keyboard.press("Enter")
    _tab_to(page, "#panel-close")
    page.keyboard.press("Enter")

    assert page.is_hidden("#panel")
    assert _focused(page, "#show-list")


def test_the_map_is_reached_and_shows_where_it_reads(reader: Reader, proposed_file: Path):
    page = reader.open(proposed_file)

    _tab_to(page, "#map canvas")
    page.keyboard.press("ArrowRight")
    assert page.is_visible("#centre-mark")
    page.wait_for_timeout(600)
    page.keyboard.press("Enter")

    assert page.is_visible("#panel")
    page.keyboard.press("Escape")
    assert page.is_hidden("#panel")
    assert _focused(page, "#map canvas")


def test_on_a_phone_the_legend_opens_by_key_before_its_switches(phone: Reader, proposed_file: Path):
    page = phone.open(proposed_file)

    _tab_to(page, "#legend-toggle")
    page.keyboard.press("Enter")
    _tab_to(page, '[data-layer="projects"]')
    page.keyboard.press("Space")

    assert not page.is_checked('[data-layer="projects"]')
