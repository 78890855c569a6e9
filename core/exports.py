"""Lists as files: CSV that is streamed and XLSX that is written row by row, so that length costs no memory, and that no
spreadsheet runs as a formula."""

from __future__ import annotations

import csv
import itertools
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

# What a spreadsheet takes for the beginning of a formula, with the full-width signs that some of them fold.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_CHUNK = 64 * 1024
_WIDTH = 24  # of a column in a spreadsheet, in characters
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the machine's old code page


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def safe(cell):
    """Text that a spreadsheet will show and not run: an apostrophe before what looks like a formula. Numbers that are
    numbers stay as they are."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Sequence]) -> StreamingHttpResponse:
    """A CSV to be saved as `name`; `rows` may be a generator and is read while it is sent."""
    writer = csv.writer(_Echo())

    def lines():
        yield _BYTE_ORDER_MARK + writer.writerow([safe(heading) for heading in headings])
        for row in rows:
            yield writer.writerow([safe(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def xlsx_response(name: str, title: str, headings: Sequence[str], rows: Iterable[Sequence]) -> StreamingHttpResponse:
    """An XLSX of one sheet, to be saved as `name`; `rows` may be a generator. The rows pass through files on disk, not
    through memory."""
    return book_response(name, [Sheet(title, headings, rows)])


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: its title (31 characters at most), headings, and rows, which may be a generator."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence]


def book_response(name: str, sheets: Iterable[Sheet]) -> StreamingHttpResponse:
    """An XLSX of these sheets, to be saved as `name`, written like `xlsx_response`, one sheet after the other."""

    def chunks():
        book = Workbook(write_only=True)
        for one in sheets:
            sheet = book.create_sheet(one.title)
            sheet.freeze_panes = "A2"
            for number in range(1, len(one.headings) + 1):
                sheet.column_dimensions[get_column_letter(number)].width = _WIDTH
            for row in itertools.chain([one.headings], one.rows):
                sheet.append([_cell(sheet, value) for value in row])
        with tempfile.TemporaryFile() as made:
            book.save(made)
            made.seek(0)
            while chunk := made.read(_CHUNK):
                yield chunk

    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = StreamingHttpResponse(chunks(), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(sheet, value):
    """Text stays text, whatever it begins with, and loses what no spreadsheet can hold."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value.encode("utf-8", "replace").decode())[:32767])
    cell.data_type = "s"
    return cell
