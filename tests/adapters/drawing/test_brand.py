from __future__ import annotations

from itertools import pairwise

import pytest

from bazafarin.adapters.brand import FONTS, brand


def luminance(hex_colour: str) -> float:
    channels = [int(hex_colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", ["fine_grain", "instability", "impermeability"])
def test_a_ramp_runs_from_paper_to_full_and_darkens_at_each_step(name: str) -> None:
    ramp = brand().ramp[name]
    light = [luminance(colour) for colour in ramp]

    assert len(ramp) == 5
    assert ramp[0] == brand().colour["paper"]
    assert light == sorted(light, reverse=True)
    assert min(a / b for a, b in pairwise(light)) > 1.2


def test_text_colours_can_be_read_on_paper() -> None:
    paper = luminance(brand().colour["paper"])

    for name in ("ink", "slate", "lapis", "turquoise", "brick", "sage"):
        assert (paper + 0.05) / (luminance(brand().colour[name]) + 0.05) > 4.5, name


def test_the_font_ships_with_its_licence() -> None:
    names = {path.name for path in FONTS.iterdir()}

    assert {"Vazirmatn-Regular.ttf", "Vazirmatn-Bold.ttf", "OFL.txt"} <= names
