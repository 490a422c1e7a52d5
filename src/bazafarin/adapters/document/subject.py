"""What a document is about: the whole delivery, or one neighbourhood of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from bazafarin.adapters.document.figures import is_unknown, label, place_code, words
from bazafarin.domain.errors import RenderingError

if TYPE_CHECKING:
    import geopandas as gpd

    from bazafarin.domain.finding import Finding
    from bazafarin.studies.city_plan import CityPlan

Frame = TypeVar("Frame", bound=pd.DataFrame)
Row = Mapping[Hashable, Any]
"""One row of a table, as pandas gives it."""


@dataclass(frozen=True)
class Subject:
    """A plan, and the neighbourhood that the document is about; None is all of it."""

    plan: CityPlan
    neighbourhood_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse a neighbourhood that the plan does not have."""
        if self.neighbourhood_id is not None and self.here.empty:
            known = tuple(self.plan.neighbourhoods["neighbourhood_id"].astype(str))
            raise RenderingError(
                "document.neighbourhood_missing", neighbourhood=self.neighbourhood_id, known=known
            )

    @property
    def scope(self) -> str:
        """Return the scope of the findings that the document is about."""
        return "city" if self.neighbourhood_id is None else f"neighbourhood:{self.neighbourhood_id}"

    @property
    def is_city(self) -> bool:
        """Return whether the document is about the whole delivery."""
        return self.neighbourhood_id is None

    @cached_property
    def here(self) -> gpd.GeoDataFrame:
        """Return the rows of the neighbourhoods that the document is about."""
        return self.inside(self.plan.neighbourhoods)

    @cached_property
    def blocks(self) -> gpd.GeoDataFrame:
        """Return the blocks that the document is about."""
        return self.inside(self.plan.blocks)

    @cached_property
    def parcels(self) -> gpd.GeoDataFrame:
        """Return the parcels that the document is about."""
        return self.inside(self.plan.parcels)

    @cached_property
    def services(self) -> pd.DataFrame:
        """Return the services table's rows that the document is about."""
        return self.inside(self.plan.services)

    @cached_property
    def changes(self) -> gpd.GeoDataFrame | None:
        """Return the boundary changes among the subject's blocks; None without a boundary."""
        changes = self.plan.boundary_changes
        if changes is None or self.is_city:
            return changes
        return changes[changes["block_id"].isin(self.blocks["block_id"])]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return the name of each neighbourhood of the plan by its id, or its code."""
        rows = self.plan.neighbourhoods
        return {str(row["neighbourhood_id"]): neighbourhood_name(row) for _, row in rows.iterrows()}

    def name_of(self, neighbourhood_id: object) -> str:
        """Return the name of a neighbourhood that a row names; of none, the word for unknown."""
        if is_unknown(neighbourhood_id):
            return label("neighbourhood", None)
        return self.names.get(str(neighbourhood_id), place_code(neighbourhood_id))

    @property
    def place(self) -> str:
        """Return the name of the city or neighbourhood, or its code where it has no name."""
        return self.plan.city.name_fa if self.is_city else neighbourhood_name(self.here.iloc[0])

    @property
    def title(self) -> str:
        """Return the document's title."""
        if self.is_city:
            says_city = self.place.startswith(words("title.city_word"))
            return words("title.named" if says_city else "title.city", name=self.place)
        return words("title.neighbourhood", name=self.place)

    @cached_property
    def _findings(self) -> dict[tuple[str, str], Finding]:
        return {(finding.scope, finding.id): finding for finding in self.plan.findings}

    def findings(self) -> tuple[Finding, ...]:
        """Return every finding of the document's scope, in the plan's order."""
        return tuple(finding for finding in self.plan.findings if finding.scope == self.scope)

    def has(self, finding_id: str, *, scope: str | None = None) -> bool:
        """Return whether the plan answers ``finding_id`` for the scope (the document's own)."""
        return (scope or self.scope, finding_id) in self._findings

    def finding(self, finding_id: str, *, scope: str | None = None) -> Finding:
        """Return the finding of the scope (the document's own unless named)."""
        if not self.has(finding_id, scope=scope):
            raise RenderingError(
                "document.finding_missing", finding=finding_id, scope=scope or self.scope
            )
        return self._findings[scope or self.scope, finding_id]

    def inside(self, frame: Frame) -> Frame:
        """Return the rows of the document's neighbourhood."""
        if self.neighbourhood_id is None:
            return frame
        return frame[frame["neighbourhood_id"] == self.neighbourhood_id]


def neighbourhood_name(row: pd.Series) -> str:
    """Return a neighbourhood's Persian name, or its code where it has none."""
    name = row["name_fa"]
    return place_code(row["neighbourhood_id"]) if pd.isna(name) else str(name)
