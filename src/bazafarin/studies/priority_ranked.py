"""One ranking of one kind of thing: its scores, its ranks, and how firm they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.decision import ranking, robustness
from bazafarin.decision.weights import Weights, ahp_weights_of_pairs, direct_weights
from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bazafarin.decision.ranking import Method, ValueFunction
    from bazafarin.standards import Standards

SETTING_RULES = ("priority.weight_samples", "priority.unknown_samples", "priority.leading_share")


@dataclass(frozen=True)
class Criteria:
    """The criteria of one ranking, their value functions and weights, in one order."""

    names: tuple[str, ...]
    functions: tuple[ValueFunction, ...]
    weights: Weights

    @classmethod
    def in_force(
        cls,
        rule_id: str,
        *,
        standards: Standards,
        as_of: date,
        weights: Mapping[str, float] | None = None,
        comparisons: Mapping[tuple[str, str], float] | None = None,
    ) -> Criteria:
        """Return the criteria of a rule, with its weights or those given in their place.

        Given ``weights`` stand for all: a criterion that they do not name weighs nothing.
        ``comparisons`` of pairs go before both.

        Raises:
            UsageError: a criterion is unknown or the weights are none.
        """
        rule = standards.value(rule_id, as_of=as_of)
        names = tuple(rule)
        functions = tuple(ranking.ValueFunction(rule[name]["points"]) for name in names)
        if comparisons is not None:
            return cls(names, functions, ahp_weights_of_pairs(names, comparisons))
        if weights is None:
            return cls(names, functions, direct_weights([rule[name]["weight"] for name in names]))
        unknown = sorted(set(weights) - set(names))
        if unknown:
            raise UsageError("priority.error.criterion", names=unknown, known=list(names))
        return cls(names, functions, direct_weights([weights.get(name, 0.0) for name in names]))

    @property
    def weighing(self) -> list[str]:
        """Return the names of the criteria that weigh anything."""
        return [n for n, weight in zip(self.names, self.weights.shares, strict=True) if weight > 0]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a ranking is made and tried: the method, its samples, and what repeats them."""

    method: Method
    weight_samples: int
    unknown_samples: int
    leading_share: float
    seed: int

    @classmethod
    def in_force(cls, method: Method, *, standards: Standards, as_of: date, seed: int) -> Settings:
        """Return the settings of the rules on the day ``as_of``."""
        return cls(
            method,
            weight_samples=int(standards.value("priority.weight_samples", as_of=as_of)),
            unknown_samples=int(standards.value("priority.unknown_samples", as_of=as_of)),
            leading_share=float(standards.value("priority.leading_share", as_of=as_of)),
            seed=seed,
        )


def answer(raw: pd.DataFrame, score: pd.Series[float], criteria: Criteria) -> str:
    """Return what a ranking says: a code of ``priority.answer`` in the wording."""
    if raw.empty:
        return "nothing_to_rank"
    if raw[criteria.weighing].isna().all(axis=None):
        return "all_unknown"
    if len(raw) == 1:
        return "one_alternative"
    rounded = score.round(ranking.DECIMALS)
    return "all_equal" if (rounded == rounded.iloc[0]).all() else "ranked"


def ranked(raw: pd.DataFrame, criteria: Criteria, settings: Settings) -> pd.DataFrame:
    """Return the rows of ``raw`` (a column a criterion; NaN unknown) from the first rank on.

    Columns, on the index of ``raw``: for each criterion its raw figure and ``…_score``, what
    it is worth (0–1; NaN unknown); ``coverage``, the weight of the known criteria (0–1);
    ``score``, with the unknown at its worst, and ``score_best``, with the row's own unknown
    at its best; ``rank``, ``rank_best``, ``rank_worst``; ``first_acceptability`` and
    ``rank_acceptability_top5``; ``swap_criterion`` and ``swap_weight_change``, what lets the
    next row pass; ``leading_criteria``. Equal rows share the better rank and stand in the
    order of their ids. An endless raw figure (no way at all) stands at the end of its value
    function. Where nothing at all is known there is no score and no rank (NA).
    """
    ends = [function.bounds[1] for function in criteria.functions]
    figures = raw[list(criteria.names)].to_numpy(dtype=float)
    figures = np.where(np.isposinf(figures), ends, figures)
    weights = criteria.weights.shares
    table = _worths(raw, figures, criteria)
    if raw[criteria.weighing].isna().all(axis=None):  # of no row, too
        return _without_ranks(table)

    def at(unknown: np.ndarray) -> ranking.Ranking:
        return ranking.ranking(settings.method, figures, criteria.functions, unknown=unknown)

    main = at(np.zeros(1))
    table["score"] = main.scores(weights)
    table["score_best"] = ranking.scores_at_own_best(
        settings.method, figures, criteria.functions, weights
    )
    table["rank"] = ranking.ranks(table["score"].to_numpy())
    best, worst = _rank_range(table, figures, criteria, settings)
    table["rank_best"], table["rank_worst"] = best, worst
    accepted = robustness.rank_acceptability(main, _random_weights(weights, settings))
    table["first_acceptability"] = accepted.first
    table["rank_acceptability_top5"] = accepted.top5
    ids = table.index.to_numpy()
    order = np.lexsort((ids, table["rank"].to_numpy()))
    swaps = robustness.smallest_swaps(main, weights, order)
    named = np.array([*criteria.names, None], dtype=object)  # -1 is the last: none
    table["swap_criterion"] = pd.Series(named[swaps.criterion], index=table.index, dtype="str")
    table["swap_weight_change"] = swaps.change
    table["leading_criteria"] = _leading(table, criteria, share=settings.leading_share)
    return _typed(table.iloc[order])


def _worths(raw: pd.DataFrame, figures: np.ndarray, criteria: Criteria) -> pd.DataFrame:
    """Return each criterion's raw figure and its worth, and the weight of what is known."""
    table = pd.DataFrame(index=raw.index)
    for at, (name, function) in enumerate(zip(criteria.names, criteria.functions, strict=True)):
        table[name] = figures[:, at]
        table[f"{name}_score"] = function.values(figures[:, at])
    table["coverage"] = ~np.isnan(figures) @ criteria.weights.shares
    return table


def _rank_range(
    table: pd.DataFrame, figures: np.ndarray, criteria: Criteria, settings: Settings
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best and worst rank that the unknown allows: exact, or seen by TOPSIS."""
    weights = criteria.weights.shares
    if settings.method != "topsis":
        return robustness.rank_bounds(table["score"].to_numpy(), table["score_best"].to_numpy())
    return robustness.sampled_rank_bounds(
        lambda cells: ranking.ranking("topsis", figures, criteria.functions, unknown=cells),
        weights,
        is_unknown=np.isnan(figures),
        samples=settings.unknown_samples,
        seed=settings.seed,
    )


def _random_weights(weights: np.ndarray, settings: Settings) -> np.ndarray:
    """Return random weights of the criteria that weigh anything; the others stay at zero."""
    weighs = weights > 0
    drawn = np.zeros((len(weights), settings.weight_samples))
    drawn[weighs] = robustness.uniform_weights(
        int(weighs.sum()), settings.weight_samples, seed=settings.seed
    )
    return drawn


def _leading(table: pd.DataFrame, criteria: Criteria, *, share: float) -> pd.Series[str]:
    """Return the fewest criteria that make up ``share`` of weight times worth, comma between.

    The largest comes first; empty where nothing known is worth anything.
    """
    worth = table[[f"{name}_score" for name in criteria.names]].fillna(0.0).to_numpy()
    parts = worth * criteria.weights.shares
    order = np.argsort(-parts, axis=1, kind="stable")
    sorted_parts = np.take_along_axis(parts, order, axis=1)
    before = np.cumsum(sorted_parts, axis=1) - sorted_parts
    needed = share * parts.sum(axis=1, keepdims=True)
    leads = (before < needed - 10.0**-ranking.DECIMALS) & (sorted_parts > 0)
    names = np.array(criteria.names, dtype=object)[order]
    # Joining texts of unequal number has no vector form.
    joined = [",".join(row[keep]) for row, keep in zip(names, leads, strict=True)]
    return pd.Series(joined, index=table.index, dtype="str")


def _without_ranks(table: pd.DataFrame) -> pd.DataFrame:
    for name in RESULT_COLUMNS:
        table[name] = pd.Series(pd.NA, index=table.index, dtype="object")
    return _typed(table.sort_index())


RANKS = ("rank", "rank_best", "rank_worst")
TEXTS = ("swap_criterion", "leading_criteria")
RESULT_COLUMNS = (
    *("score", "score_best", *RANKS),
    *("first_acceptability", "rank_acceptability_top5"),
    *("swap_criterion", "swap_weight_change", "leading_criteria"),
)


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    kinds = {
        name: "Int64" if name in RANKS else "str" if name in TEXTS else "float64"
        for name in RESULT_COLUMNS
    }
    numbers = table.assign(
        **{
            name: pd.to_numeric(table[name], errors="coerce")
            for name, kind in kinds.items()
            if kind == "float64"
        }
    )
    return numbers.astype(kinds)
