"""Writes about agreements that actions of this app and of apps above compose: offering, withdrawing, moving."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping

from audit import steps as audit
from contracts import queries
from contracts.models import Contract
from contracts.rules import agreements as rules
from contracts.states import ContractState
from core.steps import step
from lots.models import Framework, Place
from providers.rules.frozen import canonical, sha256_of

AT_ONCE = 500
OVER = [ContractState.WITHDRAWN, ContractState.ENDED]


@step
def offer(
    *, framework: Framework, suppliers: Mapping[int, Collection[Place]], not_before: dt.datetime | None, by, at
) -> list[Contract]:
    """Offer a framework agreement to each of these providers, over all of its places on the framework that have not
    ended. The framework is locked. An offer that was not signed by both is withdrawn and made anew; a provider whose
    agreement is in force needs no other: what it is given later comes under that one. The buyer signs from
    `not_before` on, where there is one."""
    standing = Contract.objects.exclude(state__in=OVER).filter(framework=framework, supplier__in=set(suppliers))
    wanted = set(suppliers)
    for contract in standing.select_for_update(of=("self",)).order_by("pk"):
        if contract.state == ContractState.IN_FORCE:
            wanted.discard(contract.supplier_id)
        else:
            move(contract=contract, to=ContractState.WITHDRAWN, reason=rules.REPLACED, by=by, at=at)
    facts = queries.facts_of(framework, sorted(wanted))
    before = Counter(Contract.objects.filter(framework=framework).values_list("supplier_id", flat=True))
    made = [
        _contract(framework, supplier, facts[supplier], before[supplier] + 1, not_before, by, at)
        for supplier in sorted(wanted)
    ]
    Contract.objects.bulk_create(made, batch_size=AT_ONCE)
    audit.record_each(
        "contracts.agreement.offered",
        by=by,
        rows=[(contract, _labels(contract)) for contract in made],
        organisation=framework.buyer_id,
        at=at,
    )
    return made


def _contract(framework: Framework, supplier: int, facts: dict, number: int, not_before, by, at) -> Contract:
    name = rules.reference(framework.pk, supplier, number)
    document = {"schema": 1, "reference": name, "offered_at": at.isoformat(), **facts, "clauses": rules.clauses(facts)}
    raw = canonical(document)
    return Contract(
        buyer_id=framework.buyer_id,
        supplier_id=supplier,
        framework=framework,
        reference=name,
        title=framework.title,
        starts_on=framework.starts_on,
        ends_on=framework.ends_on,
        document=raw.decode(),
        sha256=sha256_of(raw),
        offered_at=at,
        offered_by=by if hasattr(by, "pk") else None,
        not_before=not_before,
    )


def _labels(contract: Contract) -> dict:
    return {"framework": contract.framework_id, "supplier": contract.supplier_id, "reference": contract.reference}


@step
def move(*, contract: Contract, to: ContractState, by, at: dt.datetime, reason: str = "", **fields) -> None:
    """Bring a locked agreement to another state, with the moments in `fields`, and record it. Raises `Refused`."""
    rules.check_move(contract.state, to)
    contract.state = to
    if to in OVER:
        fields |= {"ended_at": at, "end_reason": reason}
    for name, value in fields.items():
        setattr(contract, name, value)
    contract.save(update_fields=["state", *fields])
    audit.record(
        f"contracts.agreement.{_VERBS[to]}",
        by=by,
        about=contract,
        organisation=contract.buyer_id,
        data=_labels(contract),
        at=at,
    )


_VERBS = {
    ContractState.SIGNED: "signed",
    ContractState.IN_FORCE: "countersigned",
    ContractState.WITHDRAWN: "withdrawn",
    ContractState.ENDED: "ended",
}


@step
def withdraw(*, framework: Framework, supplier: int, reason: str, by, at: dt.datetime) -> Contract | None:
    """The agreement of a provider that is left without a place on a locked framework: withdrawn where it was not signed
    by both, ended where it is in force. Returns it, or None where there is none."""
    pk = getattr(supplier, "pk", supplier)
    rows = Contract.objects.exclude(state__in=OVER).filter(framework=framework, supplier=pk)
    contract = rows.select_for_update(of=("self",)).first()
    if contract:
        over = ContractState.ENDED if contract.state == ContractState.IN_FORCE else ContractState.WITHDRAWN
        move(contract=contract, to=over, reason=reason, by=by, at=at)
    return contract


@step
def waits_until(*, framework: Framework, suppliers: Collection[int], until: dt.datetime, by, at: dt.datetime) -> int:
    """The end of the waiting period after the award notice is known: the buyer signs from then on. Returns how many
    agreements it reaches. The caller records why."""
    rows = Contract.objects.filter(framework=framework, supplier__in=suppliers, state__in=queries.OPEN)
    return rows.update(not_before=until)
