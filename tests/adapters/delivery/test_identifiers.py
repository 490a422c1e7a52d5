"""Every row has a name of its own, and every made or changed one is told."""

from __future__ import annotations

import pandas as pd

from bazafarin.adapters.delivery import identifiers
from bazafarin.adapters.delivery.ledger import Ledger


def _named(*ids: str | None) -> tuple[list[str], list[tuple[str, tuple[int, ...]]]]:
    ledger = Ledger()
    index = pd.RangeIndex(1, len(ids) + 1)
    series = pd.Series(list(ids), index=index, name="parcel_id", dtype="str")
    named = identifiers.named(series, "parcels", ledger)
    return named.tolist(), [(problem.code, problem.rows) for problem in ledger.problems]


def test_different_ids_stay():
    assert _named("a", "b") == (["a", "b"], [])


def test_the_first_keeps_a_repeated_id_and_the_others_are_numbered():
    ids, told = _named("a", "a", "b", "a")

    assert ids == ["a", "a~2", "b", "a~3"]
    assert told == [("reading.id.repeated", (2, 4))]


def test_a_made_name_never_takes_a_delivered_one():
    assert _named("a", "a~2", "a")[0] == ["a", "a~2", "a~3"]


def test_an_empty_id_is_made_of_the_rows_number():
    ids, told = _named("a", None)

    assert ids == ["a", "row-2"]
    assert told == [("reading.id.made", (2,))]


def test_a_layer_without_ids_is_told_once():
    ids, told = _named(None, None)

    assert ids == ["row-1", "row-2"]
    assert told == [("reading.id.all_made", ())]
