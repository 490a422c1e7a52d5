from __future__ import annotations

import pytest

from bazafarin.adapters.document.scale_bar import PARTS, scale_bar


@pytest.mark.parametrize("metres_per_mm", [0.3, 1.0, 5.7, 12.5, 88.0, 640.0])
def test_a_scale_bar_is_round_and_fits(metres_per_mm: float) -> None:
    bar = scale_bar(metres_per_mm, longest_mm=34.0)

    part_m = bar.part_mm * metres_per_mm
    assert bar.part_mm * PARTS <= 34.0 + 1e-9
    assert bar.part_mm * PARTS > 34.0 / 2.6
    assert f"{part_m:.6g}".strip("0.")[0] in "125"


def test_long_bars_are_in_kilometres() -> None:
    assert scale_bar(88.0, longest_mm=34.0).unit == "کیلومتر"
    assert scale_bar(5.0, longest_mm=34.0).marks == ("۰", "۵۰", "۱۰۰")
