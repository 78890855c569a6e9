"""What the commissioner writes of a placement, judged by every rule of it. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Organisation
from accounts.queries import calendars_for
from lots.models import Place
from lots.rules.refusals import Refused
from providers.models import Site
from referrals.models import Offer, Quote, Referral
from referrals.queries import placements as queries
from referrals.queries.sharing import terms_of
from referrals.rules import approval, placing
from referrals.rules.timetable import Session, check_sessions
from referrals.states import Runs


@dataclass(frozen=True)
class Part:
    """One session of a week. `address` is for one at the pupil's home or in the community."""

    weekday: int
    starts: dt.time
    ends: dt.time
    site: Site | None = None
    runs: str = Runs.SCHOOL
    address: str = ""

    @property
    def session(self) -> Session:
        """As the rules of a timetable read it."""
        return Session(self.weekday, self.starts, self.ends)


@dataclass(frozen=True)
class Terms:
    """What the commissioner writes beside the offer: who is bound to pay, the home school (none: its key is empty), the
    days, the week with whose days each session follows, and who pays what (funder, hundredths of a per cent)."""

    contracting_party: int
    home_school: int | None
    starts_on: dt.date
    ends_on: dt.date
    parts: Sequence[Part]
    shares: Sequence[tuple[int, int]]
    hours_reason: str = ""


def checked(referral: Referral, source: Offer | Quote, terms: Terms, today: dt.date) -> dict:
    """The columns of a placement that follow from what was written, judged by every rule of them. Raises `Refused`."""
    is_offer = isinstance(source, Offer)
    place = source.enquiry.place if is_offer else source.place
    placing.check_days(
        terms.starts_on, terms.ends_on, today=today, offered_from=source.starts_on, offered_until=source.ends_on
    )
    parties = {one.pk: one for one in queries.parties_for(referral.commissioner, place.framework)}
    if terms.contracting_party not in parties:
        raise Refused("Select who signs and is bound to pay", field="contracting_party")
    schools = {one.pk: one for one in queries.schools_of(referral.pupil, terms.starts_on)}
    if terms.home_school is not None and terms.home_school not in schools:
        raise Refused("The pupil is not on the roll of this school on the first day", field="home_school")
    placing.check_shares(terms.shares)
    if not queries.may_pay(funder for funder, _ in terms.shares):
        raise Refused("One of those who pay is no longer open. Choose another", field="funder_1")
    sessions = [one.session for one in terms.parts]
    check_sessions(sessions)
    if is_offer and not _is_week_of(source, terms.parts):
        raise Refused("The week is no longer the one that the provider offered. Open the page again")
    units, total = _total(referral, source, place, terms, schools.get(terms.home_school))
    limit = terms_of(referral.commissioner_id).approve_above_pence
    covered = is_offer and approval.covers(limit, referral.approved_pence, total)
    placing.check_cost(total, source.total_pence, covered=covered)
    return {
        "contracting_party_id": terms.contracting_party,
        "home_school_id": terms.home_school,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "units": units,
        "total_pence": total,
        "hours_reason": terms.hours_reason,
    }


def _total(
    referral: Referral, source: Offer | Quote, place: Place, terms: Terms, school: Organisation | None
) -> tuple[int, int]:
    """Units and pence: the offer's own where nothing of it was changed, else worked out anew."""
    on_school_days = all(one.runs == Runs.SCHOOL for one in terms.parts)
    same_days = (terms.starts_on, terms.ends_on) == (source.starts_on, source.ends_on)
    if isinstance(source, Offer) and on_school_days and same_days:
        return source.units, source.total_pence
    whose = school or referral.commissioner
    calendars = calendars_for([whose, place.provider])
    return placing.worked_out(
        [(one.session, one.runs) for one in terms.parts],
        unit=source.line.unit if isinstance(source, Offer) else source.unit,
        pence=source.pence,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        calendars={Runs.SCHOOL: calendars[whose.pk], Runs.PROVIDER: calendars[place.provider_id]},
    )


def _is_week_of(offer: Offer, parts: Sequence[Part]) -> bool:
    offered = sorted((one.weekday, one.starts, one.ends, one.site_id) for one in offer.sessions.all())
    return offered == sorted((one.weekday, one.starts, one.ends, one.site and one.site.pk) for one in parts)
