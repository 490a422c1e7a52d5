"""The place, its people and where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import Fact, Facts, Section
from bazafarin.adapters.document.figures import (
    coverage_note,
    finding_text,
    label,
    place_code,
    words,
)
from bazafarin.adapters.drawing.plan_maps import place_map
from bazafarin.adapters.persian_text import jalali

if TYPE_CHECKING:
    from bazafarin.adapters.document.content import Picture
    from bazafarin.adapters.document.drawings import Drawings
    from bazafarin.adapters.document.subject import Subject

FIGURES = (
    "identity.area_m2",
    "identity.neighbourhoods",
    "identity.blocks",
    "identity.parcels",
    "identity.median_parcel_area_m2",
    "identity.parcels_without_frontage",
    "identity.buildings",
    "identity.coverage_share",
    "identity.floor_area_ratio",
    "identity.households",
    "identity.passages",
    "passages.length_m",
)
MOST_MM = 100.0


def identity(subject: Subject, drawings: Drawings) -> Section:
    """Return the section that says what place this is."""
    return Section(
        words("section.identity"),
        (
            Facts(words("identity.title"), (*_names(subject), *_figures(subject))),
            _place(subject, drawings),
        ),
        on_new_page=True,
    )


def _names(subject: Subject) -> tuple[Fact, ...]:
    plan = subject.plan
    names = [Fact(words("identity.city"), plan.city.name_fa)]
    if not subject.is_city:
        row = subject.here.iloc[0]
        names += [
            Fact(words("identity.neighbourhood"), subject.place),
            Fact(words("identity.neighbourhood_id"), place_code(row["neighbourhood_id"])),
            Fact(words("identity.target_type"), label("target_type", row["target_type"])),
        ]
    return (*names, Fact(words("identity.as_of"), jalali(plan.as_of)))


def _figures(subject: Subject) -> tuple[Fact, ...]:
    found = [subject.finding(name) for name in FIGURES if subject.has(name)]
    listed = (
        Fact(words(f"finding.{f.id}"), finding_text(f), coverage_note(f.coverage)) for f in found
    )
    return (*listed, _population(subject))


def _population(subject: Subject) -> Fact:
    finding = subject.finding("identity.population")
    sources = finding.facts["sources"]
    assert isinstance(sources, tuple)  # noqa: S101 - the study gives nothing else
    notes = [
        *(words(f"population_source.{source}") for source in sources),
        coverage_note(finding.coverage),
    ]
    return Fact(
        words("finding.identity.population"),
        finding_text(finding),
        "؛ ".join(note for note in notes if note),
    )


def _place(subject: Subject, drawings: Drawings) -> Picture:
    ground = drawings.ground(most_mm=MOST_MM)
    here = None
    if not subject.is_city:
        ground, here = drawings.city_ground(most_mm=MOST_MM), subject.here
    names = {
        "plain": words("legend.blocks"),
        "here": words("legend.here"),
        "neighbourhood": words("legend.neighbourhood"),
    }
    return drawings.map(words("map.place", place=subject.place), place_map(ground, here), names)
