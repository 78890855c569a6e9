"""Two records of one pupil become one. It is not undone: what stood in the one that is gone stays sealed in its row,
and `Merge` says who put them together and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from referrals.models import Enrolment, FormerName, Merge, Pupil, PupilMove, Referral
from referrals.permissions import pupils as permissions
from referrals.queries import pupils as queries
from referrals.rules import enrolments
from referrals.rules import merging as rules
from referrals.rules.pupils import Who, check_number_free, check_revision, check_standing, folded
from referrals.steps import placements
from referrals.steps import pupils as steps


@transaction.atomic(durable=True)
def merge_pupils(
    *,
    kept: Pupil,
    gone: Pupil,
    choices: Mapping[str, str],
    reason: str,
    revisions: tuple[int, int],
    by: User,
    at: dt.datetime,
) -> Merge:
    """Put `gone` into `kept`: its enrolments, referrals, former names and moves go over, and its address leads on.
    `choices` are those of `rules.merging.merged`, `revisions` those that the page showed, of `kept` and of `gone`.
    Raises `Refused` and `Stale`."""
    pair = {pk: Pupil.objects.locked(pk) for pk in sorted({kept.pk, gone.pk})}
    kept, gone = pair[kept.pk], pair[gone.pk]
    people.forget_roles(by)
    access.require(permissions.can_change, by, kept)
    access.require(permissions.can_change, by, gone)
    for pupil, seen in ((kept, revisions[0]), (gone, revisions[1])):
        check_standing(pupil.merged_into_id, pupil.purged_at)
        check_revision(pupil.revision, seen)
    rules.check_pair(
        kept=kept.pk,
        gone=gone.pk,
        same_commissioner=kept.commissioner_id == gone.commissioner_id,
        moving=PupilMove.objects.waiting().filter(pupil__in=pair).exists(),
    )
    who = rules.merged(queries.who_of(kept), queries.who_of(gone), choices)
    keys = queries.keys_of(who.private)
    taken = queries.numbers_taken(kept.commissioner_id, list(keys.values()), but=list(pair))
    check_number_free(taken, keys)
    moved = _move_over(kept, gone)
    _keep_other_name(kept, gone, who, by, timezone.localdate(at))
    Pupil.objects.filter(merged_into=gone).update(merged_into=kept)
    gone.merged_into, gone.merged_at = kept, at
    gone.save(update_fields=["merged_into", "merged_at"])
    _write(kept, who, _kept_longer(kept, gone), at)
    merge = Merge.objects.create(kept=kept, gone=gone, reason=reason, moved=moved, merged_at=at, merged_by=by)
    audit.record(
        "referrals.pupil.merged",
        by=by,
        about=kept,
        organisation=kept.commissioner_id,
        data={"gone": gone.pk, **moved},
        at=at,
    )
    return merge


def _move_over(kept: Pupil, gone: Pupil) -> dict[str, int]:
    """How many of each went over. Raises `Refused` where the two contradict each other about the roll."""
    left = enrolments.left_behind(queries.spans_of(kept), queries.spans_of(gone))
    return {
        "enrolments": Enrolment.objects.filter(pupil=gone).exclude(pk__in=left).update(pupil=kept),
        "referrals": Referral.objects.filter(pupil=gone).update(pupil=kept),
        "former_names": FormerName.objects.filter(pupil=gone).update(pupil=kept),
        "moves": PupilMove.objects.filter(pupil=gone).update(pupil=kept),
        **placements.move_over(kept=kept, gone=gone),
    }


def _keep_other_name(kept: Pupil, gone: Pupil, who: Who, by: User, today: dt.date) -> None:
    """The name that was not chosen is one under which somebody may look for the pupil."""
    for pupil in (kept, gone):
        if folded(f"{pupil.first_names} {pupil.last_name}") != folded(f"{who.first_names} {who.last_name}"):
            FormerName.objects.create(
                pupil=kept, first_names=pupil.first_names, last_name=pupil.last_name, until_on=today, written_by=by
            )


def _kept_longer(kept: Pupil, gone: Pupil) -> dict:
    """What is needed for a claim or an inquiry of one record is needed of both."""
    if kept.kept_since or not gone.kept_since:
        return {}
    return {name: getattr(gone, name) for name in ("kept_since", "kept_by", "kept_reason")}


def _write(kept: Pupil, who: Who, kept_longer: dict, at: dt.datetime) -> None:
    plain = {name: getattr(who, name) for name in queries.PLAIN} | kept_longer
    for name, value in plain.items():
        setattr(kept, name, value)
    steps.seal(pupil=kept, private=who.private, at=at, **plain, name_key=queries.key_with_former(kept))
