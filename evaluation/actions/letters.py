"""Letters are kept, sent, read, and made again where they could not be made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts import queries as people
from accounts.permissions import nobody
from audit import steps as audit
from core import access
from evaluation.models import AwardSet, Evaluation, Letter
from evaluation.permissions import letters as permissions
from evaluation.queries import letters as queries
from evaluation.steps import letters, rows
from files.steps import take_in_made
from files.store import Kept
from lots.rules.refusals import Refused


@transaction.atomic(durable=True)
def keep_letters(*, kept: Mapping[int, Kept], by, at: dt.datetime) -> set[int]:
    """Keep the papers of these letters (by key), which lie in the store. Returns the letters that took theirs; what
    another worker has made meanwhile stays, and the caller takes the rest out of the store."""
    found = Letter.objects.select_for_update(of=("self",)).filter(pk__in=kept, made_at=None)
    taken = list(found.select_related("award_set__evaluation__framework").order_by("pk"))
    access.require(nobody, by, systems=(permissions.MAKER,))
    for letter in taken:
        buyer = letter.award_set.evaluation.framework.buyer_id
        letter.file = take_in_made(kept=kept[letter.pk], organisation=buyer, by=by, at=at)
        letter.made_at = at
        letter.save(update_fields=["file", "made_at"])
    return {letter.pk for letter in taken}


@transaction.atomic(durable=True)
def send_letters(*, award_set: AwardSet, by, at: dt.datetime) -> int:
    """Send the letters of a set, if all of them are made. A second time nothing is sent. Returns how many."""
    rows.locked(award_set.evaluation_id, by=by)
    award_set = AwardSet.objects.select_related("evaluation__framework__buyer").get(pk=award_set.pk)
    access.require(nobody, by, award_set, systems=(permissions.MAKER,))
    return letters.send(award_set=award_set, by=by, at=at)


@transaction.atomic(durable=True)
def make_again(*, evaluation: Evaluation, by, at: dt.datetime) -> int:
    """Ask again for the letters that could not be made, and for the sending: what is made stays as it is. Returns how
    many jobs were asked for. Raises `Refused` where nothing is left."""
    evaluation = rows.locked(evaluation, by=by)
    access.require(permissions.can_make_letters, by, evaluation)
    sets = queries.sets_unmade(evaluation)
    if not sets:
        raise Refused("All letters were made and sent already")
    jobs = sum(letters.make(award_set=award_set, by=by, at=at) for award_set in sets)
    sent = sum(letters.send(award_set=award_set, by=by, at=at) for award_set in sets)
    audit.record(
        "evaluation.letters.asked_again",
        by=by,
        about=evaluation,
        organisation=evaluation.framework.buyer_id,
        data={"jobs": jobs, "sent": sent},
        at=at,
    )
    return jobs


@transaction.atomic(durable=True)
def read_letter(*, letter: Letter, by, at: dt.datetime) -> Letter:
    """Note that the bidder has opened a letter. The first time counts."""
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    people.forget_roles(by)
    access.require(permissions.is_to, by, letter)
    if letter.read_at is None and letter.sent_at is not None:
        letter.read_at = at
        letter.save(update_fields=["read_at"])
        audit.record("evaluation.letter.opened", by=by, about=letter, organisation=letter.bid.provider_id, at=at)
    return letter
