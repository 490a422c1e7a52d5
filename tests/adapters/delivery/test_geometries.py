"""Geometries: what is mended, what is rejected, and that the two are told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely

from bazafarin.adapters.delivery import geometries
from bazafarin.adapters.delivery.ledger import Ledger
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    import geopandas as gpd

SQUARE = shapely.box(0, 0, 10, 10)
BOW_TIE = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10), (0, 0)])
SPIKED = shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10), (0, 20), (0, 10), (0, 0)])


def _clean(*shapes: object, layer: str = "parcels") -> tuple[pd.Series, Ledger]:
    ledger = Ledger()
    index = pd.RangeIndex(1, len(shapes) + 1)
    return geometries.cleaned(
        pd.Series(list(shapes), index=index, dtype=object), layer, ledger
    ), ledger


def _codes(ledger: Ledger, severity: Severity) -> list[tuple[str, tuple[int, ...]]]:
    return [(p.code, p.rows) for p in ledger.problems if p.severity is severity]


def test_a_sound_polygon_passes_untouched():
    kept, ledger = _clean(SQUARE)

    assert kept.loc[1].equals_exact(SQUARE, 0)
    assert ledger.problems == ()


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (None, "reading.geometry.missing"),
        (shapely.Polygon(), "reading.geometry.empty"),
        (shapely.Point(1, 1), "reading.geometry.wrong_shape"),
        (shapely.LineString([(0, 0), (1, 1)]), "reading.geometry.wrong_shape"),
        (shapely.GeometryCollection([shapely.Point(0, 0)]), "reading.geometry.wrong_shape"),
        (shapely.Polygon([(0, 0), (5, 0), (0, 0)]), "reading.geometry.no_area"),
        (shapely.box(0, 0, 1e-3, 1e-3), "reading.geometry.no_area"),
        (
            shapely.Polygon([(0, 0), (float("inf"), 0), (1, 1), (0, 0)]),
            "reading.geometry.out_of_reach",
        ),
    ],
)
def test_what_cannot_be_land_is_rejected_with_its_reason(shape, code):
    kept, ledger = _clean(SQUARE, shape)

    assert kept.index.tolist() == [1]
    assert _codes(ledger, Severity.REJECTED) == [(code, (2,))]


def test_an_invalid_polygon_keeps_its_area():
    kept, ledger = _clean(BOW_TIE, SPIKED)

    # The tie's two triangles are 25 m² each; the spike has no area.
    assert shapely.area(kept.to_numpy()).tolist() == pytest.approx([50.0, 100.0])
    assert shapely.is_valid(kept.to_numpy()).all()
    assert ("reading.geometry.invalid", (1, 2)) in _codes(ledger, Severity.MENDED)


def test_a_collection_keeps_its_polygons():
    mixed = shapely.GeometryCollection(
        [SQUARE, shapely.Point(50, 50), shapely.MultiPolygon([shapely.box(20, 0, 30, 10)])]
    )

    kept, ledger = _clean(mixed)

    assert kept.loc[1].area == 200.0
    assert ("reading.geometry.parts_of_collection", (1,)) in _codes(ledger, Severity.MENDED)


def test_a_multi_of_one_part_is_unwrapped_and_a_true_one_stays_a_row():
    two = shapely.MultiPolygon([SQUARE, shapely.box(20, 0, 30, 10)])

    kept, ledger = _clean(shapely.MultiPolygon([SQUARE]), two)

    assert kept.loc[1].geom_type == "Polygon"
    assert kept.loc[2].geom_type == "MultiPolygon"
    assert _codes(ledger, Severity.NOTE) == [("reading.geometry.multipart", (2,))]


def test_heights_rings_and_repeated_vertices_are_made_plain():
    clockwise = shapely.Polygon(
        [(0, 0, 5), (0, 10, 5), (10, 10, 5), (10, 10, 5), (10, 0, 5), (0, 0, 5)]
    )

    kept, ledger = _clean(shapely.force_2d(clockwise))

    assert shapely.is_ccw(kept.loc[1].exterior)
    assert shapely.get_num_coordinates(kept.loc[1]) == 5
    assert [code for code, _ in _codes(ledger, Severity.MENDED)] == [
        "reading.geometry.repeated_vertices",
        "reading.geometry.ring_order",
    ]


def test_every_ring_goes_one_way_round_far_from_the_origin_and_around_holes_too():
    rng = np.random.default_rng(1404)
    far = rng.uniform((200_000, 2_800_000), (800_000, 4_400_000), size=(200, 2))
    slivers = shapely.box(*far.T, *(far + rng.uniform(0.02, 2.0, size=(200, 2))).T)
    given = np.where(rng.random(200) < 0.5, shapely.reverse(slivers), slivers)
    holed = shapely.Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])

    kept, ledger = _clean(*given, holed)

    rings = shapely.get_exterior_ring(kept.to_numpy())
    assert shapely.is_ccw(rings).all()
    assert not shapely.is_ccw(kept.iloc[-1].interiors[0])
    (told,) = [problem for problem in ledger.problems if problem.code.endswith("ring_order")]
    assert told.facts["number"] == (~shapely.is_ccw(shapely.get_exterior_ring(given))).sum()


def test_a_line_without_length_is_rejected():
    short = shapely.LineString([(0, 0), (0, 0)])

    kept, ledger = _clean(shapely.LineString([(0, 0), (9, 0)]), short, layer="passages")

    assert kept.index.tolist() == [1]
    assert _codes(ledger, Severity.REJECTED) == [("reading.geometry.no_length", (2,))]


def _frame(layer_columns: dict[str, list[object]], shapes: list[object]) -> gpd.GeoDataFrame:
    index = pd.RangeIndex(1, len(shapes) + 1)
    return pd.DataFrame({**layer_columns, "geometry": pd.Series(shapes, index=index)}, index=index)


def test_the_second_of_two_same_geometries_is_rejected_and_names_the_first():
    turned = shapely.Polygon([(10, 10), (0, 10), (0, 0), (10, 0), (10, 10)])
    ledger = Ledger()

    kept = geometries.without_duplicates(
        _frame({"parcel_id": ["a", "b", "c"]}, [SQUARE, shapely.box(20, 0, 30, 10), turned]),
        "parcels",
        ledger,
    )

    (told,) = ledger.problems
    assert kept.index.tolist() == [1, 2]
    assert told.severity is Severity.REJECTED
    assert dict(zip(told.rows, told.values, strict=True)) == {3: "1"}


def test_two_clinics_on_one_point_are_two():
    ledger = Ledger()
    point = shapely.Point(0, 0)
    columns = {"facility_id": ["a", "b", "a"], "service": ["health", "health", "health"]}

    kept = geometries.without_duplicates(
        _frame(columns, [point, point, point]), "facilities", ledger
    )

    assert kept.index.tolist() == [1, 2]
