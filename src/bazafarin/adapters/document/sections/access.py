"""Walking access: who has each service within its radius, and how far fire engines stay away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from bazafarin.adapters.document.content import (
    Cell,
    Fact,
    Facts,
    Paragraph,
    Section,
    Table,
    TableColumn,
    Tone,
)
from bazafarin.adapters.document.figures import (
    chapter_words,
    coverage_note,
    figure,
    finding_text,
    is_unknown,
    label,
    share,
    share_cell,
    unverified_mark,
    words,
)
from bazafarin.adapters.document.sections.access_rescue import capacity, rescue
from bazafarin.adapters.drawing.plan_maps import index_map

if TYPE_CHECKING:
    from bazafarin.adapters.document.content import Content, Picture
    from bazafarin.adapters.document.drawings import Drawings
    from bazafarin.adapters.document.subject import Row, Subject
    from bazafarin.studies.walking_access import WalkingAccess

said = partial(chapter_words, "access")

MOST_MM = 104.0
FIFTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""The classes of the map: no rule says which share of the residents is enough."""
HALF = 0.5
"""Rows of a smaller share stand out."""
CITY_FIGURES = (
    *("people", "people_without_parcel", "network_length_m", "network_parts"),
    *("parcels_joined_share", "width_known_share"),
)
PLACE_FIGURES = (
    *("within_all_share", "people_beyond_hose"),
    *("parcels_not_joined", "parcels_without_frontage"),
)


def access(subject: Subject, made: WalkingAccess, drawings: Drawings) -> Section:
    """Return the chapter of walking access."""
    return Section(
        said("title"),
        (
            Paragraph(said("how")),
            *(Paragraph(text, Tone.NOTICE) for text in _notices(subject, made)),
            *_services(subject, made),
            *_neighbourhoods(subject, made),
            *_map(subject, made, drawings),
            *rescue(subject, made),
            *capacity(subject, made),
            *_known(subject),
        ),
        on_new_page=True,
    )


def _notices(subject: Subject, made: WalkingAccess) -> list[str]:
    """Return what the reader must know before the figures."""
    notices = []
    if not len(made.network.node_xy):
        notices.append(said("no_network"))
    if subject.finding("access.people", scope="city").value is None:
        notices.append(said("nobody_known"))
    unknown = [name for name in sorted(made.radius_m) if name not in known_services(made)]
    if unknown:
        services = "، ".join(label("service", name) for name in unknown)
        notices.append(said("unknown_services", services=services))
    if any(_radius_mark(subject, name) for name in made.radius_m):
        notices.append(said("unverified"))
    return notices


def known_services(made: WalkingAccess) -> list[str]:
    """Return the services of which a way is known, by name."""
    return [name for name in sorted(made.radius_m) if made.parcels[f"{name}_m"].notna().any()]


def _radius_mark(subject: Subject, service: str) -> str:
    """Return «تأییدنشده» where a rule that gives a service its radius has no seen source."""
    citations = subject.plan.citations
    kinds = citations.get("access.facility_of_service")
    of: Any = {} if kinds is None else kinds.value
    rules = [citations.get(f"access.{kind}") for kind in of.get(service, ())]
    return next((mark for mark in map(unverified_mark, rules) if mark), "")


def _services(subject: Subject, made: WalkingAccess) -> tuple[Content, ...]:
    """Return the table of services, the least accessible first, and what it says."""
    found = {name: subject.finding(f"access.{name}_within_share") for name in made.radius_m}
    order = sorted(found, key=lambda name: (is_unknown(found[name].value), found[name].value, name))
    more = () if subject.is_city else ("median_m", "people_without_way")
    rows = subject.inside(made.services).set_index("service")
    cells = []
    for name in order:
        finding = found[name]
        within = finding.facts["people_within"]
        extra: Row = {} if subject.is_city else rows.loc[name].to_dict()
        cells.append(
            (
                Cell(label("service", name)),
                Cell(figure(made.radius_m[name], "m"), _radius_mark(subject, name)),
                Cell(figure(finding.facts["facilities"])),
                Cell(figure(within, "persons")),
                Cell(share(finding.value)),
                *(Cell(figure(extra[column], "m")) for column in more),
                Cell(share(finding.coverage)),
            )
        )
    columns = (
        TableColumn(words("column.service"), 1.7, is_text=True),
        *(
            TableColumn(said(f"column.{name}"))
            for name in ("radius_m", "facilities", "people_within", "within_share", *more)
        ),
        TableColumn(words("column.coverage"), 0.8),
    )
    title = said("services_title", place=subject.place)
    table = Table(title, columns, tuple(cells), note=said("services_note"))
    worst = found[order[0]].value if order else None
    if is_unknown(worst):
        return (table,)
    key = "all_within" if worst == 1 else "worst"
    least = label("service", order[0])
    return (
        Paragraph(said(key, place=subject.place, service=least, share=worst)),
        table,
    )


def _neighbourhoods(subject: Subject, made: WalkingAccess) -> tuple[Content, ...]:
    """Return each neighbourhood's share of each known service; in the city's document."""
    known = known_services(made)
    if not subject.is_city or not known:
        return ()
    shares = made.services.pivot_table(
        "within_share", "neighbourhood_id", "service", aggfunc="first", dropna=False
    ).reindex(columns=known)
    rows = made.neighbourhoods.sort_values(
        ["within_all_share", "neighbourhood_id"], na_position="last", ignore_index=True
    )
    cells = tuple(
        (
            Cell(subject.name_of(row["neighbourhood_id"])),
            Cell(figure(row["people"], "persons")),
            *(Cell(share(part)) for part in shares.loc[row["neighbourhood_id"]]),
            share_cell(row["within_all_share"], row["people_coverage"]),
        )
        for row in rows.to_dict("records")
    )
    columns = (
        TableColumn(words("column.neighbourhood"), 1.6, is_text=True),
        TableColumn(said("column.people")),
        *(TableColumn(label("service", name)) for name in known),
        TableColumn(said("column.all"), 1.3),
    )
    low = np.flatnonzero((rows["within_all_share"] < HALF).to_numpy(dtype=bool, na_value=False))
    return (
        Table(
            said("neighbourhoods_title"),
            columns,
            cells,
            marked=tuple(int(at) for at in low),
            note=said("neighbourhoods_note"),
        ),
    )


def _map(
    subject: Subject, made: WalkingAccess, drawings: Drawings
) -> tuple[Picture | Paragraph, ...]:
    blocks = subject.blocks
    if blocks.empty or not known_services(made):
        return ()
    within = made.tables["access_blocks"].frame.set_index("block_id")["within_share"]
    of_blocks = within.reindex(blocks["block_id"]).set_axis(blocks.index)
    plan_map = index_map(
        drawings.ground(most_mm=MOST_MM), of_blocks, ramp="fine_grain", bounds=FIFTHS
    )
    names = {
        f"class_{step}": words("legend.class", low=FIFTHS[step], high=FIFTHS[step + 1])
        for step in range(len(FIFTHS) - 1)
    }
    names |= {name: words(f"legend.{name}") for name in ("unknown", "neighbourhood", "beside")}
    title = said("map_title", place=subject.place)
    return (drawings.map(title, plan_map, names), Paragraph(said("map_note"), Tone.NOTE))


def _known(subject: Subject) -> tuple[Content, ...]:
    """Return what the measure rests on: people, widths, and what is joined."""
    names = CITY_FIGURES if subject.is_city else PLACE_FIGURES
    found = [subject.finding(f"access.{name}") for name in names]
    rows = tuple(
        Fact(
            said(f"finding.{name}"),
            finding_text(finding),
            "" if is_unknown(finding.value) else coverage_note(finding.coverage),
        )
        for name, finding in zip(names, found, strict=True)
    )
    return (Facts(said("known.title"), rows), Paragraph(said("known.note"), Tone.NOTE))
