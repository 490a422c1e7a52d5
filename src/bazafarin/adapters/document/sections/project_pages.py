"""A page a project (سیمای پروژه): its map, its figures, and the reasons in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from bazafarin.adapters.document.content import (
    Cell,
    Fact,
    Highlights,
    Section,
    Table,
    TableColumn,
)
from bazafarin.adapters.document.figures import (
    as_float,
    chapter_words,
    label,
    place_code,
    with_unit,
)
from bazafarin.adapters.document.sections.project_reasons import reasons
from bazafarin.adapters.drawing.map_picture import MapLabel, frame_around
from bazafarin.adapters.drawing.project_map import ProjectGround, project_map
from bazafarin.adapters.persian_text import persian_digits
from bazafarin.studies.project_reach import parcels_in_reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from bazafarin.adapters.document.content import Picture
    from bazafarin.adapters.document.drawings import Drawings
    from bazafarin.adapters.document.subject import Row, Subject
    from bazafarin.adapters.drawing.map_picture import Frame
    from bazafarin.studies.city_plan import CityPlan
    from bazafarin.studies.driver_projects import DriverProjects
    from bazafarin.studies.proposals import Proposals

said = partial(chapter_words, "projects")

EXPLAINED = 12
"""So many projects have a page; the table has them all."""
MOST_MM = 80.0
WIDTH_MM = 122.0
AROUND_M = 40.0
"""Ground beyond the reached homes, so that the outermost stand among their neighbours."""
LEAST_LAND = "projects.{}.least_area"
"""The rule of the least land that a project of a service needs."""


@dataclass(frozen=True)
class Reached:
    """What the pages of some projects share: who is within reach of each."""

    subject: Subject
    proposed: Proposals
    projects: gpd.GeoDataFrame

    @property
    def plan(self) -> CityPlan:
        """Return the plan."""
        return self.subject.plan

    @property
    def made(self) -> DriverProjects:
        """Return the driver projects; there are some where there are pages."""
        assert self.proposed.projects is not None  # noqa: S101 - asked before
        return self.proposed.projects

    @cached_property
    def least_m2(self) -> dict[str, float]:
        """Return the least land of each service that projects could be of."""
        access = self.proposed.access
        cited = {name: self.plan.citations.get(LEAST_LAND.format(name)) for name in access.radius_m}
        return {name: as_float(rule.value) for name, rule in cited.items() if rule is not None}

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Return the parcels within the radius of each project, by service."""
        reach: Any = self.plan.citations["access.join_reach_m"].value
        return parcels_in_reach(
            self.proposed.access, self.projects, tuple(self.least_m2), reach_m=float(reach)
        )

    def of(self, at: int, service: str) -> pd.DataFrame:
        """Return the pairs of a project and a service."""
        pairs = self.pairs
        return pairs[(pairs["project"] == at) & (pairs["service"] == service)]


def project_pages(
    subject: Subject, proposed: Proposals, here: gpd.GeoDataFrame, drawings: Drawings
) -> tuple[Section, ...]:
    """Return a part for each of the first projects, each on a page of its own."""
    shown = here.head(EXPLAINED)
    if shown.empty:
        return ()
    reached = Reached(subject, proposed, shown)
    rows: Sequence[Row] = shown.to_dict("records")
    return tuple(_page(at, row, reached, drawings) for at, row in enumerate(rows))


def _page(at: int, row: Row, reached: Reached, drawings: Drawings) -> Section:
    subject = reached.subject
    place = subject.name_of(row["neighbourhood_id"])
    service = label("service", row["service"])
    return Section(
        said("page.title", rank=row["rank"], service=service, place=place),
        (
            _highlights(row),
            _map(at, row, reached, drawings),
            _particulars(at, row, reached),
        ),
        on_new_page=True,
        is_part=True,
    )


def _highlights(row: Row) -> Highlights:
    figures = (
        ("served", "people_served", "persons"),
        ("whole_cost", "cost_rial", "rial"),
        ("municipal", "municipal_rial", "rial"),
        ("used", "land_m2", "m2"),
    )
    return Highlights(
        tuple(Fact(said(f"page.{key}"), with_unit(row[name], unit)) for key, name, unit in figures)
    )


def _particulars(at: int, row: Row, reached: Reached) -> Table:
    """Return the table of what the project is, and why it is proposed."""
    columns = (
        TableColumn(said("page.what"), 0.9, is_text=True),
        TableColumn(said("page.answer"), 4.6, is_text=True),
    )
    facts = {name: with_unit(row[name], unit) for name, unit in FIGURES.items()}
    facts["block"] = persian_digits(str(row["block_id"]))
    facts["kind"] = said(f"kind.{row['kind']}")
    parcels = "، ".join(place_code(code) for code in str(row["site_id"]).split("+"))
    rows = (
        (Cell(said("page.site")), Cell(parcels)),
        *(
            (Cell(said(f"page.{key}")), Cell(said(f"page.of.{key}", **facts)))
            for key in ("land", "reach", "cost")
        ),
        *(
            (Cell(said(f"why.asked.{key}", rank=row["rank"])), Cell(answer))
            for key, answer in reasons(at, row, reached)
        ),
    )
    return Table(said("page.table", rank=row["rank"]), columns, rows)


FIGURES = {
    "site_area_m2": "m2",
    "capacity": "persons",
    "people_in_reach": "persons",
    "people_served": "persons",
    "works_rial": "rial",
    "land_rial": "rial",
    "state_rial": "rial",
}
"""The figures of a page's table, with their units."""


def _map(at: int, row: Row, reached: Reached, drawings: Drawings) -> Picture:
    plan = reached.plan
    service = str(row["service"])
    pairs = reached.of(at, service)
    shapes = plan.parcels.geometry.to_numpy()
    unserved = shapes[pairs.loc[pairs["is_unserved"], "parcel"].to_numpy()]
    within = shapes[pairs.loc[~pairs["is_unserved"], "parcel"].to_numpy()]
    others = reached.made.projects
    others = others[others["project_id"] != row["project_id"]]
    places = reached.proposed.access.places
    places = places[places["service"] == service]
    frame = _frame(row, unserved)
    plan_map = project_map(
        _ground(plan, frame, reached.subject),
        row["geometry"],
        unserved=unserved,
        within=within,
        others=_inside(others, frame).geometry.to_numpy(),
        places=_inside(places, frame).geometry.to_numpy(),
    )
    names = {name: said(f"legend.{name}") for name in LEGEND}
    return drawings.map(said("page.map_title", rank=row["rank"]), plan_map, names)


LEGEND = ("site", "unserved", "within", "others", "place", "passage", "neighbourhood")


def _frame(row: Row, unserved: np.ndarray[Any, Any]) -> Frame:
    """Return the ground of the site and the unserved homes that it reaches."""
    bounds = np.array([row["geometry"].bounds, *(shape.bounds for shape in unserved)])
    low, high = bounds[:, :2].min(axis=0) - AROUND_M, bounds[:, 2:].max(axis=0) + AROUND_M
    ground = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    return frame_around(ground, width_mm=WIDTH_MM, least_mm=MOST_MM, most_mm=MOST_MM)


def _ground(plan: CityPlan, frame: Frame, subject: Subject) -> ProjectGround:
    areas = _inside(plan.neighbourhoods, frame)
    points = areas.geometry.representative_point()
    labels = tuple(
        MapLabel(x, y, subject.name_of(code))
        for code, x, y in zip(areas["neighbourhood_id"], points.x, points.y, strict=True)
    )
    return ProjectGround(
        frame, _inside(plan.blocks, frame), _inside(plan.passages, frame), areas, labels
    )


def _inside(frame: gpd.GeoDataFrame, ground: Frame) -> gpd.GeoDataFrame:
    """Return the rows that touch the ground of a map and have a shape."""
    held = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    return held.cx[ground.left_m : ground.right_m, ground.bottom_m : ground.top_m]
