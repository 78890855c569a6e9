"""Verbs of signing in: letters, the record of what happened, ending sessions, keeping typed answers."""

from __future__ import annotations

import datetime as dt
import json
import uuid

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts import permissions, queries, steps
from accounts.models import HeldAnswers, User
from accounts.rules import sign_in as rules
from audit import steps as audit
from core import access, crypto
from outbox import steps as outbox

PURPOSE = "held-answers"
KEPT_FOR = dt.timedelta(hours=1)
LARGEST = 1_000_000  # bytes of answers
UNCONFIRMED_FOR = dt.timedelta(days=7)  # the letter's link works for three, and can be asked for again
AT_ONCE = 200


class TooLarge(Exception):
    """More was typed than is kept."""


@transaction.atomic(durable=True)
def post_letter(*, template: str, to: str, subject: str, body: str, by, at) -> None:
    """Put a letter of allauth's into the outbox; its body may carry a link that lets somebody in, so it is secret."""
    access.require(access.signed_in, by, anonymous=True)
    outbox.post(
        key=f"letter:{template.rpartition('/')[2]}:{uuid.uuid4().hex}",
        to=to,
        subject=subject,
        body=body,
        at=at,
        secret=True,
    )


@transaction.atomic(durable=True)
def note(*, what: str, by, at, data: dict | None = None) -> None:
    """Write down what somebody did to their own account; `what` is the event's name without the app."""
    access.require(access.signed_in, by)
    audit.record(f"accounts.{what}", by=by, about=by, data=data, at=at)


@transaction.atomic(durable=True)
def note_failed_sign_in(*, email: str, step: str, by, at) -> None:
    """Write down a wrong password or code (`step`) under the account it was tried for, by its id alone.

    For an address that nobody has, the same is done and then taken back, so that time tells nothing either.
    """
    access.require(access.signed_in, by, anonymous=True)
    person = User.objects.filter(email=email.lower()).first()
    audit.record("accounts.sign_in.failed", by=by, about=person, data={"step": step}, at=at)
    if person is None:
        transaction.set_rollback(True)


@transaction.atomic(durable=True)
def note_signed_out(*, what: str, session_key: str, by, at, data: dict | None = None) -> None:
    """Write down that a session of `by` is over, and take it off their list."""
    access.require(access.signed_in, by)
    rows = UserSession.objects.select_for_update(of=("self",)).filter(user=by, session_key=session_key)
    for row in rows.order_by("pk"):
        row.delete()
    audit.record(f"accounts.{what}", by=by, about=by, data=data, at=at)


@transaction.atomic(durable=True)
def end_session(*, session, by, at) -> None:
    """End one of one's own sessions: that browser has to sign in again. One that is over already changes nothing."""
    row = UserSession.objects.select_for_update(of=("self",)).filter(pk=session.pk).first()
    if row is None:
        return
    access.require(permissions.is_own, by, row)
    row.end()
    audit.record("accounts.session.ended", by=by, about=by, data={"session": session.pk}, at=at)


@transaction.atomic(durable=True)
def end_other_sessions(*, keep: str, why: str, by, at) -> int:
    """End all of one's own sessions but the one whose key is `keep`. Returns how many there were."""
    access.require(access.signed_in, by)
    rows = list(
        UserSession.objects.select_for_update(of=("self",)).filter(user=by).exclude(session_key=keep).order_by("pk")
    )
    for row in rows:
        row.end()
    if rows:
        audit.record("accounts.session.others_ended", by=by, about=by, data={"sessions": len(rows), "why": why}, at=at)
    return len(rows)


@transaction.atomic(durable=True)
def reset_second_step(*, person, reason: str, by, at) -> int:
    """Remove the second steps of somebody who has lost them all, and end their sessions, so that they can sign in with
    their password and set up new ones. An operator has made sure who asks; `reason` says how. Returns how many."""
    person = User.objects.locked(person.pk)
    access.require(permissions.is_operator, by, systems=("accounts.reset_second_step",))
    steps = Authenticator.objects.filter(user=person)
    kinds = sorted(steps.values_list("type", flat=True))
    steps.delete()
    for row in UserSession.objects.filter(user=person).order_by("pk"):
        row.end()
    audit.record("accounts.second_step.reset", by=by, about=person, data={"kinds": kinds, "reason": reason}, at=at)
    return len(kinds)


@transaction.atomic(durable=True)
def see_session(*, session_key: str, by, at) -> None:
    """Note on the person's list that a session is in use. Nothing is recorded: it is no event."""
    access.require(access.signed_in, by)
    UserSession.objects.filter(user=by, session_key=session_key).update(last_seen_at=at)


@transaction.atomic(durable=True)
def hold_answers(*, path: str, answers: dict[str, list[str]], files: bool, by, at) -> HeldAnswers:
    """Keep what somebody sent to `path` after their session had run out: encrypted, for them alone, for one hour.

    What was kept before for the same page gives way. Raises `TooLarge`.
    """
    access.require(access.signed_in, by)
    plain = json.dumps({"answers": rules.kept_answers(answers), "files": files}).encode()
    if len(plain) > LARGEST:
        raise TooLarge
    HeldAnswers.objects.select_for_update(of=("self",)).filter(user=by, path=path).delete()
    held = HeldAnswers.objects.create(
        user=by,
        path=path,
        answers_sealed=crypto.seal(plain, purpose=f"{PURPOSE}:{by.pk}"),
        held_at=at,
        expires_at=at + KEPT_FOR,
    )
    audit.record("accounts.answers.held", by=by, about=held, at=at)
    return held


@transaction.atomic(durable=True)
def let_go_of_answers(*, held, by, at) -> None:
    """Delete kept answers: they were sent, or thrown away. Those that are gone already change nothing."""
    row = HeldAnswers.objects.select_for_update(of=("self",)).filter(pk=held.pk).first()
    if row is None:
        return
    access.require(permissions.is_own, by, row)
    audit.record("accounts.answers.let_go", by=by, about=row, at=at)
    row.delete()


@transaction.atomic(durable=True)
def close_never_confirmed(*, by, at) -> int:
    """Close accounts whose address nobody confirmed within a week, so that they stand in the way of no owner of it.

    Only those that are nothing but signed up: who ever held a role, came in some other way, or was known to anybody
    else stays. Returns how many."""
    access.require(permissions.nobody, by, systems=("accounts.tidy",))
    stale = queries.never_confirmed(before=at - UNCONFIRMED_FOR).select_for_update(of=("self",)).order_by("pk")
    people = list(stale[:AT_ONCE])
    for person in people:
        # Whoever never confirmed the address has no say in what was sent to it.
        steps.close(person=person, by=by, at=at, invitations=False)
        data = {"why": "never_confirmed"}
        audit.record("accounts.person.account_closed", by=by, about=person, data=data, at=at)
    return len(people)


@transaction.atomic(durable=True)
def tidy(*, by, at) -> int:
    """Remove kept answers and sessions that have run out. Returns how many rows went."""
    access.require(access.signed_in, by, systems=("accounts.tidy",))
    gone, _ = HeldAnswers.objects.filter(expires_at__lte=at).delete()
    over, _ = Session.objects.filter(expire_date__lte=at).delete()
    listed, _ = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    if gone + over + listed:
        audit.record(
            "accounts.leftovers.removed",
            by=by,
            data={"answers": gone, "sessions": over, "listed": listed},
            at=at,
        )
    return gone + over + listed
