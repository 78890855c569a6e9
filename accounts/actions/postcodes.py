"""The national list of postcodes comes in: read row by row, written in sets, one transaction."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO

from django.db import transaction

from accounts import permissions, steps
from accounts.models import Postcode
from accounts.rules import postcodes as rules
from accounts.rules.schools import BadFile, BadRow
from audit import steps as audit
from core import access

CHUNK = 5_000  # rows to a set
SHOWN = 200  # refused rows that the summary lists; the rest are counted
LONGEST_LINE = 4_000  # characters; the list's own stay under 100
MOST_CHARACTERS = 500_000_000  # of all files together, unpacked; the national list has about 150,000,000
MOST_ROWS = 5_000_000  # the national list has about 1,750,000
MOST_FILES = 1_000  # in an archive; the national list has about 120
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError)
DAMAGED = "The archive is damaged. Download it again"


@dataclass
class Summary:
    """What an import did. `unknown` are postcodes whose place the list itself does not know; `refused` holds (file,
    line, reason), up to `SHOWN` of them; `placed` is how many organisations now have a place."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unknown: int = 0
    placed: int = 0
    refused_rows: int = 0
    refused: list[tuple[str, int, str]] = field(default_factory=list)

    def refuse(self, name: str, line: int, reason: str) -> None:
        self.refused_rows += 1
        if len(self.refused) < SHOWN:
            self.refused.append((name, line, reason))


@transaction.atomic(durable=True)
def import_postcodes(
    *, file: BinaryIO, name: str, by, at: dt.datetime, dry_run: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> Summary:  # fmt: skip
    """Take in Code-Point Open (the ZIP archive, or one of its CSV files) or a CSV with the headers code, easting and
    northing; then say where schools, trusts and councils are that had a postcode and no place. `file` is binary and
    can be wound back; `name` stands in the errors.

    A row that cannot be read is refused with its file and line and the others go on. A file that cannot be read, or in
    which no row can, raises `BadFile` and nothing is written. A dry run tells the same and writes nothing."""
    access.require(permissions.nobody, by, systems=("accounts.import_postcodes", "accounts.demo"))
    steps.imports_locked()
    summary, chunk = Summary(), {}
    for code, *point in _rows(file, name, summary):
        chunk[code] = tuple(point)
        if len(chunk) == CHUNK:
            _write(chunk, summary, dry_run=dry_run)
            chunk = {}
            progress(summary.read)
    _write(chunk, summary, dry_run=dry_run)
    if summary.read == 0:
        raise BadFile("The file holds no postcode that can be read. Download Code-Point Open again, as CSV")
    if not dry_run:
        summary.placed = steps.place_organisations()
        counts = ("read", "added", "changed", "placed")
        data = {count: getattr(summary, count) for count in counts} | {"refused": summary.refused_rows}
        audit.record("accounts.postcodes.imported", by=by, data=data, at=at)
    return summary


def _rows(file: BinaryIO, name: str, summary: Summary) -> Iterator[tuple[str, int, int]]:
    """Postcode, easting and northing of every row that can be read and whose place is known."""
    left = [MOST_CHARACTERS]
    for inside, opened in _files(file, name):
        with closing(_lines(opened, inside, left)) as lines:
            layout, reader = rules.CODE_POINT, csv.reader(lines)
            for cells in _cells(reader, inside):
                if rules.is_header(cells):
                    layout = rules.layout_of(cells)
                elif found := _read_row(cells, layout, inside, reader.line_num, summary):
                    yield found


def _cells(reader, name: str) -> Iterator[list[str]]:
    """The rows with something in them."""
    try:
        yield from filter(any, reader)
    except csv.Error as error:
        raise BadFile(f"Line {reader.line_num} of {name} is not CSV: {error}") from error


def _read_row(cells, layout: rules.Layout, name: str, line: int, summary: Summary) -> tuple[str, int, int] | None:
    if summary.read + summary.refused_rows >= MOST_ROWS:
        raise BadFile(f"The file has more than {MOST_ROWS:,} rows")
    try:
        found = rules.row(cells, layout)
    except BadRow as reason:
        summary.refuse(name, line, str(reason))
        return None
    summary.read += 1
    summary.unknown += found is None
    return found


def _files(file: BinaryIO, name: str) -> Iterator[tuple[str, BinaryIO]]:
    """The file itself, or each CSV file of an archive."""
    if not zipfile.is_zipfile(file):
        file.seek(0)
        yield name, file
        return
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            inside = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
            if not inside:
                raise BadFile("The archive holds no CSV file. Download Code-Point Open as CSV, not as GeoPackage")
            if len(inside) > MOST_FILES:
                raise BadFile(f"The archive holds more than {MOST_FILES:,} CSV files")
            for one in inside:
                if one.flag_bits & 1 or one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                    raise BadFile("The archive is locked by a password or packed in a way that is not read here")
                with archive.open(one) as opened:
                    yield one.filename, opened
    except BROKEN as error:
        raise BadFile(DAMAGED) from error


def _lines(opened: BinaryIO, name: str, left: list[int]) -> Iterator[str]:
    """The lines of a file, none read further than a postcode's line could be long, and no more of them than `left`: an
    archive of a few bytes can hold any number."""
    text = io.TextIOWrapper(opened, encoding="utf-8-sig", newline="")
    try:
        while line := text.readline(LONGEST_LINE + 1):
            left[0] -= len(line)
            if len(line) > LONGEST_LINE:
                raise BadFile(f"A line of {name} is longer than {LONGEST_LINE:,} characters")
            if left[0] < 0:
                raise BadFile(f"The file holds more than {MOST_CHARACTERS:,} characters")
            yield line
    except UnicodeDecodeError as error:
        raise BadFile(f"{name} holds bytes that are not text (UTF-8). Download it again") from error
    except BROKEN as error:
        raise BadFile(DAMAGED) from error
    finally:
        text.detach()


def _write(chunk: dict[str, rules.Point], summary: Summary, *, dry_run: bool) -> None:
    """Insert what is new and update what differs; leave the rest alone."""
    known = {code: point for code, *point in Postcode.objects.filter(code__in=chunk).values_list()}
    new = [code for code in chunk if code not in known]
    changed = [code for code in chunk if code in known and tuple(known[code]) != chunk[code]]
    summary.added += len(new)
    summary.changed += len(changed)
    if not dry_run:
        Postcode.objects.bulk_create(
            [Postcode(code=code, easting=chunk[code][0], northing=chunk[code][1]) for code in new + changed],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["easting", "northing"],
        )
