"""A linear programme of sparse rows, solved by HiGHS through SciPy."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scipy.optimize import linprog

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_STOPPED = 1
"""HiGHS's word, through SciPy, for a programme whose time ran out."""


class Optimum(NamedTuple):
    """The best answer: the variables and their value."""

    variables: NDArray[np.float64]
    value: float


def most_valuable(
    value: NDArray[np.float64],
    rows: csr_array,
    upper: NDArray[np.float64],
    *,
    most: float | None = None,
    time_limit_s: float | None = None,
) -> Optimum | None:
    """Return the variables from 0 to ``most`` of the highest value with ``rows @ x <= upper``.

    None where no variables keep the limits. ``TimeoutError`` where ``time_limit_s`` ran out.
    """
    options = {} if time_limit_s is None else {"time_limit": max(time_limit_s, 0.01)}
    # SciPy takes sparse rows; its published types do not know that.
    found = linprog(-value, A_ub=rows, b_ub=upper, bounds=(0, most), options=options)  # type: ignore[call-overload]
    if found.status == _STOPPED:
        raise TimeoutError
    if found.x is None:
        return None
    return Optimum(found.x, -float(found.fun))
