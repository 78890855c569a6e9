"""A pupil is placed outside a framework: a spot contract is written, to be signed like any other placement; what was
agreed before the portal is written down as it stands."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import calendars_for, forget_roles
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import Placement, Pupil, Referral
from referrals.permissions import outside as permissions
from referrals.queries import outside as queries
from referrals.queries import placements
from referrals.queries.outside import Deal, Draft
from referrals.queries.placing import Terms
from referrals.rules import assurance, overlaps, placing
from referrals.rules.outside import OUTSIDE
from referrals.rules.running import Weekly
from referrals.states import Route
from referrals.steps import outside as steps
from referrals.steps import papers
from referrals.steps import placements as placing_steps


@transaction.atomic(durable=True)
def place_outside(*, pupil: Pupil, deal: Deal, terms: Terms, by: User, at: dt.datetime, today: dt.date) -> Placement:
    """Place a pupil outside a framework, with the reason. A spot contract is a draft until both sides have signed; a
    legacy one waits for everything that keeps the pupil safe, or, where it runs already, is live with all of that due
    within five school days. Raises `Refused`."""
    pupil = Pupil.objects.locked(pupil.pk)
    if deal.referral is not None:
        Referral.objects.select_for_update(of=("self",)).filter(pk=deal.referral, pupil=pupil).first()
    forget_roles(by)
    access.require(permissions.can_place_outside, by, pupil)
    if pupil.merged_into_id or pupil.purged_at:
        raise Refused("This record is no longer used, so nobody can be placed from it")
    fields = queries.checked(pupil, deal, terms, today)
    if deal.route == Route.LEGACY:
        draft = _as_it_stands(pupil, deal, terms, fields, by, today)
        made = steps.bring_in(commissioner=pupil.commissioner, drafts=[draft], by=by, at=at)[0]
    else:
        commissioner = pupil.commissioner
        given = {"pupil": pupil, "parts": terms.parts, "shares": terms.shares, "commissioner": commissioner}
        made = placing_steps.draft(**given, by=by, at=at, **fields)
    audit.record(
        "referrals.placement.outside",
        by=by,
        about=made,
        organisation=made.contracting_party_id,
        data={"provider": made.provider_id, "over": bool(made.over_reason)},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def change_outside(
    *, placement: Placement, seen: int, deal: Deal, terms: Terms, by: User, at: dt.datetime, today: dt.date
) -> Placement:
    """Change a spot contract that is not agreed yet; `seen` is the revision that the page showed. An agreement that was
    sent has to be sent again. The provider and the referral stay. Raises `Refused`."""
    pupil = Pupil.objects.locked(placement.pupil_id)
    if placement.referral_id:
        Referral.objects.locked(placement.referral_id)
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_change_outside, by, placement)
    if placement.route not in OUTSIDE:
        raise Refused("This placement is of a framework. Change it on its own page")
    placing.check_draft(placement.state)
    placing.check_seen(seen, placement.revision)
    for name, value in queries.checked(pupil, deal, terms, today, but=placement.pk).items():
        setattr(placement, name, value)
    placement.revision += 1
    placement.save()
    placing_steps.write_week(placement=placement, parts=terms.parts)
    placing_steps.write_shares(placement=placement, shares=terms.shares, by=by, at=at)
    papers.replace(placement=placement, at=at)
    data = {"over": bool(placement.over_reason)}
    organisation = placement.commissioner_id
    audit.record("referrals.placement.changed", by=by, about=placement, organisation=organisation, data=data, at=at)
    return placement


def _as_it_stands(pupil: Pupil, deal: Deal, terms: Terms, fields: dict, by: User, today: dt.date) -> Draft:
    """A legacy placement, whose sessions meet no other of the pupil's. Raises `Refused`."""
    wanted = [
        Weekly(at, part.weekday, part.starts, part.ends, part.runs, terms.starts_on, None)
        for at, part in enumerate(terms.parts)
    ]
    held = placements.held_sessions(pupil.pk, reader=by)
    overlaps.check_free(wanted, terms.starts_on, terms.ends_on, held)
    minutes = placements.minutes_of([], held, terms.starts_on, terms.ends_on) + sum(one.minutes for one in wanted)
    placing.check_hours(minutes, terms.hours_reason)
    schools = {one.pk: one for one in placements.schools_of(pupil, max(terms.starts_on, today))}
    whose = schools.get(terms.home_school) or pupil.commissioner
    names = ("unit", "pence", "units", "total_pence", "reason", "basis", "outside_reason", "hours_reason")
    return Draft(
        pupil=pupil.pk,
        provider=deal.provider,
        contracting_party=terms.contracting_party,
        home_school=terms.home_school,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        agreed_on=deal.agreed_on,
        parts=terms.parts,
        shares=terms.shares,
        due_on=assurance.due_after(today, calendars_for([whose])[whose.pk]),
        started=terms.starts_on <= today,
        **{name: fields[name] for name in names},
    )
