"""The plan and an independent slow one say the same of every block of random towns."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bazafarin.adapters.delivery import read_city
from bazafarin.adapters.synthetic_town import write_town
from bazafarin.studies.plan_city import plan_city
from hand_drawn import AS_OF
from oracle.random_towns import TownOptions, random_town
from oracle.slow_plan import INDICES, slow_plan
from oracle.underived import Underived

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

    from bazafarin.domain.city import City
    from bazafarin.studies.city_plan import CityPlan
    from oracle.slow_plan import SlowPlan

SHARE_COLUMNS = [
    f"{index}_{part}"
    for index in INDICES
    for part in ("share", "share_min", "share_max", "share_coverage", "total")
]
EXACT_COLUMNS = ["parcels_count", "buildings_count", "indices_met", "worn_out", "decided", "level"]


def options(**fixed: Any) -> st.SearchStrategy[TownOptions]:
    """Draw a town's options; what is named is fixed."""
    drawn: dict[str, st.SearchStrategy[Any]] = {
        "columns": st.integers(1, 2),
        "rows": st.integers(1, 2),
        "unknown_share": st.sampled_from([0.0, 0.2, 0.6, 1.0]),
        **{name: st.booleans() for name in TownOptions.__annotations__
           if name not in {"columns", "rows", "unknown_share"}},
    }  # fmt: skip
    return st.builds(TownOptions, **drawn | {name: st.just(v) for name, v in fixed.items()})


def both(city: City, **slow: Any) -> tuple[CityPlan, SlowPlan]:
    """Plan twice; the slow plan derives no passages, which are compared in tests of their own."""
    national = Underived()
    return (
        plan_city(city, standards=national, as_of=AS_OF),
        slow_plan(city, standards=national, as_of=AS_OF, **slow),
    )


def keys_of_blocks(plan: CityPlan) -> dict[str, Hashable]:
    """Return what names each block without its name: its parcels' rows, or its id."""
    rows = plan.parcels.index.to_series().groupby(plan.parcels["block_id"]).agg(frozenset)
    return {name: rows.get(name, name) for name in plan.blocks["block_id"]}


def same(one: Any, other: Any) -> bool:
    """Return whether two cells agree; unknown agrees with unknown alone."""
    if other is None or pd.isna(one):
        return bool(other is None and pd.isna(one))
    if isinstance(other, bool | str):
        return bool(one == other)
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)


def assert_agree(plan: CityPlan, slow: SlowPlan) -> None:
    keys = keys_of_blocks(plan)
    blocks = plan.blocks.set_index(plan.blocks["block_id"].map(keys))
    assert set(blocks.index) == set(slow.blocks)
    for key, expected in slow.blocks.items():
        row = blocks[blocks.index == key].iloc[0]
        for column in SHARE_COLUMNS + EXACT_COLUMNS:
            assert same(row[column], expected[column]), (key, column, row[column], expected[column])
        assert same(row["area_m2"], expected["area"])


def assert_other_tables_agree(plan: CityPlan, slow: SlowPlan) -> None:
    widths = plan.passages.set_index("passage_id")
    assert set(widths.index) == set(slow.passages)
    for name, passage in slow.passages.items():
        assert same(widths.loc[name, "width_m"], passage["width"]), name
        assert widths.loc[name, "width_source"] == passage["source"], name
    people = plan.neighbourhoods.set_index("neighbourhood_id")
    assert set(people.index) == set(slow.people)
    for name, who in slow.people.items():
        assert same(people.loc[name, "population"], who["persons"]), name
        assert people.loc[name, "population_source"] == who["source"], name
        assert same(people.loc[name, "population_coverage"], who["coverage"]), name
    services = plan.services.set_index(["neighbourhood_id", "service"])
    for name, service in slow.services.items():
        for column, value in service.items():
            assert same(services.loc[name, column], value), (name, column)
    keys = keys_of_blocks(plan)
    changes = {} if plan.boundary_changes is None else {
        keys[row.block_id]: (row.change, row.reason) for row in plan.boundary_changes.itertuples()
    }  # fmt: skip
    assert changes == slow.changes


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), chosen=options())
def test_the_plan_agrees_with_the_slow_one(seed: int, chosen: TownOptions) -> None:
    plan, slow = both(random_town(seed, chosen))

    assert_agree(plan, slow)
    assert_other_tables_agree(plan, slow)


@pytest.mark.parametrize("seed", range(2))
def test_a_larger_town_agrees(seed: int) -> None:
    plan, slow = both(random_town(seed, TownOptions(columns=4, rows=3, all_streets=seed % 2 == 0)))

    assert_agree(plan, slow)
    assert_other_tables_agree(plan, slow)


@pytest.mark.parametrize("seed", range(2))
def test_widths_and_bounding_do_not_hang_on_where_the_samples_fall(seed: int) -> None:
    plan, slow = both(random_town(seed, TownOptions(unknown_share=0.0)), spacing_m=0.7)

    assert_agree(plan, slow)


def test_random_towns_hold_what_they_should_try() -> None:
    plans = [both(random_town(seed, TownOptions(columns=3, rows=2)))[0] for seed in range(12)]
    blocks = pd.concat([plan.blocks for plan in plans])

    assert set(blocks["decided"]) == {"yes", "no", "depends_on_unknown"}
    assert set(blocks["level"].dropna()) == {1, 2, 3}
    assert blocks["worn_out"].any()
    assert set(pd.concat([p.boundary_changes for p in plans])["change"]) == {
        "added",
        "removed",
        "kept",
    }
    assert np.isclose(pd.concat([p.passages for p in plans])["width_m"], 6.0, atol=1e-9).any()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_synthetic_town_agrees(seed: int, tmp_path: Path) -> None:
    write_town(tmp_path / "town.gpkg", parcels=1_000, seed=seed)

    plan, slow = both(read_city(tmp_path / "town.gpkg"))

    assert_agree(plan, slow)
    assert_other_tables_agree(plan, slow)
