"""A map's scale bar: round lengths that fit the paper."""

from __future__ import annotations

import math

from bazafarin.adapters.document.content import ScaleBar
from bazafarin.adapters.document.figures import words
from bazafarin.adapters.persian_text import number

PARTS = 4
ROUND_STEPS = (5.0, 2.5, 2.0, 1.0)
M_A_KM = 1_000.0


def scale_bar(metres_per_mm: float, *, longest_mm: float) -> ScaleBar:
    """Return the longest bar of four round parts within ``longest_mm`` of paper."""
    most_m = longest_mm * metres_per_mm / PARTS
    power = 10.0 ** math.floor(math.log10(most_m))
    part_m = power * next(step for step in ROUND_STEPS if step * power <= most_m)
    in_km = part_m * PARTS >= M_A_KM
    marks = (0.0, PARTS / 2 * part_m, PARTS * part_m)
    return ScaleBar(
        part_mm=part_m / metres_per_mm,
        parts=PARTS,
        marks=tuple(_mark(mark / M_A_KM if in_km else mark) for mark in marks),
        unit=words(f"map.{'km' if in_km else 'm'}"),
    )


def _mark(length: float) -> str:
    decimals = 0 if length == int(length) else len(f"{length:g}".split(".")[1])
    return number(length, decimals=decimals)
