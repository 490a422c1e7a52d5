"""The pictures of a document: each is promised to its section first, then all are drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import LegendEntry, Picture
from bazafarin.adapters.document.figures import place_code, words
from bazafarin.adapters.document.scale_bar import scale_bar
from bazafarin.adapters.document.subject import Subject, neighbourhood_name
from bazafarin.adapters.drawing.map_picture import MapLabel, frame_around
from bazafarin.adapters.drawing.plan_maps import Ground, boundary_map
from bazafarin.adapters.drawing.service_chart import SERVICE_LOOKS, ServiceBar, draw_service_chart
from bazafarin.adapters.persian_text import jalali

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from bazafarin.adapters.drawing.map_picture import Frame
    from bazafarin.adapters.drawing.plan_maps import PlanMap

MAP_MM = 122.0
CHART_MM = 122.0
SCALE_MM = 34.0
CARD_MM = 60.0
CARD_SCALE_MM = 20.0
FILES_NAMED = 3
"""Above so many files the remark counts them; the table of sources names them."""
CODES_ON_A_MAP = 60
"""Above so many blocks their codes would hide the map; the table has them."""


@dataclass
class Drawings:
    """The pictures promised for one document, and the folder they are drawn into."""

    subject: Subject
    folder: Path
    _maps: list[tuple[PlanMap, Path]] = field(default_factory=list)

    def ground(self, *, most_mm: float, codes: bool = False) -> Ground:
        """Return the ground of the subject's maps, on paper no higher than ``most_mm``.

        A city's maps name its neighbourhoods; a neighbourhood's its blocks, where ``codes``.
        """
        names = self.neighbourhood_labels if self.subject.is_city else ()
        return _ground(self.subject, names or (self.block_labels if codes else ()), most_mm=most_mm)

    def city_ground(self, *, most_mm: float) -> Ground:
        """Return the ground of the whole delivery, with the names of its neighbourhoods."""
        whole = Subject(self.subject.plan)
        return _ground(whole, self.neighbourhood_labels, most_mm=most_mm)

    def card_map(self, part: Subject) -> Picture:
        """Promise the small map of one neighbourhood's worn-out blocks, without furniture."""
        plan = part.plan
        ground = _ground(part, (), most_mm=CARD_MM, width_mm=CARD_MM)
        plan_map = boundary_map(
            ground, proposed=plan.proposed_boundary, approved=plan.city.approved_boundary
        )
        path = self._promise(plan_map)
        frame = ground.frame
        scale = scale_bar(frame.metres_per_mm, longest_mm=CARD_SCALE_MM)
        return Picture("", path.name, frame.width_mm, frame.height_mm, (), (), scale)

    @cached_property
    def neighbourhood_labels(self) -> tuple[MapLabel, ...]:
        """Return the names of the plan's neighbourhoods, the largest first."""
        rows = _drawn(self.subject.plan.neighbourhoods)
        rows = rows.assign(at=rows.representative_point()).sort_values("area_m2", ascending=False)
        return tuple(
            MapLabel(at.x, at.y, neighbourhood_name(row))
            for (_, row), at in zip(rows.iterrows(), rows["at"], strict=True)
        )

    @cached_property
    def block_labels(self) -> tuple[MapLabel, ...]:
        """Return the codes of the subject's blocks, where they are few enough to be read."""
        blocks = self.subject.blocks
        if self.subject.is_city or len(blocks) > CODES_ON_A_MAP:
            return ()
        points = blocks.geometry.representative_point()
        return tuple(
            MapLabel(x, y, place_code(code), size_pt=5.5)
            for code, x, y in zip(blocks["block_id"], points.x, points.y, strict=True)
        )

    def map(self, title: str, plan_map: PlanMap, names: Mapping[str, str]) -> Picture:
        """Promise a map; ``names`` are the words of its legend by layer name."""
        path = self._promise(plan_map)
        frame = plan_map.frame
        legend = plan_map.legend
        return Picture(
            title=title,
            file=path.name,
            width_mm=frame.width_mm,
            height_mm=frame.height_mm,
            legend=tuple(LegendEntry(names[name], look) for name, look in legend.items()),
            remarks=self.remarks(),
            scale=scale_bar(frame.metres_per_mm, longest_mm=SCALE_MM),
        )

    def service_chart(self, title: str, bars: Sequence[ServiceBar]) -> Picture:
        """Draw the services chart."""
        path = self.folder / "services.svg"
        height_mm = draw_service_chart(path, bars, width_mm=CHART_MM)
        return Picture(
            title=title,
            file=path.name,
            width_mm=CHART_MM,
            height_mm=height_mm,
            legend=tuple(
                LegendEntry(words(f"chart.{name}"), look) for name, look in SERVICE_LOOKS.items()
            ),
            remarks=(words("chart.unit"), *self.remarks()),
        )

    def _promise(self, plan_map: PlanMap) -> Path:
        path = self.folder / f"map-{len(self._maps) + 1}.png"
        self._maps.append((plan_map, path))
        return path

    def draw(self) -> None:
        """Draw every map that was promised."""
        for plan_map, path in self._maps:
            plan_map.draw(path)

    def remarks(self) -> tuple[str, ...]:
        """Return the source and the date that stand beside every picture."""
        plan = self.subject.plan
        # A layer of several files names them all, one after the other.
        paths = [path for s in plan.city.sources.values() for path in s.path.split(", ")]
        files = sorted({PurePath(path).name for path in paths})
        source = words(
            "map.source_unknown"
            if not files
            else "map.source"
            if len(files) <= FILES_NAMED
            else "map.sources",
            files=files,
            count=len(files),
        )
        synthetic = (words("map.synthetic"),) if plan.city.synthetic else ()
        return (source, words("map.date", day=jalali(plan.as_of)), *synthetic)


def _ground(
    subject: Subject, labels: tuple[MapLabel, ...], *, most_mm: float, width_mm: float = MAP_MM
) -> Ground:
    frame = frame_around(
        _bounds(subject), width_mm=width_mm, least_mm=0.6 * most_mm, most_mm=most_mm
    )
    return Ground(
        frame,
        subject.blocks,
        subject.parcels,
        _drawn(subject.here),
        labels,
        None if subject.is_city else _beside(subject, frame),
    )


def _beside(subject: Subject, frame: Frame) -> gpd.GeoDataFrame:
    """Return the blocks of other neighbourhoods on the map's ground."""
    others = subject.plan.blocks[~subject.plan.blocks.index.isin(subject.blocks.index)]
    return others.cx[frame.left_m : frame.right_m, frame.bottom_m : frame.top_m]


def _drawn(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the rows that have a geometry."""
    return frame[~(frame.geometry.isna() | frame.geometry.is_empty)]


def _bounds(subject: Subject) -> tuple[float, float, float, float]:
    """Return the ground of the blocks; without any, of the neighbourhoods, else of the city."""
    frames = (subject.blocks, subject.here, subject.plan.blocks, subject.plan.parcels)
    drawn = next(frame for frame in map(_drawn, frames) if not frame.empty)
    left, bottom, right, top = drawn.total_bounds
    return float(left), float(bottom), float(right), float(top)
