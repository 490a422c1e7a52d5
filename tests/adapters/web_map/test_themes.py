from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bazafarin.adapters import wording
from bazafarin.adapters.brand import brand
from bazafarin.adapters.web_map import themes
from bazafarin.studies.city_plan import CityPlan


def _by_id(plan: CityPlan, blocks: pd.DataFrame) -> dict[str, themes.Theme]:
    return {theme.id: theme for theme in themes.themes(plan, blocks)}


def _classes(plan: CityPlan, share: float) -> themes.ThemeClass:
    blocks = plan.blocks.assign(fine_grain_share=share)
    theme = _by_id(plan, blocks)["fine_grain_share"]
    return theme.classes[theme.rows[0]]


def test_a_block_at_the_threshold_is_of_a_class_below_it(plan: CityPlan):
    assert _classes(plan, 0.5).facts["to"] == 0.5
    assert _classes(plan, 0.5001).facts["from"] == 0.5


def test_the_steps_of_a_share_are_those_of_the_brand(plan: CityPlan):
    theme = _by_id(plan, plan.blocks)["instability_share"]

    assert tuple(c.colour for c in theme.classes[:5]) == brand().ramp["instability"]


def test_an_unknown_share_is_a_hatch_and_no_step_of_the_ramp(plan: CityPlan):
    unknown = _classes(plan, np.nan)

    assert unknown.pattern == "hatch"
    assert unknown.colour not in brand().ramp["fine_grain"][1:]


def test_a_block_that_depends_on_the_unknown_is_hatched_whatever_its_level(plan: CityPlan):
    blocks = plan.blocks.assign(decided="depends_on_unknown")

    theme = _by_id(plan, blocks)["level"]

    assert all(str(theme.classes[row].pattern).startswith("hatch") for row in theme.rows)


def test_the_classes_of_a_level_together_are_its_finding(plan: CityPlan):
    decided = ["yes", "no", "depends_on_unknown"] * 4
    blocks = plan.blocks.assign(decided=decided[: len(plan.blocks)])

    theme = _by_id(plan, blocks)["level"]

    words = pd.Series([theme.classes[row].words for row in theme.rows])
    counts = words.str.rsplit("_", n=1).str[-1].str.removeprefix("level.").value_counts()
    level = blocks["level"].astype("object").where(blocks["level"].notna(), "none").astype(str)
    assert counts.to_dict() == level.value_counts().to_dict()


def test_levels_are_those_of_the_plan(plan: CityPlan):
    theme = _by_id(plan, plan.blocks.assign(decided="yes"))["level"]

    words = [theme.classes[row].words for row in theme.rows]
    assert words == [
        "level.none" if pd.isna(level) else f"level.{level}" for level in plan.blocks["level"]
    ]


def test_there_is_no_theme_of_changes_without_an_approved_boundary(plan: CityPlan):
    assert "change" not in _by_id(plan, plan.blocks)


def test_a_block_meets_an_index_only_above_its_share(plan: CityPlan):
    blocks = plan.blocks.assign(impermeability_share=[0.5, 0.51, np.nan] * 4)

    assert themes.indices_met(plan, blocks)["impermeability"] == [0, 1, 0] * 4


def test_a_passage_of_the_limit_is_not_narrow(plan: CityPlan):
    passages = pd.DataFrame({"width_m": [5.99, 6.0, np.nan]})

    assert themes.passage_classes(plan, passages) == [0, 1, 2]


def test_passages_none_of_whose_widths_is_known_are_all_unknown(plan: CityPlan):
    passages = pd.DataFrame({"width_m": [np.nan, np.nan]})

    assert themes.passage_classes(plan, passages) == [2, 2]


def test_a_passage_class_follows_the_rule_in_force(plan: CityPlan):
    rule = plan.citations["impermeability.passage_below"]
    wider = replace(plan, citations={**plan.citations, rule.rule_id: replace(rule, value=8)})

    assert themes.passage_classes(wider, pd.DataFrame({"width_m": [7.0]})) == [0]


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_class_of_every_theme_has_words(plan: CityPlan, language: wording.Language):
    blocks = plan.blocks.assign(change="added")
    keys = wording.keys(language)

    for theme in themes.themes(plan, blocks):
        assert {f"map.theme.{theme.id}", f"map.theme_note.{theme.id}"} <= keys
        assert all(c.words == "share" or f"map.legend.{c.words}" in keys for c in theme.classes)
