"""Reads for the public log, for those who ask and for the officers who answer. Nothing here hands an officer, or
anybody else, who asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Organisation
from accounts.queries import roles_of
from accounts.states import Role
from core.lists import COUNT_UP_TO
from lots.models import Decision, Framework
from providers.models import Answer, AnswerVersion, Question
from providers.models.applications import leads_of
from providers.models.library import own
from providers.rules.questions import Decided, Entry, Version, answers, clarifications


def log_of(framework: Framework) -> list[Entry]:
    """Everything that the public log of a published framework holds, in two queries. Public: the door has let the
    person in. Nothing while it is being set up."""
    if framework.published_at is None:
        return []
    return clarified(framework) + answers(_versions(AnswerVersion.objects.filter(answer__framework=framework)))


def answers_of(framework: Framework, first: int, last: int) -> list[Entry]:
    """The answers of the log from place `first` up to and without `last`, what was published or changed last first, in
    one query. Public, as `log_of`."""
    if framework.published_at is None:
        return []
    some = Answer.objects.filter(framework=framework).order_by("-changed_at", "-number")[first:last]
    return answers(_versions(AnswerVersion.objects.filter(answer__in=some.values("pk"))))


def count_answers(framework: Framework) -> int:
    """How many answers the log holds; counting stops one after the most that a list counts up to."""
    return Answer.objects.filter(framework=framework).order_by()[: COUNT_UP_TO + 1].count()


def clarified(framework: Framework) -> list[Entry]:
    """The buyer's own clarifications, which came with the notice and are as many as the decisions on it. One query."""
    if framework.published_at is None:
        return []
    decided = Decision.objects.filter(framework=framework).exclude(clarification="").order_by("decided_at", "id")
    rows = decided.values_list("about", "clarification", "reason", "decided_at", "replaced_at")
    return clarifications([Decided(*row) for row in rows], published_at=framework.published_at)


def _versions(found: QuerySet[AnswerVersion]) -> list[tuple[int, Version]]:
    rows = found.order_by("answer__number", "number").values_list(
        "answer__number", "number", "asked", "text", "why_changed", "published_at"
    )
    return [(answer, Version(*rest)) for answer, *rest in rows]


def standing_version(answer: Answer) -> AnswerVersion:
    """The text of an answer that stands now."""
    return answer.versions.order_by("-number")[0]


@dataclass(frozen=True)
class Asked:
    """A question as officers read it: everything but who asked."""

    pk: int
    number: int
    text: str
    asked_at: dt.datetime
    answer: int | None


def questions_to(framework: Framework, *, user) -> QuerySet[Question]:
    """The questions to a framework for its buyer's people, oldest open ones first by `Question`'s own order. Only what
    an officer may read is loaded."""
    mine = Question.objects.filter(framework=framework, framework__buyer__in=own(user))
    return mine.only("number", "text", "asked_at", "answer", "framework").select_related("answer")


def open_questions(framework: Framework, *, user) -> list[Asked]:
    """Those that are not answered yet, oldest first."""
    rows = questions_to(framework, user=user).select_related(None).filter(answer=None).order_by("number")
    return [Asked(*row) for row in rows.values_list("pk", "number", "text", "asked_at", "answer__number")]


def own_questions(framework: Framework, *, user) -> QuerySet[Question]:
    """What the providers that the person leads asked, newest first, each with its answer."""
    return (
        Question.objects.filter(framework=framework, application__provider__in=leads_of(user))
        .select_related("answer", "application__provider")
        .order_by("-number")
    )


def providers_led_by(user) -> list[Organisation]:
    """The providers in whose name the person may ask or apply, by name. No query beyond the person's roles."""
    return [
        Organisation(pk=held.organisation_id, name=held.organisation, kind=held.kind)
        for held in roles_of(user)
        if held.role == Role.PROVIDER_LEAD
    ]
