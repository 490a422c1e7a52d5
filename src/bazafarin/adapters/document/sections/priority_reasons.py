"""Why a row has its rank, and what would change it, in sentences."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bazafarin.adapters import wording
from bazafarin.adapters.document.figures import chapter_words, figure, is_unknown
from bazafarin.adapters.persian_text import number

if TYPE_CHECKING:
    from bazafarin.adapters.document.subject import Row

said = partial(chapter_words, "priority")

SCORE_DECIMALS = 3


def criterion_name(code: object) -> str:
    """Return a criterion in words."""
    return wording.sentence(f"priority.criterion.{code}", "fa")


def score_text(score: object) -> str:
    """Return a score of 0–1 with its decimals."""
    return figure(None) if is_unknown(score) else number(float(str(score)), decimals=SCORE_DECIMALS)


def reason(row: Row) -> str:
    """Return which criteria lead, and the least change of a weight that levels the next."""
    return " ".join(part for part in (_leading(row), _swap(row)) if part)


def full_reason(what: str, row: Row) -> str:
    """Return the sentences of the first of a ranking."""
    best, worst = row["rank_best"], row["rank_worst"]
    firm = is_unknown(best) or best == worst
    parts = (
        said("why.first", what=what, score=score_text(row["score"])),
        _leading(row),
        said("why.range_firm" if firm else "why.range_open", best=best, worst=worst),
        _samples(row["first_acceptability"]),
        _swap(row),
    )
    return " ".join(part for part in parts if part)


def _samples(share: object) -> str:
    """Return how many random weights put a row first."""
    return said("why.samples" if is_unknown(share) or share else "why.no_sample", share=share)


def _leading(row: Row) -> str:
    codes = row["leading_criteria"]
    if is_unknown(codes) or not codes:
        return ""
    joint = f" {wording.sentence('units.and', 'fa')} "
    return said("why.leading", criteria=joint.join(map(criterion_name, str(codes).split(","))))


def _swap(row: Row) -> str:
    change, criterion = row["swap_weight_change"], row["swap_criterion"]
    if not is_unknown(change) and change == 0:
        return said("why.equal")
    if is_unknown(criterion) or is_unknown(change):
        return said("why.no_swap")
    key = "why.swap_up" if change > 0 else "why.swap_down"
    points = figure(abs(float(change)), "share_points")
    return said(key, criterion=criterion_name(criterion), points=points)
