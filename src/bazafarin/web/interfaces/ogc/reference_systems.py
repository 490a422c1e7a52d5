"""The coordinate systems that are offered, and the order of their axes."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyproj
import shapely

from bazafarin.domain.errors import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from bazafarin.web.places.models import City

CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG: Final = "http://www.opengis.net/def/crs/EPSG/0/"
_LATITUDE_FIRST: Final = f"{_EPSG}4326"
_DEGREE_DECIMALS: Final = 8
"""A millimetre on the ground."""
_METRE_DECIMALS: Final = 3

_kept = threading.local()


@dataclass(frozen=True, slots=True)
class ReferenceSystem:
    """A coordinate system by its address; ``is_turned`` where the second axis goes first."""

    uri: str
    crs: str
    is_geographic: bool
    is_turned: bool


def storage_of(city: City) -> ReferenceSystem:
    """Return the city's own system; its address is empty where EPSG gives it no number."""
    known = _known(city.crs)
    uri = f"{_EPSG}{city.srid}" if city.srid else ""
    # the tables hold east before north, whatever the authority's order is
    is_turned = known.axis_info[0].direction.lower() == "north"
    return ReferenceSystem(uri, city.crs, known.is_geographic, is_turned)


def offered(city: City) -> tuple[ReferenceSystem, ...]:
    """Return the systems in which features of ``city`` are given, the first unless asked."""
    world = ReferenceSystem(CRS84, "OGC:CRS84", is_geographic=True, is_turned=False)
    turned = ReferenceSystem(_LATITUDE_FIRST, "EPSG:4326", is_geographic=True, is_turned=True)
    own = storage_of(city)
    return (world, turned, own) if own.uri else (world, turned)


def system_asked(city: City, uri: str | None) -> ReferenceSystem:
    """Return the system of an address; CRS84 where none was asked for.

    Raises:
        UsageError: it is not offered.
    """
    systems = offered(city)
    if uri is None:
        return systems[0]
    for system in systems:
        if uri == system.uri:
            return system
    known = [system.uri for system in systems]
    raise UsageError("web_interfaces.error.crs", text=uri, known=", ".join(known))


def transformer(source: str, target: str) -> pyproj.Transformer:
    """Return the way from one system to another, east first; kept by each thread for itself."""
    made: dict[tuple[str, str], pyproj.Transformer] = _kept.__dict__.setdefault("ways", {})
    if (source, target) not in made:
        made[source, target] = pyproj.Transformer.from_crs(source, target, always_xy=True)
    return made[source, target]


def to_system(
    shapes: npt.NDArray[np.object_], city: City, target: ReferenceSystem
) -> npt.NDArray[np.object_]:
    """Return the shapes of the city's rows in another system, all coordinates in one go."""
    is_own = target.crs == city.crs
    way = None if is_own else transformer(city.crs, target.crs)
    decimals = _DEGREE_DECIMALS if target.is_geographic else _METRE_DECIMALS

    def moved(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        x, y = points.T if way is None else way.transform(*points.T)
        both = (y, x) if target.is_turned else (x, y)
        return np.round(np.column_stack(both), decimals)

    made: Any = shapely.transform(shapes, moved)
    return made  # type: ignore[no-any-return]


def _known(crs: str) -> pyproj.CRS:
    made: dict[str, pyproj.CRS] = _kept.__dict__.setdefault("systems", {})
    if crs not in made:
        made[crs] = pyproj.CRS(crs)
    return made[crs]
