import geopandas as gpd
import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, affinity, box

from bazafarin.adapters.web_map import packing

UTM = "EPSG:32639"
EAST, NORTH = 562_000.0, 3_613_000.0


def _layer(*shapes: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=list(shapes), crs=UTM)


def _points(steps: list[int]) -> np.ndarray:
    return np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / packing.STEPS_A_DEGREE


def _unfolded(packed: packing.Packed) -> list[MultiPolygon]:
    """Return the polygons as the page unfolds them; written apart from the packing."""
    points = iter(_points(packed["points"]).tolist())
    rings = iter([[next(points) for _ in range(count)] for count in packed["rings"]])
    parts = iter([[next(rings) for _ in range(count)] for count in packed["parts"]])
    return [
        MultiPolygon([Polygon(r[0], r[1:]) for r in [next(parts) for _ in range(count)]])
        for count in packed["features"]
    ]


def test_polygons_come_back_within_a_centimetre():
    hole = Polygon([(0, 0), (40, 0), (40, 30), (0, 30)], [[(10, 10), (20, 10), (20, 20), (10, 20)]])
    islands = MultiPolygon([box(50, 0, 60, 10), box(70, 0, 80, 10)])
    layer = _layer(hole, islands).set_geometry(
        gpd.GeoSeries([hole, islands], crs=UTM).translate(EAST, NORTH)
    )

    packed = packing.pack_polygons(layer)

    back = gpd.GeoSeries(_unfolded(packed), crs=4326).to_crs(UTM)
    assert packed["features"] == [1, 2]
    assert packed["parts"] == [2, 1, 1]
    assert (shapely.hausdorff_distance(back.to_numpy(), layer.geometry.to_numpy()) < 0.012).all()


def test_neighbours_keep_one_common_edge():
    rng = np.random.default_rng(3)
    edge = [(20 + rng.uniform(-0.15, 0.15), y) for y in np.linspace(1, 29, 30)]
    west = Polygon([(0, 0), (20, 0), *edge, (20, 30), (0, 30)])
    east = Polygon([(40, 0), (40, 30), (20, 30), *edge[::-1], (20, 0)])
    layer = _layer(*(affinity.translate(p, EAST, NORTH) for p in (west, east)))

    packed = packing.pack_polygons(layer)

    first, second = gpd.GeoSeries(_unfolded(packed), crs=4326).to_crs(UTM)
    assert sum(packed["rings"]) < 40
    assert shapely.area(shapely.intersection(first, second)) < 0.5
    assert shapely.area(shapely.union(first, second)) > 40 * 30 - 1


def test_a_missing_geometry_takes_its_row_and_no_points():
    packed = packing.pack_polygons(_layer(None, box(EAST, NORTH, EAST + 9, NORTH + 9)))

    assert packed["features"] == [0, 1]
    assert packed["rings"] == [4]


def test_lines_count_their_points():
    layer = _layer(LineString([(EAST, NORTH), (EAST + 50, NORTH), (EAST + 50, NORTH + 50)]))

    packed = packing.pack_lines(layer)

    assert packed["parts"] == [3]
    assert len(packed["points"]) == 6


def test_an_empty_layer_is_packed_as_nothing():
    assert packing.pack_polygons(_layer())["features"] == []
    assert packing.pack_lines(_layer())["features"] == []


def test_a_name_is_written_inside_its_shape():
    horseshoe = box(0, 0, 90, 90) - box(20, 20, 70, 90)
    layer = _layer(affinity.translate(horseshoe, EAST, NORTH))

    (longitude, latitude), *_ = _points(packing.pack_label_points(layer)).tolist()

    assert layer.to_crs(4326).geometry.iloc[0].contains(Point(longitude, latitude))
