"""A city as of an edition, with what was found in reading it: as its files give it to a study.

A delivery may bring some layers only; the others stay from the delivery before, and so do
their sources and their problems.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bazafarin.domain.city import LAYERS, LayerSource
from bazafarin.domain.errors import OutputError
from bazafarin.web.places.layers import city_of, problems_from
from bazafarin.web.places.models import Edition, Parcel
from bazafarin.web.places.models.edition import EditionKind, EditionState
from bazafarin.web.places.preparing import edition_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bazafarin.domain import city as domain
    from bazafarin.domain.problem import Problem
    from bazafarin.web.places.models import City

REPORT = "reading_report.json"


def city_as_of(city: City, number: int) -> domain.City:
    """Return the city as of an edition, with the sources and problems of its layers.

    Raises:
        OutputError: the reading report of a delivery is gone from the site's files.
    """
    sources: dict[str, LayerSource] = {}
    problems: tuple[Problem, ...] = ()
    accepted = Edition.objects.filter(
        city=city, state=EditionState.ACCEPTED, number__lte=number, kind=EditionKind.DELIVERY
    )
    for edition in accepted.order_by("number"):
        brought = {name: _source(told) for name, told in edition.sources.items()}
        # what an earlier delivery said of a layer goes with that layer
        problems = tuple(p for p in problems if p.layer in sources and p.layer not in brought)
        problems += problems_from(_report(edition))
        sources |= brought
    made = city_of(
        city,
        number,
        name_fa=city.place.name_fa,
        problems=problems,
        sources={name: sources[name] for name in LAYERS if name in sources},
    )
    newest = Edition.objects.filter(city=city, state=EditionState.ACCEPTED, number=number)
    if newest.exclude(kind=EditionKind.DELIVERY).exists():
        return _in_its_own_blocks(city, number, made)
    return made


def _in_its_own_blocks(city: City, number: int, made: domain.City) -> domain.City:
    """Return a city that was corrected or surveyed with each parcel in the block it has there.

    One new parcel could give every derived block another number: the findings of a block would
    stand on the map at another.
    """
    blocks = dict(Parcel.objects.of_edition(city, number).values_list("key", "in_block"))
    parcels = made.parcels.copy()
    placed = parcels["parcel_id"].map(blocks).astype("str")
    parcels["block_id"] = parcels["block_id"].fillna(placed)
    return replace(made, parcels=parcels)


def _source(told: Mapping[str, Any]) -> LayerSource:
    dated = told["dated"]
    return LayerSource(**{**told, "dated": None if dated is None else date.fromisoformat(dated)})


def _report(edition: Edition) -> Mapping[str, Any]:
    path = edition_folder(edition) / REPORT
    try:
        report: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise OutputError("web_plans.error.no_report", number=edition.number) from error
    return report
