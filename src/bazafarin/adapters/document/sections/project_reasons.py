"""Why a project is proposed and what would change that: only what follows from the figures."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bazafarin.adapters.document.figures import (
    chapter_words,
    figure,
    is_unknown,
    label,
    with_unit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bazafarin.adapters.document.sections.project_pages import Reached
    from bazafarin.adapters.document.subject import Row

said = partial(chapter_words, "projects")

LEAST_PERSONS = 0.5
"""A loss that rounds to nobody."""
NAMED = 4
"""So many neighbourhoods are named."""
CLOSE = 1e-6


def reasons(at: int, row: Row, reached: Reached) -> Iterator[tuple[str, str]]:
    """Yield the key of each question and its answer.

    Why this site, why this use, why this rank, and what would change that.
    """
    yield "site", " ".join(_why_this_site(at, row, reached))
    yield "use", " ".join(_why_this_use(at, row, reached))
    yield "rank", _why_this_rank(row)
    if change := " ".join(_what_would_change(row)):
        yield "change", change


def _why_this_site(at: int, row: Row, reached: Reached) -> Iterator[str]:
    service = str(row["service"])
    radius = reached.proposed.access.radius_m[service]
    yield said(
        "why.site",
        kind=said(f"kind.{row['kind']}"),
        people=row["people_in_reach"],
        service=label("service", service),
        radius=figure(radius, "m"),
    )
    if row["parcels_count"] > 1:
        yield said("why.merged", count=row["parcels_count"])
    if row["land_rial"] == 0:
        yield said("why.public_price")
    if _land_left(row):
        area, land = (with_unit(row[name], "m2") for name in ("site_area_m2", "land_m2"))
        yield said("why.part", area=area, land=land)
    elif row["capacity"] < row["people_in_reach"]:
        yield said("why.small_site", capacity=row["capacity"])
    places = _places(at, service, reached)
    if places and places != [reached.subject.name_of(row["neighbourhood_id"])]:
        yield said("why.outside", places="، ".join(places))


def _land_left(row: Row) -> bool:
    """Return whether the project leaves a part of its site."""
    return bool(row["land_m2"] < row["site_area_m2"] * (1 - CLOSE))


def _places(at: int, service: str, reached: Reached) -> list[str]:
    """Return the neighbourhoods of the unserved homes in reach, those of most homes first."""
    pairs = reached.of(at, service)
    homes = reached.plan.parcels.iloc[pairs.loc[pairs["is_unserved"], "parcel"].to_numpy()]
    codes = homes["neighbourhood_id"].value_counts().index[:NAMED]
    return [reached.subject.name_of(code) for code in codes]


def _why_this_use(at: int, row: Row, reached: Reached) -> Iterator[str]:
    """Yield which other services the site could take, and which offers its land stops."""
    own = str(row["service"])
    others = [
        name
        for name, least_m2 in reached.least_m2.items()
        if name != own
        and name in _asked(reached)
        and row["site_area_m2"] >= least_m2
        and reached.of(at, name)["is_unserved"].any()
    ]
    service = label("service", own)
    if others:
        named = "، ".join(label("service", name) for name in others)
        yield said("why.other_uses", others=named, service=service)
    else:
        yield said("why.only_use", service=service)
    land = set(str(row["site_id"]).split("+"))
    for other in reached.made.alternatives.to_dict("records"):
        if land & set(str(other["site_id"]).split("+")) and other["obstacle"] == "land":
            yield said(
                "why.alternative", service=label("service", other["service"]), gain=other["gain"]
            )


def _asked(reached: Reached) -> set[str]:
    """Return the services that the scenario lets projects be of."""
    asked = reached.proposed.scenario.services
    return set(reached.least_m2 if asked is None else asked)


def _why_this_rank(row: Row) -> str:
    loss = row["loss_without"]
    if is_unknown(loss):
        return said("why.rank_untried")
    if loss < LEAST_PERSONS:
        return said("why.rank_nothing")
    return said("why.rank", loss=loss, proven=row["loss_proven"])


def _what_would_change(row: Row) -> Iterator[str]:
    """Yield what the proposal withstands: of the loss, what is proven for every other choice."""
    proven = row["loss_proven"]
    if not is_unknown(proven) and proven >= LEAST_PERSONS:
        yield said("why.change", proven=proven)
    if row["capacity"] < row["people_in_reach"] and not _land_left(row):
        facts = {"people": row["people_in_reach"], "capacity": row["capacity"]}
        yield said("why.change_filled", **facts)
