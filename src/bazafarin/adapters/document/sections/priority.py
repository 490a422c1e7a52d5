"""What comes first, why, and how firm each rank is: blocks, neighbourhoods, needed works."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from bazafarin.adapters import wording
from bazafarin.adapters.document.content import (
    Cell,
    Heading,
    Paragraph,
    Section,
    Table,
    TableColumn,
    Tone,
)
from bazafarin.adapters.document.figures import (
    chapter_words,
    figure,
    is_unknown,
    label,
    place_code,
    share,
    unverified_mark,
    with_unit,
    words,
)
from bazafarin.adapters.document.sections.block_table import WORKBOOK
from bazafarin.adapters.document.sections.priority_reasons import (
    criterion_name,
    full_reason,
    reason,
    score_text,
)
from bazafarin.adapters.drawing.plan_maps import index_map
from bazafarin.adapters.persian_text import persian_digits

if TYPE_CHECKING:
    import pandas as pd

    from bazafarin.adapters.document.content import Content, Picture
    from bazafarin.adapters.document.drawings import Drawings
    from bazafarin.adapters.document.subject import Row, Subject
    from bazafarin.studies.priority import Priority
    from bazafarin.studies.scenario import Scenario

said = partial(chapter_words, "priority")

RANKED = ("blocks", "neighbourhoods", "works")
SHOWN = 10
"""So many blocks and works; of the neighbourhoods ``MOST_NEIGHBOURHOODS``."""
MOST_NEIGHBOURHOODS = 60
MOST_MM = 92.0
FIFTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def priority(subject: Subject, made: Priority, scenario: Scenario, drawings: Drawings) -> Section:
    """Return the chapter of priority."""
    return Section(
        said("title"),
        (
            Paragraph(said("how", method=wording.sentence(f"priority.method.{made.method}", "fa"))),
            *(Paragraph(text, Tone.NOTICE) for text in _notices(subject, made, scenario)),
            _criteria(subject, made, scenario),
            *(Paragraph(text) for text in _firmness(subject)),
            *(part for name in RANKED for part in _ranking(name, subject, made, drawings)),
            *(Paragraph(text, Tone.NOTE) for text in _situation(subject)),
        ),
        on_new_page=True,
    )


def _notices(subject: Subject, made: Priority, scenario: Scenario) -> list[str]:
    notices = [] if subject.is_city else [said("here", place=subject.place)]
    if any(_mark(subject, name, scenario) for name in RANKED):
        notices.append(said("unverified"))
    notices += [
        said("weights_of_scenario", ranked=ranked_name(name))
        for name in RANKED
        if name in scenario.weights
    ]
    if made.method == "topsis":
        notices.append(said("sampled"))
    return notices


def ranked_name(name: str) -> str:
    """Return what is ranked, in words."""
    return wording.sentence(f"priority.ranked.{name}", "fa")


def _mark(subject: Subject, name: str, scenario: Scenario) -> str:
    """Return the mark of a ranking's weights; those of the scenario have none."""
    if name in scenario.weights:
        return ""
    return unverified_mark(subject.plan.citations.get(f"priority.{name}"))


def _criteria(subject: Subject, made: Priority, scenario: Scenario) -> Table:
    rows = []
    for row in made.criteria.to_dict("records"):
        name = str(row["ranked"])
        unit = made.tables[f"priority_{name}"].columns[str(row["criterion"])].unit
        rows.append(
            (
                Cell(ranked_name(name)),
                Cell(criterion_name(row["criterion"])),
                Cell(share(row["weight"]), _mark(subject, name, scenario), is_beside=True),
                Cell(said(f"direction.{'rising' if row['is_rising'] else 'falling'}")),
                Cell(with_unit(row["raw_least"], unit)),
                Cell(with_unit(row["raw_most"], unit)),
                Cell(share(row["coverage"])),
            )
        )
    columns = (
        TableColumn(said("column.ranked"), 1.2, is_text=True),
        TableColumn(said("column.criterion"), 2.2, is_text=True),
        TableColumn(said("column.weight"), 1.2),
        TableColumn(said("column.direction"), 1.5),
        TableColumn(said("column.raw_least"), 0.7),
        TableColumn(said("column.raw_most"), 1.1),
        TableColumn(words("column.coverage"), 0.8),
    )
    return Table(said("criteria_title"), columns, tuple(rows), note=said("criteria_note"))


def _firmness(subject: Subject) -> list[str]:
    """Return how many ranks of the city no unknown data change."""
    sentences = []
    for name in RANKED:
        firm = subject.finding(f"priority.{name}_firm_share", scope="city").value
        count = subject.finding(f"priority.{name}_ranked", scope="city").value
        if firm is not None:
            sentences.append(said("firm", ranked=ranked_name(name), share=firm, count=count))
    return sentences


def _ranking(
    name: str, subject: Subject, made: Priority, drawings: Drawings
) -> tuple[Content, ...]:
    """Return one ranking: why its first is first, its map or none, and its table."""
    frame: pd.DataFrame = getattr(made, name)
    answer = str(subject.finding(f"priority.{name}_answer", scope="city").value)
    texts: list[Content] = [Heading(ranked_name(name))]
    if answer != "ranked":
        sentence = wording.sentence(f"priority.answer.{answer}", "fa")
        texts.append(Paragraph(sentence, Tone.NOTICE))
    if answer in {"nothing_to_rank", "all_unknown"}:
        return tuple(texts)
    here = subject.inside(frame)
    here = here[here["rank"].notna()]
    if here.empty:
        return (*texts, Paragraph(said("none_here")))
    most = MOST_NEIGHBOURHOODS if name == "neighbourhoods" else SHOWN
    shown = here.head(most)
    first = shown.iloc[0].to_dict()
    called = persian_digits(str(first["block_id"])) if name == "blocks" else None
    texts.append(Paragraph(full_reason(called or what(name, first, subject), first)))
    texts.append(_table(name, shown, subject))
    if name == "blocks":
        texts += _map(subject, made, drawings)
    if len(here) > len(shown):
        texts.append(Paragraph(said("more", shown=len(shown), file=WORKBOOK), Tone.NOTE))
    return tuple(texts)


def what(name: str, row: Row, subject: Subject) -> str:
    """Return what a row is called."""
    if name == "blocks":
        return place_code(row["block_id"])
    place = subject.name_of(row["neighbourhood_id"])
    if name == "neighbourhoods":
        return place
    service = label("service", row["service"]) if row["service"] else ""
    return wording.text(
        f"priority.work_name.{row['kind']}", "fa", place=place, service=service or "–"
    )


def _table(name: str, rows: pd.DataFrame, subject: Subject) -> Table:
    named = {
        "blocks": (TableColumn(words("column.block"), 1.2),),
        "neighbourhoods": (TableColumn(words("column.neighbourhood"), 1.5, is_text=True),),
        "works": (TableColumn(said("column.what"), 2.6, is_text=True),),
    }[name]
    columns = (
        TableColumn(said("column.rank"), 0.65),
        *named,
        TableColumn(said("column.score"), 0.85),
        TableColumn(said("column.rank_range"), 0.95),
        TableColumn(said("column.first"), 0.9),
        TableColumn(said("column.why"), 5.6, is_text=True),
    )
    cells = tuple(
        (
            Cell(figure(row["rank"])),
            Cell(what(name, row, subject), _beneath(name, row, subject)),
            Cell(score_text(row["score"])),
            Cell(_rank_range(row)),
            Cell(share(row["first_acceptability"])),
            Cell(reason(row)),
        )
        for row in rows.to_dict("records")
    )
    return Table(said(f"{name}_title"), columns, cells, note=said("table_note"))


def _beneath(name: str, row: Row, subject: Subject) -> str:
    """Return the neighbourhood of a block, or how large a work is."""
    if name == "blocks":
        return subject.name_of(row["neighbourhood_id"])
    if name == "neighbourhoods":
        return ""
    return wording.text(f"priority.work_size.{row['kind']}", "fa", size=row["size"])


def _rank_range(row: Row) -> str:
    best, worst = row["rank_best"], row["rank_worst"]
    if is_unknown(best) or best == worst:
        return figure(best)
    return words("range", low=figure(best), high=figure(worst))


def _map(subject: Subject, made: Priority, drawings: Drawings) -> list[Picture]:
    """Return the map of blocks in fifths of the city's ranks, the most urgent darkest."""
    ranks = made.blocks.set_index("block_id")["rank"].astype("Float64").astype(float)
    count = int(ranks.notna().sum())
    place = (count - ranks + 1) / count
    blocks = subject.blocks
    of_blocks = place.reindex(blocks["block_id"]).set_axis(blocks.index)
    plan_map = index_map(
        drawings.ground(most_mm=MOST_MM, codes=True), of_blocks, ramp="instability", bounds=FIFTHS
    )
    names = {name: words(f"legend.{name}") for name in ("unknown", "neighbourhood", "beside")}
    for step, (low, high) in enumerate(pairwise(FIFTHS)):
        inside = ranks[(place > low) & (place <= high)]
        if len(inside):
            names[f"class_{step}"] = said(
                "rank_class", low=int(inside.min()), high=int(inside.max())
            )
    return [drawings.map(said("map_title", place=subject.place), plan_map, names)]


def _situation(subject: Subject) -> list[str]:
    """Return what makes the rankings say less: criteria unknown everywhere, needs not known."""
    sentences = []
    for name in RANKED:
        unknown = subject.finding(f"priority.{name}_unknown_criteria", scope="city")
        if unknown.value:
            criteria = [criterion_name(code) for code in unknown.facts["names"]]  # type: ignore[attr-defined]  # a list
            facts = {"name": ranked_name(name), "criteria": criteria}
            sentences.append(wording.text("priority.said.unknown_criteria", "fa", **facts))
    for finding in subject.plan.findings:
        family, _, kind = finding.id.partition(".unknown_")
        if family == "priority" and finding.value:
            work = wording.sentence(f"priority.work.{kind}", "fa")
            key = "priority.said.unknown_need"
            sentences.append(wording.text(key, "fa", work=work, count=finding.value))
    return sentences
