"""Lists as files: CSV that is streamed, so that length costs no memory, and that no spreadsheet runs as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence

from django.http import StreamingHttpResponse

# What a spreadsheet takes for the beginning of a formula, with the full-width signs that some of them fold.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
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
