"""What decides a cover: demand points and sites that others make needless are set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_PAIRS = 30_000_000
"""Comparing every two sets that share something costs memory; past this it is not worth it."""


def undominated(cover: sparse.csr_array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows and columns of ``cover`` that decide how few columns meet every row.

    A row that holds all of another's columns is met where the other is; a column whose rows
    are all another's is never needed. Of equals the first is kept. Repeated until nothing
    more falls away.
    """
    rows, columns = np.arange(cover.shape[0]), np.arange(cover.shape[1])
    while True:
        part = sparse.csr_array(cover[rows][:, columns])
        kept_rows = ~_holds_another(part)
        part = sparse.csr_array(part[kept_rows].T)
        kept_columns = ~within_another(part)
        rows, columns = rows[kept_rows], columns[kept_columns]
        if kept_rows.all() and kept_columns.all():
            return rows, columns


def _holds_another(sets: sparse.csr_array) -> NDArray[np.bool_]:
    """Return which rows hold all that another row holds; of equal rows, all but the first."""
    shared, size = _shared(sets)
    row, column = shared.row, shared.col
    is_held = shared.data == size[column]
    is_other = (size[row] > size[column]) | ((size[row] == size[column]) & (row > column))
    return _marked(len(size), row[is_held & is_other])


def within_another(sets: sparse.csr_array) -> NDArray[np.bool_]:
    """Return which rows are held by another row; of equal rows, all but the first; empty ones."""
    shared, size = _shared(sets)
    row, column = shared.row, shared.col
    is_held = shared.data == size[column]
    is_other = (size[row] > size[column]) | ((size[row] == size[column]) & (row < column))
    marked = _marked(len(size), column[is_held & is_other])
    marked[size == 0] = True
    return marked


def _shared(sets: sparse.csr_array) -> tuple[sparse.coo_array, NDArray[np.intp]]:
    """Return how much every two rows have in common, and how much each holds.

    Where there are too many pairs to look at, each row is compared with itself alone: then
    nothing is set aside, which is only slower.
    """
    size = np.diff(sets.indptr)
    pairs = np.bincount(sets.indices, minlength=1).astype(float)
    if float(pairs @ pairs) > _MOST_PAIRS:
        return sparse.coo_array(sparse.diags_array(size.astype(float))), size
    return sparse.coo_array(sets @ sets.T), size


def _marked(count: int, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    marked = np.zeros(count, dtype=np.bool_)
    marked[rows] = True
    return marked
