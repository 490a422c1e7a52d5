"""The page as a reader meets it: opened from disk, in Chromium."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser
from scipy import ndimage

from adapters.web_map import drawn_town
from adapters.web_map.conftest import Reader
from adapters.web_map.seen import pixels, plain
from bazafarin.adapters.web_map import Limits, write_map
from bazafarin.studies.city_plan import CityPlan

pytestmark = pytest.mark.browser


def test_no_request_leaves_and_nothing_goes_wrong(reader: Reader, page_file: Path):
    page = reader.open(page_file)
    page.select_option("#theme", "instability_share")
    reader.choose("3-12-1-1")

    assert [url for url in reader.requests if not url.startswith(("file:", "blob:", "data:"))] == []
    assert reader.complaints == []


def test_the_page_opens_in_persian_from_right_to_left(reader: Reader, page_file: Path):
    page = reader.open(page_file)

    assert page.get_attribute("html", "dir") == "rtl"
    assert plain(page.inner_text("#title")) == "نقشهٔ بازآفرینی نمونه‌آباد"
    assert "۱۴۰۴/۰۸/۳۰" in plain(page.inner_text("#subtitle"))
    assert page.is_visible("#synthetic")


def test_the_first_result_of_a_search_lies_over_all_else(reader: Reader, page_file: Path):
    page = reader.open(page_file)

    page.fill("#search", "سنگ")

    assert page.evaluate(
        """() => {
            const box = document.querySelector("#search-results li").getBoundingClientRect();
            const there = document.elementFromPoint(box.x + box.width / 2, box.y + 4);
            return there.closest("#search-results") !== null;
        }"""
    )


def test_paper_shows_what_the_screen_shows(reader: Reader, page_file: Path):
    page = reader.open(page_file)
    before = page.inner_text("#scale"), page.evaluate("document.body.className")

    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    on_paper = page.evaluate("document.body.className")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")

    assert "printing" in on_paper
    assert (page.inner_text("#scale"), page.evaluate("document.body.className")) == before


def test_the_blocks_are_drawn_in_the_colours_of_the_legend(reader: Reader, page_file: Path):
    page = reader.open(page_file)

    seen = pixels(page.locator("#map").screenshot())

    brick = np.abs(seen - [0xA4, 0x4C, 0x42]).sum(axis=2) < 40
    lapis = np.abs(seen - [0x1B, 0x36, 0x5D]).sum(axis=2) < 40
    assert brick.mean() > 0.05
    assert lapis.mean() > 0.002


def test_a_block_tells_its_finding_and_why(reader: Reader, page_file: Path):
    reader.open(page_file)
    told = plain(reader.choose("۳-۱۲-۱-۱").inner_text("#panel"))

    assert "بافت فرسوده؛ اولویت یک" in told
    assert "۱۰۰٪ قطعات زیر ۲۰۰ مترمربع است؛ حد نصاب: بیش از ۵۰٪." in told
    assert "با ۴۱٫۷٪ دادهٔ معلوم، سهم واقعی میان ۴۱٫۷٪ و ۱۰۰٪ است." in told
    assert "قطعی نیست: با تکمیل داده‌های نامعلومِ ناپایداری پاسخ می‌تواند عوض شود." in told
    assert "می‌ماند: همچنان فرسوده است." in told


def test_a_block_names_the_rules_their_clauses_and_whether_they_are_verified(
    reader: Reader, page_file: Path, plan: CityPlan
):
    reader.open(page_file)
    page = reader.choose("3-12-1-1")
    page.click("#panel summary")

    told = plain(page.inner_text("#panel details"))
    cited = plan.citations["fine_grain.parcel_below"]
    assert cited.title_fa in told
    assert cited.instrument in told
    assert "تأییدنشده" in told


def test_a_block_at_the_threshold_is_not_said_to_meet_it(reader: Reader, page_file: Path):
    reader.open(page_file)
    page = reader.choose("3-12-0-1")

    told = plain(page.inner_text("#panel section:nth-of-type(3)"))
    assert "۵۰٪ طول معابر" in told
    assert "احراز نمی‌شود" in told


def test_a_parcel_tells_of_the_land_and_of_nobody(reader: Reader, page_file: Path):
    reader.open(page_file)
    told = plain(reader.choose("3-12-0-0-2").inner_text("#panel"))

    assert "۱۴۴ مترمربع" in told
    assert "مسکونی" in told
    assert "۱۳۳۱" in told
    assert "۷٬۶۵۴٬۳۲۱" not in told


def test_a_passage_tells_its_width_and_where_that_comes_from(reader: Reader, page_file: Path):
    reader.open(page_file)
    told = plain(reader.choose("پيروزي").inner_text("#panel"))

    assert "خیابان پیروزی" in told
    assert "۱۴ متر" in told
    assert "ثبت‌شده" in told


def test_text_of_the_delivery_is_shown_as_text(reader: Reader, page_file: Path):
    reader.open(page_file)
    page = reader.choose("onerror")

    assert drawn_town.HOSTILE_NAME in page.inner_text("#panel h2")
    assert page.locator("img").count() == 0


def test_a_click_on_the_map_opens_the_panel_and_escape_closes_it(reader: Reader, page_file: Path):
    page = reader.open(page_file)

    page.mouse.click(420, 300)
    page.wait_for_selector("#panel:not([hidden])")
    page.keyboard.press("Escape")

    assert page.is_hidden("#panel")


def test_enter_reads_what_lies_at_the_centre(reader: Reader, page_file: Path):
    page = reader.open(page_file)
    reader.choose("3-12-1-2")
    page.keyboard.press("Escape")
    page.wait_for_timeout(1_000)

    page.focus("#map canvas")
    page.keyboard.press("Enter")

    assert page.is_visible("#panel")


def test_the_search_box_is_used_with_keys_alone(reader: Reader, page_file: Path):
    page = reader.open(page_file)

    page.focus("#search")
    page.keyboard.type("3-12-2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")

    assert page.get_attribute("#search", "aria-activedescendant") == "result-1"
    page.keyboard.press("Enter")
    assert page.is_visible("#panel")


def test_the_language_changes_everything_that_is_shown(reader: Reader, page_file: Path):
    page = reader.open(page_file)
    reader.choose("3-12-1-1")

    page.click("#language")

    assert page.get_attribute("html", "dir") == "ltr"
    assert "Worn-out fabric; level one" in page.inner_text("#panel")
    assert "Approved boundary" in page.inner_text("#legend")
    assert not re.search("[۰-۹]", page.inner_text("#panel"))


def test_each_theme_has_a_legend_that_counts_every_block(reader: Reader, page_file: Path):
    page = reader.open(page_file)
    themes = page.locator("#theme option").evaluate_all("all => all.map((one) => one.value)")

    for theme in themes:
        page.select_option("#theme", theme)
        counts = page.locator(".classes b").all_inner_texts()
        assert sum(int(count) for count in counts) == 12, theme
    assert len(themes) == 7


def test_a_layer_can_be_switched_off(reader: Reader, page_file: Path):
    page = reader.open(page_file)
    before = pixels(page.locator("#map").screenshot())

    page.uncheck('[data-layer="blocks"]')
    page.wait_for_timeout(500)

    after = pixels(page.locator("#map").screenshot())
    assert (before != after).any(axis=2).mean() > 0.1


def test_on_a_phone_the_panel_is_a_sheet_from_below_and_nothing_is_cut(
    phone: Reader, page_file: Path
):
    page = phone.open(page_file)
    phone.choose("3-12-1-1")

    box = page.locator("#panel").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    assert box["y"] + box["height"] == pytest.approx(844, abs=1)
    assert page.locator("body").evaluate("body => body.scrollWidth") == 390


def test_what_is_too_much_for_a_browser_is_said(reader: Reader, plan: CityPlan, tmp_path: Path):
    path = tmp_path / "map.html"
    write_map(plan, path, limits=Limits(parcels=100, passages=5))

    page = reader.open(path)

    told = plain(page.inner_text("#legend .left-out"))
    assert "قطعات در این نقشه نیست: ۱۱۴ ردیف بیش از توان مرورگر است (۱۰۰)." in told
    assert reader.complaints == []
    assert page.locator('[data-layer="blocks"]').count() == 1


def test_a_city_without_boundary_passages_or_names_still_opens(reader: Reader, tmp_path: Path):
    town = drawn_town.town(synthetic=False)
    path = tmp_path / "map.html"
    write_map(
        drawn_town.plan(replace(town, approved_boundary=None, passages=None, neighbourhoods=None)),
        path,
    )

    page = reader.open(path)

    assert page.is_hidden("#synthetic")
    assert "محدودهٔ مصوب تحویل نشده است." in page.inner_text("#legend")
    assert reader.complaints == []


def test_without_webgl_the_reader_is_told_and_reads_the_blocks(
    reader_without_webgl: Reader, page_file: Path
):
    page = reader_without_webgl.open(page_file, state="without-map")

    assert "WebGL" in page.inner_text('[role="alert"]')
    assert page.locator("#table tbody tr").count() == 12
    page.click("#table tbody tr >> nth=0 >> button")
    assert "بافت فرسوده" in page.inner_text("#panel")


@pytest.mark.parametrize("name", ["پیروزی (شرقی)", "شهید گچ‌پژ"])
def test_names_are_drawn_as_the_browser_itself_writes_them(
    browser: Browser, plan: CityPlan, tmp_path: Path, name: str
):
    """Joined, from right to left, every dot there: piece by piece as the browser's own text."""
    path = tmp_path / "map.html"
    named = plan.neighbourhoods.iloc[:1].assign(name_fa=name)
    write_map(replace(plan, neighbourhoods=named), path, limits=Limits(0, 0, 0))
    reader = Reader(browser, width=500, height=560, scale=4)
    page = reader.open(path)
    page.click("#legend-toggle")
    for layer in ("approved_boundary", "proposed_boundary"):
        page.uncheck(f'[data-layer="{layer}"]')
    page.click("#legend-toggle")
    page.click("#zoom-out")
    page.wait_for_timeout(1_500)

    drawn = _pieces(page.screenshot(clip={"x": 100, "y": 230, "width": 300, "height": 165}))
    page.evaluate(SHAPED_BY_THE_BROWSER, name)
    shaped = _pieces(page.locator("#shaped").screenshot())
    page.close()

    assert len(drawn) == len(shaped)
    assert drawn == pytest.approx(shaped, abs=0.03)


SHAPED_BY_THE_BROWSER = """(name) => {
  const node = document.createElement("div");
  node.id = "shaped";
  node.textContent = name;
  node.style.cssText = "position:fixed;top:0;left:0;z-index:99;padding:4px;white-space:nowrap;"
    + "background:#FAF7F0;color:#1B365D;font:400 19px Vazirmatn;line-height:30px";
  document.body.append(node);
}"""


def _pieces(picture: bytes) -> list[float]:
    """Return where each connected piece of a name's ink (a word's part, a dot) has its middle.

    From the left end of the name (0) to its right end (1), in order.
    """
    lapis = np.abs(pixels(picture) - [0x1B, 0x36, 0x5D]).sum(axis=2) < 90
    pieces, count = ndimage.label(lapis, structure=np.ones((3, 3)))
    boxes = [
        found[1]
        for piece, found in enumerate(ndimage.find_objects(pieces), start=1)
        if (pieces[found] == piece).sum() > 12
    ]
    assert count
    left, right = min(box.start for box in boxes), max(box.stop for box in boxes)
    return sorted((((box.start + box.stop) / 2) - left) / (right - left) for box in boxes)
