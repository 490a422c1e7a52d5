"""How many rows a problem is about."""

from __future__ import annotations

from bazafarin.domain.problem import Problem, Severity


def test_a_problem_counts_its_rows_and_that_of_a_whole_layer_is_one() -> None:
    rows = Problem("reading.x", "parcels", Severity.MENDED, rows=(3, 5))
    layer = Problem("reading.y", "parcels", Severity.NOTE)

    assert rows.count == 2
    assert layer.count == 1
