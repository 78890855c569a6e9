"""Letters to the people of a panel. They say that there is something to do and where, never about whom."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse

from core.steps import step
from evaluation.models import Appointment, Evaluation
from evaluation.states import Duty
from outbox import steps as outbox


@step
def tell_appointed(*, appointment: Appointment, at: dt.datetime) -> None:
    """That somebody was appointed, and that they declare their interests first."""
    evaluation, duty = appointment.evaluation, Duty(appointment.duty).label.lower()
    outbox.post(
        key=f"evaluation-appointed:{appointment.pk}",
        to=appointment.person.email,
        subject="You have a part in an evaluation",
        body=_body(
            evaluation,
            f"You have been appointed in an evaluation, as: {duty}. Declare your interests first.",
            reverse("declare_interests", args=[evaluation.pk]),
        ),
        organisation=evaluation.framework.buyer_id,
        at=at,
    )


@step
def tell_proposed(*, evaluation: Evaluation, key: str, but: int, at: dt.datetime) -> None:
    """To the other openers: somebody proposes the opening, a second person confirms it."""
    rows = Appointment.objects.live().filter(evaluation=evaluation, duty=Duty.OPENER).exclude(person=but)
    says = "A colleague proposes to open the applications. A second person must confirm it."
    _tell(evaluation, rows, f"opening-proposed:{key}", "An opening waits for a second person", says, "opening", at)


@step
def tell_opened(*, evaluation: Evaluation, at: dt.datetime) -> None:
    """To everybody on the panel: the names are known, so interests are declared again."""
    rows = Appointment.objects.live().filter(evaluation=evaluation)
    says = (
        "The applications have been opened. Declare your interests again, now that the names of the bidders are known. "
        "You see no application before."
    )
    _tell(evaluation, rows, "opened", "Declare your interests again", says, "declare_bidders", at)


def _tell(evaluation: Evaluation, appointments, key: str, subject: str, says: str, page: str, at: dt.datetime) -> None:
    body = _body(evaluation, says, reverse(page, args=[evaluation.pk]))
    people = appointments.order_by("person_id").values_list("person_id", "person__email").distinct()
    outbox.post_many(
        [
            outbox.Letter(
                key=f"evaluation-{key}:{evaluation.pk}:{pk}",
                to=address,
                subject=subject,
                body=body,
                organisation=evaluation.framework.buyer_id,
            )
            for pk, address in people
        ],
        at=at,
    )


def _body(evaluation: Evaluation, says: str, path: str) -> str:
    framework = evaluation.framework
    return f"{says}\n\nFramework: {framework.title} ({framework.buyer.name})\n\nGo there:\n{settings.BASE_URL}{path}\n"
