"""Every geometry valid, flat and of the layer's shape, or rejected with its reason.

All of it on arrays. A row is rejected once, for the first thing that is wrong with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely
from shapely import GeometryType

from bazafarin.analysis.batches import over_parts
from bazafarin.domain.city import LAYERS, Shape
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from bazafarin.adapters.delivery.ledger import Ledger

    Geometries = np.ndarray[Any, Any]

NO_AREA_M2: Final = 1e-4
"""A polygon below a square centimetre has no area: it is what rounding left of a line."""

NO_LENGTH_M: Final = 1e-3
"""A line below a millimetre has no length."""

SAME_WITHIN_M: Final = 1e-3
"""Two geometries whose every vertex is within a millimetre are one."""

NOT_ON_EARTH_M: Final = 1e8
"""No projected coordinate of a place on earth is so large, whatever its false easting."""

_POLYGONS: Final = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)
_LINES: Final = (GeometryType.LINESTRING, GeometryType.LINEARRING, GeometryType.MULTILINESTRING)
_POINTS: Final = (GeometryType.POINT, GeometryType.MULTIPOINT)
_ALLOWED: Final = {
    Shape.POLYGON: _POLYGONS,
    Shape.LINE: _LINES,
    Shape.POINT_OR_POLYGON: _POINTS + _POLYGONS,
}
_DIMENSION: Final = {Shape.POLYGON: 2, Shape.LINE: 1, Shape.POINT_OR_POLYGON: 2}
_MULTI: Final = (
    GeometryType.MULTIPOINT,
    GeometryType.MULTILINESTRING,
    GeometryType.MULTIPOLYGON,
    GeometryType.GEOMETRYCOLLECTION,
)


def cleaned(geometries: pd.Series, layer: str, ledger: Ledger) -> pd.Series:
    """Return the geometries that can be used, in metres, flat, valid, of the layer's shape.

    ``geometries`` is indexed by the source's row numbers; rows that are not in the answer
    are rejected in ``ledger``, and what was mended is told there.
    """
    return _Cleaning(layer, ledger).clean(geometries)


def without_duplicates(frame: pd.DataFrame, layer: str, ledger: Ledger) -> pd.DataFrame:
    """Return the rows whose geometry no row before them has; the others are rejected.

    Two facilities may stand on one point: they are one only where all their columns agree.
    """
    geometries = frame["geometry"].to_numpy()
    keys = pd.DataFrame(np.round(shapely.bounds(geometries) / SAME_WITHIN_M))
    candidates = np.flatnonzero(keys.duplicated(keep=False).to_numpy())
    if not len(candidates):
        return frame
    forms = shapely.to_wkb(_canonical(geometries[candidates]))
    group = pd.DataFrame({"form": forms}, index=frame.index[candidates])
    if LAYERS[layer].shape is Shape.POINT_OR_POLYGON:
        attributes = frame.loc[group.index].drop(columns="geometry")
        group = pd.concat([group, attributes.astype("str")], axis=1)
    rows = pd.Series(group.index, index=group.index)
    firsts = rows.groupby([group[name] for name in group], dropna=False, sort=False).transform(
        "first"
    )
    twice = firsts[firsts != firsts.index]
    ledger.rows(
        "reading.geometry.duplicate", layer, Severity.REJECTED, twice.index,
        values=twice, first=int(twice.iloc[0]) if len(twice) else 0,
    )  # fmt: skip
    return frame.drop(index=twice.index)


def _canonical(geometries: Geometries) -> Geometries:
    """Return geometries that are equal where two are one: ring starts, order and rounding."""
    rounded = shapely.transform(
        geometries, lambda xy: np.round(xy / SAME_WITHIN_M) * SAME_WITHIN_M + 0.0
    )
    result: Geometries = shapely.normalize(rounded)
    return result


class _Cleaning:
    """Cleans one layer; each step takes and gives a Series of geometries by row number."""

    def __init__(self, layer: str, ledger: Ledger) -> None:
        self._layer = layer
        self._shape = LAYERS[layer].shape
        self._ledger = ledger

    def clean(self, geometries: pd.Series) -> pd.Series:
        """Return what can be used."""
        kept = self._delivered(geometries)
        kept = self._in_reach(kept)
        kept = self._of_shape(kept)
        kept = self._without_repeats(kept)
        kept = self._valid(kept)
        kept = self._with_extent(kept)
        return self._simple(kept)

    def _delivered(self, geometries: pd.Series) -> pd.Series:
        """Reject rows without a geometry, and those whose geometry is empty."""
        array = geometries.to_numpy()
        missing = shapely.is_missing(array)
        empty = shapely.is_empty(array)
        self._reject("reading.geometry.missing", geometries[missing])
        self._reject("reading.geometry.empty", geometries[empty])
        kept: pd.Series = geometries[~missing & ~empty]
        return kept

    def _in_reach(self, geometries: pd.Series) -> pd.Series:
        """Reject coordinates that are no place in the working system."""
        bounds = shapely.bounds(geometries.to_numpy())
        # An infinite vertex hides from bounds only as NaN, which is below nothing.
        on_earth: Geometries = np.asarray((np.abs(bounds) < NOT_ON_EARTH_M).all(axis=1))
        self._reject("reading.geometry.out_of_reach", geometries[~on_earth])
        return geometries[on_earth]

    def _of_shape(self, geometries: pd.Series) -> pd.Series:
        """Reject other shapes; of a collection keep the parts of the layer's shape."""
        kinds = shapely.get_type_id(geometries.to_numpy())
        mixed = kinds == GeometryType.GEOMETRYCOLLECTION
        if mixed.any():
            parts = _parts_of_dimension(geometries[mixed], _DIMENSION[self._shape])
            usable = ~shapely.is_empty(parts.to_numpy())
            self._mend("reading.geometry.parts_of_collection", parts.index[usable])
            geometries = geometries.copy()
            geometries[parts.index[usable]] = parts[usable]
            kinds = shapely.get_type_id(geometries.to_numpy())
        allowed = np.isin(kinds, _ALLOWED[self._shape])
        wrong = geometries[~allowed]
        self._reject("reading.geometry.wrong_shape", wrong, shapely_kinds(wrong))
        return geometries[allowed]

    def _without_repeats(self, geometries: pd.Series) -> pd.Series:
        array = geometries.to_numpy()
        suspect = np.flatnonzero(_has_repeats(array))
        plain = shapely.remove_repeated_points(array[suspect])
        fewer = shapely.get_num_coordinates(plain) < shapely.get_num_coordinates(array[suspect])
        mended = fewer & ~shapely.is_empty(plain)
        if not mended.any():
            return geometries
        result = geometries.copy()
        result.iloc[suspect[mended]] = plain[mended]
        self._mend("reading.geometry.repeated_vertices", geometries.index[suspect[mended]])
        return result

    def _valid(self, geometries: pd.Series) -> pd.Series:
        array = geometries.to_numpy()
        invalid = ~over_parts(shapely.is_valid, array)
        if not invalid.any() or self._shape is Shape.LINE:
            return geometries
        broken = geometries[invalid]
        reasons = [reason.split("[")[0] for reason in shapely.is_valid_reason(broken.to_numpy())]
        made = pd.Series(
            shapely.make_valid(broken.to_numpy(), method="structure", keep_collapsed=False),
            index=broken.index,
        )
        made = _parts_of_dimension(made, _DIMENSION[self._shape])
        usable = ~shapely.is_empty(made.to_numpy())
        told = [reason for reason, is_usable in zip(reasons, usable, strict=True) if is_usable]
        self._mend("reading.geometry.invalid", made.index[usable], told)
        self._reject("reading.geometry.no_area", made[~usable])
        result = geometries.copy()
        result[made.index] = made
        return result.drop(index=made.index[~usable])

    def _with_extent(self, geometries: pd.Series) -> pd.Series:
        """Reject polygons without area and lines without length; a point has neither."""
        array = geometries.to_numpy()
        dimension = shapely.get_dimensions(array)
        flat = (dimension == 2) & (shapely.area(array) < NO_AREA_M2)  # noqa: PLR2004 - a surface
        short = (dimension == 1) & (shapely.length(array) < NO_LENGTH_M)
        self._reject("reading.geometry.no_area", geometries[flat])
        self._reject("reading.geometry.no_length", geometries[short])
        kept: pd.Series = geometries[~flat & ~short]
        return kept

    def _simple(self, geometries: pd.Series) -> pd.Series:
        """Unwrap multis of one part, turn rings one way round, tell true multis."""
        array = geometries.to_numpy().copy()
        multi = np.isin(shapely.get_type_id(array), _MULTI)
        single = multi & (shapely.get_num_geometries(array) == 1)
        array[single] = shapely.get_geometry(array[single], 0)
        many = multi & ~single
        self._ledger.rows(
            "reading.geometry.multipart", self._layer, Severity.NOTE, geometries.index[many]
        )
        if self._shape is not Shape.LINE:
            array = self._turned(array)
        return pd.Series(array, index=geometries.index)

    def _turned(self, array: Geometries) -> Geometries:
        """Return polygons with their outer rings against the clock (RFC 7946), and say so."""
        polygon = shapely.get_type_id(array) == GeometryType.POLYGON
        has_one_ring = polygon & (shapely.get_num_interior_rings(array) == 0)
        clockwise = np.zeros(len(array), dtype=bool)
        clockwise[has_one_ring] = _goes_clockwise(array[has_one_ring])
        holed = polygon & ~has_one_ring
        clockwise[holed] = ~shapely.is_ccw(shapely.get_exterior_ring(array[holed]))
        if clockwise.any():
            self._ledger.note(
                "reading.geometry.ring_order", self._layer, Severity.MENDED,
                number=int(clockwise.sum()),
            )  # fmt: skip
        # The inner rings of those with holes, and the parts of multis, are not known yet.
        turned = clockwise | (shapely.get_dimensions(array) == 2) & ~has_one_ring  # noqa: PLR2004
        array[turned] = over_parts(shapely.orient_polygons, array[turned])
        return array

    def _reject(self, code: str, rows: pd.Series, values: object = ()) -> None:
        self._ledger.rows(code, self._layer, Severity.REJECTED, rows.index, values=values)  # type: ignore[arg-type]

    def _mend(self, code: str, rows: pd.Index, values: object = ()) -> None:
        self._ledger.rows(code, self._layer, Severity.MENDED, rows, values=values)  # type: ignore[arg-type]


def _has_repeats(geometries: Geometries) -> Geometries:
    """Return whether a vertex of each is the one before it, or a ring begins as another ends."""
    coordinates, owner = shapely.get_coordinates(geometries, return_index=True)
    same = (coordinates[1:] == coordinates[:-1]).all(axis=1) & (owner[1:] == owner[:-1])
    repeats = np.zeros(len(geometries), dtype=bool)
    repeats[owner[1:][same]] = True
    return repeats


def _goes_clockwise(polygons: Geometries) -> Geometries:
    """Return whether the only ring of each polygon runs with the clock: by its signed area."""
    coordinates, owner = shapely.get_coordinates(polygons, return_index=True)
    first = np.searchsorted(owner, np.arange(len(polygons)))
    # From the ring's first vertex, for far from the origin the products lose a sliver's area.
    x, y = (coordinates - coordinates[first[owner]]).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    within = owner[1:] == owner[:-1]
    twice_area = np.bincount(owner[:-1][within], cross[within], minlength=len(polygons))
    clockwise: Geometries = twice_area < 0
    return clockwise


def shapely_kinds(geometries: pd.Series) -> list[str]:
    """Return GEOS's word for each geometry's type."""
    kinds = shapely.get_type_id(geometries.to_numpy())
    return [GeometryType(kind).name.lower() for kind in kinds]


def _parts_of_dimension(geometries: pd.Series, dimension: int) -> pd.Series:
    """Return of each geometry the parts of one dimension, united; empty where it has none."""
    parts, at = shapely.get_parts(geometries.to_numpy(), return_index=True)
    # A multi inside a collection is one part; its own parts are taken in turn.
    inner, place = shapely.get_parts(parts, return_index=True)
    owner = at[place]
    kept = shapely.get_dimensions(inner) == dimension
    merge = shapely.multipolygons if dimension == 2 else shapely.multilinestrings  # noqa: PLR2004
    nothing = shapely.Polygon() if dimension == 2 else shapely.LineString()  # noqa: PLR2004
    result = np.full(len(geometries), nothing, dtype=object)
    if kept.any():
        owners = owner[kept]
        present = np.unique(owners)
        united = merge(inner[kept], indices=np.searchsorted(present, owners))
        invalid = ~shapely.is_valid(united)
        united[invalid] = shapely.union_all(united[invalid][:, None], axis=1)
        result[present] = united
    return pd.Series(result, index=geometries.index)
