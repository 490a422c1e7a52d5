"""What it costs to reach each site from each demand point, checked once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_NAMED = 5
"""So many demand points are named in an error; the others are counted."""


@dataclass(frozen=True, eq=False)
class TravelCosts:
    """Costs of demand point × site, in any one unit (metres, minutes); made by ``of``.

    ``cost`` is dense, infinite where there is no way, or sparse, where what is not stored
    is no way and a stored 0 is a cost. ``weight`` is what each demand point counts for.
    """

    cost: NDArray[np.float64] | sparse.csr_array
    weight: NDArray[np.float64]
    demand_ids: tuple[str, ...]
    site_ids: tuple[str, ...]

    @classmethod
    def of(
        cls,
        cost: NDArray[np.float64] | sparse.csr_array,
        *,
        weight: NDArray[np.float64] | None = None,
        demand_ids: Sequence[str] | None = None,
        site_ids: Sequence[str] | None = None,
    ) -> TravelCosts:
        """Return the costs after a look at them; weights are 1 and names 1, 2, … if not given.

        Raises:
            UsageError: no demand point or no site; a cost or weight that is negative or
                unknown; an infinite weight; weights that are not one a demand point; costs
                and weights whose products have no number.
        """
        cost = sparse.csr_array(cost) if sparse.issparse(cost) else np.asarray(cost, dtype=float)
        demand, sites = cost.shape
        weight = np.ones(demand) if weight is None else np.asarray(weight, dtype=float)
        if demand == 0 or sites == 0:
            raise UsageError("siting.empty", demand=demand, sites=sites)
        if weight.shape != (demand,):
            raise UsageError("siting.weights", weights=weight.size, demand=demand)
        values = cost.data if sparse.issparse(cost) else cost
        bad_costs, bad_weights = int((~(values >= 0)).sum()), int((~np.isfinite(weight)).sum())
        bad_weights += int((weight < 0).sum())
        if bad_costs or bad_weights:
            raise UsageError("siting.bad_numbers", costs=bad_costs, weights=bad_weights)
        most = float(values[np.isfinite(values)].max(initial=0.0))
        if not math.isfinite(most * sum(weight.tolist())):
            raise UsageError("siting.too_large")
        return cls(
            cost,
            weight,
            tuple(demand_ids) if demand_ids is not None else _numbered(demand),
            tuple(site_ids) if site_ids is not None else _numbered(sites),
        )

    def dense(self) -> NDArray[np.float64]:
        """Return the costs as one array, infinite where there is no way."""
        if not isinstance(self.cost, sparse.csr_array):
            return self.cost
        full = np.full(self.cost.shape, np.inf)
        pairs = self.cost.tocoo()
        full[pairs.row, pairs.col] = pairs.data
        return full

    def within(self, radius: float) -> sparse.csr_array:
        """Return which site reaches which demand point at ``radius`` or less, as 1 and nothing.

        An infinite radius asks for any way at all.
        """
        if isinstance(self.cost, sparse.csr_array):
            pairs = self.cost.tocoo()
            near = (pairs.data <= radius) & np.isfinite(pairs.data)
            at = (pairs.row[near], pairs.col[near])
            return sparse.csr_array((np.ones(len(at[0])), at), shape=self.cost.shape)
        row, column = np.nonzero((self.cost <= radius) & np.isfinite(self.cost))
        return sparse.csr_array((np.ones(len(row)), (row, column)), shape=self.cost.shape)

    def assigned(self, sites: Sequence[int], *, radius: float = np.inf) -> NDArray[np.intp]:
        """Return the cheapest of ``sites`` for each demand point, −1 where none is in reach."""
        open_sites = np.array(sorted(sites), dtype=np.intp)
        if len(open_sites) == 0:
            return np.full(self.cost.shape[0], -1, dtype=np.intp)
        costs = self.to_sites(open_sites)
        nearest = costs.argmin(axis=1)
        least = costs[np.arange(len(costs)), nearest]
        in_reach = np.isfinite(least) & (least <= radius)
        return np.where(in_reach, open_sites[nearest], -1).astype(np.intp)

    def nearest(self) -> NDArray[np.float64]:
        """Return what each demand point pays at its cheapest site, infinite where it has none."""
        if not isinstance(self.cost, sparse.csr_array):
            return np.asarray(self.cost.min(axis=1), dtype=np.float64)
        least = np.full(self.cost.shape[0], np.inf)
        held = np.diff(self.cost.indptr) > 0
        if held.any():
            least[held] = np.minimum.reduceat(self.cost.data, self.cost.indptr[:-1][held])
        return least

    def to_sites(self, sites: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the costs to ``sites`` alone, infinite where there is no way."""
        if not isinstance(self.cost, sparse.csr_array):
            return self.cost[:, sites]
        return TravelCosts(self.cost[:, sites], self.weight, (), ()).dense()

    def check_p(self, p: int) -> None:
        """Raise UsageError where ``p`` sites cannot be chosen."""
        if not 1 <= p <= self.cost.shape[1]:
            raise UsageError("siting.too_many_sites", p=p, sites=self.cost.shape[1])

    def check_reached(self, cover: sparse.csr_array, *, counted: NDArray[np.bool_]) -> None:
        """Raise UsageError, naming them, where ``counted`` demand points have no site."""
        lost = np.nonzero((np.diff(cover.indptr) == 0) & counted)[0]
        if len(lost):
            names = [self.demand_ids[at] for at in lost[:_NAMED]]
            raise UsageError("siting.no_site", count=len(lost), names=names)


def _numbered(count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, count + 1))
