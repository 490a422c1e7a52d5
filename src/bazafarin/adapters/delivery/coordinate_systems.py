"""Which system coordinates are in, and the one to work in: projected, in metres, true to scale.

A layer's system is the mapping's, else the file's own, else told by the coordinates: degrees,
or the eastings and northings of UTM in Iran's latitudes, in a zone that is known from the
mapping or the other layers. What was only guessed is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyproj
import shapely

from bazafarin.analysis.batches import over_parts
from bazafarin.domain.problem import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bazafarin.adapters.delivery.ledger import Ledger

    Geometries = np.ndarray[Any, Any]

GEOGRAPHIC: Final = pyproj.CRS("EPSG:4326")
LAST_RESORT: Final = pyproj.CRS("EPSG:32639")
"""The zone of Tehran, Isfahan, Shiraz and Ahvaz, taken where nothing says another."""

_UTM_EASTING: Final = (200_000.0, 800_000.0)
_UTM_NORTHING: Final = (2_770_000.0, 4_410_000.0)
_LONGITUDE: Final = 180.0
_LATITUDE: Final = 90.0
_ZONE_WIDTH: Final = 6.0
_UTM_NORTH, _UTM_SOUTH = 32600, 32700

_IRAN_LONGITUDE: Final = (44.0, 63.4)
_IRAN_LATITUDE: Final = (25.0, 39.8)
"""Where Iran lies. The two ranges share no number, so that swapped degrees can be told."""

_STRAYS: Final = 0.1
"""So many rows on each side may lie astray without speaking for the layer's system."""

_BEYOND_AREA_OF_USE_DEG: Final = 10.0
"""Coordinates this far outside a system's area of use are not in that system."""

_SCALE_TOLERANCE: Final = 0.01
"""A system whose areas are wrong by more than this share is not worked in (web Mercator)."""

_DATUM_TOLERANCE_DEG: Final = 1e-4
"""A datum that is off WGS 84 by more (about 10 m) is an old one (ED50, FD58)."""


def layer_crs(  # noqa: PLR0913 - a guess weighs all of these
    layer: str,
    geometries: Geometries,
    stated: pyproj.CRS | None,
    neighbours: Iterable[pyproj.CRS],
    ledger: Ledger,
    *,
    of_city: str | None,
) -> pyproj.CRS | None:
    """Return the system that a layer's coordinates are in; None where it cannot be (fatal).

    Args:
        layer: the layer that problems are told under.
        geometries: as delivered; missing ones are passed over.
        stated: the mapping's system for the layer, else the file's own.
        neighbours: the systems that other layers state, for the UTM zone.
        ledger: where a guess or an impossible system is told.
        of_city: the mapping's system for a layer that states none.
    """
    centre, extent = _centre(geometries)
    if centre is None:
        return stated or LAST_RESORT
    if stated is not None:
        return _if_possible(layer, stated, centre, extent, ledger)
    facts: dict[str, Any] = {"x": float(centre[0]), "y": float(centre[1])}
    if _is_degrees(extent):
        ledger.note("reading.crs.degrees", layer, crs="EPSG:4326", **facts)
        return GEOGRAPHIC
    if not _is_utm(centre):
        ledger.note("reading.crs.unknown", layer, Severity.FATAL, **facts)
        return None
    guess, code = _guess(neighbours, of_city)
    ledger.note(code, layer, crs=guess.to_string(), **facts)
    return guess


def in_order(
    layer: str, geometries: Geometries, crs: pyproj.CRS | None, ledger: Ledger
) -> Geometries:
    """Return degrees with the longitude first: those that only lie in Iran swapped are turned.

    ``crs`` is the file's own system, None where it states none; what the mapping states is
    not asked here, so that it is the way out for a city that does lie there.
    """
    centre, extent = _centre(geometries)
    if centre is None or not (_is_degrees(extent) if crs is None else crs.is_geographic):
        return geometries
    x, y = float(centre[0]), float(centre[1])
    if not (_is_within(x, _IRAN_LATITUDE) and _is_within(y, _IRAN_LONGITUDE)):
        return geometries
    ledger.note("reading.crs.swapped", layer, Severity.MENDED, x=x, y=y)
    flat = shapely.force_2d(geometries)
    result: Geometries = shapely.transform(flat, lambda coordinates: coordinates[:, ::-1])
    return result


def _is_within(value: float, ends: tuple[float, float]) -> bool:
    return ends[0] <= value <= ends[1]


def working_crs(parcels: Geometries, crs: pyproj.CRS) -> pyproj.CRS:
    """Return the system to work in: the parcels' own where it is fit, else UTM on WGS 84.

    Fit is: projected, in metres, areas right within a hundredth, no old datum.
    """
    centre, _ = _centre(parcels)
    if centre is None:
        return LAST_RESORT
    longitude, latitude = _to_degrees(centre, crs)
    if _is_metric(crs) and _is_true_to_scale(crs, longitude, latitude) and _is_modern(crs, centre):
        return crs
    zone = int((longitude + _LONGITUDE) // _ZONE_WIDTH) % 60 + 1
    return pyproj.CRS.from_epsg((_UTM_NORTH if latitude >= 0 else _UTM_SOUTH) + zone)


def transformed(geometries: Geometries, source: pyproj.CRS, target: pyproj.CRS) -> Geometries:
    """Return geometries in the system ``target``; coordinates that cannot be there are infinite."""
    high = shapely.has_z(geometries) | shapely.has_m(geometries)
    flat = geometries.copy()
    flat[high] = over_parts(shapely.force_2d, geometries[high])
    if source.equals(target, ignore_axis_order=True):
        return flat
    transformer = pyproj.Transformer.from_crs(source, target, always_xy=True)

    def moved(coordinates: Geometries) -> Geometries:
        return np.column_stack(transformer.transform(coordinates[:, 0], coordinates[:, 1]))

    result: Geometries = shapely.transform(flat, moved)
    return result


def name_of(crs: pyproj.CRS) -> str:
    """Return a system's short name: its code where it has one."""
    authority = crs.to_authority(min_confidence=100)
    return ":".join(authority) if authority else crs.name


def _centre(geometries: Geometries) -> tuple[Geometries | None, Geometries]:
    """Return the median centre and the extent without the outer tenths: strays set no system."""
    bounds = shapely.bounds(geometries)
    known = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(known):
        return None, np.zeros(4)
    centres = (known[:, :2] + known[:, 2:]) / 2
    low = np.quantile(known[:, :2], _STRAYS, axis=0, method="higher")
    high = np.quantile(known[:, 2:], 1 - _STRAYS, axis=0, method="lower")
    return np.median(centres, axis=0), np.concatenate([low, high])


def _is_degrees(extent: Geometries) -> bool:
    x, y = np.abs(extent[[0, 2]]), np.abs(extent[[1, 3]])
    return bool((x <= _LONGITUDE).all() and (y <= _LATITUDE).all())


def _is_utm(centre: Geometries) -> bool:
    return bool(
        _UTM_EASTING[0] <= centre[0] <= _UTM_EASTING[1]
        and _UTM_NORTHING[0] <= centre[1] <= _UTM_NORTHING[1]
    )


def _guess(neighbours: Iterable[pyproj.CRS], of_city: str | None) -> tuple[pyproj.CRS, str]:
    if of_city is not None:
        return pyproj.CRS.from_user_input(of_city), "reading.crs.of_mapping"
    for crs in neighbours:
        if crs.is_projected and _is_metric(crs):
            return crs, "reading.crs.of_neighbour"
    return LAST_RESORT, "reading.crs.guessed"


def _if_possible(
    layer: str, crs: pyproj.CRS, centre: Geometries, extent: Geometries, ledger: Ledger
) -> pyproj.CRS | None:
    """Return the system where the coordinates can be in it; else tell it as fatal."""
    if crs.is_geographic:
        is_possible = _is_degrees(extent)
    elif _is_degrees(extent) and _is_metric(crs):
        # A city some hundred metres from the system's origin: these are degrees.
        is_possible = False
    else:
        is_possible = _is_in_area_of_use(crs, centre)
    if is_possible:
        return crs
    ledger.note(
        "reading.crs.impossible", layer, Severity.FATAL,
        crs=name_of(crs), x=float(centre[0]), y=float(centre[1]),
    )  # fmt: skip
    return None


def _is_in_area_of_use(crs: pyproj.CRS, centre: Geometries) -> bool:
    longitude, latitude = _to_degrees(centre, crs)
    if not np.isfinite([longitude, latitude]).all():
        return False
    area = crs.area_of_use
    if area is None:
        return True
    beyond = _BEYOND_AREA_OF_USE_DEG
    return bool(
        area.west - beyond <= longitude <= area.east + beyond
        and area.south - beyond <= latitude <= area.north + beyond
    )


def _to_degrees(centre: Geometries, crs: pyproj.CRS) -> tuple[float, float]:
    to_degrees = pyproj.Transformer.from_crs(crs, GEOGRAPHIC, always_xy=True)
    longitude, latitude = to_degrees.transform(*centre)
    return float(longitude), float(latitude)


def _is_metric(crs: pyproj.CRS) -> bool:
    axes = crs.axis_info[:2]
    return crs.is_projected and all(axis.unit_conversion_factor == 1.0 for axis in axes)


def _is_true_to_scale(crs: pyproj.CRS, longitude: float, latitude: float) -> bool:
    factors = pyproj.Proj(crs).get_factors(longitude, latitude)
    return bool(abs(factors.areal_scale - 1.0) <= _SCALE_TOLERANCE)


def _is_modern(crs: pyproj.CRS, centre: Geometries) -> bool:
    """Return whether the datum is WGS 84's within metres, by moving one point between them."""
    base = crs.geodetic_crs
    if base is None:
        return False
    own = pyproj.Transformer.from_crs(crs, base, always_xy=True).transform(*centre)
    there = pyproj.Transformer.from_crs(base, GEOGRAPHIC, always_xy=True).transform(*own)
    return bool(np.abs(np.subtract(own, there)).max() <= _DATUM_TOLERANCE_DEG)
