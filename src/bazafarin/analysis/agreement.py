"""How far two people who saw the same things say the same of them."""

from __future__ import annotations

import numpy as np
import pandas as pd


def agreement(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return for each column how often two observers agree, and how far beyond chance.

    A row that either left unknown in a column is not counted in it. ``kappa`` is Cohen's: the
    agreement beyond what the observers' own habits give by chance; 1 is full agreement, 0 no more
    than chance. It is unknown where both always say one and the same thing.

    Args:
        first: what one observer said, a row a thing, a column a question; missing is unknown.
        second: what another said of the same rows in the same columns.

    Returns:
        On the columns: ``pairs`` (how many rows both answered), ``equal_share`` (0–1, NaN without
        a pair) and ``kappa`` (at most 1, NaN unknown).

    Raises:
        ValueError: the rows or columns are not the same.

    Source: Cohen, A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20 (1960).
    """
    if not first.index.equals(second.index) or not first.columns.equals(second.columns):
        raise ValueError("both observers must answer the same rows and columns")
    rows = [_of_column(first[name], second[name]) for name in first.columns]
    table = pd.DataFrame(rows, index=first.columns, columns=["pairs", "equal_share", "kappa"])
    return table.astype({"pairs": "int64"})


def _of_column(first: pd.Series, second: pd.Series) -> tuple[int, float, float]:
    both = first.notna() & second.notna()
    pairs = int(both.sum())
    if not pairs:
        return 0, np.nan, np.nan
    codes, values = pd.factorize(pd.concat([first[both], second[both]]).astype("str"))
    one, two = codes[:pairs], codes[pairs:]
    equal = float(np.mean(one == two))
    shares = [np.bincount(each, minlength=len(values)) / pairs for each in (one, two)]
    by_chance = float(np.dot(*shares))
    kappa = (equal - by_chance) / (1 - by_chance) if by_chance < 1 else np.nan
    return pairs, equal, kappa
