"""A buyer's own times for daily reports, on England's clocks. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple, dataclass

from lots.rules.refusals import Refused

MOST_DAYS = 20


@dataclass(frozen=True)
class Terms:
    """When a buyer's providers are reminded and when a report is late. Nothing is sent from `quiet_from` until
    `quiet_until`; where the two are the same there are no quiet hours."""

    due_today_at: dt.time = dt.time(8)
    remind_at: dt.time = dt.time(15, 30)
    cut_off: dt.time = dt.time(18)
    overdue_at: dt.time = dt.time(9)
    escalate_after: int = 2
    quiet_from: dt.time = dt.time(20)
    quiet_until: dt.time = dt.time(7)

    def is_quiet(self, time: dt.time) -> bool:
        """Whether nothing is sent at this time of a day. Quiet hours may go over midnight; their last minute is the one
        before `quiet_until`."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= time < self.quiet_until
        return time >= self.quiet_from or time < self.quiet_until


USUAL = Terms()


def check_terms(terms: Terms) -> None:
    """Raise `Refused` for times that do not follow one another, or at which nothing could ever be sent."""
    if terms.due_today_at >= terms.remind_at:
        raise Refused("The reminder must come after the morning message", field="remind_at")
    if terms.remind_at >= terms.cut_off:
        raise Refused("A report must become late after the reminder, so that the reminder helps", field="cut_off")
    for field, what in (
        ("due_today_at", "The morning message"),
        ("remind_at", "The reminder"),
        ("overdue_at", "The message about missing reports"),
    ):
        if terms.is_quiet(getattr(terms, field)):
            raise Refused(f"{what} would fall into the quiet hours. Choose a time outside them", field=field)
    if not 1 <= terms.escalate_after <= MOST_DAYS:
        raise Refused(f"Enter a whole number of days from 1 to {MOST_DAYS}", field="escalate_after")


def mark_of(terms: Terms) -> str:
    """What a page saw of a buyer's times, to be handed back with its form."""
    return "-".join(f"{one:%H%M}" if isinstance(one, dt.time) else str(one) for one in astuple(terms))
