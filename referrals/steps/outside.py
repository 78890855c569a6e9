"""Placements that began before the portal are written down, many at once. The caller holds the pupils' locks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from audit import steps as audit
from core.steps import step
from outbox import steps as outbox
from referrals.models import Assurance, FunderShare, Placement, WeeklySession
from referrals.models.own import TEACHES
from referrals.queries import sealed
from referrals.queries.outside import Draft
from referrals.queries.people import people_of
from referrals.rules.outside import ALREADY_RUNNING
from referrals.states import Item, PlacementState, Route

AT_ONCE = 500


@step
def bring_in(*, commissioner: Organisation, drafts: Sequence[Draft], by, at: dt.datetime) -> list[Placement]:
    """Legacy placements as they stand: what begins later waits for everything that keeps the pupil safe; what runs
    already is live like an emergency start, signed by whoever wrote it down, with all of it due on the draft's day. A
    fixed number of queries for every few hundred."""
    person = by if hasattr(by, "pk") else None
    made = Placement.objects.bulk_create(
        [_row(commissioner, draft, person, at) for draft in drafts], batch_size=AT_ONCE
    )
    pairs = list(zip(made, drafts, strict=True))
    _write_weeks(pairs)
    FunderShare.objects.bulk_create(
        [
            FunderShare(
                placement=one, funder_id=funder, share=share, from_on=one.starts_on, written_at=at, written_by=person
            )
            for one, draft in pairs
            for funder, share in draft.shares
        ],
        batch_size=AT_ONCE,
    )
    started = [(one, draft) for one, draft in pairs if draft.started]
    Assurance.objects.bulk_create(
        [
            Assurance(placement=one, item=item, due_on=draft.due_on, written_at=at, written_by=person)
            for one, draft in started
            for item in Item
        ],
        batch_size=AT_ONCE,
    )
    _record(pairs, started, commissioner, by=by, at=at)
    _tell(commissioner, pairs, at=at)
    return made


def _row(commissioner: Organisation, draft: Draft, person, at: dt.datetime) -> Placement:
    emergency = {"live_at": at, "emergency_at": at, "emergency_by": person, "emergency_reason": ALREADY_RUNNING}
    return Placement(
        pupil_id=draft.pupil,
        commissioner=commissioner,
        contracting_party_id=draft.contracting_party,
        home_school_id=draft.home_school,
        provider_id=draft.provider,
        route=Route.LEGACY,
        unit=draft.unit,
        pence=draft.pence,
        units=draft.units,
        total_pence=draft.total_pence,
        outside_reason=draft.outside_reason,
        hours_reason=draft.hours_reason,
        reason=draft.reason,
        basis=draft.basis,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        made_at=at,
        made_by=person,
        agreed_at=timezone.make_aware(dt.datetime.combine(draft.agreed_on, dt.time(12))),
        state=PlacementState.LIVE if draft.started else PlacementState.ASSURANCE,
        **(emergency if draft.started else {}),
    )


def _write_weeks(pairs: Sequence[tuple[Placement, Draft]]) -> None:
    rows, addresses = [], []
    for one, draft in pairs:
        for part in draft.parts:
            rows.append(
                WeeklySession(
                    placement=one,
                    weekday=part.weekday,
                    starts=part.starts,
                    ends=part.ends,
                    site=part.site,
                    runs=part.runs,
                    from_on=one.starts_on,
                )
            )
            addresses.append(part.address)
    sealing = []
    for row, address in zip(WeeklySession.objects.bulk_create(rows, batch_size=AT_ONCE), addresses, strict=True):
        if address:
            row.address = sealed.sealed_text(row, "address", address)
            sealing.append(row)
    WeeklySession.objects.bulk_update(sealing, ["address"], batch_size=AT_ONCE)


def _record(pairs, started, commissioner: Organisation, *, by, at: dt.datetime) -> None:
    rows = [(one, {"provider": one.provider_id, "state": str(one.state)}) for one, _ in pairs]
    audit.record_each("referrals.placement.brought_in", by=by, rows=rows, organisation=commissioner, at=at)
    items = [str(item) for item in Item]
    put_off = [(one, {"items": items, "due_on": draft.due_on.isoformat()}) for one, draft in started]
    audit.record_each("referrals.assurance.put_off", by=by, rows=put_off, organisation=commissioner, at=at)


def _tell(commissioner: Organisation, pairs: Sequence[tuple[Placement, Draft]], *, at: dt.datetime) -> None:
    """Each provider's people who meet pupils get one letter, however many placements there are."""
    first = {}
    for one, _ in pairs:
        first.setdefault(one.provider_id, one.pk)
    people = people_of(first, TEACHES)
    letters = [
        outbox.Letter(
            key=f"placements-brought-in:{pk}:{person}",
            to=address,
            subject="Placements with you are now in the portal",
            body=f"{commissioner.name} has written down placements with you that were agreed before the portal. Look "
            "whether they are right, and fill in what is yours to say before a pupil starts: staff checks and risks.\n"
            f"\nSign in to see them:\n{settings.BASE_URL}{reverse('placements', args=[provider])}\n",
            organisation=provider,
        )
        for provider, pk in sorted(first.items())
        for person, address in people[provider]
    ]
    outbox.post_many(letters, at=at)
