"""By when somebody must say that a concern came, what may be done with it, and when its detail goes. Moments are UTC,
working hours those of England."""

from __future__ import annotations

import datetime as dt

from core.calendars import ONE_DAY, is_working_day, working_day_after
from lots.rules.refusals import Refused
from monitoring.rules.times import ENGLAND, moment
from monitoring.states import CONCERN_MOVES, ConcernKind, ConcernState

OPENS, CLOSES = dt.time(8), dt.time(18)
CHILD_HOURS = dt.timedelta(hours=4)
AT_LEAST = dt.timedelta(hours=1)
KEPT_DAYS = 28
TO_HAND_OVER_DAYS = 2  # working days after which one that came and was not handed over is shown as late
WAITS, LATE, RECEIVED, SLOW, HANDED, CLOSED = "waits", "late", "received", "slow", "handed", "closed"


def acknowledge_by(kind: str, raised_at: dt.datetime) -> dt.datetime:
    """When somebody must have said that a concern came. Time outside working hours (8:00 to 18:00, no weekend, no bank
    holiday) does not count before it is opened.

    About a child: within four hours and the same working day, but with an hour at least. A council decides on a
    referral within one working day (Working Together to Safeguard Children), so half of that is the school's. About an
    adult: one working day, within which allegations go to the council's officer (Keeping Children Safe in Education,
    part 4)."""
    begins = _opened(raised_at)
    day = begins.astimezone(ENGLAND).date()
    if kind == ConcernKind.CHILD:
        return max(min(begins + CHILD_HOURS, moment(day, CLOSES)), begins + AT_LEAST)
    return moment(working_day_after(day, 1), begins.astimezone(ENGLAND).time())


def _opened(at: dt.datetime) -> dt.datetime:
    """The moment itself inside working hours, else when they next begin."""
    local = at.astimezone(ENGLAND)
    day = local.date()
    if is_working_day(day):
        if OPENS <= local.time() < CLOSES:
            return at
        if local.time() < OPENS:
            return moment(day, OPENS)
    return moment(working_day_after(day, 1), OPENS)


def check_move(state: str, to: str) -> None:
    """A concern is received, handed over and closed, in this order and each once. Raises `Refused`."""
    if to not in CONCERN_MOVES[ConcernState(state)]:
        raise Refused("Somebody has gone on with this concern meanwhile. Nothing of yours was saved")


def check_raised(*, receivers: int, kind: str, has_authority: bool) -> None:
    """A concern is never sent to nobody: at least one person must be there who says that it came, and where it is about
    an adult, a council. Raises `Refused`."""
    if (not has_authority and kind == ConcernKind.ADULT) or not receivers:
        raise Refused(
            "Nobody who may receive this has an account here, so it was not sent. Ring the council’s children’s social "
            "care now, or for an adult its designated officer for allegations. If you cannot reach them, ring the "
            "NSPCC’s advice line"
        )


def stands(*, state: str, acknowledge_by: dt.datetime, acknowledged_at: dt.datetime | None, at: dt.datetime) -> str:
    """How a concern stands: waiting or late until somebody said that it came; received, and slow once it was not handed
    over within two working days; handed over; closed."""
    if state == ConcernState.RAISED:
        return LATE if at > acknowledge_by else WAITS
    if state == ConcernState.RECEIVED:
        day = working_day_after(acknowledged_at.astimezone(ENGLAND).date(), TO_HAND_OVER_DAYS)
        return SLOW if at > moment(day + ONE_DAY, dt.time()) else RECEIVED
    return HANDED if state == ConcernState.HANDED else CLOSED


def handed_before(at: dt.datetime) -> dt.datetime:
    """What was handed over by then has no detail any more."""
    return at - KEPT_DAYS * ONE_DAY


def removed_on(handed_at: dt.datetime) -> dt.date:
    """The day on which the detail goes."""
    return (handed_at + KEPT_DAYS * ONE_DAY).astimezone(ENGLAND).date()


def reference(key) -> str:
    """What a concern is called between people: eight letters of its key, which say nothing of how many there are."""
    return f"C-{key.hex[:8].upper()}"
