"""The plan as a workbook for the office: the tables of ``plan.gpkg``, figures by unit.

Sheets, columns and codes go by the same names as in ``plan.gpkg`` and ``findings.json``, so
that a formula or a program finds them; each heading carries its Persian name as a note, and
the first two sheets say in Persian what the plan is and what every column means.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from bazafarin import __version__
from bazafarin.adapters import wording, workbook
from bazafarin.adapters.beside import beside
from bazafarin.adapters.brand import brand
from bazafarin.adapters.persian_text import jalali
from bazafarin.adapters.plan_files import plan_layers, without_geometry
from bazafarin.adapters.workbook import Heading, SheetColumn
from bazafarin.studies.tables import PARCEL_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from bazafarin.domain.finding import Column
    from bazafarin.studies.city_plan import CityPlan

NUMBER_FORMATS: Final[Mapping[str, str]] = {
    "share": "0.0%",
    "ratio": "0.0%",
    "m2": "#,##0",
    "ha": "#,##0.00",
    "m": "#,##0.00",
    "m2/person": "0.00",
    "count": "#,##0",
    "persons": "#,##0",
    "weighted_persons": "#,##0",
    "rial": "#,##0",
}
"""How a spreadsheet shows each unit; the cell holds the whole figure."""
_GUIDE_COLUMNS: Final = ("table", "table_id", "column", "column_id", "unit", "formula", "rules")


_WORTH_A_PROCESS: Final = 50_000
"""Rows from which writing them takes longer than a process of its own takes to start."""


@contextmanager
def plan_workbook_written(plan: CityPlan, path: Path) -> Iterator[None]:
    """Write the plan's tables to ``path``, after a sheet on the plan and one on the columns.

    A large city's workbook is written beside the block, in a process of its own, for cell
    by cell it takes as long as all other files together; it is whole when the block ends.

    Raises:
        OutputError: a table has more rows than a sheet can hold, or the disk not the room.
    """
    look = brand().colour
    tables = {name: _columns(plan, name, table) for name, table in plan_layers(plan).items()}
    first = {_word("plan.table", "about"): _about(plan), _word("plan.guide", "sheet"): _guide(plan)}
    write = partial(
        workbook.write_workbook,
        path,
        first | tables,
        title=plan.city.name_fa,
        made_on=plan.as_of,
        heading=Heading(fill=look["lapis"], ink=look["white"]),
    )
    if sum(len(table) for table in plan_layers(plan).values()) < _WORTH_A_PROCESS:
        yield
        write()
    else:
        with beside(write):
            yield


def _word(topic: str, name: str) -> str:
    """Return the word for a name; one that has none stands as it is."""
    key = f"{topic}.{name}"
    return wording.text(key, "fa") if wording.has(key) else name


def _columns(plan: CityPlan, name: str, table: pd.DataFrame) -> tuple[SheetColumn, ...]:
    """Return a table's columns, each figure in the format of its unit."""
    meanings: Mapping[str, Column] = plan.tables[name].columns if name in plan.tables else {}
    plain = without_geometry(table)
    return tuple(
        SheetColumn(
            str(column),
            plain[column],
            note=_word("plan.column", str(column)),
            number_format=_number_format(meanings.get(str(column))),
        )
        for column in plain
    )


def _number_format(meaning: Column | None) -> str:
    return NUMBER_FORMATS.get(meaning.unit, "") if meaning else ""


def _about(plan: CityPlan) -> tuple[SheetColumn, ...]:
    """Return what the workbook is of: city, day, maker, and whether the city is made up."""
    facts = {
        "city": plan.city.name_fa,
        "as_of": jalali(plan.as_of),
        "crs": plan.city.crs,
        "made_by": f"bazafarin {__version__}",
        "sheets": _word("plan.about_value", "sheets"),
    }
    if plan.city.synthetic:
        facts["synthetic"] = wording.text("cli.synthetic", "fa")
    return (
        SheetColumn(_word("plan.about", "fact"), [_word("plan.about", name) for name in facts]),
        SheetColumn(_word("plan.about", "value"), list(facts.values())),
    )


def _guide(plan: CityPlan) -> tuple[SheetColumn, ...]:
    """Return one row a column of each table: its Persian name, unit, formula and rules."""
    described = {name: table.columns for name, table in plan.tables.items()}
    described["parcels"] = PARCEL_COLUMNS
    rows = [
        (
            _word("plan.table", name),
            name,
            _word("plan.column", column),
            column,
            _word("units.unit", meaning.unit),
            meaning.formula,
            "، ".join(meaning.rules),
        )
        for name, columns in described.items()
        for column, meaning in columns.items()
    ]
    return tuple(
        SheetColumn(_word("plan.guide", name), list(texts))
        for name, texts in zip(_GUIDE_COLUMNS, zip(*rows, strict=True), strict=True)
    )
