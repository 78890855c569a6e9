"""What a key performance indicator of an agreement may say, and from when until when. Days are days in England, both
ends counted; `days` between reports are reporting days, those on which the provider teaches: 1 is each of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.states import Asked, ContractState, Fed, LineKind, Side
from lots.rules.refusals import Refused

DAY = dt.timedelta(days=1)
MOST_KPIS, MOST_LINES = 20, 20
LEAST_DAYS, MOST_DAYS = 1, 366
OVER = "This measure was ended or changed meanwhile. Go back to the measures of the agreement and look at it again"


@dataclass(frozen=True)
class LineText:
    """One line. A standard says where its answer comes from and how often it is asked; a question who answers it."""

    text: str
    kind: str = LineKind.STANDARD
    fed: str = Fed.SAID
    asked: str = Asked.DAILY
    side: str = ""


@dataclass(frozen=True)
class KpiText:
    """What one KPI asks."""

    title: str
    lines: tuple[LineText, ...]


@dataclass(frozen=True)
class Held:
    """One that an agreement has: `until_on` is its last day, None as long as nobody has ended it."""

    number: int
    title: str
    from_on: dt.date
    until_on: dt.date | None = None


def check_agreement(state: str) -> None:
    """KPIs belong to what both sides have signed and has not ended. Raises `Refused`."""
    if state != ContractState.IN_FORCE:
        raise Refused(
            f"This agreement is at “{ContractState(state).label}”. Measures are set once both sides have signed it, "
            "and until it ends"
        )


def check_from(day: dt.date, *, first: dt.date | None, last: dt.date | None) -> None:
    """A KPI begins on a day of the agreement, which may have passed. Raises `Refused`."""
    if first and day < first:
        raise Refused(f"The agreement starts on {_words(first)}: enter that day or a later one", field="from_on")
    if last and day > last:
        raise Refused(f"The agreement ends on {_words(last)}: enter that day or an earlier one", field="from_on")


def check_days(days: int) -> None:
    """Reports are 1 to 366 reporting days apart. Raises `Refused`."""
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise Refused(f"Enter a number of days from {LEAST_DAYS} to {MOST_DAYS}", field="days")


def check_text(kpi: KpiText) -> None:
    """A KPI says or asks something, each line once. A standard that records answer is asked with every report; a
    question has whoever answers it. Raises `Refused`."""
    if not kpi.lines:
        raise Refused("Write at least one line: what must be so, or a question", field="text_1")
    if len(kpi.lines) > MOST_LINES:
        raise Refused(f"A measure has {MOST_LINES} lines at most. Spread them over two measures")
    seen: set[str] = set()
    for number, line in enumerate(kpi.lines, 1):
        if line.text.casefold() in seen:
            raise Refused("The same line stands in this measure twice: remove one of them", field=f"text_{number}")
        seen.add(line.text.casefold())
        question = line.kind == LineKind.QUESTION
        if question != bool(line.side) or ((line.fed != Fed.SAID or question) and line.asked != Asked.DAILY):
            raise Refused("Choose how the line is answered", field=f"how_{number}")
    if all(line.kind == LineKind.QUESTION for line in kpi.lines):
        raise Refused("A question is answered once and not reported on: write at least one line that must be so")


def check_title(title: str, held: Iterable[Held], from_on: dt.date) -> None:
    """No two KPIs that are reported on at one time have one title. Raises `Refused`."""
    if any(one.title.casefold() == title.casefold() for one in standing(held, from_on)):
        raise Refused(
            "The agreement has a measure with this title: change that one, or use another title", field="title"
        )


def check_none(held: Iterable[Held], from_on: dt.date) -> None:
    """A whole set is put on an agreement that has no KPI from that day on. Raises `Refused`."""
    if standing(held, from_on):
        raise Refused("This agreement has measures from that day on. End them first, or add one of your own")


def standing(held: Iterable[Held], day: dt.date) -> list[Held]:
    """Those that are reported on on that day or later."""
    return [one for one in held if one.until_on is None or one.until_on >= day]


def next_number(held: Sequence[Held]) -> int:
    """A number that no KPI of the agreement ever had, so that an old report cannot be taken for another's. Raises
    `Refused` where there are too many."""
    if sum(one.until_on is None for one in held) >= MOST_KPIS:
        raise Refused(f"An agreement has {MOST_KPIS} measures at most. End one first")
    return max((one.number for one in held), default=0) + 1


def check_change(kpi: Held, from_on: dt.date, *, today: dt.date) -> bool:
    """A change holds from tomorrow at the earliest: for today it was asked already. One that has not begun is taken
    back whole, which this returns as True. Raises `Refused`."""
    if from_on <= today:
        raise Refused(f"What was asked for today stays: enter {_words(today + DAY)} or a later day", field="from_on")
    return from_on <= kpi.from_on


def check_end(kpi: Held, until_on: dt.date, *, today: dt.date, last: dt.date | None) -> bool:
    """The last day is not before today, and not after the agreement's last. One that has not begun by then is taken
    back whole, which this returns as True. Raises `Refused`."""
    if until_on < today:
        raise Refused(f"What was reported stays: enter today, {_words(today)}, or a later day", field="until_on")
    if last and until_on > last:
        raise Refused(f"The agreement ends on {_words(last)}: enter that day or an earlier one", field="until_on")
    return until_on < kpi.from_on


def check_answer(words: str, *, yes: bool, answered_on: dt.date, today: dt.date) -> None:
    """A question is answered for today or an earlier day; a no says why. Raises `Refused`."""
    if answered_on > today:
        raise Refused("Enter today or an earlier day", field="answered_on")
    if not yes and not words:
        raise Refused("Write what stands in the way, and what is done about it", field="words")


def days_in_words(days: int) -> str:
    """How often a KPI is reported on."""
    if days == 1:
        return "every day on which the provider teaches"
    return f"every {days} days on which the provider teaches"


def answered_in_words(line: LineText) -> str:
    """How a line is answered, for people: from a line or a row of the same fields."""
    if line.kind == LineKind.QUESTION:
        return f"{Side(line.side).label} answers"
    if line.fed != Fed.SAID:
        return f"From records: {Fed(line.fed).label[0].lower()}{Fed(line.fed).label[1:]}"
    return f"The provider says so: {Asked(line.asked).label[0].lower()}{Asked(line.asked).label[1:]}"


def _words(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
