"""Our form and forms of any kind: compiled, read as a tree of questions, refused in words."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import openpyxl
import pytest
import xlwt
from defusedxml.ElementTree import fromstring

from bazafarin.adapters import wording
from bazafarin.adapters.survey_form.answers import read_answers, value_of
from bazafarin.adapters.survey_form.compiling import compile_sheets, compile_workbook
from bazafarin.adapters.survey_form.definition import AnswerKind, NodeKind
from bazafarin.adapters.survey_form.form_workbook import write_form_workbook
from bazafarin.adapters.survey_form.observations import mapping_by_name, observed
from bazafarin.adapters.survey_form.office_form import office_form
from bazafarin.domain.city import LAYERS, Kind
from bazafarin.domain.errors import FormError

MANY = {
    "survey": [
        {"type": "begin group", "name": "house", "label::fa": "خانه", "label::en": "House"},
        {"type": "begin_repeat", "name": "room", "label::fa": "اتاق", "label::en": "Room"},
        {"type": "decimal", "name": "area", "label::fa": "مساحت", "label::en": "Area"},
        {"type": "select_multiple use", "name": "uses", "label::fa": "کاربرد", "label::en": "Uses"},
        {"type": "end_repeat"},
        {"type": "calculate", "name": "rooms", "calculation": "count(${room})"},
        {"type": "end group"},
        {"type": "note", "name": "thanks", "label::fa": "سپاس ${rooms}", "label::en": "Thanks"},
        {"type": "geopoint", "name": "at", "label::fa": "جا", "label::en": "Place"},
    ],
    "choices": [
        {"list_name": "use", "name": "a", "label::fa": "خواب", "label::en": "Sleep"},
        {"list_name": "use", "name": "b", "label::fa": "کار", "label::en": "Work"},
    ],
    "settings": [{"form_id": "rooms", "version": "3", "default_language": "fa"}],
}


def saved(path, sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        heads = list(dict.fromkeys(key for row in rows for key in row))
        sheet.append(heads)
        for row in rows:
            sheet.append([row.get(head) for head in heads])
    book.save(path)
    return path.read_bytes()


def test_our_form_asks_in_both_languages_and_tells_the_parcels_columns() -> None:
    form = compile_sheets(office_form())
    told = form.definition

    assert form.warnings == ()
    assert told.languages == ("فارسی (fa)", "English (en)")
    for node in told.questions:
        for language in wording.LANGUAGES if node.is_asked else ():
            assert told.words(node.labels, language), node.path
            for choice in node.choices:
                assert told.words(choice.labels, language), choice
    columns = {each.column for each in mapping_by_name(told)}
    assert columns == {row["save_to"] for row in office_form()["survey"] if "save_to" in row}
    known = {c.name for c in LAYERS["parcels"].columns}
    assert columns <= known
    for column in LAYERS["parcels"].columns:
        if column.kind is Kind.CODE and column.name in columns and column.codes:
            (path,) = (e.path for e in mapping_by_name(told) if e.column == column.name)
            assert {c.value for c in told.nodes[path].choices} == set(column.codes)


def test_our_form_is_the_same_as_the_workbook_that_an_office_edits(tmp_path) -> None:
    path = tmp_path / "form.xlsx"
    write_form_workbook(path, office_form(), title="فرم", made_on=date(2025, 1, 1))

    again = compile_workbook(path.read_bytes(), file_name="form.xlsx")

    assert again.warnings == ()
    assert again.definition == compile_sheets(office_form()).definition


def test_groups_repeats_calculations_and_languages_are_read() -> None:
    told = compile_sheets(MANY).definition

    kinds = {node.path: node.kind for node in told.root.walk()}
    assert kinds["/data/house"] is NodeKind.GROUP
    assert kinds["/data/house/room"] is NodeKind.REPEAT
    assert told.repeat_of["/data/house/room/area"] == "/data/house/room"
    uses = told.nodes["/data/house/room/uses"]
    assert (uses.answer, told.title_of(uses, "fa")) == (AnswerKind.CHOICES, "کاربرد")
    assert not told.nodes["/data/house/rooms"].is_asked
    assert told.title_of(told.nodes["/data/house/room"], "en") == "Room"


def test_answers_in_repeats_are_rows_of_their_own() -> None:
    told = compile_sheets(MANY).definition
    sent = fromstring(
        "<data><house><room><area>12.5</area><uses>a b</uses></room>"
        "<room><area>x</area></room><rooms>2</rooms></house><at>35.5 51.25 1200 5</at>"
        "<stranger>1</stranger></data>"
    )

    rows = read_answers(told, sent)

    assert [(row.repeat, row.place) for row in rows] == [
        ("", ()), ("/data/house/room", (1,)), ("/data/house/room", (2,)),
    ]  # fmt: skip
    area = told.nodes["/data/house/room/area"]
    assert [value_of(area, row.answers[area.path]) for row in rows[1:]] == [12.5, "x"]
    at = value_of(told.nodes["/data/at"], rows[0].answers["/data/at"])
    assert (at.latitude, at.longitude, at.accuracy_m) == (35.5, 51.25, 5)
    assert "/data/stranger" not in rows[0].answers


def test_a_form_without_settings_is_called_as_its_file(tmp_path) -> None:
    sheets = {"survey": [{"type": "text", "name": "a", "label": "الف"}]}
    content = saved(tmp_path / "x.xlsx", sheets)

    told = compile_workbook(content, file_name="visits.xlsx").definition

    assert (told.form_id, told.languages) == ("visits", ("",))
    assert told.title_of(told.questions[0], "fa") == "الف"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("form.pdf", b"%PDF", "form.kind"),
        ("form.xlsx", b"no workbook", "form.unfit"),
        ("form.xls", b"no workbook", "form.unfit"),
        ("form.xlsx", b"", "form.unfit"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(name, content, code) -> None:
    with pytest.raises(FormError) as caught:
        compile_workbook(content, file_name=name)

    assert caught.value.code == code
    for language in wording.LANGUAGES:
        assert wording.error_text(caught.value, language)


@pytest.mark.parametrize(
    "survey",
    [
        [{"type": "select_one none", "name": "a", "label": "a"}],
        [{"type": "begin group", "name": "a", "label": "a"}],
        [{"type": "text", "name": "a b", "label": "a"}],
        [{"type": "text", "name": "a", "label": "a", "relevant": "${b} = 1"}],
        [{"type": "king", "name": "a", "label": "a"}],
    ],
)
def test_what_is_no_xlsform_is_refused_with_the_compilers_reason(tmp_path, survey) -> None:
    content = saved(tmp_path / "x.xlsx", {"survey": survey})

    with pytest.raises(FormError) as caught:
        compile_workbook(content, file_name="x.xlsx")

    assert caught.value.code == "form.unfit"
    assert caught.value.facts["reason"]


def test_a_form_names_the_files_that_it_needs(tmp_path) -> None:
    survey = [
        {"type": "select_one_from_file shops.csv", "name": "a", "label": "a"},
        {"type": "select_one_from_file roads.geojson", "name": "b", "label": "b"},
        {"type": "note", "name": "c", "label": "c", "media::image": "sign.png"},
        {"type": "calculate", "name": "d", "calculation": "pulldata('price', 'p', 'k', ${a})"},
        {"type": "select_one_from_file parcels.csv", "name": "e", "label": "e"},
    ]
    form = compile_workbook(saved(tmp_path / "x.xlsx", {"survey": survey}), file_name="x.xlsx")

    assert set(form.definition.media) == {
        "shops.csv", "roads.geojson", "sign.png", "price.csv", "parcels.csv",
    }  # fmt: skip


def test_a_form_that_chooses_parcels_again_and_again_is_refused(tmp_path) -> None:
    survey = [
        {"type": "begin repeat", "name": "r", "label": "r"},
        {"type": "select_one_from_file parcels.csv", "name": "a", "label": "a"},
        {"type": "end repeat"},
    ]
    with pytest.raises(FormError) as caught:
        compile_workbook(saved(tmp_path / "x.xlsx", {"survey": survey}), file_name="x.xlsx")

    assert caught.value.code == "form.files"


def test_a_damaged_workbook_is_refused_in_words(tmp_path) -> None:
    whole = saved(tmp_path / "x.xlsx", {"survey": [{"type": "text", "name": "a", "label": "a"}]})
    for at in range(40, len(whole), 97):
        hurt = bytearray(whole)
        hurt[at : at + 8] = bytes(8)
        with suppress(FormError):  # some damage does no harm
            compile_workbook(bytes(hurt), file_name=f"{'ف' * 180}.xlsx")


def test_a_form_that_asks_nothing_is_refused(tmp_path) -> None:
    content = saved(tmp_path / "x.xlsx", {"survey": [{"type": "start", "name": "start"}]})

    with pytest.raises(FormError) as caught:
        compile_workbook(content, file_name="x.xlsx")

    assert caught.value.code == "form.empty"


def test_values_are_taken_as_their_columns_hold_them_or_told_as_unfit() -> None:
    told = compile_sheets(office_form()).definition
    mapping = mapping_by_name(told)
    at = {each.column: each.path for each in mapping}
    answers = {
        at["structure"]: "adobe", at["floors"]: "۳", at["built_sh"]: "1375",
        at["will_renovate"]: "conditional", at["heritage"]: "true", at["quality"]: "unknown",
        at["use"]: "palace", at["units"]: "2.5", at["population"]: "-1",
        at["land_area_m2"]: "nan", at["postal_code"]: "۱۲۳۴۵۶۷۸۹۰", at["surveyed_on"]: "2025-12-01",
    }  # fmt: skip

    found = observed(answers, mapping)

    assert found.values == {
        "structure": "adobe", "floors": 3, "built_sh": 1375, "heritage": True,
        "postal_code": "1234567890", "surveyed_on": date(2025, 12, 1),
    }  # fmt: skip
    assert set(found.unfit) == {"use", "units", "population", "land_area_m2"}


def test_an_old_workbook_in_two_languages_with_groups_written_either_way(tmp_path) -> None:
    rows = [
        ("type", "name", "label::فارسی (fa)", "label::English (en)"),
        ("begin group", "house", "خانه", "House"),
        ("begin_repeat", "room", "اتاق", "Room"),
        ("integer", "beds", "تخت", "Beds"),
        ("end_repeat", "", "", ""),
        ("end group", "", "", ""),
        ("select_multiple yn or_other", "why", "چرا", "Why"),
    ]
    choices = [("list_name", "name", "label::فارسی (fa)", "label::English (en)")]
    choices += [("yn", "y", "بله", "Yes"), ("yn", "n", "خیر", "No")]
    book = xlwt.Workbook()
    for name, lines in (("survey", rows), ("choices", choices)):
        sheet = book.add_sheet(name)
        for at, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write(at, column, cell)
    book.save(str(tmp_path / "old.xls"))

    form = compile_workbook((tmp_path / "old.xls").read_bytes(), file_name="old.xls").definition

    assert form.form_id == "old"
    assert form.nodes["/data/house/room"].kind is NodeKind.REPEAT
    beds = form.nodes["/data/house/room/beds"]
    assert [form.title_of(beds, language) for language in ("fa", "en")] == ["تخت", "Beds"]
    assert [choice.value for choice in form.nodes["/data/why"].choices] == ["y", "n", "other"]
