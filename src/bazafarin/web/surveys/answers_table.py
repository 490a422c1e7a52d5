"""The answers to a form as tables: one of the form, and one of each of its repeats."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import shapely
from defusedxml.ElementTree import fromstring

from bazafarin.adapters.survey_form import answers
from bazafarin.adapters.survey_form.definition import AnswerKind, NodeKind
from bazafarin.web.office.downloads import ListColumn, Listing
from bazafarin.web.office.said import language, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import QuerySet

    from bazafarin.adapters.survey_form.definition import FormDefinition, Node
    from bazafarin.web.surveys.models import Submission

WGS84 = "EPSG:4326"


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row of a table of answers: the submission, and the row of the form or of a repeat."""

    submission: Submission
    row: answers.AnswerRow

    @property
    def place(self) -> str:
        """Return which row of its repeats it is, such as ``2/1``; empty for the form's own."""
        return "/".join(map(str, self.row.place))


class FilledRows:
    """The rows of one table over all submissions of a query, read as they are asked for."""

    def __init__(
        self, found: QuerySet[Submission], definition: FormDefinition, repeat: str
    ) -> None:
        self._found = found
        self._definition = definition
        self._repeat = repeat

    def iterator(self, chunk_size: int) -> Iterator[FilledRow]:
        """Yield every row, so many submissions read at once."""
        for submission in self._found.iterator(chunk_size):
            yield from rows_of(submission, self._definition, self._repeat)

    def __getitem__(self, rows: slice) -> Iterable[FilledRow]:
        """Return some of the rows."""
        return islice(self.iterator(2_000), rows.start, rows.stop)


def rows_of(submission: Submission, definition: FormDefinition, repeat: str) -> list[FilledRow]:
    """Return the rows of a submission in the table of the form (empty) or of a repeat."""
    read = answers.read_answers(definition, fromstring(bytes(submission.xml)))
    return [FilledRow(submission, row) for row in read if row.repeat == repeat]


def repeats_of(definition: FormDefinition) -> list[Node]:
    """Return the repeats of a form."""
    return [node for node in definition.root.walk() if node.kind is NodeKind.REPEAT]


def columns_of(definition: FormDefinition, repeat: str) -> list[Node]:
    """Return the questions whose answers are the columns of a table."""
    return [
        node for node in definition.questions if definition.repeat_of.get(node.path, "") == repeat
    ]


def answers_listing(definition: FormDefinition, repeat: str) -> Listing:
    """Return the table of a form or of one of its repeats as a file, with the form's labels."""
    nodes = columns_of(definition, repeat)
    places = [node for node in nodes if node.answer is AnswerKind.POINT]
    return Listing(
        name=definition.nodes[repeat].name if repeat else "answers",
        title=definition.title_of(definition.nodes[repeat], language())
        if repeat
        else definition.title,
        columns=[
            ListColumn("instance_id", said("web_surveys.id"), lambda f: f.submission.instance_id),
            *(
                [ListColumn("row", said("web_surveys.row"), lambda filled: filled.place)]
                if repeat
                else _about()
            ),
            *(_column(definition, node, name) for node, name in _named(nodes)),
        ],
        crs=WGS84 if places else "",
        shape=partial(_place, places),
    )


def _about() -> list[ListColumn]:
    """Return what a table says of each submission beside its answers."""
    return [
        ListColumn(
            "parcel_key", said("web_surveys.parcel"), lambda f: f.submission.parcel_key or None
        ),
        ListColumn(
            "surveyor", said("web_surveys.surveyor"), lambda f: str(f.submission.made_by)
        ),
        ListColumn(
            "received_at", said("web_surveys.received_at"), lambda f: f.submission.received_at
        ),
        ListColumn(
            "state", said("web_surveys.state"), lambda f: f.submission.state,
            say=lambda state: said(f"web_surveys.states.{state}"),
        ),
    ]  # fmt: skip


def _named(nodes: Iterable[Node]) -> Iterator[tuple[Node, str]]:
    """Yield each question with a name that no other column of its table has.

    The names of SQL know no capitals, so ``Floors`` and ``floors`` would be one.
    """
    taken = {
        "instance_id",
        "row",
        "parcel_key",
        "surveyor",
        "received_at",
        "state",
        "version",
        "fid",
        "geom",
        "geometry",
    }
    for node in nodes:
        parts = node.path.split("/")[2:]
        name, more = parts[-1], len(parts) - 1
        while name.lower() in taken:
            more -= 1
            name = f"{parts[more]}_{name}" if more >= 0 else f"{name}_"
        taken.add(name.lower())
        yield node, name


def _column(definition: FormDefinition, node: Node, name: str) -> ListColumn:
    def value(filled: FilledRow) -> str | None:
        return filled.row.answers.get(node.path)

    return ListColumn(
        name,
        definition.title_of(node, language()),
        value,
        say=lambda text: answers.shown(definition, node, text, language()),
    )


def _place(places: list[Node], filled: FilledRow) -> Any:  # noqa: ANN401 - a shape or none
    """Return the first place that a row tells."""
    for node in places:
        if text := filled.row.answers.get(node.path):
            value = answers.value_of(node, text)
            if isinstance(value, answers.Point):
                return shapely.Point(value.longitude, value.latitude)
    return None
