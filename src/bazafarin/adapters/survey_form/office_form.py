"""Our own form of the survey as the sheets of an XLSForm, in every language of the catalogue."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from bazafarin.adapters import wording
from bazafarin.domain.city import LAYERS, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = dict[str, str]
    Sheets = Mapping[str, Sequence[Row]]

LANGUAGE_TITLES: Final[Mapping[wording.Language, str]] = {
    "fa": "فارسی (fa)",
    "en": "English (en)",
}
"""How an XLSForm names a language: its own name and its code."""
PARCELS: Final = "parcels"
"""The list of parcels that each surveyor's phone is given."""
PARCELS_FILE: Final = "parcels.csv"
_METADATA: Final = ("start", "end")
_PARCEL_COLUMNS: Final = frozenset(column.name for column in LAYERS["parcels"].columns)
_KEPT: Final = (
    ("type", "name"),
    tuple(f"label::{title}" for title in LANGUAGE_TITLES.values()),
    tuple(f"hint::{title}" for title in LANGUAGE_TITLES.values()),
    ("required", "relevant", "constraint"),
    tuple(f"constraint_message::{title}" for title in LANGUAGE_TITLES.values()),
    ("appearance", "default", "parameters", "save_to"),
)
SURVEY_COLUMNS: Final = tuple(name for names in _KEPT for name in names)
"""The columns of the first sheet, in the order in which an office edits them."""


def office_form(*, form_id: str = "bazafarin_parcel") -> Sheets:
    """Return the sheets ``survey``, ``choices``, ``entities`` and ``settings``: rows by column.

    Args:
        form_id: what phones know the form by; each city of a site has its own.
    """
    written = files("bazafarin.adapters.survey_form").joinpath("parcel_survey.toml")
    form = tomllib.loads(written.read_text(encoding="utf-8"))
    lists = _code_lists() | form["choices"]
    return {
        "survey": list(_survey(form["group"])),
        "choices": [
            {"list_name": name, "name": value, **_labels(_choice_key(name, value))}
            for name, values in lists.items()
            for value in values
        ],
        "entities": [
            {"list_name": PARCELS, "entity_id": "${parcel}"},
        ],
        "settings": [
            {
                "form_id": form_id,
                "form_title": wording.text("survey_form.title", "fa"),
                "version": form["version"],
                "default_language": LANGUAGE_TITLES["fa"],
                "instance_name": "concat(${parcel}, ' · ', ${outcome})",
            }
        ],
    }


def _survey(groups: Sequence[Mapping[str, Any]]) -> list[Row]:
    rows: list[Row] = [{"type": name, "name": name} for name in _METADATA]
    for group in groups:
        told = _labels(f"survey_form.groups.{group['name']}")
        begins = {"type": "begin group", "name": group["name"], "appearance": "field-list"}
        rows.append(begins | told | _written(group, ("relevant",)))
        rows += [_question(question) for question in group["questions"]]
        rows.append({"type": "end group"})
    return rows


def _question(question: Mapping[str, Any]) -> Row:
    name = question["name"]
    told = _labels(f"survey_form.questions.{name}")
    told |= _labels(f"survey_form.hints.{name}", "hint")
    if "constraint" in question:
        told |= _labels(f"survey_form.limits.{name}", "constraint_message")
    rest = ("relevant", "constraint", "appearance", "default", "parameters")
    row = {"type": question["type"], "name": name} | told | _written(question, rest)
    if question.get("required"):
        row["required"] = "yes"
    if name in _PARCEL_COLUMNS:
        row["save_to"] = name
    return row


def _written(table: Mapping[str, Any], names: Sequence[str]) -> Row:
    return {name: str(table[name]) for name in names if name in table}


def _labels(key: str, kind: str = "label") -> Row:
    """Return a column of each language that has the sentence; hints may be none."""
    if kind == "hint" and not wording.has(key):
        return {}
    return {
        f"{kind}::{title}": wording.sentence(key, language)
        for language, title in LANGUAGE_TITLES.items()
    }


def _code_lists() -> dict[str, list[str]]:
    """Return the code lists of the parcels' columns, by the name of their column."""
    return {
        column.name: [str(code) for code in column.codes]
        for column in LAYERS["parcels"].columns
        if column.kind is Kind.CODE and column.codes is not None and column.name != "use_plan"
    }


def _choice_key(name: str, value: str) -> str:
    known = f"codes.{name}.{value}"
    return known if wording.has(known) else f"survey_form.choices.{name}.{value}"
