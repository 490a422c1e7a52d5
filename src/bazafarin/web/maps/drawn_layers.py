"""What of each layer is in a tile: from which zoom on, and which of its columns.

People's data is in no tile, whoever asks; a test holds every column named here to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bazafarin.web.maps.tile_lines import AREA, LINE, POINT

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class DrawnLayer:
    """How a layer is drawn.

    Attributes:
        kind: what its features are drawn as.
        from_zoom: the least zoom of its tiles; before it a tile would be too large.
        columns: the city file's columns that its features carry, where one may see them.
        labelled_from: the zoom from which its features have a point for their name.
        label: the column of that name.
        key: the column by which a plan knows the feature; it is not in the tile.
    """

    kind: int
    from_zoom: int
    columns: tuple[str, ...] = ()
    labelled_from: int | None = None
    label: str = ""
    key: str = ""


DRAWN: Final[Mapping[str, DrawnLayer]] = {
    "blocks": DrawnLayer(AREA, 12, labelled_from=16, label="block_id", key="block_id"),
    "parcels": DrawnLayer(AREA, 15, ("key", "use", "floors", "structure", "quality")),
    "passages": DrawnLayer(LINE, 13, ("name_fa", "width_m")),
    "neighbourhoods": DrawnLayer(AREA, 0, ("name_fa",), 0, "name_fa", key="neighbourhood_id"),
    "approved_boundary": DrawnLayer(AREA, 0),
    "facilities": DrawnLayer(POINT, 14, ("service",)),
}
"""By the city file's layers, the lowest on the map first."""
RESULTS: Final = (
    "level", "decided", "indices_met", "fine_grain", "instability", "impermeability",
)  # fmt: skip
"""What a block carries of a plan: codes, counts and classes of shares, never of anybody."""
DEEPEST_MADE: Final = 17
"""The map draws nearer views from the tiles of this zoom."""
_FINEST_ROUGH: Final = 14
"""From the next zoom on, outlines keep all their corners."""
_ROUGHNESS: Final = 4.0


def tolerance_at(zoom: int) -> float:
    """Return by how many steps an outline may be moved at a zoom: a fraction of a screen's dot."""
    return _ROUGHNESS if zoom <= _FINEST_ROUGH else 0.0
