"""Which groups of people are too small to be told of outside the office's own delivery.

A group of fewer households than ``privacy.least_households`` is withheld, not shown as
unknown: the table or page says which it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bazafarin.domain.finding import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

LEAST: Final = "privacy.least_households"
HOUSEHOLD_SIZE: Final = "population.household_size"
RULES: Final = (LEAST, HOUSEHOLD_SIZE)
WITHHELD: Final = Column(
    "bool", "a group of too few households", RULES, ("parcels", "neighbourhoods")
)
"""What ``people_withheld`` means in a table of blocks."""


def households(
    people: pd.Series[float], delivered: pd.Series[float], *, size: float
) -> pd.Series[float]:
    """Return households as delivered, else people over the mean household; NaN unknown."""
    return delivered.astype(float).fillna(people.astype(float) / size)


def is_too_small(count: pd.Series[float], *, least: float) -> pd.Series[bool]:
    """Return whether groups of ``count`` households are withheld; nobody is no group."""
    return (count > 0) & (count < least)


def withheld(
    frame: pd.DataFrame, columns: Sequence[str], is_small: pd.Series[bool]
) -> pd.DataFrame:
    """Return a table of blocks without those ``columns`` where the block's group is small.

    ``is_small`` stands on ``block_id``; a column ``people_withheld`` says where.
    """
    small = frame["block_id"].map(is_small).fillna(value=False).astype(bool)
    told = {name: frame[name].mask(small) for name in columns}
    return frame.assign(**told, people_withheld=small)
