"""One array in parts, on every core: shapely lets go of the interpreter while it works."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

_WORTH_A_THREAD = 20_000
"""Below so many geometries a thread costs more than it saves."""


def over_parts(
    function: Callable[..., np.ndarray[Any, Any]], *arrays: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Return ``function(*arrays)`` computed on consecutive parts of the arrays at once.

    ``function`` answers one element for each; all arrays are of one length.
    """
    cores = os.cpu_count() or 1
    if len(arrays[0]) < _WORTH_A_THREAD or cores == 1:
        return function(*arrays)
    parts = [np.array_split(array, cores) for array in arrays]
    with ThreadPoolExecutor(cores) as pool:
        return np.concatenate(list(pool.map(function, *parts)))
