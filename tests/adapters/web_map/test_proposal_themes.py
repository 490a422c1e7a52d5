import numpy as np
import pandas as pd
import pytest

from bazafarin.adapters import wording
from bazafarin.adapters.web_map.proposal_themes import proposal_themes
from bazafarin.adapters.web_map.themes import Theme


def _blocks(**columns: object) -> pd.DataFrame:
    """Return twenty blocks of firm ranks 1–20 whose residents all reach every service."""
    ranks = pd.Series(range(1, 21), dtype="Int64")
    same = {"priority_rank": ranks, "priority_rank_best": ranks, "priority_rank_worst": ranks}
    return pd.DataFrame(same).assign(residents="known", within_share=1.0).assign(**columns)


def _priority(**columns: object) -> Theme:
    return proposal_themes(_blocks(**columns), ranked_count=20)[0]


def _access(shares: list[float], residents: list[str]) -> list[str]:
    blocks = _blocks().iloc[: len(shares)].assign(within_share=shares, residents=residents)
    theme = proposal_themes(blocks, ranked_count=20)[1]
    classes = [theme.classes[row] for row in theme.rows]
    return [f"{one.words} {one.facts.get('to', '')}".strip() for one in classes]


def test_the_classes_of_a_rank_end_at_5_20_50_and_100_per_cent_of_the_blocks():
    theme = _priority()

    ends = [one.facts["to"] for one in theme.classes if one.words == "priority"]
    assert ends == [1, 4, 10, 20]
    assert np.bincount(theme.rows).tolist() == [1, 3, 6, 10]


def test_a_class_begins_after_the_one_before_it():
    facts = [one.facts for one in _priority().classes if one.words == "priority"]

    assert [fact["from"] for fact in facts] == [1, 2, 5, 11]


def test_a_block_that_the_unknown_could_move_to_another_class_is_hatched():
    worst = pd.Series([1, 4, 5, *range(4, 21)], dtype="Int64")

    theme = _priority(priority_rank_worst=worst)

    # rank 2 stays within its class up to 4; rank 3 could fall to 5, which is the next one
    assert theme.classes[theme.rows[1]].pattern is None
    assert theme.classes[theme.rows[2]].pattern == "hatch_white"
    assert theme.classes[theme.rows[2]].colour == theme.classes[theme.rows[1]].colour


def test_a_block_without_a_rank_is_unknown():
    nothing = pd.Series([pd.NA] * 20, dtype="Int64")
    none = {f"priority_rank{part}": nothing for part in ("", "_best", "_worst")}

    theme = proposal_themes(_blocks(**none), ranked_count=0)[0]

    assert {theme.classes[row].words for row in theme.rows} == {"unknown"}


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_no_class_of_a_few_blocks_is_empty_by_its_bounds(count: int):
    theme = proposal_themes(_blocks().iloc[:count], ranked_count=count)[0]

    assert all(
        one.facts["from"] <= one.facts["to"] for one in theme.classes if one.words == "priority"
    )
    assert len(theme.rows) == count


def test_a_share_of_residents_is_of_a_fifth_and_the_others_say_why_not():
    shares = [0.0, 0.2, 0.21, 1.0, np.nan, np.nan, np.nan]
    residents = ["known"] * 4 + ["nobody", "withheld", "unknown"]

    told = _access(shares, residents)

    shown = ["share 0.2", "share 0.2", "share 0.4", "share 1.0"]
    assert told == [*shown, "nobody", "withheld", "unknown"]


def test_the_unknown_is_hatched_and_no_step_of_the_ramp():
    blocks = _blocks(within_share=np.nan, residents="unknown")

    theme = proposal_themes(blocks, ranked_count=20)[1]

    assert theme.classes[theme.rows[0]].pattern == "hatch"


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_class_has_words(language: wording.Language):
    blocks = _blocks(priority_rank_worst=20, residents=["withheld", "nobody"] * 10)
    keys = wording.keys(language)

    for theme in proposal_themes(blocks.assign(within_share=np.nan), ranked_count=20):
        assert {f"map.theme.{theme.id}", f"map.theme_note.{theme.id}"} <= keys
        assert all(c.words == "share" or f"map.legend.{c.words}" in keys for c in theme.classes)
