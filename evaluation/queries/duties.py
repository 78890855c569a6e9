"""What somebody is appointed to do in one evaluation."""

from __future__ import annotations

from accounts.queries import roles_of
from evaluation.models import Appointment
from evaluation.states import Duty


def duties_of(user, evaluation, *, ever: bool = False) -> set[Duty]:
    """The person's duties in this evaluation now; with `ever` also those that ended. None of somebody who no longer
    belongs to the buyer. One query for each person and evaluation: `forget_duties` makes it ask again, under a lock."""
    if not any(held.organisation_id == evaluation.framework.buyer_id for held in roles_of(user)):
        return set()
    known = user.__dict__.setdefault("_duties", {})
    if evaluation.pk not in known:
        rows = Appointment.objects.filter(evaluation=evaluation.pk, person=user).values_list("duty", "ended_at")
        known[evaluation.pk] = list(rows)
    return {Duty(duty) for duty, ended_at in known[evaluation.pk] if ever or ended_at is None}


def forget_duties(user) -> None:
    """Ask the database again: an action calls it after it has locked its rows, beside `forget_roles`."""
    user.__dict__.pop("_duties", None)
