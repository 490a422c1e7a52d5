"""A group of fewer than five households is too small to be told of; nobody is no group."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bazafarin.studies import privacy


@pytest.mark.parametrize(
    ("count", "is_small"), [(0, False), (1, True), (4, True), (5, False), (np.nan, False)]
)
def test_one_to_four_households_are_too_few(count: float, *, is_small: bool) -> None:
    assert privacy.is_too_small(pd.Series([count]), least=5).tolist() == [is_small]


def test_households_that_were_not_delivered_are_estimated_from_the_people() -> None:
    found = privacy.households(
        pd.Series([6.0, 6.0, np.nan]), pd.Series([2.0, np.nan, np.nan]), size=3
    )

    assert found.tolist()[:2] == [2, 2]
    assert np.isnan(found[2])


def test_what_is_withheld_is_marked_and_no_other_block_changes() -> None:
    table = pd.DataFrame({"block_id": ["a", "b", "c"], "people": [4, 90, 7], "depth_m": [1, 2, 3]})

    told = privacy.withheld(table, ["people"], pd.Series({"a": True, "b": False}))

    assert told["people_withheld"].tolist() == [True, False, False]
    assert told["people"].isna().tolist() == [True, False, False]
    assert told["depth_m"].tolist() == [1, 2, 3]
    assert table["people"].tolist() == [4, 90, 7]
