"""Declaring interests before and after the names are known, reporting somebody else's, and deciding about one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from audit import steps as audit
from core import access
from evaluation.models import Conflict, Declaration, Evaluation
from evaluation.permissions import panel as permissions
from evaluation.queries import interests as queries
from evaluation.rules import interests as rules
from evaluation.states import Source, When
from evaluation.steps import interests as steps
from evaluation.steps import rows
from lots.rules.refusals import Refused

PICKED = "Named it when they declared their interests."


@transaction.atomic(durable=True)
def declare_before(
    *, evaluation: Evaluation, has_interest: bool, text: str, names: list[str], by: User, at: dt.datetime
) -> tuple[dict[int, str], list[str]]:
    """Declare interests while the names of the bidders are not known to this person. `names` are organisations in their
    own words. Replaces what was declared before; what somebody was kept away from stays until somebody else decides.
    Returns the providers that were known by their names, and the names that were not. Raises `Refused`."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_declare, by, evaluation)
    rules.check_declared(has_interest=has_interest, text=text, chosen=names, before=True)
    known, unknown = queries.registered(names)
    said = "\n".join([text, *names])
    made = _declare(evaluation, When.BEFORE, has_interest, said, by, at)
    found = dict.fromkeys(known, f"{PICKED}\n{text}")
    steps.add(evaluation=evaluation, person=by, found=found, source=Source.DECLARED, by=by, at=at)
    audit.record(
        "evaluation.declaration.made",
        by=by,
        about=made,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk, "moment": When.BEFORE},
        at=at,
    )
    return known, unknown


@transaction.atomic(durable=True)
def declare_after(
    *, evaluation: Evaluation, has_interest: bool, chosen: Mapping[int, str], by: User, at: dt.datetime
) -> set[int]:
    """Declare interests with the bidders' names known: `chosen` says what the interest is, by the provider's key. The
    portal looks for itself as well. Returns the providers from which this person is newly kept away. Raises
    `Refused`."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_declare, by, evaluation)
    rules.check_turn(
        after=True,
        opened=evaluation.fixed_at is not None,
        declared_before=queries.has_declared(by, evaluation, When.BEFORE),
    )
    known = queries.bidders(evaluation)
    chosen = {provider: text for provider, text in chosen.items() if provider in known}
    rules.check_declared(has_interest=has_interest, text="", chosen=chosen, before=False)
    said = "\n".join(f"{known[provider]}: {text}" for provider, text in chosen.items())
    made = _declare(evaluation, When.AFTER, has_interest, said, by, at)
    new = steps.add(evaluation=evaluation, person=by, found=chosen, source=Source.DECLARED, by=by, at=at)
    before = set(queries.blocked_keys(by, evaluation))
    steps.find(evaluation=evaluation, people=[by], by=by, at=at)
    audit.record(
        "evaluation.declaration.made",
        by=by,
        about=made,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk, "moment": When.AFTER},
        at=at,
    )
    return new | (set(queries.blocked_keys(by, evaluation)) - before)


@transaction.atomic(durable=True)
def report(*, evaluation: Evaluation, person: User, provider: int, text: str, by: User, at: dt.datetime) -> set[int]:
    """Say that somebody else on the panel has an interest in a provider: they are kept away at once. Raises
    `Refused`."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_declare, by, evaluation)
    if not text:
        raise Refused("Say what the interest is and how you know", field="text")
    if person.pk == by.pk:
        raise Refused("This is you: declare your own interests", field="person")
    if person.pk not in queries.who_could_have_one(evaluation):
        raise Refused("Choose somebody who takes part in this evaluation", field="person")
    known = queries.bidders(evaluation)
    if known and provider not in known:
        raise Refused("Choose one of the bidders", field="provider")
    new = steps.add(evaluation=evaluation, person=person, found={provider: text}, source=Source.REPORTED, by=by, at=at)
    audit.record(
        "evaluation.conflict.reported",
        by=by,
        about=evaluation,
        organisation=evaluation.framework.buyer_id,
        data={"person": person.pk},
        at=at,
    )
    return new


@transaction.atomic(durable=True)
def mitigate(*, conflict: Conflict, reason: str, by: User, at: dt.datetime) -> Conflict:
    """Decide that an interest does no harm, with what was done about it (Procurement Act 2023, section 82). The person
    meets that bid again; what was given to others meanwhile stays theirs. Raises `Refused`."""
    evaluation = rows.locked(conflict.evaluation_id, by=by)
    conflict = Conflict.objects.locked(conflict.pk)
    conflict.evaluation = evaluation
    access.require(permissions.can_decide_interest, by, conflict)
    rules.check_decision(person=conflict.person_id, by=by.pk, reason=reason, stands=conflict.mitigated_at is None)
    conflict.mitigation, conflict.mitigated_at, conflict.mitigated_by = reason, at, by
    conflict.save(update_fields=["mitigation", "mitigated_at", "mitigated_by"])
    audit.record(
        "evaluation.conflict.mitigated",
        by=by,
        about=conflict,
        organisation=evaluation.framework.buyer_id,
        data={"evaluation": evaluation.pk, "person": conflict.person_id},
        at=at,
    )
    return conflict


def _declare(evaluation: Evaluation, moment: When, has_interest: bool, text: str, by: User, at: dt.datetime):
    """The declaration, in place of the one that stood."""
    Declaration.objects.filter(evaluation=evaluation, person=by, moment=moment, replaced_at=None).update(replaced_at=at)
    return Declaration.objects.create(
        evaluation=evaluation, person=by, moment=moment, has_interest=has_interest, text=text.strip(), declared_at=at
    )
