"""Widths of passages: recorded, else measured across the centre-line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bazafarin.analysis.cross_sections import LEFT, RIGHT, CrossSections, cross_sections
from bazafarin.analysis.junction_mouths import in_mouth
from bazafarin.domain.codes import WidthSource

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

WIDTH_COLUMNS = (
    "width_m",
    "width_least_m",
    "width_spread_m",
    "width_mean_m",
    "samples_known_share",
)
LEAST_WIDTH_M = 0.5
"""Nobody passes through less: the line was drawn along a wall, and measures no passage."""


def passage_widths(  # noqa: PLR0913 - two layers and the named tolerances of one measure
    passages: gpd.GeoSeries,
    faces: gpd.GeoSeries,
    *,
    sample_spacing_m: float,
    reach_m: float,
    answer_share: float,
    drift_m: float = 0.5,
) -> pd.DataFrame:
    """Return how wide each passage is between the faces at its two sides (عرض معبر).

    At samples along the line, the width is the way to the nearest face at the left plus
    that at the right, square to the line. Samples that look into a side street or a yard
    do not answer, nor do those with nothing at one side, nor those inside a face.

    Args:
        passages: centre-lines, metres.
        faces: polygons of parcels or blocks.
        sample_spacing_m: greatest distance between samples; short lines get finer ones.
        reach_m: how far a ray looks to each side.
        answer_share: the least share of samples that must answer, 0–1.
        drift_m: a line may be drawn this far within a face and still runs beside it.

    Returns:
        On the index of ``passages``: ``width_m`` (median), ``width_least_m``,
        ``width_spread_m`` (between the quartiles), ``width_mean_m``, all in metres and NaN
        where fewer than ``answer_share`` answer, and ``samples_known_share``, 0–1, NaN
        where the line has no length.
    """
    sections = cross_sections(
        passages, faces, sample_spacing_m=sample_spacing_m, reach_m=reach_m, drift_m=drift_m
    )
    own = pd.Series(passages.index, dtype=passages.index.dtype)
    return widths_between_faces(
        sections, own, passages.index, reach_m=reach_m, answer_share=answer_share
    )


def widths_between_faces(
    sections: CrossSections,
    passage_of_line: pd.Series,
    passages: pd.Index,
    *,
    reach_m: float,
    answer_share: float,
) -> pd.DataFrame:
    """Return the widths of ``passages`` from sections cast on them or on their pieces.

    ``passage_of_line`` holds the passage of each line of the cast, in the cast's order.
    See ``passage_widths`` for the columns.
    """
    is_known = ~(
        np.isnan(sections.distance_m) | sections.inside | in_mouth(sections, reach_m=reach_m)
    )
    return _summary(sections, is_known, passage_of_line, passages, answer_share)


def carriageway_widths(
    passages: gpd.GeoSeries,
    carriageways: gpd.GeoSeries,
    *,
    sample_spacing_m: float,
    reach_m: float,
    answer_share: float,
) -> pd.DataFrame:
    """Return how wide the carriageway is across each passage, from edge to edge (سواره‌رو).

    A sample answers when it lies within a carriageway polygon and its edges are within
    ``reach_m`` at both sides; one that looks along a side street does not. Columns and
    arguments as in ``passage_widths``.
    """
    sections = cross_sections(
        passages, carriageways, sample_spacing_m=sample_spacing_m, reach_m=reach_m, drift_m=0.0
    )
    is_known = sections.inside & ~in_mouth(sections, reach_m=reach_m)
    own = pd.Series(passages.index, dtype=passages.index.dtype)
    return _summary(sections, is_known, own, passages.index, answer_share)


def recorded_or_measured(
    recorded: pd.Series, *measured: pd.Series, given: WidthSource = WidthSource.RECORDED
) -> pd.DataFrame:
    """Return each passage's width and where it comes from.

    The recorded width, else the first of ``measured`` that answers (a carriageway before
    faces, say). NaN is unknown everywhere; all series share one index. ``given`` is where
    the recorded ones come from: ``derived`` where passage and width were made from blocks.

    Returns:
        ``width_m`` and ``width_source`` (``given``, ``measured``, ``unknown``).
    """
    width = recorded.astype(float)
    source = pd.Series(
        np.where(recorded.notna(), given.value, WidthSource.MEASURED.value),
        index=recorded.index,
        dtype="str",
    )
    for candidate in measured:
        width = width.fillna(candidate)
    source[width.isna()] = WidthSource.UNKNOWN.value
    return pd.DataFrame({"width_m": width, "width_source": source})


def _summary(
    sections: CrossSections,
    is_known: NDArray[np.bool_],
    passage_of_line: pd.Series,
    passages: pd.Index,
    answer_share: float,
) -> pd.DataFrame:
    """Return the columns of ``passage_widths`` from the samples known at both sides."""
    owner = passages.get_indexer(pd.Index(passage_of_line))[sections.line]
    width = sections.distance_m.sum(axis=1)
    answers = is_known[:, LEFT] & is_known[:, RIGHT] & (width >= LEAST_WIDTH_M)
    samples = np.bincount(owner, minlength=len(passages))
    known = np.bincount(owner[answers], minlength=len(passages))
    share = np.divide(known, samples, out=np.full(len(passages), np.nan), where=samples > 0)
    figures = _order_statistics(owner[answers], width[answers], known)
    figures[(known == 0) | ~(share >= answer_share)] = np.nan
    frame = pd.DataFrame(figures, index=passages, columns=pd.Index(WIDTH_COLUMNS[:4]))
    return frame.assign(samples_known_share=share)


def _order_statistics(
    owner: NDArray[np.intp], width: NDArray[np.float64], count: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return median, least, distance between quartiles and mean of each owner's widths."""
    figures = np.full((len(count), 4), np.nan)
    has = count > 0
    ordered = width[np.lexsort((width, owner))]
    first = (np.cumsum(count) - count)[has]
    below, median, above = (
        _quantile(ordered, first, count[has], share) for share in (0.25, 0.5, 0.75)
    )
    total = np.bincount(owner, weights=width, minlength=len(count))[has]
    figures[has] = np.column_stack([median, ordered[first], above - below, total / count[has]])
    return figures


def _quantile(
    ordered: NDArray[np.float64], first: NDArray[np.intp], count: NDArray[np.intp], share: float
) -> NDArray[np.float64]:
    """Return the quantile of each run of ``ordered``, linear between its neighbours."""
    place = share * (count - 1)
    low = np.floor(place).astype(np.intp)
    high = np.ceil(place).astype(np.intp)
    value: NDArray[np.float64] = ordered[first + low] + (place - low) * (
        ordered[first + high] - ordered[first + low]
    )
    return value
