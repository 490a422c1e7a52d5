"""Where may a driver project stand: land that gives way, alone or merged with its neighbours.

A parcel is a site where it is vacant or ruined, its building is obsolete, its use does not
belong in a neighbourhood, or it is public land that serves nothing yet. Heritage and land
that already gives a service are none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bazafarin.analysis.parcel_contacts import parcel_contacts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from bazafarin.standards import Standards

RULES = (
    "projects.site_uses",
    "projects.incompatible_uses",
    "projects.obsolete_qualities",
    "projects.public_ownerships",
    "projects.public_site_uses",
    "projects.merged_at_most",
    "blocks.touch_tolerance_m",
)
KINDS = ("vacant", "obsolete", "incompatible", "public")
"""Why a parcel may be a site; the first that holds is its kind."""


@dataclass(frozen=True)
class Sites:
    """Candidate sites.

    Attributes:
        frame: one row a site: ``site_id`` (its parcels' ids joined by +), ``block_id``,
            ``neighbourhood_id``, ``kind`` (of ``KINDS``; of merged parcels the one of most
            land), ``parcels_count``, ``area_m2``, ``public_area_m2``, ``land_rial`` (price
            of its private land; NaN where a part's is unknown) and geometry.
        parcel: ``(p,)`` position of a parcel, with ``site``: the site that it is part of.
            Sites that share a parcel exclude each other.
        site: ``(p,)``.
    """

    frame: gpd.GeoDataFrame
    parcel: NDArray[np.intp]
    site: NDArray[np.intp]


def candidate_sites(
    parcels: gpd.GeoDataFrame,
    *,
    land_value_rial_m2: float | None,
    standards: Standards,
    as_of: date,
) -> Sites:
    """Return the sites among ``parcels``, single ones first.

    ``land_value_rial_m2`` prices private land of unknown value; None leaves it unknown.
    """

    def rule(name: str) -> list[str]:
        return list(standards.value(f"projects.{name}", as_of=as_of))

    kind = _kinds(parcels, rule, services=standards.value("services.uses", as_of=as_of))
    at = np.flatnonzero(kind.notna())
    chosen = parcels.iloc[at]
    is_public = chosen["ownership"].isin(rule("public_ownerships")).to_numpy()
    price = chosen["land_value_rial_m2"].astype(float)
    if land_value_rial_m2 is not None:
        price = price.fillna(float(land_value_rial_m2))
    area = chosen["area_m2"].to_numpy(dtype=float)
    group = _merged(
        chosen,
        tolerance_m=float(standards.value("blocks.touch_tolerance_m", as_of=as_of)),
        at_most=int(standards.value("projects.merged_at_most", as_of=as_of)),
    )
    # every parcel by itself, then the groups of more than one
    in_group = np.flatnonzero(group >= 0)
    member = np.concatenate([np.arange(len(at)), in_group])
    site = np.concatenate([np.arange(len(at)), len(at) + group[in_group]]).astype(np.intp)
    count = int(site.max()) + 1 if len(site) else 0
    first = np.unique(site, return_index=True)[1]
    table = pd.DataFrame(
        {
            "site_id": chosen["parcel_id"].to_numpy(dtype=object)[member],
            "area": area[member],
            "kind": kind.to_numpy(dtype=object)[at][member],
        }
    )
    largest = table.sort_values("area", ascending=False, kind="stable")["kind"].groupby(
        site[table.sort_values("area", ascending=False, kind="stable").index]
    )
    frame = gpd.GeoDataFrame(
        {
            "site_id": table["site_id"].groupby(site).agg("+".join).astype("str"),
            "block_id": chosen["block_id"].to_numpy(dtype=object)[member[first]],
            "neighbourhood_id": chosen["neighbourhood_id"].to_numpy(dtype=object)[member[first]],
            "kind": largest.first().astype("str"),
            "parcels_count": np.bincount(site, minlength=count),
            "area_m2": np.bincount(site, area[member], minlength=count),
            "public_area_m2": np.bincount(site, (area * is_public)[member], minlength=count),
            # one unknown price leaves the sum unknown: bincount adds NaN
            "land_rial": np.bincount(
                site, np.where(is_public, 0.0, price * area)[member], minlength=count
            ),
        },
        geometry=_outlines(chosen.geometry.to_numpy()[member], site, count),
        crs=parcels.crs,
    )
    return Sites(frame.reset_index(drop=True), at[member], site)


def _kinds(
    parcels: pd.DataFrame,
    rule: Callable[[str], list[str]],
    *,
    services: dict[str, list[str]],
) -> pd.Series[str]:
    """Return the kind of site that each parcel is; missing where it is none."""
    use = parcels["use"].astype("str")
    gives_way = ~use.isin([u for of in services.values() for u in of])
    gives_way &= ~parcels["heritage"].fillna(value=False).astype(bool)
    gives_way &= parcels["quality"].astype("str") != "heritage_value"
    tests = {
        "vacant": use.isin(rule("site_uses")),
        "obsolete": parcels["quality"].isin(rule("obsolete_qualities")),
        "incompatible": use.isin(rule("incompatible_uses")),
        "public": parcels["ownership"].isin(rule("public_ownerships"))
        & use.isin(rule("public_site_uses")),
    }
    found = np.select([tests[kind] & gives_way for kind in KINDS], KINDS, default="")
    kind = pd.Series(found, index=parcels.index, dtype="str")
    return kind.mask(kind == "")


def _merged(chosen: gpd.GeoDataFrame, *, tolerance_m: float, at_most: int) -> NDArray[np.intp]:
    """Return the group of touching sites of one block that each is in; -1 for none."""
    count = len(chosen)
    contacts = parcel_contacts(
        chosen.geometry, passages=None, carriageways=None, touch_tolerance_m=tolerance_m
    )
    block = chosen["block_id"].to_numpy(dtype=object)
    same = block[contacts.one] == block[contacts.other]
    one, other = contacts.one[same], contacts.other[same]
    link = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    _, label = connected_components(link, directed=False)
    size = np.bincount(label, minlength=count)
    is_group = (size[label] > 1) & (size[label] <= at_most)
    group = np.full(count, -1, dtype=np.intp)
    group[is_group] = np.unique(label[is_group], return_inverse=True)[1]
    return group


def _outlines(
    shapes: NDArray[np.object_], site: NDArray[np.intp], count: int
) -> NDArray[np.object_]:
    """Return the shape of each site."""
    order = np.argsort(site, kind="stable")
    parts = np.split(shapes[order], np.searchsorted(site[order], np.arange(1, count)))
    # A union takes one group at a time; most sites are one parcel and need none.
    return np.array(
        [part[0] if len(part) == 1 else shapely.union_all(part) for part in parts], dtype=object
    )[:count]
