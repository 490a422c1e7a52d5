"""The synthetic town: looks like an old Iranian town, and its truth is known by construction.

quads, mesh, streets      a tree of quadrilaterals: wards and blocks
lots, joining, edges      parcels, scraps joined, corners shared exactly
fabric, services          what it is woven of, and the pieces kept for services
bends, ground, corridors  the deformation, and what passages take of the ground
passages, layout          the passages, and the whole layout
buildings, residents      what stands on each parcel, and who lives there
gaps, boundary            what the survey did not learn; the boundary that is out of date
layers, truth             the delivery, and what is true
town, town_file           the whole, in memory and as a city file
"""

from bazafarin.adapters.synthetic_town.town import Town, build_town
from bazafarin.adapters.synthetic_town.town_file import write_town
from bazafarin.adapters.synthetic_town.truth import Truth

__all__ = ["Town", "Truth", "build_town", "write_town"]
