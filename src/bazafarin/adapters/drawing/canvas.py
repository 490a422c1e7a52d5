"""A blank picture with the brand's font, and saving it the same way every time."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from matplotlib import font_manager, rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bazafarin.adapters.brand import FONTS, brand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MM_PER_INCH = 25.4
PRINT_DPI = 220
"""Dots to the inch of a picture: lines of a fifth of a millimetre still stand apart in print."""


@cache
def _register_font() -> str:
    """Make the shipped font known to matplotlib and return its family's name."""
    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(path)
    return str(brand().type["family"])


@contextmanager
def canvas(width_mm: float, height_mm: float) -> Iterator[Figure]:
    """Give a blank figure of a size in millimetres, with the brand's font in force.

    Matplotlib (3.11 and later) shapes and orders Persian itself: texts are given as they
    are written, never reshaped. No state of ``pyplot`` is touched.
    """
    with rc_context(
        {
            "font.family": _register_font(),
            "hatch.linewidth": 0.5,
            "path.simplify": False,
            "svg.fonttype": "path",
            "svg.hashsalt": "bazafarin",
        }
    ):
        figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH))
        FigureCanvasAgg(figure)
        yield figure


def save(figure: Figure, path: Path) -> None:
    """Write the figure as the kind its suffix names (PNG or SVG), without a date or a maker."""
    undated = {"Software": None} if path.suffix == ".png" else {"Date": None, "Creator": None}
    figure.savefig(path, dpi=PRINT_DPI, metadata=undated)
