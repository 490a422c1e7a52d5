"""What stands on each parcel: use, year, structure, floors, quality, owner. Nothing unknown yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import betaincinv, ndtr

from bazafarin.adapters.synthetic_town.fabric import Fabric
from bazafarin.adapters.synthetic_town.lots import FIRST_SERVICE_ROLE, ROLE_SHOP
from bazafarin.adapters.synthetic_town.services import SERVICES
from bazafarin.domain.codes import Ownership, Quality, Structure, Use

if TYPE_CHECKING:
    from bazafarin.adapters.synthetic_town.quads import Flags, Floats, Ints

OPEN_LAND = (Use.VACANT, Use.GREEN, Use.AGRICULTURE, Use.PARKING)
"""Uses that come without a building in this town."""

SURVEY_YEAR_SH = 1403

_USES = (
    Use.RESIDENTIAL,
    Use.VACANT,
    Use.RUINED,
    Use.UNDER_CONSTRUCTION,
    Use.COMMERCIAL,
    Use.AGRICULTURE,
)
_USE_SHARES = {
    Fabric.OLD: (0.892, 0.035, 0.045, 0.010, 0.015, 0.003),
    Fabric.MIDDLE: (0.911, 0.030, 0.015, 0.015, 0.025, 0.004),
    Fabric.NEW: (0.785, 0.145, 0.000, 0.035, 0.020, 0.015),
    Fabric.INFORMAL: (0.900, 0.045, 0.010, 0.020, 0.020, 0.005),
}
_MAIN_STREET_M = 11.0
_MAIN_STREET_TRADE = {
    Fabric.OLD: 0.34,
    Fabric.MIDDLE: 0.28,
    Fabric.NEW: 0.10,
    Fabric.INFORMAL: 0.25,
}
"""Share of the houses on a street that wide that are shops and offices today."""

_FIRST_YEARS = {
    Fabric.OLD: (1280, 1345),
    Fabric.MIDDLE: (1332, 1366),
    Fabric.NEW: (1366, 1403),
    Fabric.INFORMAL: (1352, 1392),
}
_RENEWAL = {
    Fabric.OLD: (1.1, 3.6),
    Fabric.MIDDLE: (1.4, 2.6),
    Fabric.NEW: (1.0, 30.0),
    Fabric.INFORMAL: (1.0, 8.0),
}
"""Parameters of the beta law of each block's share of rebuilt houses."""

_TRADING_SHOPS = 0.97
"""Share of the shops of the bazaar that trade; the others are what any house may be."""
_HISTORIC_BEFORE_SH = 1315
_LISTED = 0.035
"""Share of the old houses built before that year that are listed as heritage."""
_WAQF = {Fabric.OLD: 0.06, Fabric.MIDDLE: 0.02, Fabric.NEW: 0.02, Fabric.INFORMAL: 0.02}
_COOPERATIVE = {Fabric.OLD: 0.0, Fabric.MIDDLE: 0.0, Fabric.NEW: 0.055, Fabric.INFORMAL: 0.0}
_PUBLIC_BODY = 0.015
_SERVICE_IS_PUBLIC = 0.93
"""Share of the services that belong to the body that runs them."""
_PUBLIC = {
    Ownership.MUNICIPAL: (Use.GREEN, Use.PARKING, Use.EQUIPMENT, Use.CULTURE),
    Ownership.STATE: (Use.EDUCATION, Use.HEALTH, Use.ADMINISTRATIVE, Use.HIGHER_EDUCATION),
    Ownership.PUBLIC_BODY: (Use.UTILITIES, Use.SPORT),
    Ownership.WAQF: (Use.RELIGIOUS,),
}
_RENEWED_WHOLE = 0.07
"""Share of the older blocks that a project renewed almost whole."""
_PATCH_M = 700.0
_PATCH_WAVES = 9
"""Length and number of the waves that make some quarters more renewed than others."""

_STRUCTURES = tuple(each for each in Structure if each not in {Structure.OTHER, Structure.UNKNOWN})
_ERAS = (1312, 1338, 1352, 1370, 1386)
"""The first year of each later era of building."""
_STRUCTURE_SHARES = (
    # steel, concrete, tied, untied, brick and wood, cement block, adobe
    (0.00, 0.00, 0.00, 0.02, 0.22, 0.00, 0.76),
    (0.00, 0.00, 0.00, 0.20, 0.45, 0.01, 0.34),
    (0.09, 0.01, 0.04, 0.68, 0.11, 0.05, 0.02),
    (0.27, 0.02, 0.15, 0.48, 0.01, 0.07, 0.00),
    (0.50, 0.18, 0.25, 0.05, 0.00, 0.02, 0.00),
    (0.38, 0.54, 0.07, 0.01, 0.00, 0.00, 0.00),
)
_INFORMAL_SHARES = (0.10, 0.02, 0.13, 0.24, 0.00, 0.51, 0.00)
_FLOOR_SHARES = (
    # one to six floors, by structure in the order above
    (0.06, 0.22, 0.28, 0.25, 0.14, 0.05),
    (0.03, 0.12, 0.20, 0.30, 0.23, 0.12),
    (0.35, 0.48, 0.17, 0.00, 0.00, 0.00),
    (0.52, 0.43, 0.05, 0.00, 0.00, 0.00),
    (0.68, 0.32, 0.00, 0.00, 0.00, 0.00),
    (0.82, 0.18, 0.00, 0.00, 0.00, 0.00),
    (0.80, 0.20, 0.00, 0.00, 0.00, 0.00),
)


def drawn(rng: np.random.Generator, shares: Floats) -> Ints:
    """Return for each row of shares (that sum to one) the column that chance picks."""
    return np.asarray(
        (rng.random((len(shares), 1)) > np.cumsum(shares, axis=1)[:, :-1]).sum(axis=1)
    )


def buildings(  # noqa: PLR0913 - one argument for each thing a house depends on
    rng: np.random.Generator,
    *,
    area_m2: Floats,
    fabric: Ints,
    role: Ints,
    block: Ints,
    block_xy: Floats,
    front_m: Floats,
) -> pd.DataFrame:
    """Return one row a parcel.

    ``block`` is the row of its block in ``block_xy``, the blocks' middles; ``front_m`` is
    the width of the widest passage at its door.
    """
    use = _use(rng, fabric, role, front_m)
    year = _built_sh(rng, fabric, block, _patches(rng, block_xy))
    structure = _structure(rng, year, fabric)
    floors = 1.0 + drawn(rng, np.array(_FLOOR_SHARES)[structure])
    floors[role == ROLE_SHOP] = 1.0
    names = np.array(_STRUCTURES, dtype=object)[structure]
    frame = pd.DataFrame({"use": use, "built_sh": year.astype(float), "structure": names})
    frame["floors"] = floors
    cover = np.clip(rng.normal(0.6, 0.08, len(use)), 0.35, 0.9)
    cover = np.where(role == ROLE_SHOP, 1.0, cover)
    frame["built_area_m2"] = np.round(area_m2 * cover * floors)
    frame["quality"] = _quality(rng, frame, fabric)
    frame["ownership"] = _ownership(rng, frame, fabric)
    listed = (fabric == Fabric.OLD) & (year < _HISTORIC_BEFORE_SH)
    listed &= rng.random(len(use)) < _LISTED
    frame["heritage"] = listed | (frame["use"] == Use.HERITAGE)
    frame.loc[frame["heritage"], "quality"] = Quality.HERITAGE_VALUE
    empty = frame["use"].isin(OPEN_LAND)
    frame.loc[empty, ["built_sh", "floors", "built_area_m2"]] = np.nan
    frame.loc[empty, "structure"] = Structure.UNKNOWN
    frame.loc[empty, "quality"] = Quality.UNKNOWN
    return frame


def _use(rng: np.random.Generator, fabric: Ints, role: Ints, front_m: Floats) -> Ints:
    shares = np.array([_USE_SHARES[each] for each in Fabric])[fabric]
    use = np.array(_USES, dtype=object)[drawn(rng, shares)]
    trading = np.array([_MAIN_STREET_TRADE[each] for each in Fabric])[fabric]
    trade = (front_m >= _MAIN_STREET_M) & (rng.random(len(use)) < trading)
    use[trade & (use == Use.RESIDENTIAL)] = Use.COMMERCIAL
    use[(role == ROLE_SHOP) & (rng.random(len(use)) < _TRADING_SHOPS)] = Use.COMMERCIAL
    served = role >= FIRST_SERVICE_ROLE
    of_service = np.array([service.use for service in SERVICES], dtype=object)
    use[served] = of_service[role[served] - FIRST_SERVICE_ROLE]
    return use


def _patches(rng: np.random.Generator, xy: Floats) -> Floats:
    """Return a normal deviate for each place, alike for places near each other."""
    angle = rng.uniform(0, 2 * np.pi, _PATCH_WAVES)
    length = rng.uniform(0.6, 1.6, _PATCH_WAVES) * _PATCH_M
    wave = 2 * np.pi / length * np.stack([np.cos(angle), np.sin(angle)])
    field = np.sin(xy @ wave + rng.uniform(0, 2 * np.pi, _PATCH_WAVES)).sum(axis=1)
    field *= np.sqrt(2 / _PATCH_WAVES)
    return np.asarray(0.8 * field + 0.6 * rng.normal(0, 1, len(xy)))


def _built_sh(rng: np.random.Generator, fabric: Ints, block: Ints, patch: Floats) -> Ints:
    """Return the year: the fabric's own, or a later one where the house was rebuilt.

    Each block has its share of rebuilt houses, more in some quarters (``patch``) than in
    others; some blocks of the older fabrics were renewed almost whole.
    """
    count = len(fabric)
    block_fabric = np.zeros(len(patch), dtype=np.int64)
    block_fabric[block] = fabric
    law = np.array([_RENEWAL[each] for each in Fabric])[block_fabric]
    renewal = betaincinv(law[:, 0], law[:, 1], ndtr(patch))
    whole = (rng.random(len(law)) < _RENEWED_WHOLE) & (block_fabric < Fabric.NEW)
    renewal = np.where(whole, rng.uniform(0.6, 0.9, len(law)), renewal)
    low, high = np.array([_FIRST_YEARS[each] for each in Fabric])[fabric].T
    first = low + (high - low) * rng.beta(1.6, 1.5, count)
    later = 1372 + (SURVEY_YEAR_SH - 1372) * rng.beta(1.7, 1.2, count)
    rebuilt = rng.random(count) < renewal[block]
    return np.asarray(np.where(rebuilt, np.maximum(first, later), first).astype(np.int64))


def _structure(rng: np.random.Generator, year: Ints, fabric: Ints) -> Ints:
    shares = np.array(_STRUCTURE_SHARES)[np.searchsorted(_ERAS, year, side="right")]
    informal = (fabric == Fabric.INFORMAL) & (year < _ERAS[-1])
    shares[informal] = _INFORMAL_SHARES
    return drawn(rng, shares)


def _quality(rng: np.random.Generator, frame: pd.DataFrame, fabric: Ints) -> pd.Series[str]:
    """Return the quality: by age, worse where the structure is weak."""
    age = SURVEY_YEAR_SH - frame["built_sh"].to_numpy()
    weak = frame["structure"].isin([Structure.ADOBE, Structure.CEMENT_BLOCK]).to_numpy()
    wear = age + 18 * weak + rng.normal(0, 9, len(age)) - 10 * (fabric == Fabric.NEW)
    step = np.searchsorted([18.5, 40.0, 88.0], wear, side="right")
    names = (Quality.NEW, Quality.MAINTAINABLE, Quality.REPAIRABLE, Quality.TO_DEMOLISH)
    quality = np.array(names, dtype=object)[step]
    quality[(frame["use"] == Use.RUINED).to_numpy()] = Quality.RUIN
    quality[(frame["use"] == Use.UNDER_CONSTRUCTION).to_numpy()] = Quality.NEW
    return pd.Series(quality, index=frame.index)


def _ownership(rng: np.random.Generator, frame: pd.DataFrame, fabric: Ints) -> pd.Series[str]:
    """Return the owner: mostly private; endowments in the core; the public owns its services."""
    waqf = np.array([_WAQF[each] for each in Fabric])[fabric]
    cooperative = np.array([_COOPERATIVE[each] for each in Fabric])[fabric]
    others = np.column_stack([waqf, cooperative, np.full(len(frame), _PUBLIC_BODY)])
    shares = np.column_stack([others, 1 - others.sum(axis=1)])
    owners = (Ownership.WAQF, Ownership.COOPERATIVE, Ownership.PUBLIC_BODY, Ownership.PRIVATE)
    owner = np.array(owners, dtype=object)[drawn(rng, shares)]
    runs_it = rng.random(len(frame)) < _SERVICE_IS_PUBLIC
    for public, uses in _PUBLIC.items():
        owner[frame["use"].isin(uses).to_numpy() & runs_it] = public
    return pd.Series(owner, index=frame.index)


def is_built(frame: pd.DataFrame) -> Flags:
    """Return which parcels carry a building."""
    return np.asarray(~frame["use"].isin(OPEN_LAND))
