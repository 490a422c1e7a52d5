"""A workbook written in bulk is one that a spreadsheet reads: openpyxl is the reader here."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from bazafarin.adapters import workbook
from bazafarin.domain.errors import OutputError

LOOK = workbook.Heading(fill="#1f3a5f", ink="#ffffff")


def written(path, sheets):
    """Write sheets given as cells by their column's title, or as columns."""
    columns = {
        name: [workbook.SheetColumn(*column) for column in sheet.items()]
        if isinstance(sheet, dict)
        else sheet
        for name, sheet in sheets.items()
    }
    workbook.write_workbook(path, columns, title="طرح", made_on=date(2025, 11, 21), heading=LOOK)
    return openpyxl.load_workbook(path)


def test_every_kind_of_cell_comes_back_as_it_was(tmp_path) -> None:
    cells = [1, 2.5, True, False, None, "کوچهٔ ۳", "a < b & c", " two  spaces ", "-5"]

    sheet = written(tmp_path / "a.xlsx", {"برگه": {"x": cells}})["برگه"]

    assert [cell.value for cell in sheet["A"][1:]] == cells
    assert [type(cell.value) for cell in sheet["A"][1:]] == [type(cell) for cell in cells]


def test_what_xml_cannot_hold_is_left_out_of_a_text(tmp_path) -> None:
    sheet = written(tmp_path / "a.xlsx", {"s": {"x": ["a\x0bb\x00c\nd"]}})["s"]

    assert sheet["A2"].value == "abc\nd"


def test_columns_after_the_26th_have_two_letters(tmp_path) -> None:
    sheet = written(tmp_path / "a.xlsx", {"s": {f"c{n}": [n] for n in range(30)}})["s"]

    assert sheet["AD1"].value == "c29"
    assert sheet["AD2"].value == 29


def test_the_heading_is_frozen_filtered_and_coloured(tmp_path) -> None:
    sheet = written(tmp_path / "a.xlsx", {"s": {"x": [1, 2], "y": ["a", "b"]}})["s"]

    assert sheet.sheet_view.rightToLeft
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
    assert sheet["A1"].fill.fgColor.rgb == "FF1F3A5F"
    assert sheet["A1"].font.b


def test_a_table_without_rows_has_its_heading(tmp_path) -> None:
    sheet = written(tmp_path / "a.xlsx", {"s": {"x": [], "y": []}})["s"]

    assert [cell.value for cell in sheet[1]] == ["x", "y"]
    assert sheet.max_row == 1


def test_more_rows_than_a_sheet_holds_are_an_error_not_a_loss(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)

    written(tmp_path / "a.xlsx", {"s": {"x": [1, 2, 3]}})
    with pytest.raises(OutputError, match="sheet_rows"):
        written(tmp_path / "b.xlsx", {"s": {"x": [1, 2, 3, 4]}})


def test_a_heading_carries_its_note_and_figures_their_format(tmp_path) -> None:
    columns = [
        workbook.SheetColumn("share", [0.5, None], note="سهم", number_format="0.0%"),
        workbook.SheetColumn("name", ["الف", "ب"]),
    ]

    sheet = written(tmp_path / "a.xlsx", {"s": columns})["s"]

    assert sheet["A1"].comment.text == "سهم"
    assert sheet["B1"].comment is None
    assert sheet["A2"].value == 0.5
    assert sheet["A2"].number_format == "0.0%"
    assert sheet["A3"].value is None
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B3"
