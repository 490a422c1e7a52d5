"""Streets measured slowly: one ray at a time, drawn as a line, against every face near it.

Nothing here is shared with the package: pieces, rays, mouths, widths and the blocks that a
passage bounds are worked out again from what the decision records and docstrings say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import shapely
from shapely import LineString, MultiLineString, Point, Polygon
from shapely.ops import substring

NODE_TOLERANCE_M = 0.5
DRIFT_M = 0.5
SMOOTHING_M = 0.2
RECEDING_SLOPE = 2.0
LEAST_SAMPLES = 8
SAME_PLACE_M = 1e-9


@dataclass(frozen=True)
class Hit:
    """What one ray met: metres to it (None: nothing in reach), which face, from within it."""

    distance: float | None
    face: int | None
    inside: bool


@dataclass
class Sample:
    """One place along a piece, and what lies to its left and right."""

    at: float
    hits: tuple[Hit, Hit]
    mouth: list[bool]


def pieces_of(lines: list[LineString]) -> list[tuple[int, LineString]]:
    """Return (line, piece) cut wherever another line crosses it or ends on it."""
    cut = []
    for own, line in enumerate(lines):
        if line.length == 0:
            continue
        places: list[float] = []
        for other_at, other in enumerate(lines):
            if other_at == own or line.distance(other) > NODE_TOLERANCE_M:
                continue
            points = [Point(other.coords[0]), Point(other.coords[-1])]
            points = [p for p in points if p.distance(line) <= NODE_TOLERANCE_M]
            if line.crosses(other):
                common = line.intersection(other)
                points += [Point(c) for c in shapely.get_coordinates(common)]
            places += [line.project(point) for point in points]
        low, high = NODE_TOLERANCE_M, line.length - NODE_TOLERANCE_M
        cuts: list[float] = []
        last = -math.inf
        for place in sorted(p for p in places if low < p < high):
            if place - last > NODE_TOLERANCE_M:
                cuts.append(place)
            last = place
        stops = [0.0, *cuts, line.length]
        cut += [(own, substring(line, a, b)) for a, b in pairwise(stops)]
    return cut


class Faces:
    """Polygons that end a ray."""

    def __init__(self, polygons: list[Polygon]) -> None:
        self.polygons = polygons
        self.tree = shapely.STRtree(polygons)

    def first_hit(
        self, point: tuple[float, float], to: tuple[float, float], *, reach: float, drift: float
    ) -> Hit:
        """Return what a ray from ``point`` towards the unit vector ``to`` meets first."""
        (x, y), (ux, uy) = point, to
        begin = (x - ux * drift, y - uy * drift)
        ray = LineString([begin, (x + ux * reach, y + uy * reach)])
        best = Hit(None, None, inside=False)
        for face in self.tree.query(ray):
            for start, end in _stretches_inside(ray, self.polygons[face]):
                within = start <= SAME_PLACE_M
                distance = (end if within else start) - drift
                if within and (distance <= drift or end >= ray.length - SAME_PLACE_M):
                    continue  # a face of the other side, or no way out of it in reach
                if best.distance is None or distance < best.distance:
                    best = Hit(distance, int(face), inside=within)
        return best


def _stretches_inside(ray: LineString, face: Polygon) -> list[tuple[float, float]]:
    """Return from where to where, along the ray, it lies in the face."""
    common = ray.intersection(face)
    parts = common.geoms if isinstance(common, MultiLineString) else [common]
    origin = Point(ray.coords[0])
    stretches = []
    for part in parts:
        if part.geom_type == "LineString" and part.length > 0:
            ends = sorted(origin.distance(Point(c)) for c in (part.coords[0], part.coords[-1]))
            stretches.append((ends[0], ends[1]))
    return stretches


def samples_of(
    piece: LineString, faces: Faces, *, spacing: float, reach: float, drift: float = DRIFT_M
) -> list[Sample]:
    """Return the samples of a piece, evenly along it, with their mouths marked."""
    line = piece.simplify(SMOOTHING_M)
    count = max(LEAST_SAMPLES, math.ceil(line.length / spacing))
    samples = []
    for number in range(count):
        at = (number + 0.5) * line.length / count
        point, (ux, uy) = _place(line, at)
        left = faces.first_hit(point, (-uy, ux), reach=reach, drift=drift)
        right = faces.first_hit(point, (uy, -ux), reach=reach, drift=drift)
        samples.append(Sample(at, (left, right), [False, False]))
    for side in (0, 1):
        far = [reach if s.hits[side].distance is None else s.hits[side].distance for s in samples]
        for own, sample in enumerate(samples):
            sample.mouth[side] = any(
                far[own] > far[other] + RECEDING_SLOPE * abs(sample.at - samples[other].at) + 1e-9
                for other in range(len(samples))
            )
    return samples


def _place(line: LineString, at: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the point ``at`` metres along a line and the direction of its segment."""
    walked = 0.0
    segments = list(pairwise(line.coords))
    for number, ((x0, y0), (x1, y1)) in enumerate(segments):
        length = math.hypot(x1 - x0, y1 - y0)
        if at < walked + length or number == len(segments) - 1:
            ux, uy = (x1 - x0) / length, (y1 - y0) / length
            ahead = at - walked
            return (x0 + ux * ahead, y0 + uy * ahead), (ux, uy)
        walked += length
    raise AssertionError(line)


def width_between_faces(samples: list[Sample], *, answer_share: float) -> float | None:
    """Return the median way from face to face; None where too few samples answer."""
    widths = []
    for sample in samples:
        left, right = sample.hits
        if left.distance is None or right.distance is None or left.inside or right.inside:
            continue
        if not any(sample.mouth) and left.distance + right.distance > 0:
            widths.append(left.distance + right.distance)
    return _enough(widths, samples, answer_share)


def width_of_surface(samples: list[Sample], *, answer_share: float) -> float | None:
    """Return the median width of the surface that the samples lie in; None if too few do."""
    widths = [
        s.hits[0].distance + s.hits[1].distance
        for s in samples
        if s.hits[0].inside and s.hits[1].inside and not any(s.mouth)
    ]
    return _enough(widths, samples, answer_share)


def _enough(widths: list[float], samples: list[Sample], answer_share: float) -> float | None:
    if not widths or len(widths) / len(samples) < answer_share:
        return None
    return median(widths)


def blocks_of_piece(
    samples: list[Sample],
    block_of_face: list[str | None],
    *,
    bounding_share: float,
    entering_share: float,
    beside: float | None,
) -> set[str]:
    """Return the blocks that a piece bounds or enters, none of them farther than ``beside``."""

    def block(hit: Hit) -> str | None:
        if hit.face is None or hit.distance is None:
            return None
        is_beyond = beside is not None and hit.distance > beside
        return None if is_beyond else block_of_face[hit.face]

    counted = [[s.hits[side].inside or not s.mouth[side] for side in (0, 1)] for s in samples]
    found: set[str] = set()
    both = [s for s, c in zip(samples, counted, strict=True) if all(c)]
    sides = [[s for s, c in zip(samples, counted, strict=True) if c[side]] for side in (0, 1)]
    names = {block(hit) for s in samples for hit in s.hits} - {None}
    for name in names:
        at_both = sum(block(s.hits[0]) == name == block(s.hits[1]) for s in both)
        if at_both and at_both / len(both) >= entering_share:
            found.add(name)
        for side in (0, 1):
            met = sum(block(s.hits[side]) == name for s in sides[side])
            if met and met / len(sides[side]) >= bounding_share:
                found.add(name)
    return found
