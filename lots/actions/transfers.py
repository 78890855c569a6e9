"""Places move to a successor firm, and frameworks to a successor buyer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import Organisation, User
from accounts.states import OrganisationKind
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, Place, Succession, Suspension, Transfer
from lots.queries import places as queries
from lots.rules import awards, places
from lots.rules.refusals import Refused
from lots.states import EndReason, PlaceState
from lots.steps import letters
from lots.steps import places as steps

BUYERS = (OrganisationKind.AUTHORITY, OrganisationKind.TRUST)


@transaction.atomic(durable=True)
def transfer_places(
    *,
    place: Place,
    successor: Organisation,
    kind: str,
    reason: str,
    checked_on: dt.date,
    checked_by: str,
    outcome: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Transfer:
    """Move all places that the provider of `place` has on its framework to a successor, who was checked for exclusion
    (who, when, what was found). Each ends as moved and begins anew with its prices; where the successor is already, it
    keeps its own. Limits are checked again. Raises `Refused`, `OverLimit`."""
    framework = Framework.objects.locked(place.framework_id)
    people.forget_roles(by)
    access.require(permissions.can_run_places, by, framework)
    standing = Place.objects.standing().filter(framework=framework, provider=place.provider_id)
    rows = steps.places_locked(standing.values_list("pk", flat=True))
    wide = Suspension.objects.in_force().filter(provider=place.provider_id, buyer=framework.buyer_id, place=None)
    places.check_transfer(
        outcome=outcome,
        checked_on=checked_on,
        today=today,
        held=wide.exists() or any(row.state == PlaceState.SUSPENDED for row in rows),
        same=successor.pk == place.provider_id,
    )
    if not rows:
        raise Refused("These places have already ended or moved")
    if successor.kind != OrganisationKind.PROVIDER or not successor.is_open:
        raise Refused("Places move to a provider that is registered here and open", field="successor")
    _check_limits(framework, rows, successor)
    steps.end_places(rows=rows, reason=EndReason.TRANSFERRED, by=by, at=at)
    begun = steps.begin_anew(rows=rows, successor=successor, by=by, at=at, today=today)
    steps.balance(framework=framework, providers=[successor.pk], by=by, at=at)
    made = Transfer.objects.create(
        framework=framework,
        provider_id=place.provider_id,
        successor=successor,
        kind=kind,
        reason=reason,
        checked_on=checked_on,
        checked_by=checked_by,
        outcome=outcome,
        moved_at=at,
        moved_by=by,
    )
    letters.tell(letters.MOVED_FROM, providers=[place.provider_id], about={place.provider_id: rows[0]}, at=at)
    told = begun[0] if begun else Place.objects.standing().filter(framework=framework, provider=successor).first()
    letters.tell(letters.MOVED_TO, providers=[successor.pk], about={successor.pk: told}, at=at)
    data = {"provider": place.provider_id, "successor": successor.pk, "kind": str(kind), "outcome": str(outcome)}
    audit.record(
        "lots.transfer.made",
        by=by,
        about=made,
        organisation=framework.buyer_id,
        data=data | {"ended": len(rows), "begun": len(begun)},
        at=at,
    )
    return made


def _check_limits(framework: Framework, rows: list[Place], successor: Organisation) -> None:
    moving = [(successor.pk, row.lot_id, row.sub_lot_id) for row in rows if not row.lot.is_auto]
    leaving = {row.provider_id for row in rows}
    awards.check_limits(
        moving,
        [key for key in queries.standing_keys(framework) if key[0] not in leaving],
        max_participants=framework.max_participants,
        max_lots=framework.max_lots,
        lot_limit=framework.policies.lot_limit,
        names={successor.pk: successor.name},
    )


@transaction.atomic(durable=True)
def offer_succession(
    *, buyer: Organisation, successor: Organisation, reason: str, by: User, at: dt.datetime
) -> Succession:
    """Offer all frameworks of a buyer to another one, which must accept. Raises `Refused` while an offer is open."""
    buyer = Organisation.objects.locked(buyer.pk)
    people.forget_roles(by)
    access.require(permissions.can_offer_succession, by, buyer)
    if successor.pk == buyer.pk or successor.kind not in BUYERS or not successor.is_open:
        raise Refused("Enter another council or academy trust", field="successor")
    if Succession.objects.open().filter(buyer=buyer).exists():
        raise Refused("Your frameworks are already offered to a buyer. Take that offer back first")
    made = Succession.objects.create(buyer=buyer, successor=successor, reason=reason, offered_at=at, offered_by=by)
    _record("offered", made, by, at)
    audit.record("lots.succession.received", by=by, about=made, organisation=successor, data={"buyer": buyer.pk}, at=at)
    return made


@transaction.atomic(durable=True)
def withdraw_succession(*, succession: Succession, by: User, at: dt.datetime) -> Succession:
    """Take an offer back. Raises `Refused` once it was answered."""
    Organisation.objects.locked(succession.buyer_id)
    people.forget_roles(by)
    succession = Succession.objects.locked(succession.pk)
    access.require(permissions.can_withdraw_succession, by, succession)
    _check_open(succession)
    succession.withdrawn_at = at
    succession.save(update_fields=["withdrawn_at"])
    audit.record("lots.succession.withdrawn", by=by, about=succession, organisation=succession.buyer_id, at=at)
    return succession


@transaction.atomic(durable=True)
def accept_succession(*, succession: Succession, by: User, at: dt.datetime) -> int:
    """Take over: every framework of the one buyer is the other's from now on, with its places, and what suspends a
    provider for the one does so for the other. Both are held, so that neither begins a framework of the same notice
    meanwhile. Returns how many frameworks moved. Raises `Refused`."""
    for pk in sorted([succession.buyer_id, succession.successor_id]):
        Organisation.objects.locked(pk)
    people.forget_roles(by)
    succession = Succession.objects.locked(succession.pk)
    access.require(permissions.can_accept_succession, by, succession)
    _check_open(succession)
    theirs = Framework.objects.filter(buyer=succession.buyer_id)
    frameworks = steps.frameworks_locked(theirs.values_list("pk", flat=True))
    known = {framework.ocid for framework in frameworks.values()} - {""}
    twice = Framework.objects.filter(buyer=succession.successor_id, ocid__in=known).order_by("ocid").first()
    if twice:
        raise Refused(f"You already have a framework with the procurement identifier {twice.ocid}")
    Framework.objects.filter(pk__in=frameworks).update(buyer=succession.successor_id)
    suspensions = Suspension.objects.filter(buyer=succession.buyer_id).update(buyer=succession.successor_id)
    succession.accepted_at, succession.accepted_by = at, by
    succession.save(update_fields=["accepted_at", "accepted_by"])
    _record("accepted", succession, by, at)
    audit.record(
        "lots.succession.taken_over",
        by=by,
        about=succession,
        organisation=succession.successor_id,
        data={"buyer": succession.buyer_id, "frameworks": sorted(frameworks), "suspensions": suspensions},
        at=at,
    )
    return len(frameworks)


def _record(verb: str, succession: Succession, by: User, at: dt.datetime) -> None:
    """In the record of the buyer that hands over; the other one's has an event of its own."""
    audit.record(
        f"lots.succession.{verb}",
        by=by,
        about=succession,
        organisation=succession.buyer_id,
        data={"successor": succession.successor_id},
        at=at,
    )


def _check_open(succession: Succession) -> None:
    if succession.accepted_at or succession.withdrawn_at:
        raise Refused("This offer has already been accepted or taken back")
