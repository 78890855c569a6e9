"""Writes on placements that actions of this app compose. The caller holds the locks, in this order: framework, place,
pupil, referral, placement; free places are locked last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from audit import steps as audit
from core.steps import step
from lots.rules.refusals import Refused
from providers.steps import seats
from referrals.models import FunderShare, Placement, Pupil, Referral, WeeklySession
from referrals.queries import drawing, sealed
from referrals.queries import placements as queries
from referrals.queries.placing import Part
from referrals.queries.running import weekly_of
from referrals.rules import drawing as values
from referrals.rules import overlaps, placing
from referrals.states import PLACEMENT_MOVES, PlacementState
from referrals.steps import placement_letters as letters


@step
def draft(
    *, pupil: Pupil, parts: Sequence[Part], shares: Sequence[tuple[int, int]], by, at: dt.datetime, **fields
) -> Placement:
    """A placement with its week and who pays, as (funder, hundredths of a per cent), not agreed by anybody yet."""
    made = Placement.objects.create(pupil=pupil, made_at=at, made_by=by if hasattr(by, "pk") else None, **fields)
    write_week(placement=made, parts=parts)
    write_shares(placement=made, shares=shares, by=by, at=at)
    record(made, "drafted", by=by, at=at, data={"referral": made.referral_id, "provider": made.provider_id})
    return made


@step
def write_week(*, placement: Placement, parts: Iterable[Part]) -> None:
    """The week of a draft, in the place of what stood there."""
    placement.sessions.all().delete()
    for part in parts:
        row = WeeklySession.objects.create(
            placement=placement,
            weekday=part.weekday,
            starts=part.starts,
            ends=part.ends,
            site=part.site,
            runs=part.runs,
            from_on=placement.starts_on,
        )
        if part.address:
            row.address = sealed.sealed_text(row, "address", part.address)
            row.save(update_fields=["address"])


@step
def write_shares(*, placement: Placement, shares: Iterable[tuple[int, int]], by, at: dt.datetime) -> None:
    """Who pays a draft from its first day, in the place of what stood there."""
    placement.shares.all().delete()
    FunderShare.objects.bulk_create(
        FunderShare(
            placement=placement,
            funder_id=funder,
            share=share,
            from_on=placement.starts_on,
            written_at=at,
            written_by=by if hasattr(by, "pk") else None,
        )
        for funder, share in shares
    )


@step
def move(*, placement: Placement, to: PlacementState, verb: str, by, at: dt.datetime, organisation=None, **fields):
    """Move a locked placement as `PLACEMENT_MOVES` allows, with the values in `fields`, and record it. Raises
    `Refused`."""
    if to not in PLACEMENT_MOVES[PlacementState(placement.state)]:
        raise Refused(f"This placement has moved on: {placement.get_state_display().lower()}. Nothing was changed")
    placement.state, placement.revision = to, placement.revision + 1
    for name, value in fields.items():
        setattr(placement, name, value)
    placement.save(update_fields=["state", "revision", *fields])
    record(placement, verb, by=by, at=at, organisation=organisation)


@step
def agree(*, placement: Placement, over_reason: str = "", by, at: dt.datetime) -> None:
    """A locked draft is agreed, and waits for what keeps the pupil safe: its sessions meet none of the pupil's others,
    a long week has its reason, the value is not overdrawn without one, and free places are taken where the provider
    states them, all or none. Holds for a placement outside a framework as far as it applies. Raises `Refused`."""
    sessions = queries.week_of(placement)
    check_week(placement=placement, sessions=sessions, by=by)
    over = []
    if placement.place_id:
        over = values.check_room(drawing.of_place(placement.place), placement.total_pence, over_reason)
        if wanted := queries.halves_stated(placement.place, sessions):
            seats.take(place=placement.place, halves=wanted, by=by, at=at)
    move(
        placement=placement,
        to=PlacementState.ASSURANCE,
        verb="agreed",
        by=by,
        at=at,
        agreed_at=at,
        over_reason=over_reason if over else "",
    )
    if over:
        record(placement, "overdrawn", by=by, at=at, organisation=placement.framework.buyer_id)
        letters.to_officers(placement, at=at)


@step
def check_week(*, placement: Placement, sessions: Sequence[WeeklySession], by) -> None:
    """The pupil is at no two places at once, and a week above full-time has its reason. Asked under the pupil's lock.
    Raises `Refused`."""
    held = queries.held_sessions(placement.pupil_id, reader=by, but=placement.pk)
    first, last = placement.starts_on, placement.ends_on
    overlaps.check_free([weekly_of(one) for one in sessions], first, last, held)
    placing.check_hours(queries.minutes_of(sessions, held, first, last), placement.hours_reason)


@step
def give_back(*, placement: Placement, by, at: dt.datetime) -> None:
    """Give back the free places that a placement took, when it is cancelled or has ended."""
    if placement.place_id and placement.agreed_at:
        halves = queries.halves_stated(placement.place, queries.week_of(placement))
        if halves:
            seats.give_back(place=placement.place, halves=halves, by=by, at=at)


@step
def cancel(*, placement: Placement, by, at: dt.datetime) -> None:
    """A locked placement that has not started comes to nothing: what it took is given back, the provider sees it no
    more. Raises `Refused`."""
    give_back(placement=placement, by=by, at=at)
    move(placement=placement, to=PlacementState.CANCELLED, verb="cancelled", by=by, at=at, hidden_at=at)


@step
def drop_drafts(*, referral: Referral, by, at: dt.datetime) -> None:
    """Cancel what a locked referral led to and nobody has agreed to: its choice no longer stands."""
    rows = Placement.objects.select_for_update(of=("self",)).filter(referral=referral, state=PlacementState.DRAFT)
    for placement in rows.order_by("pk"):
        cancel(placement=placement, by=by, at=at)


@step
def move_over(*, kept: Pupil, gone: Pupil) -> dict[str, int]:
    """The placements of a record that is put into another go over too. Returns how many, where there are any."""
    moved = Placement.objects.filter(pupil=gone).update(pupil=kept)
    return {"placements": moved} if moved else {}


@step
def record(placement: Placement, verb: str, *, by, at: dt.datetime, organisation=None, data=None) -> None:
    """Write down what happened to a placement: keys alone."""
    audit.record(
        f"referrals.placement.{verb}",
        by=by,
        about=placement,
        organisation=organisation or placement.commissioner_id,
        data=data or {},
        at=at,
    )
