"""Agreements are signed by the provider, then by the buyer, kept as papers, and end with the last place."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from accounts.permissions import nobody
from contracts import permissions, queries
from contracts.models import Contract
from contracts.rules import agreements as rules
from contracts.states import ContractState
from contracts.steps import agreements
from core import access, clock
from files.steps import take_in_made
from files.store import Kept
from jobs.steps import enqueue
from lots.models import Framework, Place
from lots.rules.refusals import Refused
from lots.states import FrameworkState, PlaceState
from lots.steps import places as steps


@transaction.atomic(durable=True)
def sign_contract(*, contract: Contract, name: str, position: str, by: User, at: dt.datetime) -> Contract:
    """Sign in the provider's name, and accept all places of that framework that it was awarded and has not answered,
    with those that come along. Raises `Refused` where nothing is left to sign."""
    framework = Framework.objects.locked(contract.framework_id)
    places = _places(contract)
    contract = Contract.objects.locked(contract.pk)
    people.forget_roles(by)
    access.require(permissions.can_sign, by, contract)
    rules.check_move(contract.state, ContractState.SIGNED)
    if framework.state not in {FrameworkState.PUBLISHED, FrameworkState.RUNNING}:
        raise Refused("This framework has ended or was withdrawn, so its agreement can no longer be signed")
    rules.check_places(len(places))
    waiting = [place for place in places if place.state == PlaceState.AWARDED and not place.lot.is_auto]
    for place in waiting:
        steps.accept(place=place, by=by, at=at)
    steps.balance(framework=framework, providers=[contract.supplier_id], by=by, at=at)
    agreements.move(
        contract=contract,
        to=ContractState.SIGNED,
        by=by,
        at=at,
        file=None,
        signed_at=at,
        signed_by=by,
        signed_name=name,
        signed_position=position,
    )
    return contract


@transaction.atomic(durable=True)
def countersign_contract(*, contract: Contract, by: User) -> Contract:
    """Sign in the buyer's name, by the database's clock: from then on it is in force. Asks for its paper to be made.
    Raises `Refused` before the award notice was published and while the waiting period after it runs."""
    framework = Framework.objects.locked(contract.framework_id)
    places = _places(contract)
    contract = Contract.objects.locked(contract.pk)
    people.forget_roles(by)
    access.require(permissions.can_countersign, by, contract)
    at = clock.database_now()
    rules.check_move(contract.state, ContractState.IN_FORCE)
    if framework.state not in {FrameworkState.PUBLISHED, FrameworkState.RUNNING}:
        raise Refused("This framework has ended or was withdrawn, so its agreement can no longer be signed")
    rules.check_places(len(places))
    rules.check_waited(
        waits_for_notice=any(place.waits_for_notice for place in places),
        signs_from=rules.signs_from([contract.not_before, *(place.waits_until for place in places)]),
        at=at,
    )
    agreements.move(
        contract=contract,
        to=ContractState.IN_FORCE,
        by=by,
        at=at,
        file=None,
        countersigned_at=at,
        countersigned_by=by,
    )
    enqueue(
        kind="contracts.paper",
        title=f"Make the signed copy of agreement {contract.reference}",
        organisation=contract.buyer_id,
        about=contract,
        by=by,
        at=at,
    )
    return contract


@transaction.atomic(durable=True)
def keep_paper(*, contract: Contract, kept: Kept, state: str, by, at: dt.datetime) -> bool:
    """Keep an agreement's paper, made while it was in `state`. False where it has one, or has gone on meanwhile: then
    the caller takes it out of the store."""
    contract = Contract.objects.locked(contract.pk)
    access.require(nobody, by, contract, systems=(permissions.PAPERS,))
    if contract.file_id or contract.state != state:
        return False
    contract.file = take_in_made(kept=kept, organisation=contract.buyer_id, by=by, at=at)
    contract.save(update_fields=["file"])
    return True


@transaction.atomic(durable=True)
def settle_agreements(*, by, at: dt.datetime) -> int:
    """Withdraw or end the agreements of providers of whom no place on the framework is left: places end in an app that
    knows nothing of agreements. Run by the calendar; a second run finds nothing. Returns how many there were."""
    access.require(nobody, by, systems=(permissions.SETTLES,))
    left = sorted(set(queries.without_places().values_list("framework_id", flat=True)))
    frameworks = steps.frameworks_locked(left)
    count = 0
    for contract in queries.without_places().filter(framework__in=frameworks).order_by("pk"):
        agreements.withdraw(
            framework=frameworks[contract.framework_id],
            supplier=contract.supplier_id,
            reason=rules.NO_PLACE,
            by=by,
            at=at,
        )
        count += 1
    return count


def _places(contract: Contract) -> list[Place]:
    """The provider's places on the framework that have not ended, locked."""
    rows = Place.objects.standing().filter(framework=contract.framework_id, provider=contract.supplier_id)
    return [place for place in steps.places_locked(rows.values_list("pk", flat=True)) if place.state != "ended"]
