from __future__ import annotations

import numpy as np
import pandas as pd

from bazafarin.adapters.drawing.share_classes import class_bounds, share_class


def test_the_threshold_parts_two_classes_from_three() -> None:
    assert class_bounds(0.5) == (0.0, 0.25, 0.5, 0.6667, 0.8333, 1.0)
    assert class_bounds(0.4)[2] == 0.4


def test_a_share_at_the_threshold_has_not_the_colour_of_those_above_it() -> None:
    shares = pd.Series([0.0, 0.25, 0.5, 0.5001, 1.0, np.nan])

    assert share_class(shares, class_bounds(0.5)).tolist() == [0, 0, 1, 2, 4, -1]
