"""Lists of placements that already run: read, and each row judged by itself. What is wrong names the row and the
column, never what stands in the cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.money import Money, NotMoney
from core.text import refuse_invisible, refuse_long, tidy
from lots.rules.refusals import Refused
from lots.rules.timetable import parse_time
from lots.states import Unit
from referrals.rules import csv_pupils, outside
from referrals.rules.csv_cells import BAD, READERS, WrongCell, plain
from referrals.rules.csv_pupils import MEGABYTE, decoded, places_of, records
from referrals.rules.timetable import Session, check_sessions
from referrals.states import Basis, Reason, Route, Runs

MOST_BYTES = 2 * MEGABYTE
MOST_ROWS = 2_000
TOO_LARGE = "The list must be 2 MB or smaller. Take out columns that are not needed, or split it into several files"

# What lists call a column, in small letters and without anything between the words.
COLUMNS = {
    "upn": "upn uniquepupilnumber pupilupn",
    "number": "pupil pupilnumber portalnumber pupilid",
    "provider": "provider providername supplier",
    "provider_number": "providernumber providerurn providerukprn companynumber providercompanynumber urn ukprn",
    "starts_on": "start startdate starts startson from firstday",
    "ends_on": "end enddate ends endson until to lastday",
    "unit": "unit priceunit per",
    "pence": "price rate unitprice priceperunit",
    "sessions": "sessions week timetable",
    "hours": "hours hoursperweek hoursaweek weeklyhours",
    "site": "site where venue",
    "address": "address sessionaddress homeaddress",
    "runs": "runs runson days",
    "reason": "reason whycommissioned",
    "basis": "basis legalbasis",
    "funder": "funder paidby payer",
    "party": "contractingparty contractedby contractparty",
    "agreed_on": "agreed agreedon dateagreed contractdate",
    "outside_reason": "whyoutside outsidereason",
    "hours_reason": "whymorethan25hours hoursreason",
}
_SPELLINGS = {spelling: column for column, spellings in COLUMNS.items() for spelling in spellings.split()}
LABELS = {
    "upn": "UPN",
    "number": "Pupil number",
    "provider": "Provider",
    "provider_number": "Provider number",
    "starts_on": "Start",
    "ends_on": "End",
    "unit": "Unit",
    "pence": "Price",
    "sessions": "Sessions",
    "hours": "Hours per week",
    "site": "Site",
    "address": "Address",
    "runs": "Runs",
    "reason": "Reason",
    "basis": "Legal basis",
    "funder": "Funder",
    "party": "Contracting party",
    "agreed_on": "Agreed on",
    "outside_reason": "Why outside",
    "hours_reason": "Why more than 25 hours",
}
NEEDED = ("starts_on", "ends_on", "unit", "pence", "sessions", "reason")
BEFORE = "Agreed before the portal"
_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_SESSION = re.compile(r"([a-z]{3,9})\.?,?\s+(\S+(?:\s?[ap]m)?)\s*(?:-|–|to)\s*(\S+(?:\s?[ap]m)?)", re.IGNORECASE)
_WEEK = "must be days and times like: Mon 09:30-14:30; Wed 09:30-14:30"


class Problem(csv_pupils.Problem):
    """What is wrong with a row, at which column (a key of `LABELS`, or empty for the whole row)."""

    @property
    def label(self) -> str:
        return LABELS.get(self.column, "")


@dataclass(frozen=True)
class Listed:
    """One placement of a list, as it was typed: the pupil by UPN or the portal's number, the provider by name or a
    register's number, one funder (the commissioner where it is empty). `row` counts as a spreadsheet does."""

    row: int
    starts_on: dt.date
    ends_on: dt.date
    unit: str
    pence: int
    sessions: tuple[Session, ...]
    reason: str
    upn: str = ""
    number: int | None = None
    provider: str = ""
    provider_number: str = ""
    site: str = ""
    address: str = ""
    runs: str = Runs.SCHOOL
    basis: str = ""
    funder: str = ""
    party: str = ""
    agreed_on: dt.date | None = None
    outside_reason: str = BEFORE
    hours_reason: str = ""


@dataclass(frozen=True)
class List:
    """A list that was read: its good rows, what is wrong with the others, and the columns that nobody reads."""

    placements: tuple[Listed, ...]
    problems: tuple[Problem, ...]
    passed_over: tuple[str, ...]
    rows: int


def read(raw: bytes, *, today: dt.date) -> List:
    """Read a list. Commas, semicolons or tabs; UTF-8, UTF-16 or Windows-1252. Raises `Refused` for a file that is no
    list of placements; a bad row is a `Problem` and the others go on."""
    if len(raw) > MOST_BYTES:
        raise Refused(TOO_LARGE, field="file")
    lines = records(decoded(raw))
    headings = next(lines, (0, []))[1]
    places, passed_over = places_of(headings, _SPELLINGS, LABELS, NEEDED)
    _check_columns(places)
    found: list[Listed] = []
    problems: list[Problem] = []
    rows = 0
    for number, cells in lines:
        rows += 1
        if rows > MOST_ROWS:
            words = f"The list must have {MOST_ROWS:,} placements or fewer. Split it into several files"
            raise Refused(words, field="file")
        one, wrong = _row(number, cells, places, len(headings), today)
        problems += wrong
        found += [one] if one else []
    if not rows:
        raise Refused("The list has headings and no placements", field="file")
    return List(tuple(found), tuple(problems), passed_over, rows)


def sessions_of(text: str) -> tuple[Session, ...]:
    """`Mon 09:30-14:30; Wed 1pm to 3pm` as sessions. Raises `WrongCell`."""
    found = []
    for part in filter(None, (one.strip() for one in re.split(r"[;|\n]", text))):
        matched = _SESSION.fullmatch(part)
        weekday = _DAYS.get(matched[1][:3].lower()) if matched else None
        if weekday is None:
            raise WrongCell(_WEEK)
        try:
            found.append(Session(weekday, parse_time(matched[2]), parse_time(matched[3])))
        except Refused:
            raise WrongCell(_WEEK) from None
    try:
        check_sessions(found)
    except Refused:
        raise WrongCell(f"{_WEEK}. Each session ends after it starts, and no two are at the same time") from None
    return tuple(sorted(found))


def _check_columns(places: dict[str, int]) -> None:
    for pair, words in ((("upn", "number"), "pupil: UPN or Pupil number"),
                        (("provider", "provider_number"), "provider: Provider or Provider number")):  # fmt: skip
        if not any(one in places for one in pair):
            raise Refused(f"The first row must name the columns, and there is none for the {words}", field="file")


def _row(number: int, cells: list[str], places: dict[str, int], width: int, today: dt.date):
    """The placement of a row or None, and what is wrong with it."""
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        words = f"has {len(cells)} cells where the headings have {width}. A comma inside a cell needs quotation marks"
        return None, [Problem(number, "", words)]
    values: dict[str, object] = {}
    problems = []
    for column, place in places.items():
        try:
            values[column] = _READERS[column](plain(cells[place] if place < len(cells) else ""))
        except BAD as wrong:
            problems.append(Problem(number, column, str(wrong)))
    problems = problems or list(_judged(number, values, today))
    if problems:
        return None, problems
    minutes = values.pop("hours", None)
    said = {name: value for name, value in values.items() if value not in ("", None)}
    one = Listed(row=number, **said)
    if minutes is not None and minutes != sum(session.minutes for session in one.sessions):
        return None, [Problem(number, "hours", "is not what the sessions come to. Change one of the two")]
    return one, []


def _judged(number: int, values: dict, today: dt.date) -> Iterable[Problem]:
    if not (values.get("upn") or values.get("number")):
        yield Problem(number, "upn", "is empty, and so is the pupil number. Enter one of the two")
    if not (values.get("provider") or values.get("provider_number")):
        yield Problem(number, "provider", "is empty, and so is the provider number. Enter one of the two")
    try:
        outside.check_days(Route.LEGACY, values["starts_on"], values["ends_on"], today=today)
        if agreed_on := values.get("agreed_on"):
            outside.check_agreed(Route.LEGACY, agreed_on, today=today)
    except Refused as refusal:
        yield Problem(number, refusal.field, str(refusal))


def _needed(reader: Callable[[str], object]) -> Callable[[str], object]:
    def needs(text: str):
        if not text:
            raise WrongCell("is empty")
        return reader(text)

    return needs


def _words(longest: int) -> Callable[[str], str]:
    def reader(text: str) -> str:
        refuse_long(text, longest)
        refuse_invisible(text, lines=True)
        if len(tidy(text)) > longest:
            raise WrongCell(f"must be {longest:,} characters or fewer")
        return tidy(text)

    return reader


def _one_of(choices, more: dict[str, str] | None = None) -> Callable[[str], str]:
    """By its label, the part of the label before a colon or bracket, or its value."""
    known = dict(more or {})
    for one in choices:
        short = re.split(r"[:(]", one.label)[0].strip()
        known |= {one.value: one.value, one.label.casefold(): one.value, short.casefold(): one.value}
    offered = "; ".join(dict.fromkeys(re.split(r"[:(]", one.label)[0].strip() for one in choices))

    def reader(text: str) -> str:
        if text and text.casefold() not in known:
            raise WrongCell(f"must be one of: {offered}")
        return known[text.casefold()] if text else ""

    return reader


def _price(text: str) -> int:
    try:
        pence = Money.parse(text).pence
    except NotMoney:
        raise WrongCell("must be an amount in pounds and pence without VAT, like 45 or 1,234.50") from None
    if not 1 <= pence <= 100_000_00:
        raise WrongCell("must be more than £0 and £100,000 at the most")
    return pence


def _minutes(text: str) -> int | None:
    found = re.fullmatch(r"([0-9]{1,3})(?:[.]([0-9]{1,2})|:([0-5][0-9]))?", text)
    if text and not found:
        raise WrongCell("must be hours a week, like 10, 10.5 or 10:30")
    if not found:
        return None
    minutes = int(found[3]) if found[3] else round(int((found[2] or "0").ljust(2, "0")) * 60 / 100)
    return int(found[1]) * 60 + minutes


def _number(text: str) -> int | None:
    if text and not re.fullmatch(r"[0-9]{1,18}", text):
        raise WrongCell("must be the number in the address of the pupil’s page")
    return int(text) if text else None


_HALF = {"halfday": "half_day", "half day": "half_day"}
_PLURALS = {f"{one.label}s": one.value for one in Unit} | {f"per {one.label}": one.value for one in Unit} | _HALF
_RUNS = {f"{name} days": value for name, value in (("school", Runs.SCHOOL), ("provider", Runs.PROVIDER))}
_READERS: dict[str, Callable[[str], object]] = {
    "upn": READERS["upn"],
    "number": _number,
    "provider": _words(200),
    "provider_number": lambda text: re.sub(r"\s", "", _words(20)(text)).upper(),
    "starts_on": _needed(READERS["from_on"]),
    "ends_on": _needed(READERS["from_on"]),
    "unit": _needed(_one_of(Unit, _PLURALS)),
    "pence": _needed(_price),
    "sessions": _needed(sessions_of),
    "hours": _minutes,
    "site": _words(200),
    "address": _words(300),
    "runs": _one_of((Runs.SCHOOL, Runs.PROVIDER), _RUNS),
    "reason": _needed(_one_of(Reason)),
    "basis": _one_of(Basis),
    "funder": _words(200),
    "party": _words(200),
    "agreed_on": READERS["from_on"],
    "outside_reason": _words(1000),
    "hours_reason": _words(1000),
}  # fmt: skip
