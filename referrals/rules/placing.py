"""What a placement must be before it is agreed: its days, who pays, its hours, the halves of days that it takes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core.calendars import Calendar
from core.money import Money
from lots.rules.refusals import Refused
from referrals.rules.timetable import Session, cost_of, days_that_run, hours_in_words, units_in_words, units_of
from referrals.states import PlacementState

WHOLE = 10_000  # hundredths of a per cent
FULL_TIME_MINUTES = 25 * 60  # a week; what most schools teach, where nobody wrote down another
NOON, LUNCH_ENDS = dt.time(12), dt.time(13)
MOST_SHARES = 5


def check_draft(state: str) -> None:
    """Only what is not agreed yet is written, sent, signed or cancelled here. Raises `Refused`."""
    if state != PlacementState.DRAFT:
        raise Refused(
            f"This placement is no longer being agreed: {PlacementState(state).label.lower()}. Nothing was changed"
        )


def check_seen(seen: int, revision: int) -> None:
    """Raise `Refused` where somebody changed the placement since the page was opened."""
    if seen != revision:
        raise Refused(
            "Somebody has changed this placement since you opened the page. What you typed is kept here. Look at the "
            "placement again, then send this once more"
        )


def check_days(
    starts_on: dt.date, ends_on: dt.date, *, today: dt.date, offered_from: dt.date, offered_until: dt.date
) -> None:
    """A placement lies within the days that were offered, and does not begin in the past. Raises `Refused`."""
    if starts_on < today:
        raise Refused("The first day must be today or later", field="starts_on")
    if starts_on < offered_from:
        raise Refused(f"The provider offered to start on {_day(offered_from)}: enter that day or a later one",
                      field="starts_on")  # fmt: skip
    if ends_on < starts_on:
        raise Refused("The last day must be the first day or later", field="ends_on")
    if ends_on > offered_until:
        raise Refused(f"The provider offered until {_day(offered_until)}: enter that day or an earlier one",
                      field="ends_on")  # fmt: skip


def check_shares(shares: Sequence[tuple[int, int]]) -> None:
    """Who pays how much, as (funder, hundredths of a per cent): each once, together the whole. Raises `Refused`."""
    if not shares:
        raise Refused("Enter who pays", field="funder_1")
    if len({funder for funder, _ in shares}) < len(shares):
        raise Refused("The same payer is named twice. Enter each once, with its whole share", field="funder_1")
    total = sum(share for _, share in shares)
    if total != WHOLE:
        raise Refused(f"The shares come to {percent(total)}%. Change them so that they come to 100%", field="share_1")


def percent(share: int) -> str:
    """`33.34`, `50`: hundredths of a per cent as people read them."""
    whole, part = divmod(share, 100)
    return f"{whole}.{part:02d}".rstrip("0") if part else str(whole)


def units_said(units: int, unit: str) -> str:
    """`120 hours`, `1 half-day`, `12.5 days`: hundredths of a unit with the unit's name."""
    return f"{units_in_words(units)} {unit}{'' if units == 100 else 's'}"


def check_hours(minutes: int, reason: str) -> None:
    """A week over all placements that is longer than full-time education needs a reason (Education Act 1996, s.19:
    full-time, or as much as the pupil's interests allow). Raises `Refused`."""
    if minutes > FULL_TIME_MINUTES and not reason.strip():
        raise Refused(
            f"With this placement the pupil’s week is {hours_in_words(minutes)} long, more than "
            f"{hours_in_words(FULL_TIME_MINUTES)}. Write on the placement why that is right for the pupil",
            field="hours_reason",
        )


def hours_note(minutes: int) -> str:
    """What has to be known of a week that is not full-time, over all placements; empty where it is."""
    if minutes >= FULL_TIME_MINUTES:
        return ""
    return (
        f"All placements together are {hours_in_words(minutes)} a week. That is part-time: the rest of a full-time "
        "education is still to be arranged, by the school or the council, unless less is right for the pupil’s health"
    )


def worked_out(
    sessions: Iterable[tuple[Session, str]],
    *,
    unit: str,
    pence: int,
    starts_on: dt.date,
    ends_on: dt.date,
    calendars: Mapping[str, Calendar],
) -> tuple[int, int]:
    """Hundredths of a unit and pence that a week of (session, on whose days it runs) comes to, both days counted;
    `calendars` by `states.Runs`. Raises `Refused` where no session falls on a day that runs."""
    by_day = defaultdict(list)
    week = list(sessions)
    for runs in sorted({runs for _, runs in week}):
        for day in days_that_run(calendars[runs], starts_on, ends_on):
            by_day[day] += [one for one, own in week if own == runs and one.weekday == day.weekday()]
    held = [(day, sorted(found)) for day, found in sorted(by_day.items()) if found]
    if not held:
        raise Refused("No session falls on a day that runs between the first and the last day. Change the days")
    units = units_of(held, unit)
    return units, cost_of(units, pence)


def check_cost(total: int, offered: int, *, covered: bool) -> None:
    """A placement costs what was offered at the most, unless what may be spent covers more. Pence. Raises `Refused`."""
    if total > offered and not covered:
        raise Refused(
            f"This would cost {Money(total)}, more than the {Money(offered)} that was agreed to. Choose fewer days, or "
            "ask a budget holder on the referral first"
        )


def check_to_sign(*, sent: bool, same: bool, signed: bool, first: bool = True) -> None:
    """What is signed is what was read, once, and by the provider first. Raises `Refused`."""
    if not sent:
        raise Refused("There is nothing to sign: the agreement was changed, and has to be sent again")
    if not same:
        raise Refused("The agreement was changed since you opened it. Read it again before you sign")
    if signed:
        raise Refused("Your side has signed this agreement already")
    if not first:
        raise Refused("The provider signs first. You are told by letter when it has")


def check_two_people(one: int | None, other: int) -> None:
    """Nobody signs for both sides. Raises `Refused`."""
    if one == other:
        raise Refused("You signed this agreement for the provider. Somebody else signs for the other side")


def next_step(state: str, *, sent: bool, provider_signed: bool) -> str:
    """What has to be done next, in a list; empty where nothing waits."""
    if state == PlacementState.DRAFT and not sent:
        return "Send the agreement to be signed"
    if state == PlacementState.DRAFT:
        return "Contracting party signs" if provider_signed else "Provider signs"
    if state == PlacementState.ASSURANCE:
        return "Put everything in place before the start"
    return "Say when it goes on" if state == PlacementState.PAUSED else ""


def halves(sessions: Iterable[tuple[int, int, dt.time, dt.time]]) -> list[tuple[int, int, str]]:
    """The halves of a day that sessions touch, given as (site, weekday, from, to): (site, weekday, half), each once. A
    session that begins before noon takes the morning; one that begins after it, or goes on after one o'clock, the
    afternoon. Free places are stated for Monday to Friday."""
    found = set()
    for site, weekday, starts, ends in sessions:
        if weekday > 4:
            continue
        if starts < NOON:
            found.add((site, weekday, "am"))
        if starts >= NOON or ends > LUNCH_ENDS:
            found.add((site, weekday, "pm"))
    return sorted(found)


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
