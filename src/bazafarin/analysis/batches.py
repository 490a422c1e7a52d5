"""Many things in batches, on every core: numpy and shapely let go of the interpreter.

Batches are of one size, and as many as keep every core at work to the end; what comes out
may not depend on where they begin.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

_Part = TypeVar("_Part")
_Made = TypeVar("_Made")

_WORTH_A_THREAD = 500
"""Below so many things a thread costs more than it saves."""


def in_batches(work: Callable[[slice], _Made], count: int, *, at_most: int) -> list[_Made]:
    """Return ``work(batch)`` of consecutive batches of ``count`` things, in their order.

    Args:
        work: told which of the things are its own; what it raises is raised here.
        count: how many things there are; of none nothing is asked.
        at_most: the size of a batch that still stays in the cache.
    """
    cores = os.cpu_count() or 1 if count > _WORTH_A_THREAD else 1
    batches = cores * -(-count // (at_most * cores))
    ends = np.linspace(0, count, batches + 1).astype(int).tolist()
    return on_every_core(work, map(slice, ends[:-1], ends[1:]))


def on_every_core(work: Callable[[_Part], _Made], parts: Iterable[_Part]) -> list[_Made]:
    """Return ``work(part)`` of each part, in their order; what one raises is raised here."""
    listed = list(parts)
    if len(listed) == 1:
        return [work(listed[0])]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return list(threads.map(work, listed))


def over_parts(
    function: Callable[..., NDArray[Any]], *arrays: NDArray[Any], at_most: int = 50_000
) -> NDArray[Any]:
    """Return ``function(*arrays)``, which answers one element for each, made batch by batch."""
    count = len(arrays[0])
    if not count:
        return function(*arrays)
    return np.concatenate(
        in_batches(lambda batch: function(*(a[batch] for a in arrays)), count, at_most=at_most)
    )
