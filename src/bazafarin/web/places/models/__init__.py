"""The tables of places, a noun a file.

place      provinces, counties, cities, districts and neighbourhoods as one tree
city       a city's coordinate system and the edition that is current
edition    one delivery or correction, and what became of it
feature    what every row of a layer has: its shape, and from which edition to which it holds
layers     parcels, blocks, passages, carriageways, neighbourhoods, facilities, boundaries
succession what was split, merged and renamed by an edition
target     target areas of regeneration, of five types
"""

from bazafarin.web.places.models.city import City
from bazafarin.web.places.models.edition import Edition
from bazafarin.web.places.models.feature import Feature
from bazafarin.web.places.models.layers import (
    Block,
    BoundaryPart,
    Carriageway,
    Facility,
    Neighbourhood,
    Parcel,
    Passage,
)
from bazafarin.web.places.models.place import Place
from bazafarin.web.places.models.succession import Succession
from bazafarin.web.places.models.target import TargetArea

__all__ = [
    "Block",
    "BoundaryPart",
    "Carriageway",
    "City",
    "Edition",
    "Facility",
    "Feature",
    "Neighbourhood",
    "Parcel",
    "Passage",
    "Place",
    "Succession",
    "TargetArea",
]
