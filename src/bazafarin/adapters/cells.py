"""A column of a frame as the plain values that a file of text or a spreadsheet takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Cell = bool | int | float | str | None


def cells(column: pd.Series[Any]) -> list[Cell]:
    """Return a column as plain Python values; unknown is None."""
    if pd.api.types.is_float_dtype(column.dtype):
        numbers = column.to_numpy(dtype=float, na_value=np.nan)
        is_number = np.isfinite(numbers)
        return [n if known else None for n, known in zip(numbers.tolist(), is_number, strict=True)]
    values = column.to_numpy(dtype=object, copy=True)
    values[column.isna().to_numpy()] = None
    listed: list[Cell] = values.tolist()
    return listed
