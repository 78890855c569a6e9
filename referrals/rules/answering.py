"""How long an enquiry can be answered, and when its provider is reminded. Pure."""

from __future__ import annotations

import datetime as dt

from core.calendars import ONE_DAY, working_day_after
from lots.rules.refusals import Refused
from lots.rules.timetable import ENGLAND
from referrals.states import EnquiryState

ANSWERABLE = {EnquiryState.WAITING, EnquiryState.OFFERED}
LAST_MOMENT = dt.time(23, 59, 59, 999999)
FIRST_HOUR = 8  # no reminder comes in the night


def last_moment(sent_at: dt.datetime, working_days: int) -> dt.datetime:
    """The last moment (UTC, inclusive) of the `working_days`-th working day after the day on which an enquiry was
    sent, in England."""
    day = working_day_after(sent_at.astimezone(ENGLAND).date(), working_days)
    return dt.datetime.combine(day, LAST_MOMENT, ENGLAND).astimezone(dt.UTC)


def reminded_up_to(now: dt.datetime) -> dt.datetime | None:
    """Whoever can answer until this moment at most is reminded now: until the end of the next working day. None before
    8am in England."""
    there = now.astimezone(ENGLAND)
    if there.hour < FIRST_HOUR:
        return None
    day = working_day_after(there.date(), 1)
    return dt.datetime.combine(day, LAST_MOMENT, ENGLAND).astimezone(dt.UTC)


def day_began(now: dt.datetime) -> dt.datetime:
    """The first moment of the day in England. Nobody is reminded on the day on which they were asked."""
    return dt.datetime.combine(now.astimezone(ENGLAND).date(), dt.time.min, ENGLAND).astimezone(dt.UTC)


def check_answerable(state: str, *, now: dt.datetime, lapses_at: dt.datetime) -> None:
    """An enquiry is answered, and answered again, while nobody is chosen and nothing ended it, up to its last moment,
    inclusive. Raises `Refused`."""
    if state in ANSWERABLE and now <= lapses_at:
        return
    if state in ANSWERABLE | {EnquiryState.LAPSED}:
        day = lapses_at.astimezone(ENGLAND).date()
        raise Refused(
            f"The time to answer ended on {day.day} {day:%B %Y}, so nothing was sent. "
            "If you can still take the pupil, tell the commissioner: they can ask you again"
        )
    raise Refused(f"This enquiry can no longer be answered: {EnquiryState(state).label.lower()}. Nothing was sent")


def check_declinable(state: str, *, now: dt.datetime, lapses_at: dt.datetime) -> None:
    """What waits can be declined up to its last moment; an offer can be taken back until somebody is chosen, because a
    pupil must not be promised to who cannot take them. Raises `Refused`."""
    if state != EnquiryState.OFFERED:
        check_answerable(state, now=now, lapses_at=lapses_at)


def left_in_words(now: dt.datetime, lapses_at: dt.datetime) -> str:
    """`Until the end of today`, `Until the end of tomorrow`, `Until the end of 18 September 2026`, `Ended`."""
    if now > lapses_at:
        return "Ended"
    today, last = (moment.astimezone(ENGLAND).date() for moment in (now, lapses_at))
    if last == today:
        return "Until the end of today"
    if last == today + ONE_DAY:
        return "Until the end of tomorrow"
    return f"Until the end of {last.day} {last:%B %Y}"
