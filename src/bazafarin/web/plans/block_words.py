"""Why a block is worn-out or not, in sentences: each index, the answer, the boundary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bazafarin.adapters import persian_text
from bazafarin.studies.worn_out_fabric import INDICES, SHARE_RULES, TEST_RULES
from bazafarin.web.office.said import language, said
from bazafarin.web.plans.figure_words import Cited, cited

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.web.plans.models import BlockResult


@dataclass(frozen=True, slots=True)
class IndexReason:
    """One index of a block: its sentence, whether it is met, and the rules it stands on."""

    index: str
    share: float | None
    sentence: str
    coverage: str
    is_met: bool | None
    rules: tuple[Cited, ...]

    @property
    def is_unverified(self) -> bool:
        """Return whether any of its rules has no source that was seen."""
        return any(not rule.is_verified for rule in self.rules)


@dataclass(frozen=True, slots=True)
class BlockReasons:
    """Everything that a page says of a block."""

    verdict: str
    decided: str
    boundary: str
    indices: tuple[IndexReason, ...]


def reasons_of(block: BlockResult, citations: Mapping[str, Any]) -> BlockReasons:
    """Return the reasons of what a plan says of ``block``."""
    indices = tuple(_index(block, index, citations) for index in INDICES)
    open_ones = [
        said(f"codes.index.{each.index}")
        for each in indices
        if _is_open(block, each.index, citations)
    ]
    level = f"worn_out_{block.level}" if block.level else "none"
    return BlockReasons(
        verdict=said(f"map.verdict.{level}"),
        decided=said(f"map.decided.{block.decided}", indices=open_ones),
        boundary=said(f"map.reason.{block.reason}") if block.reason else "",
        indices=indices,
    )


def _index(block: BlockResult, index: str, citations: Mapping[str, Any]) -> IndexReason:
    share = getattr(block, f"{index}_share")
    threshold = _threshold(index, citations)
    limit = citations.get(TEST_RULES[index][0], {}).get("value")
    key = f"map.index.{index}" if share is not None else f"map.index.unknown_{index}"
    facts = {
        "share": _percent(share),
        "threshold": _percent(threshold),
        "limit": persian_text.number(limit, language=language()) if limit is not None else "",
    }
    rules = [rule for rule in (*TEST_RULES[index], SHARE_RULES[index]) if rule in citations]
    return IndexReason(
        index=index,
        share=share,
        sentence=said(key, **facts),
        coverage=_coverage(block, index) if share is not None else "",
        is_met=None if share is None else share > threshold,
        rules=tuple(cited(rule, citations) for rule in rules),
    )


def _coverage(block: BlockResult, index: str) -> str:
    """Return how much was known and between what the true share lies, where not all was."""
    known = getattr(block, f"{index}_coverage")
    if known is None or known >= 1:
        return ""
    least, most = (getattr(block, f"{index}_share_{end}") for end in ("min", "max"))
    if least is None or most is None:
        return said("map.index.coverage", coverage=_percent(known))
    facts = {"coverage": _percent(known), "least": _percent(least), "most": _percent(most)}
    return said("map.index.bounds", **facts)


def _is_open(block: BlockResult, index: str, citations: Mapping[str, Any]) -> bool:
    """Return whether the unknown rows could move an index over its threshold."""
    threshold = _threshold(index, citations)
    least, most = (getattr(block, f"{index}_share_{end}") for end in ("min", "max"))
    if least is None or most is None:
        return True
    return bool(least <= threshold < most)


def _threshold(index: str, citations: Mapping[str, Any]) -> float:
    return float(citations[SHARE_RULES[index]]["value"])


def _percent(share: float | None) -> str:
    decimals = 0 if share is None or (share * 100).is_integer() else 1
    return persian_text.percent(share, decimals=decimals, language=language())
