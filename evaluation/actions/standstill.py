"""The award notice was published on Find a Tender: from that day the standstill is counted, where there is one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import steps as audit
from core import access
from evaluation.models import AwardSet
from evaluation.permissions import awards as permissions
from evaluation.queries.award_pages import summaries_of
from evaluation.rules import standstill as rules
from evaluation.steps import letters, rows
from lots.models import Place
from lots.queries.places import end_of
from lots.steps import places


@transaction.atomic(durable=True)
def record_publication(
    *, award_set: AwardSet, notice_number: str, published_on: dt.date, by: User, at: dt.datetime
) -> AwardSet:
    """Write down which notice was published and on which day. The places of this award stop waiting for it: with a
    standstill they wait until its last day has ended, without one no longer. Raises `Refused`."""
    award_set = _locked(award_set, by)
    access.require(permissions.can_publish, by, award_set)
    rules.check_first(award_set.state, award_set.published_on)
    _write(award_set, notice_number, published_on, by=by, at=at)
    audit.record("evaluation.award_set.published", by=by, at=at, **_of(award_set))
    return award_set


@transaction.atomic(durable=True)
def correct_publication(
    *, award_set: AwardSet, notice_number: str, published_on: dt.date, by: User, at: dt.datetime
) -> AwardSet:
    """Put right what was typed wrongly, until the standstill counted from it has ended. What it said before stays in
    the record. Raises `Refused`."""
    award_set = _locked(award_set, by)
    access.require(permissions.can_publish, by, award_set)
    rules.check_correction(
        published_on=award_set.published_on,
        standstill=award_set.standstill,
        waits_until=award_set.waits_until,
        at=at,
    )
    was = {"was_number": award_set.notice_number, "was_on": award_set.published_on.isoformat()}
    _write(award_set, notice_number, published_on, by=by, at=at)
    audit.record("evaluation.award_set.publication_corrected", by=by, at=at, **_of(award_set, **was))
    return award_set


def _write(award_set: AwardSet, number: str, published_on: dt.date, *, by: User, at) -> None:
    told_on, unsent = summaries_of(award_set)
    rules.check_publication(
        number,
        published_on,
        approved_on=timezone.localdate(award_set.decided_at),
        told_on=told_on,
        unsent=unsent,
        today=timezone.localdate(at),
    )
    first = award_set.published_on is None
    award_set.notice_number, award_set.published_on = number, published_on
    award_set.published_noted_at, award_set.published_noted_by = at, by
    if award_set.standstill:
        award_set.waits_until = end_of(rules.last_day(published_on))
    elif first:
        award_set.waits_until = at
    award_set.save(
        update_fields=["notice_number", "published_on", "published_noted_at", "published_noted_by", "waits_until"]
    )
    framework = award_set.evaluation.framework
    rows_ = list(Place.objects.filter(award_line__award_set=award_set))
    places.waiting_ends(framework=framework, places=rows_, until=award_set.waits_until, by=by, at=at)
    letters.waiting_known(award_set=award_set, by=by, at=at)


def _of(award_set: AwardSet, **was: str) -> dict:
    """What an event of a publication says: the notice and its day, and what was written down before."""
    return {
        "about": award_set,
        "organisation": award_set.evaluation.framework.buyer_id,
        "data": {"number": award_set.notice_number, "on": award_set.published_on.isoformat()} | was,
    }


def _locked(award_set: AwardSet, by: User) -> AwardSet:
    evaluation = rows.locked(award_set.evaluation_id, by=by)
    award_set = AwardSet.objects.locked(award_set.pk)
    award_set.evaluation = evaluation
    return award_set
