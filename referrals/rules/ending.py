"""How a placement ends: its last day, until when it is charged, and what came of it. Days are days in England."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lots.rules.refusals import Refused
from referrals.rules.amending import in_words
from referrals.states import Destination, Ended

LATE_DAYS = 7  # how long ago the last day may be when it is written down
SHOWN_DAYS = 30  # how long a provider reads a placement that is over, to finish its reports
DAY = dt.timedelta(days=1)
# No notice is owed by the commissioner where the provider ends it, or cannot keep the pupil safe.
WITHOUT_NOTICE = frozenset({Ended.PROVIDER, Ended.UNSAFE})
BACK_AT_SCHOOL = frozenset({Destination.SAME_SCHOOL, Destination.OTHER_SCHOOL, Destination.SPECIAL,
                            Destination.AP_SCHOOL})  # fmt: skip


def check_last_day(last_on: dt.date, *, today: dt.date, first: dt.date, agreed_end: dt.date) -> None:
    """The last day is at most a week ago, and not after the end that was agreed. The day before the first one means
    that no session takes place. Raises `Refused`."""
    earliest = max(today - LATE_DAYS * DAY, first - DAY)
    if last_on < earliest:
        raise Refused(f"Enter {in_words(earliest)} or a later day", field="last_on")
    if last_on > agreed_end:
        raise Refused(
            f"The placement ends on {in_words(agreed_end)}: enter that day or an earlier one. To go on for longer, "
            "extend it",
            field="last_on",
        )


def check_notice_on(notice_on: dt.date, *, today: dt.date, first_told: dt.date) -> None:
    """Notice was given today or earlier, and not before the placement was agreed. Raises `Refused`."""
    if notice_on > today:
        raise Refused("The day on which you gave notice must be today or earlier", field="notice_on")
    if notice_on < first_told:
        raise Refused(
            f"The placement was agreed on {in_words(first_told)}: notice cannot be earlier", field="notice_on"
        )


def is_over(last_on: dt.date, *, today: dt.date, unsafe: bool) -> bool:
    """Whether it is over now: its last day has passed, or it is no longer safe and that day has come. Else it runs on
    to its last day."""
    return last_on < today or (unsafe and last_on <= today)


def last_charged(
    sessions: Iterable[tuple[dt.date, dt.datetime]],
    *,
    last_on: dt.date,
    noticed_at: dt.datetime,
    notice_hours: int | None,
    charged: bool,
    reason: str,
) -> tuple[dt.date, str]:
    """The last day that may be charged, and why. `sessions` are those that would have run, as (day in England, moment
    at which it begins). A session that begins less than `notice_hours` after notice was given (`noticed_at`) is charged
    as cancelled late, if the framework charges such sessions at all (framework policies: charging). None is where the
    provider ends it or cannot keep the pupil safe, and outside a framework (`notice_hours` is empty)."""
    if reason in WITHOUT_NOTICE:
        return last_on, "The last day: no notice is owed where the provider ends it or it is no longer safe"
    if notice_hours is None:
        return last_on, "The last day: there is no framework that says more"
    if not charged:
        return last_on, "The last day: the framework charges nothing for sessions that are cancelled"
    until = noticed_at + dt.timedelta(hours=notice_hours)
    late = [day for day, begins in sessions if day > last_on and begins < until]
    if not late:
        return last_on, f"The last day: every later session had {notice_hours} hours’ notice"
    return max(late), (
        f"Sessions after the last day that begin less than {notice_hours} hours after notice are charged as cancelled "
        "late"
    )


def check_outcome(reason: str, destination: str, met: int | None, of: int | None) -> None:
    """Targets are told as a pair, no more met than were set, and a pupil who is back at school goes to one. Raises
    `Refused`."""
    if (met is None) != (of is None):
        raise Refused("Enter both: how many targets were set, and how many were met", field="targets_met")
    if met is not None and of is not None and met > of:
        raise Refused(f"No more than {of} targets can be met, because {of} were set", field="targets_met")
    if reason == Ended.REINTEGRATED and destination and destination not in BACK_AT_SCHOOL:
        raise Refused("The pupil is back at school, so select which kind of school", field="destination")


def shown_until(last_on: dt.date) -> dt.date:
    """The last day on which the provider reads a placement that is over."""
    return last_on + SHOWN_DAYS * DAY
