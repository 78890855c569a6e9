"""Files that people take away."""

from __future__ import annotations

import io

import openpyxl
import pytest

from core import exports


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("Ash House", "Ash House"),
        ("=1+1", "'=1+1"),
        ("+44 1632", "'+44 1632"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("", ""),
        (-5, -5),
        (None, None),
    ],
)
def test_no_cell_is_run_as_a_formula(cell, written):
    assert exports.safe(cell) == written


def test_rows_are_read_while_they_are_sent():
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield [number, "a, b"]

    response = exports.csv_response("a.csv", ["=Number", "Name"], rows())
    parts = iter(response)

    assert next(parts).decode() == "\ufeff'=Number,Name\r\n"
    assert read == []
    assert next(parts).decode() == '0,"a, b"\r\n'
    assert read == [0]
    assert response["Content-Disposition"] == 'attachment; filename="a.csv"'


def test_an_xlsx_holds_text_as_text_and_numbers_as_numbers():
    rows = ([f"=HYPERLINK({number})", number, None, "a\x0bb\ud800"] for number in range(3))

    answer = exports.xlsx_response("list.xlsx", "List", ["=A", "B", "C", "D"], rows)

    assert answer["Content-Disposition"] == 'attachment; filename="list.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)), data_only=False).active
    cells = [[(cell.value, cell.data_type == "f") for cell in row] for row in sheet.iter_rows()]
    assert cells[0][0] == ("=A", False)
    assert cells[1] == [("=HYPERLINK(0)", False), (0, False), (None, False), ("ab?", False)]
    assert (sheet.title, sheet.freeze_panes, len(cells)) == ("List", "A2", 4)
    assert [sheet.column_dimensions[name].width for name in "ABCD"] == [24] * 4
