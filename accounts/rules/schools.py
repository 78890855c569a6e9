"""The national register of schools (GIAS): what a row of its files means.

The register's daily file is CSV in Windows-1252, its columns known by their headers and nothing else. A second file
links a closed school to the one that took over.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass

SCHOOL_HEADERS = {
    "URN": "urn",
    "LA (code)": "la_code",
    "EstablishmentNumber": "number",
    "EstablishmentName": "name",
    "TypeOfEstablishment (name)": "establishment_type",
    "EstablishmentStatus (code)": "status",
    "OpenDate": "opened_on",
    "CloseDate": "closed_on",
    "PhaseOfEducation (name)": "phase",
    "StatutoryLowAge": "lowest_age",
    "StatutoryHighAge": "highest_age",
    "Trusts (code)": "trust_code",
    "Trusts (name)": "trust_name",
    "UKPRN": "ukprn",
    "Street": "street",
    "Town": "town",
    "Postcode": "postcode",
    "Easting": "easting",
    "Northing": "northing",
}
LINK_HEADERS = ("URN", "LinkURN", "LinkType")
OPEN = {"1", "3"}  # open; open, but proposed to close
LENGTHS = {"name": 200, "establishment_type": 100, "phase": 60, "street": 200, "town": 100, "trust_name": 200}


class BadFile(ValueError):
    """The file as a whole cannot be read; nothing of it was. The message says what it is and what to do."""


class BadRow(ValueError):
    """One row cannot be read; the others can."""


@dataclass(frozen=True)
class School:
    """A row of the register, as it is stored. `trust` is (code, name) or empty."""

    urn: str
    name: str
    laestab: str
    ukprn: str
    la_code: str
    establishment_type: str
    phase: str
    lowest_age: int | None
    highest_age: int | None
    street: str
    town: str
    postcode: str
    easting: int | None
    northing: int | None
    opened_on: dt.date | None
    closed_on: dt.date | None
    is_open: bool
    trust: tuple[str, str] | None

    def columns(self) -> tuple:
        """Everything but the trust, in the order of `COLUMNS`."""
        return astuple(self)[:-1]


COLUMNS = tuple(School.__dataclass_fields__)[:-1]


def encoding_of(blocks: Iterable[bytes]) -> str:
    """How the file is written: `utf-8-sig` where it says so or where it can be nothing else, else `cp1252`, as the
    register writes it. Raises `BadFile` for what is not CSV at all."""
    utf8, plain, first = codecs.getincrementaldecoder("utf-8")(), True, True
    is_utf8, marked = True, False
    for block in blocks:
        if first:
            _refuse_other_kinds(block)
            marked, first = block.startswith(codecs.BOM_UTF8), False
        if b"\0" in block:
            raise BadFile("The file holds empty (NUL) characters, which a CSV file does not. Download it again")
        plain = plain and block.isascii()
        if is_utf8:
            try:
                utf8.decode(block)
            except UnicodeDecodeError:
                is_utf8 = False
    if first:
        raise BadFile("The file is empty. Download it again from Get Information about Schools")
    return "utf-8-sig" if marked or (is_utf8 and not plain) else "cp1252"


def _refuse_other_kinds(start: bytes) -> None:
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadFile(
            "The file is an Excel workbook or a ZIP archive, not CSV. Unzip it, or save it as “CSV (Comma delimited)”"
        )
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or start[1:200:2].count(b"\0") > 50:
        raise BadFile("The file is written in UTF-16 (“Unicode text”). Save it as “CSV (Comma delimited)”")
    if start.startswith(b"%PDF"):
        raise BadFile("The file is a PDF, not CSV")
    if start.lstrip()[:15].lower().startswith((b"<!doctype", b"<html")):
        raise BadFile("The file is a web page, not CSV. The download may have failed: try it again")


def kind_of(headers: list[str]) -> str:
    """`schools` or `links`, by the headers. Raises `BadFile` naming the headers that are missing."""
    found = {header.strip() for header in headers}
    if set(LINK_HEADERS) <= found:
        return "links"
    missing = [header for header in SCHOOL_HEADERS if header not in found]
    if missing:
        raise BadFile(
            f"The file has no column {_listed(missing)}. "
            "Download “Establishment fields CSV” from Get Information about Schools"
        )
    return "schools"


def _listed(words: list[str]) -> str:
    quoted = [f"“{word}”" for word in words[:5]]
    if len(words) > 5:
        return ", ".join(quoted) + f" and {len(words) - 5} more"
    return " or ".join(quoted)


def school(row: dict[str, str]) -> School:
    """What one row says. Raises `BadRow` with the reason."""
    values = {ours: (row.get(theirs) or "").strip() for theirs, ours in SCHOOL_HEADERS.items()}
    if not re.fullmatch(r"[1-9][0-9]{5}", values["urn"]):
        raise BadRow("URN is not 6 digits")
    if not values["name"]:
        raise BadRow("EstablishmentName is empty")
    for field, longest in LENGTHS.items():
        if len(values[field]) > longest:
            raise BadRow(f"{_header(field)} is longer than {longest} characters")
    for field in LENGTHS:
        if _INVISIBLE.search(values[field]):
            raise BadRow(f"{_header(field)} holds characters that cannot be seen")
    if values["la_code"] and not re.fullmatch(r"[0-9]{3}", values["la_code"]):
        raise BadRow("LA (code) is not 3 digits")
    if values["number"] and not re.fullmatch(r"[0-9]{1,4}", values["number"]):
        raise BadRow("EstablishmentNumber is not 4 digits")
    if values["status"] not in {"1", "2", "3", "4"}:
        raise BadRow("EstablishmentStatus (code) is not 1, 2, 3 or 4")
    if len(values["postcode"]) > 8:
        raise BadRow("Postcode is longer than 8 characters")
    trust = None
    if values["trust_code"]:
        if not re.fullmatch(r"[0-9]{1,10}", values["trust_code"]) or not values["trust_name"]:
            raise BadRow("Trusts (code) is not a number, or Trusts (name) is empty")
        trust = (values["trust_code"], values["trust_name"])
    return School(
        urn=values["urn"],
        name=" ".join(values["name"].split()),
        laestab=values["la_code"] + values["number"].zfill(4) if values["la_code"] and values["number"] else "",
        ukprn=values["ukprn"] if re.fullmatch(r"1[0-9]{7}", values["ukprn"]) else "",
        la_code=values["la_code"],
        establishment_type=values["establishment_type"],
        phase="" if values["phase"] == "Not applicable" else values["phase"],
        lowest_age=_whole(values, "lowest_age", 99),
        highest_age=_whole(values, "highest_age", 99),
        street=values["street"],
        town=values["town"],
        postcode=values["postcode"].upper(),
        easting=_whole(values, "easting", 999_999),
        northing=_whole(values, "northing", 1_999_999),
        opened_on=_day(values, "opened_on"),
        closed_on=_day(values, "closed_on"),
        is_open=values["status"] in OPEN,
        trust=trust,
    )


_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _header(field: str) -> str:
    return next(theirs for theirs, ours in SCHOOL_HEADERS.items() if ours == field)


def _whole(values: dict, field: str, largest: int) -> int | None:
    if not values[field]:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", values[field]) or int(values[field]) > largest:
        raise BadRow(f"{_header(field)} is not a number up to {largest}")
    return int(values[field])


def _day(values: dict, field: str) -> dt.date | None:
    """The register writes 31-12-2020; files that went through a spreadsheet say 31/12/2020."""
    if not values[field]:
        return None
    found = re.fullmatch(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})", values[field])
    try:
        return dt.date(int(found[3]), int(found[2]), int(found[1]))
    except (TypeError, ValueError):
        raise BadRow(f"{_header(field)} is not a date like 31-12-2020") from None


def link(row: dict[str, str]) -> tuple[str, str] | None:
    """(closed school, successor) that a row of the links file tells, or None for a link of another kind."""
    one, other, kind = ((row.get(header) or "").strip() for header in LINK_HEADERS)
    if not (re.fullmatch(r"[1-9][0-9]{5}", one) and re.fullmatch(r"[1-9][0-9]{5}", other)) or one == other:
        raise BadRow("URN or LinkURN is not 6 digits, or both are the same")
    if kind.startswith("Successor"):
        return one, other
    if kind.startswith("Predecessor"):
        return other, one
    return None
