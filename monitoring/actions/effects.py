"""What follows when documents run out: proposed by the calendar, decided by a person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.permissions import nobody
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.steps import places
from lots.steps.suspensions import suspend_each
from monitoring.models import Proposal
from monitoring.permissions import effects as permissions
from monitoring.queries import effects as queries
from monitoring.rules import effects as rules
from monitoring.states import Answered, Effect
from monitoring.steps import effects as steps


@transaction.atomic(durable=True)
def propose_effects(*, by: access.System, at: dt.datetime, today: dt.date) -> int:
    """Write a proposal for everything that ran out by today, let those lapse of what was renewed, and tell the buyers'
    contract managers and the providers' leads. May run at any time and twice. Returns how many are new."""
    access.require(nobody, by, systems=(permissions.PROPOSE,))
    new, lapsed = steps.propose(today=today, at=at)
    steps.tell(new=new, at=at)
    for one in new:
        audit.record(
            "monitoring.proposal.made",
            by=by,
            about=one,
            organisation=one.framework.buyer_id,
            data={"provider": one.provider_id, "framework": one.framework_id, "effect": str(one.effect)},
            at=at,
        )
    if lapsed:
        audit.record("monitoring.proposals.lapsed", by=by, data={"proposals": lapsed}, at=at)
    return len(new)


@transaction.atomic(durable=True)
def hold_places(*, by: access.System, at: dt.datetime) -> int:
    """Bring all places into line with what holds them: a transaction of its own, because places are locked before
    proposals everywhere else. May run at any time and twice. Returns how many changed."""
    access.require(nobody, by, systems=(permissions.PROPOSE,))
    begun, ended = steps.hold(at=at)
    if begun or ended:
        audit.record("monitoring.places.held", by=by, data={"held": begun, "let_go": ended}, at=at)
    return begun + ended


@transaction.atomic(durable=True)
def answer_proposal(*, proposal: Proposal, answer: str, reason: str, by: User, at: dt.datetime) -> Proposal:
    """Decide: a hold stands, or ends; the provider's places on this framework are suspended, each by itself, or stay as
    they are. Once, but a hold that was agreed can be ended later. Raises `Refused`."""
    places.frameworks_locked([proposal.framework_id])
    rows = places.places_locked([one.pk for one in queries.places_of(proposal)])
    proposal = Proposal.objects.locked(proposal.pk)
    forget_roles(by)
    access.require(permissions.can_answer, by, proposal)
    lapsed = proposal.lapsed_at is not None
    can = rules.is_open(effect=proposal.effect, answered=proposal.answered, lapsed=lapsed, answer=answer)
    rules.check_answer(is_open=can, answer=answer, reason=reason)
    made = []
    if (proposal.effect, answer) == (Effect.SUSPEND, Answered.YES):
        cause = rules.cause_of(insurance=queries.is_insurance(proposal))
        made = suspend_each(rows=rows, cause=cause, reason=reason, by=by, at=at)
        proposal.suspensions.set(made)
    proposal.answered, proposal.reason, proposal.answered_at, proposal.answered_by = answer, reason.strip(), at, by
    proposal.save(update_fields=["answered", "reason", "answered_at", "answered_by"])
    steps.hold(at=at, proposal=proposal)
    data = {"provider": proposal.provider_id, "effect": str(proposal.effect), "answer": answer, "places": len(made)}
    audit.record(
        "monitoring.proposal.answered",
        by=by,
        about=proposal,
        organisation=proposal.framework.buyer_id,
        data=data,
        at=at,
    )
    return proposal
