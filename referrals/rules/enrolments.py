"""Where a pupil is on the roll, day by day: one main school, or none and why, at a time; dual registration beside it
(School Attendance (Pupil Registration) (England) Regulations 2024)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from lots.rules.refusals import Refused
from referrals.rules.pupils import Roll
from referrals.states import EnrolmentKind

FURTHEST = 366  # days ahead that a school may be written down before the pupil starts there
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """One enrolment as it stands. Both days count; `until_on` is empty while it lasts."""

    pk: int
    kind: str
    school: int | None
    from_on: dt.date
    until_on: dt.date | None = None
    why_none: str = ""


def overlap(one, other) -> bool:
    """Whether two enrolments hold on a same day."""
    return one.from_on <= (other.until_on or dt.date.max) and other.from_on <= (one.until_on or dt.date.max)


def in_words(day: dt.date) -> str:
    """A day in an error message."""
    return f"{day.day} {day:%B %Y}"


def check_days(roll: Roll, *, born_on: dt.date, today: dt.date) -> None:
    """The days can be true: after the birth, in order, a year ahead at most. Raises `Refused`."""
    if roll.from_on < born_on:
        raise Refused("The first day must be after the pupil was born. Check the year", field="from_on")
    if (roll.from_on - today).days > FURTHEST:
        raise Refused("The first day must be within a year from today. Check the year", field="from_on")
    if roll.until_on and roll.until_on < roll.from_on:
        raise Refused("The last day must be the first day or later", field="until_on")
    if roll.until_on and (roll.until_on - today).days > FURTHEST:
        raise Refused("The last day must be within a year from today. Check the year", field="until_on")


def check_shape(roll: Roll) -> None:
    """At a school, or at none and why. Raises `Refused`."""
    if roll.kind == EnrolmentKind.NONE and not roll.why_none:
        raise Refused("Choose why the pupil is on no school’s roll", field="why_none")
    if roll.kind != EnrolmentKind.NONE and roll.school is None:
        raise Refused("Choose the school", field="school")


def ended_by(spans: Iterable[Span], new: Roll) -> Span | None:
    """The enrolment that ends the day before `new` begins: a pupil has one main school, or is on no roll, so that the
    next one of these ends the last. None for dual registration beside it, and for what is over itself."""
    if new.kind == EnrolmentKind.OTHER or new.until_on:
        return None
    for span in spans:
        if span.kind != EnrolmentKind.OTHER and span.until_on is None and span.from_on < new.from_on:
            return span
    return None


def check_fits(spans: Iterable[Span], new: Roll | Span) -> None:
    """Beside the others, which are as they will be: no two main schools (or a main school and no roll) on one day, a
    school once at a time. Raises `Refused`."""
    for span in spans:
        if not overlap(span, new):
            continue
        until = f"to {in_words(span.until_on)}" if span.until_on else "until now"
        when = f"from {in_words(span.from_on)} {until}"
        if span.school and span.school == new.school:
            raise Refused(f"The pupil is on the roll of this school {when} already. Correct those dates instead")
        if EnrolmentKind.OTHER not in (span.kind, new.kind):
            what = "on no school’s roll" if span.kind == EnrolmentKind.NONE else "at another main school"
            raise Refused(f"The pupil is {what} {when}. Correct those dates first, or choose other days")


def check_end(span: Span, until_on: dt.date, today: dt.date) -> None:
    """It can end on this day. Raises `Refused`."""
    if span.until_on:
        raise Refused("This has ended already. Correct its dates instead")
    if until_on < span.from_on:
        raise Refused(f"The last day must be {in_words(span.from_on)} or later", field="until_on")
    if (until_on - today).days > FURTHEST:
        raise Refused("The last day must be within a year from today. Check the year", field="until_on")


def left_behind(kept: Iterable[Span], gone: Iterable[Span]) -> set[int]:
    """Of the enrolments of a record that is put together with another, the keys of those that say nothing new: the
    same school in the same way, within the days that the kept record has. All others go over. Raises `Refused` where
    the two records contradict each other."""
    kept, same = list(kept), set()
    for span in gone:
        for other in kept:
            if not overlap(span, other):
                continue
            is_same = (span.kind, span.school, span.why_none) == (other.kind, other.school, other.why_none)
            within = other.from_on <= span.from_on and (span.until_on or dt.date.max) <= (other.until_on or dt.date.max)
            if is_same and within:
                same.add(span.pk)
            elif is_same or span.school == other.school or EnrolmentKind.OTHER not in (span.kind, other.kind):
                raise Refused(
                    "The two records say different things about where the pupil was on the roll from "
                    f"{in_words(max(span.from_on, other.from_on))}. Correct the dates on one of them, then come back"
                )
    return same
