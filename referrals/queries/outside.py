"""Reads of placements outside a framework: with whom they can be, what they come to, and what one buyer spends so with
one provider."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.models import Organisation
from accounts.queries import calendars_for
from accounts.states import OrganisationKind
from lots.models import Suspension
from lots.rules.refusals import Refused
from referrals.models import Placement, Pupil, Referral, SharingAgreement
from referrals.queries import placements, sharing
from referrals.queries.placing import Part, Terms
from referrals.rules import approval, outside, placing
from referrals.rules.outside import Spent
from referrals.rules.timetable import check_sessions
from referrals.states import PlacementState, ReferralState, Route, Runs

ASKABLE = (ReferralState.READY, ReferralState.ENQUIRING)


@dataclass(frozen=True)
class Deal:
    """What is agreed with a provider outside a framework. `pence` is one unit without VAT; `referral` is the key of the
    one that it is of, if any; `agreed_on` is for what began before the portal."""

    provider: int
    route: str
    unit: str
    pence: int
    reason: str
    basis: str
    outside_reason: str
    over_reason: str = ""
    agreed_on: dt.date | None = None
    referral: int | None = None


@dataclass(frozen=True)
class Draft:
    """A legacy placement as it will stand. `due_on` is the day by which everything that keeps the pupil safe is in
    place, where it runs already; `started` says that it does."""

    pupil: int
    provider: int
    contracting_party: int
    home_school: int | None
    unit: str
    pence: int
    units: int
    total_pence: int
    starts_on: dt.date
    ends_on: dt.date
    agreed_on: dt.date
    reason: str
    basis: str
    outside_reason: str
    hours_reason: str
    parts: Sequence[Part]
    shares: Sequence[tuple[int, int]]
    due_on: dt.date
    started: bool


def providers_for(commissioner: int, day: dt.date) -> QuerySet[Organisation]:
    """The providers with which the commissioner has an agreement to share pupil data in force, by name."""
    held = SharingAgreement.objects.in_force_on(day).filter(commissioner=commissioner)
    rows = Organisation.objects.filter(kind=OrganisationKind.PROVIDER, is_open=True, pk__in=held.values("provider"))
    return rows.order_by("name", "id")


def provider_numbered(number: str) -> Organisation | None:
    """The open provider with this UKPRN, company or charity number, or URN; None for none, or for two."""
    rows = sharing.may_be_shared_with(number=number)
    found = [one for one in rows if number in {one.ukprn, one.companies_house, one.charity_number, one.urn}]
    return found[0] if number and len(found) == 1 else None


def referrals_for(pupil: Pupil) -> QuerySet[Referral]:
    """The pupil's referrals that a spot contract can be of: checked, and nobody placed on them."""
    placed = Placement.objects.filter(referral=OuterRef("pk")).exclude(state=PlacementState.CANCELLED)
    rows = Referral.objects.filter(pupil=pupil, commissioner=pupil.commissioner_id, state__in=ASKABLE)
    return rows.filter(~Exists(placed)).order_by("-pk")


def is_suspended(provider: int) -> bool:
    """Whether any buyer has suspended a provider as a whole, which is for the safety of pupils alone."""
    return Suspension.objects.in_force().filter(provider=provider, place=None).exists()


def checked(pupil: Pupil, deal: Deal, terms: Terms, today: dt.date, *, but: int | None = None) -> dict:
    """The columns of a spot or legacy placement, judged by every rule of it, `but` for its own row in what is spent.
    Raises `Refused`."""
    agreement = sharing.in_force(pupil.commissioner_id, deal.provider, today, locked=True)
    suspended = deal.route == Route.SPOT and is_suspended(deal.provider)
    outside.check_provider(shares=agreement is not None, suspended=suspended)
    outside.check_days(deal.route, terms.starts_on, terms.ends_on, today=today)
    outside.check_agreed(deal.route, deal.agreed_on, today=today)
    if terms.contracting_party not in {one.pk for one in placements.parties_for(pupil.commissioner, None)}:
        raise Refused("Select who signs and is bound to pay", field="contracting_party")
    schools = {one.pk: one for one in placements.schools_of(pupil, max(terms.starts_on, today))}
    if terms.home_school is not None and terms.home_school not in schools:
        raise Refused("The pupil is not on the roll of this school on the first day", field="home_school")
    placing.check_shares(terms.shares)
    if not placements.may_pay(funder for funder, _ in terms.shares):
        raise Refused("One of those who pay is no longer open. Choose another", field="funder_1")
    check_sessions([one.session for one in terms.parts])
    outside.check_places(bool(one.site or one.address) for one in terms.parts)
    units, total = total_of(pupil, deal, terms, schools.get(terms.home_school))
    if deal.route == Route.SPOT:
        _check_approved(pupil, deal, total, but)
        before = spent_with(terms.contracting_party, deal.provider, today, but=but)
        first, last = outside.year_of(today)
        after = before.with_more(total, this_year=first <= terms.starts_on <= last)
        outside.check_threshold(after, deal.over_reason)
    return {
        "provider_id": deal.provider,
        "route": deal.route,
        "unit": deal.unit,
        "pence": deal.pence,
        "reason": deal.reason,
        "basis": deal.basis,
        "outside_reason": deal.outside_reason,
        "over_reason": deal.over_reason,
        "referral_id": deal.referral,
        "contracting_party_id": terms.contracting_party,
        "home_school_id": terms.home_school,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "units": units,
        "total_pence": total,
        "hours_reason": terms.hours_reason,
    }


def total_of(pupil: Pupil, deal: Deal, terms: Terms, school: Organisation | None) -> tuple[int, int]:
    """Hundredths of a unit, and pence without VAT, from the first day to the last. Raises `Refused`."""
    whose = school or pupil.commissioner
    provider = Organisation.objects.get(pk=deal.provider)
    calendars = calendars_for([whose, provider])
    return placing.worked_out(
        [(one.session, one.runs) for one in terms.parts],
        unit=deal.unit,
        pence=deal.pence,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        calendars={Runs.SCHOOL: calendars[whose.pk], Runs.PROVIDER: calendars[provider.pk]},
    )


def spent_with(buyer: int, provider: int, today: dt.date, *, but: int | None = None) -> Spent:
    """What a buyer's spot and legacy placements with one provider come to, drafts with them, cancelled ones without."""
    name = Organisation.objects.values_list("name", flat=True).get(pk=provider)
    rows = Placement.objects.filter(_outside(""), contracting_party=buyer, provider=provider).exclude(pk=but)
    sums = rows.aggregate(**_sums("", today), number=Count("pk"))
    return _spent(name, sums["year"], sums["all"], sums["number"], today)


def providers_of(buyer: int, today: dt.date) -> QuerySet[Organisation]:
    """The providers with which a buyer has spot or legacy placements, with `year`, `all` and `number` of them."""
    held = _outside("placements_held__") & Q(placements_held__contracting_party=buyer)
    rows = Organisation.objects.filter(kind=OrganisationKind.PROVIDER).filter(held)
    return rows.annotate(**_sums("placements_held__", today), number=Count("placements_held"))


def spent_of(rows: Iterable[Organisation], today: dt.date) -> list[Spent]:
    """Rows of `providers_of` as the rules read them."""
    return [_spent(one.name, one.year, one.all, one.number, today) for one in rows]


def _outside(to: str) -> Q:
    return Q(**{f"{to}route__in": outside.OUTSIDE}) & ~Q(**{f"{to}state": PlacementState.CANCELLED})


def _sums(to: str, today: dt.date) -> dict:
    year = Q(**{f"{to}starts_on__range": outside.year_of(today)})
    return {"all": Sum(f"{to}total_pence"), "year": Sum(f"{to}total_pence", filter=year)}


def _spent(name: str, year: int | None, whole: int | None, number: int, today: dt.date) -> Spent:
    return Spent(name, int(year or 0), int(whole or 0), number, outside.threshold_on(today))


def _check_approved(pupil: Pupil, deal: Deal, total: int, but: int | None) -> None:
    """A budget holder has agreed to what is above the commissioner's limit, on the referral that it is of. Raises
    `Refused`."""
    referral = None
    if deal.referral is not None:
        referral = Referral.objects.filter(pk=deal.referral, pupil=pupil).first()
        there = Placement.objects.filter(referral=deal.referral).exclude(state=PlacementState.CANCELLED)
        outside.check_referral(referral.state if referral else "", placed=there.exclude(pk=but).exists())
    limit = sharing.terms_of(pupil.commissioner_id).approve_above_pence
    covered = approval.covers(limit, referral.approved_pence if referral else None, total)
    outside.check_cost(total, limit, covered=covered)
