"""A bidder is asked, answers once and in time, and both sides are told; and the pages of what was submitted are made
ready for those who judge it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F

from audit import steps as audit
from core import access, clock
from evaluation.models import Bid, Clarification, Judgement
from evaluation.permissions import clarifying as permissions
from evaluation.queries import clarifications as queries
from evaluation.queries import evidence
from evaluation.rules import clarifying as rules
from evaluation.steps import clarifying as steps
from evaluation.steps import judging, rows
from files import steps as files
from files.models import File
from files.states import FileState
from lots.rules.refusals import Refused
from providers.models import ItemVersion


@transaction.atomic(durable=True)
def ask_bidder(*, judgement: Judgement, evidence_id: int | None, text: str, by, at: dt.datetime) -> Clarification:
    """Ask the bidder from one's own judgement, which then waits for the answer. Raises `Refused`."""
    row = judging.row_locked(judgement, by=by)
    access.require(permissions.can_ask, by, row)
    return steps.ask(
        bid=row.bid,
        standard_id=row.standard_id,
        lot_id=row.lot_id,
        evidence_id=evidence_id,
        judgement=row,
        text=text,
        by=by,
        at=at,
    )


@transaction.atomic(durable=True)
def ask_in_moderation(
    *, bid: Bid, standard_id: int, lot_id: int | None, evidence_id: int | None, text: str, by, at: dt.datetime
) -> Clarification:
    """Ask the bidder as a moderator. Raises `Refused`."""
    evaluation = rows.locked(bid.evaluation_id, by=by)
    bid = Bid.objects.locked(bid.pk)
    bid.evaluation = evaluation
    access.require(permissions.can_ask_in_moderation, by, bid)
    if queries.standard_of(bid, standard_id) is None or (lot_id and queries.lot_of(bid, lot_id) is None):
        raise Refused("This bid is not judged against this standard")
    return steps.ask(
        bid=bid,
        standard_id=standard_id,
        lot_id=lot_id,
        evidence_id=evidence_id,
        judgement=None,
        text=text,
        by=by,
        at=at,
    )


@transaction.atomic(durable=True)
def answer_clarification(*, clarification: Clarification, text: str, version: int | None, by) -> Clarification:
    """Answer as the bidder: once, in words, and with a document out of its library where one may be sent. What was
    submitted is not touched. The same answer sent twice is one. Raises `TooLate`, judged by the database's clock, and
    `Refused`."""
    at = clock.database_now()
    row = steps.row_locked(clarification, by=by)
    access.require(permissions.can_answer, by, row)
    if row.answered_at is not None and (row.answer, row.version_id) == (text, version):
        return row
    rules.check_answer(
        bid_state=row.bid.state,
        answered=row.answered_at is not None,
        due_at=row.due_at,
        at=at,
        cure=row.cure,
        has_document=version is not None,
    )
    rules.check_text(text, longest=rules.LONGEST_ANSWER)
    if version is not None:
        _check_document(version, row.bid.provider_id, by)
    row.answer, row.version_id, row.answered_at, row.answered_by = text, version, at, by
    row.save(update_fields=["answer", "version", "answered_at", "answered_by"])
    files.want_pages(files=File.objects.filter(pk__in=ItemVersion.objects.filter(pk=version).values("file")), at=at)
    steps.tell_answered(clarification=row, at=at)
    audit.record("evaluation.clarification.answered", by=by, about=row, organisation=row.bid.provider_id, at=at)
    return row


def _check_document(version: int, provider_id: int, by) -> None:
    """It is in the bidder's library, in its newest version, and has no virus."""
    theirs = ItemVersion.objects.visible_to(by).filter(item__provider=provider_id, item__removed_at=None)
    if not theirs.filter(pk=version, item__current=F("pk")).exclude(file__state=FileState.INFECTED).exists():
        raise Refused("Choose a document that is in your library", field="document")


@transaction.atomic(durable=True)
def note_late_answer(*, clarification: Clarification, by, at: dt.datetime) -> None:
    """Write down that somebody tried to answer after the time was over, with the moment that was judged."""
    row = Clarification.objects.locked(clarification.pk)
    access.require(permissions.can_answer, by, row)
    audit.record("evaluation.clarification.late", by=by, about=row, organisation=row.bid.provider_id, at=at)


@transaction.atomic(durable=True)
def tell_of_questions(*, by, at: dt.datetime) -> int:
    """Remind bidders whose time ends on the next working day, and tell whoever waits that a time passed without an
    answer: each person once for each question, however often this runs. Returns how many letters were written."""
    access.require(permissions.nobody, by, systems=(permissions.TELL,))
    near = queries.all_to_remind(at).select_for_update(of=("self",), skip_locked=True)
    reminders = steps.remind(clarifications=[one for one in near if _is_near(one, at)], at=at)
    over = queries.all_lapsed(at).select_for_update(of=("self",), skip_locked=True)
    lapsed = sum(steps.tell_lapsed(clarification=one, at=at) for one in over)
    if reminders or lapsed:
        data = {"reminders": reminders, "lapsed": lapsed}
        audit.record("evaluation.clarification.told", by=by, data=data, at=at)
    return reminders + lapsed


def _is_near(clarification: Clarification, at: dt.datetime) -> bool:
    moment = rules.reminder_at(clarification.asked_at, clarification.due_at)
    return moment is not None and moment <= at


@transaction.atomic(durable=True)
def want_pages(*, by, at: dt.datetime) -> int:
    """Ask that the pages of everything be drawn that was submitted to evaluations in which quality is judged, so that
    whoever comes to a document finds them ready. Returns how many were asked for: none the second time."""
    access.require(permissions.nobody, by, systems=(permissions.DRAW,))
    wanted = files.want_pages(files=evidence.all_to_look_at(), at=at)
    if wanted:
        audit.record("evaluation.evidence.pages_wanted", by=by, data={"files": wanted}, at=at)
    return wanted
