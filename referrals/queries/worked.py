"""What a provider wants to offer, worked out by every rule of an offer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.queries import calendars_for
from lots.models import PriceLine
from lots.queries.places import price_on
from providers.models import Site
from referrals.models import Enquiry
from referrals.queries import sealed
from referrals.rules import offers as rules
from referrals.rules import timetable
from referrals.rules.timetable import Session, Total


@dataclass(frozen=True)
class Proposal:
    """What somebody wants to offer. `pence` is empty for the price of the place; `sessions` are (session, site)."""

    line: PriceLine
    pence: int | None
    starts_on: dt.date
    ends_on: dt.date
    sessions: Sequence[tuple[Session, Site]]
    note: str = ""


@dataclass(frozen=True)
class Worked:
    """What a proposal comes to: pence a unit offered and awarded, and the total. `known_until` is the last day of the
    school's terms, where they end before the offer does."""

    pence: int
    awarded_pence: int
    total: Total
    known_until: dt.date | None


def worked_out(*, enquiry: Enquiry, proposal: Proposal, today: dt.date) -> Worked:
    """What a proposal comes to, judged by every rule of an offer. Writes nothing. Raises `Refused`."""
    need = sealed.need_of(enquiry)
    timetable.check_days(
        proposal.starts_on,
        proposal.ends_on,
        today=today,
        wanted_from=dt.date.fromisoformat(need.starts_on),
        wanted_until=dt.date.fromisoformat(need.ends_on),
    )
    sessions = [session for session, _ in proposal.sessions]
    timetable.check_sessions(sessions)
    awarded = price_on(enquiry.place, proposal.line.pk, proposal.starts_on)
    pence = awarded if proposal.pence is None else proposal.pence
    rules.check_price(pence or 0, awarded)
    home = enquiry.referral.school or enquiry.referral.commissioner
    calendar = calendars_for([home])[home.pk]
    total = timetable.total_of(
        sessions,
        unit=proposal.line.unit,
        pence=pence,
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
        calendar=calendar,
    )
    return Worked(pence, awarded, total, timetable.known_until(calendar, proposal.ends_on))
