"""Reads about a round of applications that name nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from jobs.models import Outage
from lots.models import Framework
from lots.states import FrameworkState
from providers.models import Application, BidMessage, DeadlineChange, LateAttempt, Opening, Question, WithdrawalTold
from providers.rules import deadline_moves
from providers.states import ApplicationState, MessageKind


def opened(framework) -> bool:
    """The applications to this framework (a row or its key) were opened."""
    return Opening.objects.filter(framework=framework).exists()


@dataclass(frozen=True)
class Numbers:
    """A round in numbers, the same for everybody who may see them: how many, never who and never for what."""

    following: int
    drafts: int
    submitted: int
    withdrawn: int
    questions_open: int
    questions_answered: int
    help_waiting: int
    messages: int
    late: int

    @property
    def started(self) -> int:
        """Everybody who ever began an application."""
        return self.drafts + self.submitted + self.withdrawn


def numbers_of(framework: Framework) -> Numbers:
    """Four queries, whatever the number of bidders."""
    states = Application.objects.filter(framework=framework).order_by().values_list("state")
    count = dict(states.annotate(Count("pk")))
    questions = Question.objects.filter(framework=framework).aggregate(
        open=Count("pk", filter=Q(answer=None)), all=Count("pk")
    )
    messages = BidMessage.objects.filter(framework=framework).aggregate(
        waiting=Count("pk", filter=Q(kind=MessageKind.HELP, answered_at=None)), all=Count("pk")
    )
    return Numbers(
        following=count.get(ApplicationState.FOLLOWING, 0),
        drafts=count.get(ApplicationState.DRAFT, 0),
        submitted=count.get(ApplicationState.SUBMITTED, 0),
        withdrawn=count.get(ApplicationState.WITHDRAWN, 0),
        questions_open=questions["open"],
        questions_answered=questions["all"] - questions["open"],
        help_waiting=messages["waiting"],
        messages=messages["all"],
        late=LateAttempt.objects.filter(application__framework=framework).count(),
    )


def deadline_changes(framework: Framework) -> list[DeadlineChange]:
    """Every move of the deadline that was made, dropped or waits, oldest first, for the buyer's people."""
    return list(framework.deadline_changes.select_related("outage").order_by("id"))


def outages_that_count(closes_at: dt.datetime) -> list[Outage]:
    """Logged outages for which this deadline could be set again, oldest first."""
    near = Outage.objects.after(closes_at - dt.timedelta(hours=deadline_moves.HOURS_BEFORE))
    rows = near.filter(began_at__lte=closes_at).order_by("began_at", "id")
    return [one for one in rows if deadline_moves.counts(one.began_at, one.ended_at, closes_at=closes_at)]


def why_withdrawn(framework: Framework) -> str:
    """The published reason of a framework that was withdrawn; empty for any other."""
    if framework.state != FrameworkState.WITHDRAWN:
        return ""
    # The decision that says why bears the name of the state (lots.actions.publication).
    decision = framework.decisions.filter(about=FrameworkState.WITHDRAWN.value, replaced_at=None).first()
    return decision.clarification if decision else ""


def all_withdrawals_not_told() -> QuerySet[Framework]:
    """Frameworks that were withdrawn after publication and whose followers have not been told. For the calendar."""
    told = WithdrawalTold.objects.filter(framework=OuterRef("pk"))
    return Framework.objects.public().filter(~Exists(told), state=FrameworkState.WITHDRAWN).order_by("pk")
