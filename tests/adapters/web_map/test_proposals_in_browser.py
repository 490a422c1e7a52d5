"""Proposals as a reader meets them: panels, list, layers and themes, in Chromium."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from adapters.web_map import drawn_proposals
from adapters.web_map.conftest import HAS_NO_GPU, Reader
from adapters.web_map.seen import pixels, plain
from bazafarin.adapters.web_map import write_map
from bazafarin.studies.city_plan import CityPlan

pytestmark = pytest.mark.browser


def _list(page: Page) -> str:
    page.click("#show-list")
    return plain(page.inner_text("#panel"))


def _panel(page: Page, place: str) -> str:
    page.click("#show-list")
    page.click(f'[data-place="{place}"]')
    return plain(page.inner_text("#panel"))


def test_the_list_tells_what_the_money_buys_and_that_it_is_proven(
    reader: Reader, proposed_file: Path
):
    told = _list(reader.open(proposed_file))

    assert "۲ پروژه با ۱۵۰٫۵ میلیارد ریال از بودجهٔ ۲۰۰ میلیارد ریال؛ ۹۰۴ نفر بهره‌مند" in told
    assert "اثبات شد: هیچ ترکیب دیگری با این بودجه بهتر نیست." in told
    assert "۳ زمین نامزد چون بهای آن معلوم نیست سنجیده نشد." in told
    assert reader.complaints == []


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"gap": 0.004}, "حداکثر ۰٫۴٪ بیشتر"),
        ({"is_feasible": False}, "هیچ ترکیبی با بودجهٔ ۲۰۰ میلیارد ریال کف"),
        ({"chosen": None, "people_served": None, "gap": None}, "زمان محاسبه پایان یافت"),
        ({"chosen": 0}, "با بودجهٔ ۲۰۰ میلیارد ریال پروژه‌ای پیشنهاد نشد."),
    ],
)
def test_the_list_says_what_is_not_proven_or_not_possible(
    reader: Reader, proposed: CityPlan, tmp_path: Path, figures: dict, told: str
):
    projects = drawn_proposals.projects(proposed, **figures)
    path = tmp_path / "map.html"
    write_map(replace(proposed, proposals=replace(proposed.proposals, projects=projects)), path)

    page = reader.open(path)

    assert told in _list(page)
    assert "هیچ ترکیب دیگری با این بودجه بهتر نیست" not in page.inner_text("#panel")


def test_a_project_tells_its_use_land_people_cost_and_shares(reader: Reader, proposed_file: Path):
    told = _panel(reader.open(proposed_file), "projects-0")

    assert "پروژهٔ ۱: تجاری – خدماتی" in told
    assert "زمین خالی یا مخروبه، ۲ قطعه" in told
    assert "۱۴۹٫۳ میلیارد ریال" in told
    assert "از ۸۰۰ مترمربع زمین، ۶۷۵ مترمربع به کار می‌رود." in told
    assert "امروز ۱٬۸۰۰ نفر در شعاع پیادهٔ ۴۰۰ متری این زمین از خدمت" in told
    assert "بدون آن، بهترین ترکیب دیگر با همین بودجه ۱۴۱ واحد کمتر می‌ارزد" in told


def test_a_project_for_a_small_group_says_that_its_people_are_withheld(
    reader: Reader, proposed_file: Path
):
    told = _panel(reader.open(proposed_file), "projects-1")

    assert told.count("پوشیده (گروه کم‌خانوار)") == 2
    assert "۰٫۴۸ میلیارد ریال" in told
    assert "بهره‌مند می‌شوند" not in told
    assert "سنجیده نشده" not in told


def test_an_alternative_says_why_it_was_not_chosen(reader: Reader, proposed_file: Path):
    told = _panel(reader.open(proposed_file), "alternatives-0")

    assert "جایگزین ۱: تجاری – خدماتی" in told
    assert "بودجهٔ بازمانده به آن نمی‌رسد." in told
    assert "۳۲۱ واحد به ترکیب می‌افزود" in told


def test_projects_are_drawn_from_the_start_and_alternatives_when_asked(
    reader: Reader, proposed_file: Path
):
    page = reader.open(proposed_file)
    assert page.is_checked('[data-layer="projects"]')
    assert not page.is_checked('[data-layer="alternatives"]')

    before = pixels(page.locator("#map").screenshot())
    page.check('[data-layer="alternatives"]')
    page.wait_for_timeout(700)
    after = pixels(page.locator("#map").screenshot())
    page.uncheck('[data-layer="projects"]')
    page.wait_for_timeout(700)
    without = pixels(page.locator("#map").screenshot())

    assert (before != after).any(axis=2).sum() > 300
    lapis = [
        (np.abs(seen - [0x1B, 0x36, 0x5D]).sum(axis=2) < 40).sum() for seen in (after, without)
    ]
    assert lapis[0] - lapis[1] > 1_000


def test_a_click_on_a_projects_number_opens_its_panel(reader: Reader, proposed_file: Path):
    page = reader.open(proposed_file)
    _panel(page, "projects-1")
    page.wait_for_timeout(1_500)
    page.click("#panel-close")
    assert page.is_hidden("#panel")

    # It was flown to: the middle of what the legend and the panel left free.
    page.mouse.click(586, 455)
    page.wait_for_selector("#panel:not([hidden])")

    assert "پروژهٔ ۲" in plain(page.inner_text("#panel h2"))


def test_a_block_tells_its_rank_its_reason_and_its_walking_access(
    reader: Reader, proposed_file: Path, proposed: CityPlan
):
    reader.open(proposed_file)
    told = plain(reader.choose("3-12-1-1").inner_text("#panel"))

    rank = proposed.proposals.priority.blocks.set_index("block_id").loc["3-12-1-1"]
    digits = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    assert f"رتبهٔ {rank['rank']} از 12 بلوک".translate(digits) in told
    assert "داده‌های نامعلوم این رتبه را عوض نمی‌کند." in told
    assert "بیش از همه به سبب: " in told
    assert "ساکنان همهٔ خدمات سنجیده را در شعاع پیاده دارند." in told


def test_a_block_whose_rank_the_unknown_could_change_tells_between_which_ranks(
    reader: Reader, proposed: CityPlan, tmp_path: Path
):
    ranked = proposed.proposals.priority
    blocks = ranked.blocks.assign(rank_best=2, rank_worst=7, coverage=0.8)
    proposals = replace(proposed.proposals, priority=replace(ranked, blocks=blocks))
    path = tmp_path / "map.html"
    write_map(replace(proposed, proposals=proposals), path)

    reader.open(path)
    told = plain(reader.choose("3-12-1-1").inner_text("#panel"))

    assert "داده‌های نامعلوم می‌تواند رتبه را از ۲ تا ۷ جابه‌جا کند." in told
    assert "۸۰٪ وزن معیارها معلوم است." in told


def test_the_themes_of_proposals_count_every_block(reader: Reader, proposed_file: Path):
    page = reader.open(proposed_file)
    themes = page.locator("#theme option").evaluate_all("all => all.map((one) => one.value)")
    assert themes[-2:] == ["priority", "walking_access"]

    for theme in themes[-2:]:
        page.select_option("#theme", theme)
        counts = page.locator(".classes b").all_inner_texts()
        assert sum(int(count) for count in counts) == 12, theme
    assert "تجاری – خدماتی (۴۰۰ متر)" in plain(page.inner_text("#legend"))
    assert "جای این خدمات معلوم نیست" in page.inner_text("#legend")


def test_a_neighbourhood_tells_its_people_its_worn_out_land_and_what_it_lacks(
    reader: Reader, proposed_file: Path, proposed: CityPlan
):
    told = _panel(reader.open(proposed_file), "neighbourhoods-0")

    row = proposed.neighbourhoods.iloc[0]
    assert "محله سنگ‌تراشان" in told
    assert re.search(r"شمار بلوک‌ها\s+۶", told)
    assert (
        f"{row['population']:,.0f}".translate(str.maketrans("0123456789,", "۰۱۲۳۴۵۶۷۸۹٬")) in told
    )
    assert "کمبود زمین خدمات" in told


def test_a_neighbourhood_is_found_by_search_and_read(reader: Reader, proposed_file: Path):
    reader.open(proposed_file)

    assert "محله باغ‌نو" in plain(reader.choose("باغ‌نو").inner_text("#panel h2"))


def test_a_plan_without_proposals_lists_its_neighbourhoods(reader: Reader, page_file: Path):
    page = reader.open(page_file)

    assert page.inner_text("#show-list") == "محلات"
    assert "پروژه" not in _list(page)


def test_the_proposals_are_told_in_english_too(reader: Reader, proposed_file: Path):
    page = reader.open(proposed_file)
    page.click("#language")

    for place in ("projects-0", "projects-1", "alternatives-0", "neighbourhoods-0"):
        told = _panel(page, place)
        assert not re.search("[۰-۹]|undefined|null|NaN", told)
    assert "149.3 milliard rial" in _panel(page, "projects-0")
    assert reader.complaints == []


def test_on_a_phone_the_list_is_a_sheet_and_no_button_is_cut(phone: Reader, proposed_file: Path):
    page = phone.open(proposed_file)
    page.click("#show-list")

    assert page.locator("body").evaluate("body => body.scrollWidth") == 390
    for box in page.locator(".head-actions > *:visible, .place").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().toJSON())"
    ):
        assert box["left"] >= 0
        assert box["right"] <= 390
        assert box["height"] >= 44
    assert page.locator("#search").bounding_box()["width"] > 300


def test_on_a_phone_without_a_gpu_the_map_is_seen_over_the_list(
    launch: Callable[[tuple[str, ...]], Browser], proposed_file: Path
):
    browser = launch(HAS_NO_GPU)
    page = Reader(browser, width=390, height=844).open(proposed_file)

    page.click("#show-list")
    page.wait_for_timeout(700)
    over = page.locator("#panel").bounding_box()["y"]
    seen = pixels(page.screenshot())[int(over) - 200 : int(over) - 20]
    browser.close()

    assert len(np.unique(seen.reshape(-1, 3), axis=0)) > 500


def test_without_webgl_the_projects_are_read_all_the_same(
    reader_without_webgl: Reader, proposed_file: Path
):
    page = reader_without_webgl.open(proposed_file, state="without-map")

    assert "پروژهٔ ۱" in _panel(page, "projects-0")
    assert reader_without_webgl.complaints == []
