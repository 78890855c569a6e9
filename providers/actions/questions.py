"""Questions to the buyer and the answers that go to all. Who asked stands in no answer, no letter to officers, and in
the record of the asking provider alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.urls import reverse

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access, clock
from lots.models import Framework
from lots.rules import telling
from lots.states import FrameworkState
from providers.models import Answer, AnswerVersion, Question
from providers.permissions import questions as permissions
from providers.queries.questions import standing_version
from providers.rules import questions as rules
from providers.rules.refusals import Refused
from providers.steps import following, news


@transaction.atomic(durable=True)
def ask_question(*, framework: Framework, provider: Organisation, text: str, by: User) -> Question:
    """Ask the buyer something in a provider's name, which follows the framework from then on. Judged by the database's
    clock; the last moment for questions still counts. Raises `Refused`."""
    at = clock.database_now()
    provider = Organisation.objects.locked(provider.pk)
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_apply_for, by, provider)
    asked = Question.objects.filter(framework=framework)
    rules.check_ask(
        state=framework.state,
        enquiries_until=framework.enquiries_until,
        closes_at=framework.closes_at,
        at=at,
        waiting=asked.filter(application__provider=provider, answer=None).count(),
    )
    application = following.follow(framework=framework, provider=provider, by=by, at=at)
    made = Question.objects.create(
        framework=framework,
        application=application,
        number=asked.count() + 1,
        text=text,
        asked_at=at,
        asked_by=by,
    )
    news.tell_officers(
        framework=framework,
        key=f"question:{made.pk}",
        subject="A question was asked about your framework",
        says="A question was asked about your framework. Your answer goes to everybody who follows it.",
        path=reverse("questions", args=[framework.pk]),
        at=at,
    )
    audit.record("providers.question.asked", by=by, about=made, organisation=provider, at=at)
    return made


@transaction.atomic(durable=True)
def publish_answer(
    *, framework: Framework, questions: Collection[int], asked: str, text: str, by: User, at: dt.datetime
) -> Answer:
    """Answer the questions of these numbers to everybody, in one entry of the log; with none of them, say something of
    the buyer's own accord. `asked` is the question in words that do not tell who asked. Everybody who follows the
    framework gets one letter. Raises `Refused`, also when one of the questions was answered meanwhile."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    _check_public(framework)
    waiting = dict(
        Question.objects.filter(framework=framework, number__in=questions, answer=None).values_list("number", "pk")
    )
    rules.check_answers(waiting, questions)
    count = framework.answers.count()
    answer = Answer.objects.create(framework=framework, number=count + 1, published_at=at, changed_at=at)
    _write(answer, 1, asked, text, "", by, at)
    Question.objects.filter(pk__in=waiting.values()).update(answer=answer)
    _tell(framework, answer, 1, "The buyer has published an answer to everybody.", at)
    audit.record(
        "providers.answer.published",
        by=by,
        about=answer,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "number": answer.number, "questions": len(waiting)},
        at=at,
    )
    return answer


@transaction.atomic(durable=True)
def edit_answer(
    *, answer: Answer, version: int, asked: str, text: str, why_changed: str, by: User, at: dt.datetime
) -> AnswerVersion:
    """Publish a further version of an answer, with what made it necessary. `version` is the one that was on the page.
    The versions before it stay readable. Raises `Refused`."""
    framework = Framework.objects.locked(answer.framework_id)
    people.forget_roles(by)
    answer = Answer.objects.select_related("framework").get(pk=answer.pk)
    access.require(permissions.can_answer, by, answer)
    _check_public(framework)
    stands = standing_version(answer)
    rules.check_edit(version=version, stands=stands.number, same=(asked, text) == (stands.asked, stands.text))
    if not why_changed:
        raise Refused("Say what you changed and why: everybody reads it beside the answer", field="why_changed")
    made = _write(answer, stands.number + 1, asked, text, why_changed, by, at)
    answer.changed_at = at
    answer.save(update_fields=["changed_at"])
    _tell(framework, answer, made.number, "The buyer has changed an answer that it had published to everybody.", at)
    audit.record(
        "providers.answer.changed",
        by=by,
        about=answer,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "number": answer.number, "version": made.number},
        at=at,
    )
    return made


def _check_public(framework: Framework) -> None:
    if framework.published_at is None:
        raise Refused("This framework is not published yet, so there is nobody to answer")
    if framework.state == FrameworkState.WITHDRAWN:
        raise Refused(f"This framework was withdrawn on {telling.day(framework.withdrawn_at)}, so nothing is answered")


def _write(answer: Answer, number: int, asked: str, text: str, why: str, by: User, at: dt.datetime) -> AnswerVersion:
    return AnswerVersion.objects.create(
        answer=answer, number=number, asked=asked, text=text, why_changed=why, published_at=at, published_by=by
    )


def _tell(framework: Framework, answer: Answer, version: int, says: str, at: dt.datetime) -> None:
    path = f"{reverse('clarifications', args=[framework.pk])}#answer-{answer.number}"
    news.tell_followers(framework=framework, key=f"answer:{answer.pk}:{version}", says=says, path=path, at=at)
