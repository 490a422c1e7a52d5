"""What a person reads of a proposal, line by line; one function for each, of its own name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bazafarin.adapters import wording
from bazafarin.cli.said_table import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.adapters.wording import Language

LOCATE_COLUMNS = ("site", "demand_points", "weight", "mean_cost", "farthest_cost")


def locate(result: dict[str, Any], language: Language) -> Iterator[str]:
    """Say which sites are best, how good they are and what proves it."""

    def said(key: str, **facts: object) -> str:
        return wording.text(f"siting.said.{key}", language, **facts)

    model, total = result["model"], result["total_weight"]
    share = result["objective"] / total if total else None
    yield said(f"model.{model}")
    yield said("size", demand=result["demand_points"], sites=result["possible_sites"])
    yield said(
        f"objective.{model}", objective=result["objective"], total=total, share=share, mean=share
    )
    if result["proven_optimal"]:
        yield said("proven")
    elif result["gap"] is None or result["bound"] is None:
        yield said("gap_unknown")
    else:
        yield said("not_proven", bound=result["bound"], gap=result["gap"])
    titles = [said(f"column.{name}") for name in LOCATE_COLUMNS]
    rows = [
        [said("figure", value=site[name]) for name in LOCATE_COLUMNS] for site in result["served"]
    ]
    yield from table(titles, rows, language)
    if result["unassigned"]:
        yield said("unassigned", count=result["unassigned"])
    yield said("seconds", seconds=result["seconds"])
