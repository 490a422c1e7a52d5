from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.image import imread
from shapely import LineString, MultiPolygon, Polygon, box

from bazafarin.adapters.drawing.look import Hatch, Look
from bazafarin.adapters.drawing.map_picture import MapLabel, MapLayer, draw_map, frame_around
from bazafarin.adapters.drawing.outlines import line_paths, polygon_paths

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

RED = "#FF0000"


def shapes(*geometry: object) -> npt.NDArray[np.object_]:
    array = np.empty(len(geometry), dtype=object)
    array[:] = geometry
    return array


def reddish(path: Path) -> float:
    """Return the share of a picture that is plainly red."""
    picture = imread(path)
    return float(((picture[..., 0] > 0.9) & (picture[..., 1] < 0.1)).mean())


def test_a_frame_keeps_one_scale_both_ways_and_holds_its_content() -> None:
    frame = frame_around((0, 0, 1_000, 300), width_mm=100, least_mm=60, most_mm=90)

    assert (frame.right_m - frame.left_m) / frame.width_mm == pytest.approx(frame.metres_per_mm)
    assert (frame.top_m - frame.bottom_m) / frame.height_mm == pytest.approx(frame.metres_per_mm)
    assert frame.left_m < 0
    assert frame.right_m > 1_000
    assert frame.height_mm == 60


def test_a_tall_place_is_drawn_no_higher_than_allowed() -> None:
    frame = frame_around((0, 0, 100, 5_000), width_mm=100, least_mm=60, most_mm=90)

    assert frame.height_mm == 90
    assert frame.top_m > 5_000


def test_a_point_still_has_ground_round_it() -> None:
    frame = frame_around((5, 5, 5, 5), width_mm=100, least_mm=60, most_mm=90)

    assert frame.right_m - frame.left_m >= 60


def test_an_area_is_filled_as_large_as_it_is(tmp_path: Path) -> None:
    frame = frame_around((0, 0, 100, 100), width_mm=50, least_mm=50, most_mm=50)
    half = MapLayer(shapes(box(0, 0, 100, 50)), Look(fill=RED))

    draw_map(tmp_path / "m.png", frame, [half])

    ground = (frame.right_m - frame.left_m) * (frame.top_m - frame.bottom_m)
    assert reddish(tmp_path / "m.png") == pytest.approx(5_000 / ground, abs=0.01)


@pytest.mark.parametrize("turn", [1, -1])
def test_holes_stay_open_whichever_way_rings_turn(tmp_path: Path, turn: int) -> None:
    frame = frame_around((0, 0, 100, 100), width_mm=50, least_mm=50, most_mm=50)
    shell = [(0, 0), (100, 0), (100, 100), (0, 100)]
    hole = [(10, 10), (90, 10), (90, 90), (10, 90)][::turn]

    draw_map(tmp_path / "m.png", frame, [MapLayer(shapes(Polygon(shell, [hole])), Look(fill=RED))])

    ground = (frame.right_m - frame.left_m) ** 2
    assert reddish(tmp_path / "m.png") == pytest.approx(3_600 / ground, abs=0.01)


def test_missing_empty_and_multipart_geometries_are_taken_as_they_come() -> None:
    mixed = shapes(None, Polygon(), MultiPolygon([box(0, 0, 1, 1), box(2, 2, 3, 3)]))

    (path,) = polygon_paths(mixed)

    assert len(path.vertices) == 10
    assert list(polygon_paths(shapes(None))) == []


def test_outlines_are_drawn_of_lines_and_of_areas() -> None:
    (path,) = line_paths(shapes(LineString([(0, 0), (1, 1)]), box(0, 0, 1, 1)))

    assert len(path.vertices) == 2 + 5


def test_no_layer_at_all_gives_an_empty_map(tmp_path: Path) -> None:
    frame = frame_around((0, 0, 10, 10), width_mm=30, least_mm=20, most_mm=40)

    draw_map(tmp_path / "m.png", frame, [MapLayer(shapes(), Look(hatch=Hatch.UNKNOWN))])

    assert imread(tmp_path / "m.png")[..., :3].min() == 1


def test_of_two_labels_on_one_spot_the_first_is_kept(tmp_path: Path) -> None:
    frame = frame_around((0, 0, 100, 100), width_mm=50, least_mm=50, most_mm=50)
    first, second = MapLabel(50, 50, "سنگ‌تراشان"), MapLabel(51, 50, "باغ‌نو")

    draw_map(tmp_path / "one.png", frame, [], [first])
    draw_map(tmp_path / "both.png", frame, [], [first, second])

    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "both.png").read_bytes()


def test_a_label_that_leaves_the_map_is_left_out(tmp_path: Path) -> None:
    frame = frame_around((0, 0, 100, 100), width_mm=50, least_mm=50, most_mm=50)

    draw_map(tmp_path / "m.png", frame, [], [MapLabel(frame.right_m, 50, "شهرک فرهنگیان")])

    assert imread(tmp_path / "m.png")[..., :3].min() == 1


def test_a_code_is_drawn_in_its_own_order_among_persian(tmp_path: Path) -> None:
    """The isolated code's picture is found, letter for letter, inside the sentence's."""
    frame = frame_around((0, 0, 100, 100), width_mm=60, least_mm=20, most_mm=20)
    code = "\u20663-12\u2069"
    for name, text in (("code", code), ("turned", "12-3"), ("sentence", f"بلوک {code}")):
        draw_map(tmp_path / f"{name}.png", frame, [], [MapLabel(50, 50, text, size_pt=24)])

    sentence = ink_columns(tmp_path / "sentence.png")
    likeness = best_likeness(sentence, ink_columns(tmp_path / "code.png"))
    assert likeness > 0.9
    assert likeness > best_likeness(sentence, ink_columns(tmp_path / "turned.png")) + 0.1


def ink_columns(path: Path) -> npt.NDArray[np.float64]:
    """Return how much ink each column of pixels holds, from the first inked to the last."""
    ink = (1 - imread(path)[..., :3].mean(axis=2)).sum(axis=0)
    inked = np.flatnonzero(ink > 0.5)
    held: npt.NDArray[np.float64] = ink[inked[0] : inked[-1] + 1]
    return held


def best_likeness(longer: npt.NDArray[np.float64], shorter: npt.NDArray[np.float64]) -> float:
    """Return how much like the shorter profile the likest part of the longer one is, -1 to 1."""
    windows = np.lib.stride_tricks.sliding_window_view(longer, len(shorter))
    return float(max(np.corrcoef(window, shorter)[0, 1] for window in windows))
