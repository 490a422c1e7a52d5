"""How far fire engines stay away, and whom the known capacities of places leave out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bazafarin.adapters.document.content import Cell, Heading, Paragraph, Table, TableColumn, Tone
from bazafarin.adapters.document.figures import (
    chapter_words,
    covered_cell,
    figure,
    label,
    place_code,
    share,
    unverified_mark,
    with_unit,
    words,
)

if TYPE_CHECKING:
    from bazafarin.adapters.document.content import Content
    from bazafarin.adapters.document.subject import Row, Subject
    from bazafarin.studies.walking_access import WalkingAccess

said = partial(chapter_words, "access")

SHOWN = 10
"""So many blocks are named, those that are worst off."""
OF_A_SERVICE = 2
"""So many blocks are named of those whom a service leaves out."""
RULES = {"width": "access.engine_passage_at_least", "hose": "access.hose_within"}
COUNTS = ("parcels_without_frontage", "parcels_not_joined")
DEPTHS = ("engine_depth_m", "engine_depth_most_m", "engine_no_way_parcels")


def rescue(subject: Subject, made: WalkingAccess) -> tuple[Content, ...]:
    """Return where the hose does not reach, and the blocks that are farthest."""
    rows = subject.inside(made.neighbourhoods).sort_values(
        ["people_beyond_hose", "neighbourhood_id"], ascending=[False, True], na_position="last"
    )
    columns = (
        TableColumn(words("column.neighbourhood"), 1.6, is_text=True),
        TableColumn(said("column.people")),
        TableColumn(said("column.people_beyond_hose"), 1.4),
        *(TableColumn(said(f"column.{name}")) for name in COUNTS),
    )
    cells = tuple(
        (
            Cell(subject.name_of(row["neighbourhood_id"])),
            Cell(figure(row["people"], "persons")),
            covered_cell(
                figure(row["people_beyond_hose"], "persons"),
                row["people_beyond_hose"],
                row["hose_coverage"],
            ),
            *(Cell(figure(row[name])) for name in COUNTS),
        )
        for row in rows.to_dict("records")
    )
    table = Table(said("rescue.title"), columns, cells, note=said("rescue.note"))
    texts = (Heading(said("rescue.heading")), *_rules(subject))
    return (*texts, table, *_deepest(subject, made))


def _rules(subject: Subject) -> tuple[Content, ...]:
    cited = {name: subject.plan.citations.get(rule) for name, rule in RULES.items()}
    facts = {
        name: with_unit(None if rule is None else rule.value, "m") for name, rule in cited.items()
    }
    marks = {
        f"{name}_mark": said("rescue.mark") if unverified_mark(rule) else ""
        for name, rule in cited.items()
    }
    return (Paragraph(_filled(facts | marks)),)


def _filled(facts: dict[str, str]) -> str:
    """Return the sentence of the two rules; an empty mark is no unknown fact."""
    blank = "\u200b"
    return said("rescue.how", **{k: v or blank for k, v in facts.items()}).replace(blank, "")


def _deepest(subject: Subject, made: WalkingAccess) -> tuple[Content, ...]:
    """Return the blocks whose parcels are farthest from where a fire engine comes."""
    rows = subject.inside(made.blocks)
    rows = rows[rows["engine_depth_m"].gt(0) | rows["engine_no_way_parcels"].gt(0)]
    order = ["engine_no_way_parcels", "engine_depth_m", "block_id"]
    shown = rows.sort_values(order, ascending=[False, False, True]).head(SHOWN)
    if shown.empty:
        return ()
    columns = (
        TableColumn(words("column.block"), 1.2),
        TableColumn(words("column.neighbourhood"), 1.6, is_text=True),
        *(TableColumn(said(f"column.{name}")) for name in (*DEPTHS, "engine_coverage")),
    )
    cells = tuple(
        (
            Cell(place_code(row["block_id"])),
            Cell(subject.name_of(row["neighbourhood_id"])),
            *(Cell(figure(row[name], "m")) for name in DEPTHS),
            Cell(share(row["engine_coverage"])),
        )
        for row in shown.to_dict("records")
    )
    note = said("rescue.blocks_note", count=len(shown))
    return (Table(said("rescue.blocks_title"), columns, cells, note=note),)


def capacity(subject: Subject, made: WalkingAccess) -> tuple[Content, ...]:
    """Return whom the known capacities serve and leave out, or that none is known."""
    heading = Heading(said("capacity.heading"))
    if made.allocations is None or made.left_out is None:
        return (heading, Paragraph(said("capacity.unknown"), Tone.NOTICE))
    columns = (
        TableColumn(words("column.service"), 1.7, is_text=True),
        *(
            TableColumn(said(f"column.{name}"), 1.4 if name == "proof" else 1.0)
            for name in ("served", "left_out", "capacity_coverage", "proof")
        ),
    )
    cells = []
    for name in sorted(made.allocations["service"]):
        served, left = (
            subject.finding(f"access.{name}_{what}", scope="city")
            for what in ("served", "left_out")
        )
        cells.append(
            (
                Cell(label("service", name)),
                Cell(figure(served.value, "persons")),
                Cell(figure(left.value, "persons")),
                Cell(share(served.coverage)),
                Cell(_proof(served.facts["gap"], bool(served.facts["is_least_walking"]))),
            )
        )
    table = Table(said("capacity.title"), columns, tuple(cells))
    return (heading, Paragraph(said("capacity.how")), table, *_left_out(subject, made))


def _proof(gap: object, is_least_walking: bool) -> str:  # noqa: FBT001 - a fact of the finding
    if gap:
        return said("capacity.gap", gap=gap)
    return said("capacity.proved" if is_least_walking else "capacity.most_proved")


def _left_out(subject: Subject, made: WalkingAccess) -> tuple[Content, ...]:
    if made.left_out is None:
        return ()
    rows = made.tables["access_left_out"].frame  # of blocks of enough households
    here = rows[rows["block_id"].isin(subject.blocks["block_id"]) & (rows["left_out"] > 0)]
    worst = here.sort_values(["left_out", "block_id"], ascending=[False, True])
    shown = worst.groupby("service").head(OF_A_SERVICE).sort_values("service", kind="stable")
    if shown.empty:
        return ()
    columns = (
        TableColumn(words("column.block")),
        TableColumn(words("column.service"), 1.7, is_text=True),
        TableColumn(said("column.people")),
        TableColumn(said("column.left_out")),
    )
    cells = tuple(_left_out_row(row) for row in shown.to_dict("records"))
    note = said("capacity.blocks_note", count=OF_A_SERVICE)
    return (Table(said("capacity.blocks_title"), columns, cells, note=note),)


def _left_out_row(row: Row) -> tuple[Cell, ...]:
    return (
        Cell(place_code(row["block_id"])),
        Cell(label("service", row["service"])),
        Cell(figure(row["people"], "persons")),
        Cell(figure(row["left_out"], "persons")),
    )
