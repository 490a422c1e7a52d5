"""Duties of the site: events in words, sentences in both languages, pages of one frame."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from bazafarin import web
from bazafarin.adapters import wording
from bazafarin.domain.city import LAYERS
from bazafarin.web.places.correcting import CORRECTED
from bazafarin.web.places.layers import TABLES, field_of
from bazafarin.web.places.queries import COLUMN_NEEDS

SITE = Path(web.__file__).parent
PYTHON = sorted(path for path in SITE.rglob("*.py") if path.parent.name != "migrations")
TEMPLATES = sorted(SITE.rglob("*.html"))
STYLES = sorted(path for path in SITE.rglob("*.css") if "vendor" not in path.parts)
SCRIPTS = sorted(path for path in SITE.rglob("*.js") if "vendor" not in path.parts)
KEY = r"web_\w+(?:\.[\w-]+)*"

PUBLIC_COLUMNS = {
    "parcel_id", "block_id", "neighbourhood_id", "use", "use_plan", "land_area_m2", "heritage",
}  # fmt: skip
"""Columns of a parcel that whoever sees the place may see: what it is, not how or for whom."""

UNAUDITED = {
    "accounts.User": "audited as person.*, password.* and second_factor.*",
    "audit.AuditEvent": "it is the audit itself",
    "places.Parcel": "rows of an edition, whose acceptance is audited",
    "places.Block": "rows of an edition, whose acceptance is audited",
    "places.Passage": "rows of an edition, whose acceptance is audited",
    "places.Carriageway": "rows of an edition, whose acceptance is audited",
    "places.Neighbourhood": "rows of an edition, whose acceptance is audited",
    "places.Facility": "rows of an edition, whose acceptance is audited",
    "places.BoundaryPart": "rows of an edition, whose acceptance is audited",
    "places.Succession": "told of an edition, whose acceptance is audited",
    "places.City": "made with its place; its current edition changes with edition.accepted",
    "plans.BlockResult": "told by a plan, whose making is audited",
    "plans.AreaResult": "told by a plan, whose making is audited",
    "accounts.Membership": "audited as role.* of its user",
    "cases.CaseParcel": "told by the opening of its case, which is audited",
    "cases.CaseEvent": "audited as case.told of its case",
    "offices.OfficeWorker": "audited as office.worker_added and office.worker_left of its office",
    "offices.Done": "audited as office.did of its office",
    "surveys.Assignment": "audited as survey.blocks_given and survey.blocks_taken of its survey",
    "surveys.Attachment": "a part of its submission, added with it and never changed",
    "surveys.Draft": "somebody's own, seen by nobody else; what is sent of it is a submission",
    "surveys.DraftFile": "a part of its draft",
    "surveys.FormMedia": "audited as form.media_added of its form",
    "surveys.FormVersion": "audited as form.added, form.published and form.withdrawn of its form",
    "surveys.PhoneAccess": "audited as phone.given and phone.taken of its user",
    "surveys.Revisit": "audited as survey.revisits_drawn of its survey",
    "surveys.Review": "a trail itself; audited as answers.… of its submission or survey",
}
"""Models without a kind of subject of their own in the audit, and why."""


def name_of(path: Path) -> str:
    return str(path.relative_to(SITE))


def calls(name: str):
    """Yield each call of a function of this name in the site's source, with its place."""
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called == name:
                    yield node, f"{name_of(path)}:{node.lineno}"


def recorded():
    """Yield the action (or how it begins), the kind, and the place of each event recorded.

    What begins with a name of the code (``f"{what}.drawn"``) is told by the test of its module.
    """
    for call, place in calls("record"):
        kind = next(word.value for word in call.keywords if word.arg == "subject_kind")
        first = call.args[0]
        choices = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
        for choice in choices:
            begin = choice.values[0] if isinstance(choice, ast.JoinedStr) else choice
            if isinstance(begin, ast.Constant) and isinstance(kind, ast.Constant):
                yield begin.value, kind.value, place
    for what in CORRECTED.values():
        for verb in ("drawn", "corrected"):
            yield f"{what}.{verb}", what, "places/correcting.py"


def test_every_event_that_is_recorded_has_its_words() -> None:
    keys = wording.keys("fa") & wording.keys("en")
    told = list(recorded())

    assert len(told) > 15
    assert not [
        (action, place)
        for action, _, place in told
        if not any(key.startswith(f"web_audit.actions.{action}") for key in keys)
    ]
    assert not [(k, place) for _, k, place in told if f"web_audit.kinds.{k}" not in keys]


def test_every_model_is_audited_or_says_why_not() -> None:
    kinds = {kind for _, kind, _ in recorded()}
    ours = [m for m in apps.get_models() if m.__module__.startswith("bazafarin.")]
    snake = {m._meta.label: re.sub(r"(?<!^)(?=[A-Z])", "_", m.__name__).lower() for m in ours}

    silent = {label for label, kind in snake.items() if kind not in kinds}
    assert silent - set(UNAUDITED) == set()
    assert set(UNAUDITED) <= set(snake)


UNRECORDED = {
    "places/actions.py:put_files": "writes down where the delivery of an event lies",
    "plans/making.py:discard": "leaves nothing of a plan; that it failed is recorded",
    "jobs/actions.py:begin_next": "the worker's own: that work was asked for is recorded",
    "jobs/actions.py:tell_stage": "how far work is, is no change of anything",
}
"""Functions that change a row and add no event, and why."""


def test_what_changes_a_row_beside_events_adds_one_in_its_transaction() -> None:
    """Every public function of a module that records: it records and is atomic, or says why not."""
    silent, loose = set(), set()
    for path in PYTHON:
        text = path.read_text(encoding="utf-8")
        if "import record\n" not in text:
            continue
        for function in ast.parse(text).body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            words = ast.unparse(function)
            where = f"{name_of(path)}:{function.name}"
            is_change = re.search(r"\.(save|create|update|delete|get_or_create)\(", words)
            if is_change and "record(" not in words:
                silent.add(where)
            if "record(" in words and "@transaction.atomic" not in words:
                loose.add(where)

    assert silent == set(UNRECORDED)
    assert not loose


def used_keys() -> dict[str, str]:
    """Return each key that a template or the source names whole, and where."""
    found: dict[str, str] = {}
    for path in TEMPLATES:
        for key in re.findall(rf'{{% say "({KEY})"', path.read_text(encoding="utf-8")):
            found[key] = name_of(path)
        for key in re.findall(rf'word="({KEY})"', path.read_text(encoding="utf-8")):
            found[key] = name_of(path)
    for name in ("said", "said_later"):
        for call, place in calls(name):
            if isinstance(call.args[0], ast.Constant):
                found[call.args[0].value] = place
    return found


def prefixes() -> set[str]:
    """Return how keys begin that are put together as the page is made."""
    found = set()
    for path in TEMPLATES:
        found |= set(re.findall(rf'{{% say_of "({KEY})"', path.read_text(encoding="utf-8")))
        # a part that is told how its keys begin
        found |= set(re.findall(rf'prefix="({KEY})"', path.read_text(encoding="utf-8")))
    for path in PYTHON:
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(rf'f"({KEY})\.{{', text))
    return found


def test_every_sentence_that_the_site_says_is_in_both_languages() -> None:
    assert len(used_keys()) > 150
    assert not {key: at for key, at in used_keys().items() if not wording.has(key)}
    assert not [each for each in prefixes() if not any(k.startswith(f"{each}.") for k in KEYS)]


KEYS = sorted(key for key in wording.keys("fa") if key.startswith("web_"))


def test_every_sentence_of_the_site_is_said_somewhere() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in [*PYTHON, *TEMPLATES])
    named = set(re.findall(KEY, source))
    begun = {f"{each}." for each in prefixes()}
    buttons = {f"{key}_button" for key in named}

    assert not [
        key
        for key in KEYS
        if key not in named | buttons and not any(key.startswith(each) for each in begun)
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_extends_the_frame_or_is_a_part(path) -> None:
    text = path.read_text(encoding="utf-8")

    is_page = '{% extends "office/base.html" %}' in text
    assert path.name == "base.html" or path.name.startswith("_") or is_page
    assert not is_page or "{% block title %}" in text


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_has_nothing_inline_and_no_persian_of_its_own(path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\s(?:style|on\w+)\s*=\s*[\"']", text)
    assert not re.search(r"<style|<script(?![^>]*(?:\ssrc=|type=\"application/json\"))", text)
    assert not re.search(r"https?://(?!www\.w3\.org)", text)
    assert not re.search(r"[\u0621-\u06ff]{2}", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=name_of)
def test_a_script_has_no_sentence_and_no_foreign_host(path) -> None:
    text = path.read_text(encoding="utf-8")

    # the site's name is what a font is tried with
    assert not re.search(
        r"[\u0621-\u06cc]{2}", text.replace(wording.text("web_office.name", "fa"), "")
    )
    # htmx names how it puts in a page of the server's own; no script of ours does it itself
    text = text.replace('swap: "innerHTML"', "")
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write", text)
    assert not re.search(r"https?://(?!www\.w3\.org)", text)


PHYSICAL = re.compile(
    r"(?<![\w.-])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom"
    r"|(?:min-|max-)?(?:width|height))\s*:"
    r"|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
)


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_a_style_sheet_names_no_side_of_the_screen(path) -> None:
    text = re.sub(r"@media[^{]*\{", "", path.read_text(encoding="utf-8"))

    assert PHYSICAL.findall(text) == []


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_a_style_sheet_takes_its_colours_from_the_tokens(path) -> None:
    text = path.read_text(encoding="utf-8")

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", text) == []


@pytest.mark.parametrize("layer", LAYERS)
def test_every_column_of_a_layer_is_a_field_of_its_table(layer) -> None:
    fields = {each.name for each in TABLES[layer]._meta.get_fields()}

    assert {field_of(column.name) for column in LAYERS[layer].columns} <= fields
    assert all(wording.has(f"web_places.columns.{c.name}") for c in LAYERS[layer].columns)


def test_every_column_of_a_parcel_is_public_or_needs_a_permission() -> None:
    columns = {column.name for column in LAYERS["parcels"].columns}

    assert columns == PUBLIC_COLUMNS | set(COLUMN_NEEDS)
    assert not PUBLIC_COLUMNS & set(COLUMN_NEEDS)


def test_every_constraint_of_the_site_is_broken_in_a_test() -> None:
    here = sorted(Path(__file__).parent.glob("test_*.py"))
    tests = "".join(path.read_text(encoding="utf-8") for path in here)
    named = {
        constraint.name
        for model in apps.get_models()
        if model.__module__.startswith("bazafarin.")
        for constraint in model._meta.constraints
        if isinstance(constraint, (models.CheckConstraint, models.UniqueConstraint))
    }

    of_features = {name for name in named if name.endswith(("_open_once", "_in_order"))}
    assert not [name for name in sorted(named - of_features) if name not in tests]
    assert "_open_once" in tests
    assert "_in_order" in tests


def test_every_field_of_an_event_has_its_word() -> None:
    written = {
        (key.value, place)
        for call, place in calls("record")
        for word in call.keywords
        if word.arg in {"before", "after"}
        for each in ast.walk(word.value)
        if isinstance(each, ast.Dict)
        for key in each.keys
        if isinstance(key, ast.Constant)
    }

    assert len(written) > 10
    assert not {(name, at) for name, at in written if not wording.has(f"web_audit.fields.{name}")}
