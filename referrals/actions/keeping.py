"""A record that a claim or an inquiry needs is kept past the pupil's 25th birthday, and let go again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from referrals.models import Pupil
from referrals.permissions import sharing as permissions
from referrals.rules import keeping as rules


@transaction.atomic(durable=True)
def keep_pupil(*, pupil: Pupil, reason: str, by: User, at: dt.datetime) -> Pupil:
    """Keep what is known of a pupil, and of records put together with it, until somebody lets it go. Raises
    `Refused`."""
    pupil = Pupil.objects.locked(pupil.pk)
    people.forget_roles(by)
    access.require(permissions.can_keep_pupil, by, pupil)
    rules.check_keep(kept=pupil.kept_since is not None, purged=pupil.purged_at is not None)
    pupil.kept_since, pupil.kept_by, pupil.kept_reason = at, by, reason
    pupil.save(update_fields=["kept_since", "kept_by", "kept_reason"])
    audit.record("referrals.pupil.kept", by=by, about=pupil, organisation=pupil.commissioner_id, at=at)
    return pupil


@transaction.atomic(durable=True)
def let_go_pupil(*, pupil: Pupil, by: User, at: dt.datetime) -> Pupil:
    """Keep it no longer than any other. Past 25 it goes with the next purge. Raises `Refused`."""
    pupil = Pupil.objects.locked(pupil.pk)
    people.forget_roles(by)
    access.require(permissions.can_keep_pupil, by, pupil)
    rules.check_let_go(kept=pupil.kept_since is not None)
    pupil.kept_since, pupil.kept_by, pupil.kept_reason = None, None, ""
    pupil.save(update_fields=["kept_since", "kept_by", "kept_reason"])
    audit.record("referrals.pupil.let_go", by=by, about=pupil, organisation=pupil.commissioner_id, at=at)
    return pupil
