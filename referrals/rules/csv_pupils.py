"""Lists of pupils as schools' systems and spreadsheets give them out: read, and each row judged by itself. What is
wrong names the row and the column, never what stands in the cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lots.rules.refusals import Refused
from referrals.rules import enrolments, pupils
from referrals.rules.csv_cells import BAD, LONGEST_CELL, READERS, plain
from referrals.rules.private import Private
from referrals.rules.pupils import Roll, Who
from referrals.states import EnrolmentKind, NoUpn

MEGABYTE = 1024**2
MOST_BYTES = 5 * MEGABYTE
MOST_ROWS = 20_000
TOO_LARGE = "The list must be 5 MB or smaller. Take out columns that are not needed, or split it into several files"
NOT_CSV = "Choose a CSV file. In Excel: File, Save as, CSV UTF-8 (comma delimited)"

# What systems call a column, in small letters and without anything between the words.
COLUMNS = {
    "upn": "upn uniquepupilnumber pupilupn",
    "uln": "uln uniquelearnernumber",
    "first_names": "firstname firstnames forename forenames givenname givennames legalforename legalforenames "
    "legalfirstname pupilforename",
    "last_name": "lastname surname familyname legalsurname legallastname pupilsurname",
    "known_as": "knownas preferredname preferredforename preferredfirstname chosenname chosenforename",
    "born_on": "dob dateofbirth birthdate birthday bornon born",
    "sex": "sex gender legalsex legalgender",
    "has_ehcp": "ehcp ehc ehcplan hasehcp educationhealthandcareplan senstatus senprovision sencode senneed",
    "looked_after": "lookedafter incare lac cla childlookedafter childinlookedaftercare lookedafterchild incarestatus",
    "school": "schoolurn urn",
    "from_on": "enrolledfrom enrolmentdate dateofentry entrydate admissiondate doa dateofadmission startdate",
}
_SPELLINGS = {spelling: column for column, spellings in COLUMNS.items() for spelling in spellings.split()}
LABELS = {
    "upn": "UPN",
    "uln": "ULN",
    "first_names": "First names",
    "last_name": "Last name",
    "known_as": "Known as",
    "born_on": "Date of birth",
    "sex": "Sex",
    "has_ehcp": "EHCP or SEN status",
    "looked_after": "In care",
    "school": "School URN",
    "from_on": "Enrolled from",
    "private": "UPN",
    "no_upn_reason": "UPN",
}
NEEDED = ("first_names", "last_name", "born_on")


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row, at which column (a key of `LABELS`, or empty for the whole row)."""

    row: int
    column: str
    words: str

    @property
    def label(self) -> str:
        return LABELS.get(self.column, "")


@dataclass(frozen=True)
class Listed:
    """One pupil of a list. `school` is a URN, empty where the list says none; `row` counts as a spreadsheet does, with
    the headings as row 1."""

    row: int
    who: Who
    school: str = ""
    from_on: dt.date | None = None


@dataclass(frozen=True)
class List:
    """A list that was read: its good rows, what is wrong with the others, and the columns that nobody reads."""

    pupils: tuple[Listed, ...]
    problems: tuple[Problem, ...]
    passed_over: tuple[str, ...]
    rows: int


def read(raw: bytes, *, today: dt.date) -> List:
    """Read a list. Commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252. Raises `Refused` for a file that is no
    list of pupils; a bad row is a `Problem` and the others go on."""
    if len(raw) > MOST_BYTES:
        raise Refused(TOO_LARGE, field="file")
    lines = records(decoded(raw))
    headings = next(lines, (0, []))[1]
    places, passed_over = places_of(headings, _SPELLINGS, LABELS, NEEDED)
    found: list[Listed] = []
    problems: list[Problem] = []
    rows = 0
    for number, cells in lines:
        rows += 1
        if rows > MOST_ROWS:
            raise Refused(
                f"The list must have {MOST_ROWS:,} pupils or fewer. Split it into several files", field="file"
            )
        one, wrong = _row(number, cells, places, len(headings), today)
        problems += wrong
        found += [one] if one else []
    if not rows:
        raise Refused("The list has headings and no pupils", field="file")
    twice = list(_twice(found))
    bad = {problem.row for problem in twice}
    pupils = tuple(one for one in found if one.row not in bad)
    return List(pupils, tuple(sorted([*problems, *twice], key=lambda one: one.row)), passed_over, rows)


def roll_of(one: Listed, *, school: int | None, today: dt.date) -> Roll | None:
    """Where the pupil is on the roll: at the school (its key) from the day that the list says, else from today; None
    where it names none. Raises `Refused` for days that cannot be."""
    if school is None:
        return None
    roll = Roll(kind=EnrolmentKind.MAIN, from_on=one.from_on or today, school=school)
    enrolments.check_days(roll, born_on=one.who.born_on, today=today)
    return roll


def same_name(who: Who) -> tuple[str, str, dt.date]:
    """What two rows of one pupil have in common when neither bears a number."""
    return pupils.folded(who.first_names), pupils.folded(who.last_name), who.born_on


def decoded(raw: bytes) -> str:
    """The text of a list, in whichever encoding it came. Raises `Refused` for what is no CSV file."""
    if not raw.strip():
        raise Refused("The file is empty. Choose the list that you saved", field="file")
    if raw.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf")):
        raise Refused(NOT_CSV, field="file")
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Refused(NOT_CSV, field="file")


def records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a list that hold anything, each with its number in a spreadsheet. Raises `Refused`."""
    first, _, rest = text.partition("\n")
    said = re.fullmatch(
        r"sep=([,;\t|])", first.strip("\r\n \ufeff"), flags=re.IGNORECASE
    )  # what Excel writes for itself
    if said:
        text, first = rest, rest.partition("\n")[0]
    delimiter = said.group(1) if said else max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=2 if said else 1):
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error:
        raise Refused(
            f"The file cannot be read from line {reader.line_num} on. Check that row for quotation marks, or save the "
            "list as CSV again",
            field="file",
        ) from None


def places_of(
    headings: list[str], spellings: dict[str, str], labels: dict[str, str], needed: Iterable[str]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each column of a list stands, and the columns that nobody reads. Where a list has a legal name besides
    another, the legal one counts. Raises `Refused`."""
    places: dict[str, int] = {}
    passed_over = []
    for place, heading in enumerate(headings):
        spelling = re.sub(r"[\W_]+", "", heading[:LONGEST_CELL].casefold())
        column = spellings.get(spelling)
        if column is None:
            passed_over += [heading.strip()[:60]] if heading.strip() else []
        elif column not in places or spelling.startswith("legal"):
            places[column] = place
        elif not headings[places[column]].strip().casefold().startswith("legal"):
            raise Refused(f"Two columns of the list say the same: {labels[column]}. Take one of them out", field="file")
    missing = [labels[column] for column in needed if column not in places]
    if missing:
        raise Refused(f"The first row must name the columns, and there is none for: {', '.join(missing)}", field="file")
    return places, tuple(passed_over)


def _row(number: int, cells: list[str], places: dict[str, int], width: int, today: dt.date):
    """The pupil of a row or None, and what is wrong with it."""
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        words = f"has {len(cells)} cells where the headings have {width}. A comma inside a cell needs quotation marks"
        return None, [Problem(number, "", words)]
    values: dict[str, object] = {}
    problems = []
    for column, place in places.items():
        try:
            values[column] = READERS[column](plain(cells[place] if place < len(cells) else ""))
        except BAD as wrong:
            problems.append(Problem(number, column, str(wrong)))
    if problems:
        return None, problems
    one = _listed(number, values)
    try:
        pupils.check_who(one.who, today)
        roll_of(one, school=0, today=today)
    except Refused as refusal:
        return None, [Problem(number, refusal.field, str(refusal))]
    return one, []


def _listed(number: int, values: dict) -> Listed:
    upn = values.get("upn", "")
    who = Who(
        first_names=values["first_names"],
        last_name=values["last_name"],
        born_on=values["born_on"],
        known_as=values.get("known_as", ""),
        has_ehcp=values.get("has_ehcp", False),
        looked_after=values.get("looked_after", False),
        no_upn_reason="" if upn else NoUpn.NOT_KNOWN.value,
        private=Private(upn=upn, uln=values.get("uln", ""), sex=values.get("sex", "")),
    )
    return Listed(number, who, school=values.get("school", ""), from_on=values.get("from_on"))


def _twice(found: Iterable[Listed]) -> Iterator[Problem]:
    """Rows that bear the number, or the names and birthday, of an earlier one."""
    first: dict[tuple, int] = {}
    for one in found:
        marks = [("upn", one.who.private.upn), ("uln", one.who.private.uln), ("first_names", same_name(one.who))]
        for column, mark in marks:
            if not mark:
                continue
            earlier = first.setdefault((column, mark), one.row)
            if earlier != one.row:
                what = "the names and date of birth" if column == "first_names" else f"the {LABELS[column]}"
                yield Problem(one.row, column, f"has {what} of row {earlier}. Take one of the two out")
                break
