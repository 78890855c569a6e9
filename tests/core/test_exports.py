"""Files that people take away."""

from __future__ import annotations

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
