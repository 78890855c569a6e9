"""Agreements to share pupil data: written down, ended, watched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import Organisation, User
from accounts.permissions import nobody
from audit import steps as audit
from core import access
from files import steps as files
from files.states import FileKind
from files.store import Kept
from lots.rules.refusals import Refused
from referrals.models import SharingAgreement
from referrals.permissions import sharing as permissions
from referrals.queries.sharing import another_in_force, may_be_shared_with
from referrals.rules import sharing as rules
from referrals.steps import enquiries, sharing

FACTS = ("processing", "reference", "purposes", "contact_name", "contact_email", "signed_on", "starts_on", "ends_on")


@transaction.atomic(durable=True)
def add_agreement(
    *, organisation: Organisation, provider_id: int, values: Mapping, kept: Kept | None, by: User, at: dt.datetime
) -> SharingAgreement:
    """Write down an agreement that the commissioner and a provider have signed, with all of `FACTS` and, where there is
    one, its PDF. The provider's leads are told. One that says the same and was not ended is refused, so that twice is
    harmless. Raises `Refused`."""
    organisation = Organisation.objects.locked(organisation.pk)
    people.forget_roles(by)
    access.require(permissions.can_write_sharing, by, organisation)
    provider = may_be_shared_with(number=values.get("number", "")).filter(pk=provider_id).first()
    if provider is None:
        raise Refused("Choose a provider from the list", field="provider")
    facts = {name: values[name] for name in FACTS}
    days = {name: facts[name] for name in ("signed_on", "starts_on", "ends_on")}
    rules.check_days(**days, today=timezone.localdate(at))
    if kept is not None and kept.kind != FileKind.PDF:
        raise Refused("Choose the signed agreement as a PDF", field="file")
    same = SharingAgreement.objects.filter(commissioner=organisation, provider=provider, ended_at=None, **facts)
    if same.exists():
        raise Refused("This agreement is written down already")
    file = files.receive(kept=kept, organisation=organisation, by=by, at=at) if kept is not None else None
    agreement = SharingAgreement.objects.create(
        commissioner=organisation, provider=provider, file=file, written_at=at, written_by=by, **facts
    )
    data = {"provider": provider.pk, "processing": str(agreement.processing)}
    audit.record("referrals.sharing.added", by=by, about=agreement, organisation=organisation, data=data, at=at)
    sharing.tell_added(agreement=agreement, at=at)
    return agreement


@transaction.atomic(durable=True)
def end_agreement(*, agreement: SharingAgreement, reason: str, by: User, at: dt.datetime) -> int:
    """End an agreement at once, with the reason. Unless another one between the two is in force, the provider stops
    knowing every pupil of the commissioner in the same transaction; both sides are told. Who is given identity at this
    moment waits for these rows (`queries.sharing.in_force`, locked) and is then refused. Returns on how many referrals
    access ended. Raises `Refused`."""
    rows = SharingAgreement.objects.between_locked(agreement.commissioner_id, agreement.provider_id)
    agreement = next(row for row in rows if row.pk == agreement.pk)
    people.forget_roles(by)
    access.require(permissions.can_end_agreement, by, agreement)
    rules.check_not_ended(agreement.ended_at is not None)
    agreement.ended_at, agreement.ended_by, agreement.end_reason = at, by, reason
    agreement.save(update_fields=["ended_at", "ended_by", "end_reason"])
    lost = 0
    if another_in_force(agreement, timezone.localdate(at)) is None:
        lost = sum(len(enquiries.end_disclosures_under(agreement=row, by=by, at=at)) for row in rows)
    data = {"provider": agreement.provider_id, "referrals": lost}
    audit.record(
        "referrals.sharing.ended",
        by=by,
        about=agreement,
        organisation=agreement.commissioner_id,
        data=data,
        at=at,
    )
    sharing.tell_ended(agreement=agreement, lost=lost, at=at)
    return lost


@transaction.atomic(durable=True)
def tell_of_sharing(*, by: access.System, at: dt.datetime, today: dt.date) -> int:
    """Tell both sides of agreements that end in 90, 60, 30, 7 or 0 days. A threshold that was missed is caught up, the
    nearest alone. May run at any time and twice; returns how many letters were written."""
    access.require(nobody, by, systems=(permissions.WATCH,))
    written = sharing.tell_of_ends(today=today, at=at)
    if written:
        audit.record("referrals.sharing.told", by=by, data={"letters": written}, at=at)
    return written
