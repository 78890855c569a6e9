"""A provider follows a framework, applies, writes, submits, withdraws, and what came too late is noted.

What hangs on the deadline is judged by the database's own clock, read first; then the round's lock is taken, which
bidders share; then the application's row. The framework's row is read, never locked: bidders do not wait for each
other, and an extension that was saved meanwhile counts."""

from __future__ import annotations

import contextlib
import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access, clock
from core.crypto import SealBroken
from lots.models import Framework
from lots.states import FrameworkState
from providers.models import Application, LateAttempt, Submission
from providers.permissions import applications as permissions
from providers.queries import bids, offers
from providers.queries.rounds import opened
from providers.rules import deadline, draft, parts, prefill, standing
from providers.rules.draft import Answers, Part
from providers.rules.refusals import ChangedSince, OtherContent, Refused
from providers.states import APPLICATION_MOVES, ApplicationState
from providers.steps import drafts, following, letters, rounds, submissions


@transaction.atomic(durable=True)
def follow(*, framework: Framework, provider: Organisation, by: User, at: dt.datetime) -> Application:
    """Be told of what happens with a framework, without applying yet. Twice is harmless. Raises `Refused` where there
    is nothing to follow."""
    provider = Organisation.objects.locked(provider.pk)
    people.forget_roles(by)
    access.require(permissions.can_apply_for, by, provider)
    framework = Framework.objects.get(pk=framework.pk)
    if framework.state != FrameworkState.PUBLISHED:
        raise Refused("This framework takes no applications, so there is nothing to follow")
    return following.follow(framework=framework, provider=provider, by=by, at=at)


@transaction.atomic(durable=True)
def start(*, framework: Framework, provider: Organisation, by: User) -> Application:
    """Begin the application, with what was submitted to an earlier opening of the same framework filled in and marked.
    One that was begun stays as it is. Raises `TooLate`, `Refused`."""
    at = clock.database_now()
    rounds.shared(framework.pk)
    provider = Organisation.objects.locked(provider.pk)
    people.forget_roles(by)
    access.require(permissions.can_apply_for, by, provider)
    framework = _open(framework.pk, at)
    application = following.follow(framework=framework, provider=provider, by=by, at=at)
    application = Application.objects.locked(application.pk)
    if application.state != ApplicationState.FOLLOWING:
        return application
    _move(application, ApplicationState.DRAFT)
    application.started_at = at
    application.save(update_fields=["state", "started_at"])
    carried = _carried(application, by=by, at=at)
    drafts.keep_draft(application=application, draft=carried, at=at)
    audit.record("providers.application.started", by=by, about=application, organisation=provider, at=at)
    return application


@transaction.atomic(durable=True)
def save_part(*, application: Application, code: str, answers: Answers, revision: int, by: User) -> Part:
    """Keep what was typed in one part, whatever is wrong with it. `revision` is the part's own, as it stood on the
    page. What stands submitted is not touched. Raises `draft.Stale` with what somebody else saved since, `TooLate`,
    `Refused`, also for a part that this framework does not ask for."""
    at = clock.database_now()
    rounds.shared(application.framework_id)
    application = Application.objects.locked(application.pk)
    people.forget_roles(by)
    access.require(permissions.can_bid, by, application)
    _open(application.framework_id, at)
    if application.state == ApplicationState.FOLLOWING:
        raise Refused("This application was not begun yet")
    if code not in draft.CODES and not offers.asks_for(application.framework_id, parts.standard_key(code)):
        raise Refused("This framework asks for no such part")
    whole = draft.changed(
        bids.own_bid(application, user=by).draft,
        code,
        answers,
        revision=revision,
        saved_at=at.isoformat(),
        saved_by=by.pk,
    )
    drafts.keep_draft(application=application, draft=whole, at=at)
    return whole[code]


@transaction.atomic(durable=True)
def submit(*, application: Application, key: str, revision: int, accept_incomplete: bool, by: User) -> Submission:
    """Freeze the draft as it is, and give a receipt for it. The submission before it, if any, no longer counts.

    `key` is of this one request, `revision` that of the draft which was checked. The same request again, also after
    the deadline, gives what it gave before. A draft in which nothing changed since it was submitted makes no second
    submission: the one that stands is given back, under its own key. A lot of which something is missing is submitted
    as it is, with `accept_incomplete`.
    Raises `TooLate`, `Refused`, `ChangedSince` where the draft is another by now, `OtherContent` where the key was
    used for another draft."""
    at = clock.database_now()
    rounds.shared(application.framework_id)
    application = Application.objects.locked(application.pk)
    people.forget_roles(by)
    access.require(permissions.can_bid, by, application)
    before = Submission.objects.visible_to(by).filter(application=application, key=key).first()
    if before is not None:
        if before.revision != revision:
            raise OtherContent
        return before
    application.framework = _open(application.framework_id, at)
    if application.revision != revision:
        raise ChangedSince
    _move(application, ApplicationState.SUBMITTED)
    bid = bids.bid_of(application, user=by, today=timezone.localdate(at))
    standing.check(bid, accept_incomplete=accept_incomplete)
    made = submissions.freeze(application=application, bid=bid, key=key, by=by, at=at)
    if made is None:
        return Submission.objects.visible_to(by).get(pk=application.standing_id)
    application.standing = made
    application.save(update_fields=["state", "standing"])
    letters.tell_submitted(submission=made, at=at)
    audit.record(
        "providers.submission.made",
        by=by,
        about=made,
        organisation=application.provider_id,
        data={"number": made.number},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def withdraw(*, application: Application, by: User) -> Submission:
    """Take back what stands submitted. It stays readable to its provider, counts for nothing, and until the deadline
    the draft can be submitted again. Raises `TooLate`, `Refused` where nothing stands."""
    at = clock.database_now()
    rounds.shared(application.framework_id)
    application = Application.objects.locked(application.pk)
    people.forget_roles(by)
    access.require(permissions.can_bid, by, application)
    _open(application.framework_id, at)
    if application.standing_id is None:
        raise Refused("Nothing is submitted, so there is nothing to withdraw")
    taken = Submission.objects.visible_to(by).get(pk=application.standing_id)
    _move(application, ApplicationState.WITHDRAWN)
    application.standing = None
    application.save(update_fields=["state", "standing"])
    taken.withdrawn_at, taken.withdrawn_by = at, by
    taken.save(update_fields=["withdrawn_at", "withdrawn_by"])
    letters.tell_withdrawn(submission=taken, at=at)
    audit.record(
        "providers.submission.withdrawn",
        by=by,
        about=taken,
        organisation=application.provider_id,
        data={"number": taken.number},
        at=at,
    )
    return taken


@transaction.atomic(durable=True)
def note_late(*, application: Application, what: str, at: dt.datetime, by: User) -> LateAttempt:
    """Write down that somebody tried to change or submit an application after the deadline, and when to the
    microsecond (`TooLate.at`)."""
    application = Application.objects.locked(application.pk)
    people.forget_roles(by)
    access.require(permissions.can_bid, by, application)
    made = LateAttempt.objects.create(application=application, what=what, at=at, by=by)
    audit.record(
        "providers.late_attempt.noted",
        by=by,
        about=application,
        organisation=application.provider_id,
        data={"what": what},
        at=at,
    )
    return made


def _open(framework_id: int, at: dt.datetime) -> Framework:
    """The framework as it stands now, if it takes applications at this moment. Raises `TooLate`, `Refused`."""
    framework = Framework.objects.select_related("buyer", "policies").get(pk=framework_id)
    deadline.check_open(state=framework.state, closes_at=framework.closes_at, opened=opened(framework), at=at)
    return framework


def _move(application: Application, to: ApplicationState) -> None:
    if to not in APPLICATION_MOVES[ApplicationState(application.state)]:
        raise Refused("This application was not begun yet")
    application.state = to


def _carried(application: Application, *, by: User, at: dt.datetime) -> dict[str, Part]:
    """What the last submission to an earlier opening gives: nothing where there was none, or none that can be read."""
    before = bids.last_before(application, user=by)
    if before is None:
        return {}
    with contextlib.suppress(SealBroken):
        document = bids.own_submission(before, user=by)
        context = bids.context_of(application, user=by, today=timezone.localdate(at))
        return prefill.carried(document, context, saved_at=at.isoformat())
    return {}
