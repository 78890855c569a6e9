"""Writes about enquiries and about who may know a pupil that actions of this app compose."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from audit import steps as audit
from core.steps import step
from lots.rules.refusals import Refused
from referrals.models import Disclosure, Enquiry, Referral, SharingAgreement
from referrals.states import ENQUIRY_MOVES, EnquiryState
from referrals.steps import enquiry_letters as letters
from referrals.steps import placements

OPEN = (EnquiryState.WAITING, EnquiryState.OFFERED, EnquiryState.CHOSEN)


@step
def move(*, enquiry: Enquiry, to: EnquiryState, verb: str, by, at: dt.datetime, organisation=None, **fields) -> None:
    """Move one locked enquiry as `ENQUIRY_MOVES` allows, with the values in `fields`, and record it with whoever acted
    (`organisation`, else the commissioner). Raises `Refused`."""
    if to not in ENQUIRY_MOVES[EnquiryState(enquiry.state)]:
        raise Refused(f"This enquiry has moved on: {enquiry.get_state_display().lower()}. Nothing was changed")
    enquiry.state = to
    for name, value in fields.items():
        setattr(enquiry, name, value)
    enquiry.save(update_fields=["state", *fields])
    record(enquiry, verb, by=by, at=at, organisation=organisation)


@step
def record(enquiry: Enquiry, verb: str, *, by, at: dt.datetime, organisation=None) -> None:
    """Write down what happened to an enquiry: keys alone, no price and no reason."""
    audit.record(
        f"referrals.enquiry.{verb}",
        by=by,
        about=enquiry,
        organisation=organisation or enquiry.referral.commissioner_id,
        data=_labels(enquiry),
        at=at,
    )


def _labels(enquiry: Enquiry) -> dict:
    """What the record says of an enquiry."""
    return {"referral": enquiry.referral_id, "provider": enquiry.provider_id, "place": enquiry.place_id}


@step
def locked_of(referral: Referral) -> list[Enquiry]:
    """All open enquiries of a locked referral as they are now, held until the transaction ends, in order of their
    keys."""
    rows = Enquiry.objects.select_for_update(of=("self",)).filter(referral=referral, state__in=OPEN).order_by("pk")
    return list(rows.select_related("provider", "referral__commissioner"))


@step
def withdraw_open(*, referral: Referral, by, at: dt.datetime) -> int:
    """Take back every enquiry of a locked referral that is open, also that of the chosen provider, whose right to know
    the pupil ends with it, as does a placement that nobody has agreed to. The providers are told. Returns how many were
    taken back; a second call finds none."""
    placements.drop_drafts(referral=referral, by=by, at=at)
    rows = locked_of(referral)
    for enquiry in rows:
        move(enquiry=enquiry, to=EnquiryState.WITHDRAWN, verb="withdrawn", by=by, at=at, ended_at=at)
    letters.to_providers(letters.WITHDRAWN, rows, at=at)
    end_disclosure(referral=referral, by=by, at=at)
    return len(rows)


@step
def end_disclosure(*, referral: Referral, by, at: dt.datetime) -> bool:
    """End the right of the chosen provider to know the pupil of a locked referral. Returns whether there was one."""
    return bool(_end(Disclosure.objects.in_force().filter(referral=referral), by=by, at=at))


@step
def end_disclosures_under(*, agreement: SharingAgreement, by, at: dt.datetime) -> list[Disclosure]:
    """End every right to know a pupil that stands on a locked agreement to share data. The providers are told; telling
    the commissioner is the caller's. Returns those that ended."""
    return _end(Disclosure.objects.in_force().filter(agreement=agreement), by=by, at=at)


def _end(found, *, by, at: dt.datetime) -> list[Disclosure]:
    rows = list(found.select_for_update(of=("self",)).select_related("referral", "provider").order_by("pk"))
    Disclosure.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at)
    by_commissioner = defaultdict(list)
    for row in rows:
        row.ended_at = at
        data = {"referral": row.referral_id, "provider": row.provider_id}
        by_commissioner[row.referral.commissioner_id].append((row, data))
    for commissioner, each in by_commissioner.items():
        audit.record_each("referrals.disclosure.ended", by=by, rows=each, organisation=commissioner, at=at)
    letters.access_ended(rows, at=at)
    return rows


@step
def record_each(rows: Iterable[Enquiry], verb: str, *, by, at: dt.datetime) -> None:
    """The same of many enquiries at once, each in its commissioner's record."""
    by_commissioner = defaultdict(list)
    for row in rows:
        by_commissioner[row.referral.commissioner_id].append((row, _labels(row)))
    for commissioner, each in by_commissioner.items():
        audit.record_each(f"referrals.enquiry.{verb}", by=by, rows=each, organisation=commissioner, at=at)
