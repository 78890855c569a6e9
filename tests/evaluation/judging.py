"""Judging for tests: given out as the policy says, decided through the action, as one person at one browser."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from evaluation.actions import judging as actions
from evaluation.models import (
    Appointment,
    Assignment,
    Bid,
    Clarification,
    Conflict,
    Declaration,
    Evaluation,
    Judgement,
    Settled,
)
from evaluation.rules.judging import Verdict
from evaluation.states import Cure, Duty, Outcome, When
from evaluation.steps import allotment
from lots.models import Standard
from tests.evaluation.documents import standards_of
from tests.evaluation.made import DAY
from tests.frameworks import AT

WHY = "As the policy shows on page 2."


def give_out(made: Evaluation, world) -> int:
    """As Max does."""
    with transaction.atomic():
        return allotment.give_out(evaluation=fresh(made), by=world.max, at=timezone.now())


def take_over(made: Evaluation, world, who: str, *, providers=None, standards=None, reason: str = "Left") -> int:
    """As the panel's pages do."""
    with transaction.atomic():
        return allotment.take_over(
            evaluation=fresh(made),
            person=world.people[who],
            providers=providers,
            standards=standards,
            reason=reason,
            by=world.max,
            at=timezone.now(),
        )


def fresh(made: Evaluation) -> Evaluation:
    """The evaluation as it is now."""
    return Evaluation.objects.select_related("framework__policies", "framework__buyer").get(pk=made.pk)


def policy(made: Evaluation, **fields) -> None:
    """Another policy of its framework."""
    policies = fresh(made).framework.policies
    for name, value in fields.items():
        setattr(policies, name, value)
    policies.save()


def safeguarding(made: Evaluation, number: str = "1.1") -> Standard:
    """One of its standards is about safeguarding."""
    standard = Standard.objects.get(number=number, theme__version__framework=made.framework)
    standard.safeguarding = True
    standard.save()
    return standard


def joins(made: Evaluation, world, who: str) -> None:
    """Somebody else evaluates everything and has declared their interests again."""
    person = world.people[who]
    Appointment.objects.create(
        evaluation=made, person=person, duty=Duty.EVALUATOR, appointed_at=AT, appointed_by=world.max
    )
    Assignment.objects.bulk_create(
        Assignment(evaluation=made, standard=one, person=person, assigned_at=AT) for one in standards_of(made.framework)
    )
    for moment in When:
        Declaration.objects.get_or_create(
            evaluation=made, person=person, moment=moment, defaults={"has_interest": False, "declared_at": AT}
        )


def conflicts(made: Evaluation, world, who: str, provider) -> None:
    """Somebody has an interest in this bidder."""
    Conflict.objects.create(
        evaluation=made, person=world.people[who], provider=provider, text="My sister works there", noted_at=AT
    )


def live(bid: Bid, standard: Standard, number: int) -> Judgement:
    """The first or the second judgement, whoever holds it."""
    return Judgement.objects.live().get(bid=bid, standard=standard, number=number)


def decide(
    judgement: Judgement,
    outcome: str = Outcome.PASS,
    *,
    reason: str = WHY,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Judgement:
    """Lock it, as whoever holds it."""
    row = Judgement.objects.get(pk=judgement.pk)
    return actions.lock_judgement(
        judgement=row,
        verdict=Verdict(outcome, reason, version, "2"),
        revision=row.revision,
        by=User.objects.get(pk=row.person_id),
        at=at or timezone.now(),
    )


def outcome_of(bid: Bid, standard: Standard) -> tuple[str, str] | None:
    """What stands, and how it came to stand."""
    return Settled.objects.filter(bid=bid, standard=standard, replaced_at=None).values_list("outcome", "how").first()


def asked(judgement: Judgement, by, *, due_at: dt.datetime) -> Clarification:
    """A question that was asked from this judgement."""
    return Clarification.objects.create(
        bid=judgement.bid,
        standard=judgement.standard,
        lot=judgement.lot,
        judgement=judgement,
        cure=Cure.EXPLAIN,
        text="Which policy is this?",
        asked_at=timezone.now() - DAY,
        asked_by=by,
        due_at=due_at,
    )
