"""Agreement of two observers: by hand, without a pair, and where chance alone decides."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bazafarin.analysis.agreement import agreement


def table(*columns) -> pd.DataFrame:
    return pd.DataFrame({f"q{at}": list(values) for at, values in enumerate(columns)})


def test_by_hand() -> None:
    # 20 + 15 equal of 50; yes 25/50 and 30/50: chance is 0.5 · 0.6 + 0.5 · 0.4 = 0.5
    first = ["y"] * 20 + ["y"] * 5 + ["n"] * 10 + ["n"] * 15
    second = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15

    found = agreement(table(first), table(second)).loc["q0"]

    assert (found["pairs"], found["equal_share"]) == (50, 0.7)
    assert found["kappa"] == pytest.approx(0.4)


def test_what_either_left_unknown_is_not_counted() -> None:
    found = agreement(table([1, None, 2, None]), table([1, 2, None, None])).loc["q0"]

    assert (found["pairs"], found["equal_share"]) == (1, 1.0)
    assert np.isnan(found["kappa"])


def test_without_a_pair_nothing_is_said() -> None:
    found = agreement(table([None]), table(["a"])).loc["q0"]

    assert found["pairs"] == 0
    assert np.isnan(found["equal_share"])


def test_opposite_observers_are_worse_than_chance() -> None:
    found = agreement(table(["a", "b"]), table(["b", "a"])).loc["q0"]

    assert (found["equal_share"], found["kappa"]) == (0.0, -1.0)


def test_other_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="same rows"):
        agreement(table(["a"]), table(["a", "b"]))
