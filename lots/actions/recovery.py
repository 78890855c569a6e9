"""The recovery file of a framework's key is made and tried by two people, before the framework is published.
Passphrases come in, are stretched, and are forgotten: none is stored, recorded or given back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, Recovery
from lots.queries import sealing as queries
from lots.rules import outline
from lots.rules import recovery as rules
from lots.states import RecoveryState
from lots.steps import recovery as steps
from lots.steps import sealing


@transaction.atomic(durable=True)
def begin_recovery(
    *, framework: Framework, passphrase: str, replaces: int | None, by: User, at: dt.datetime
) -> Recovery:
    """The first person's half: the framework gets a fresh key, wrapped under their passphrase. A recovery file that
    stood (`replaces` is its number, as the person saw it) is void from now on. Raises `Refused` when another stands by
    now, when this one is a colleague's, or for a passphrase that could be guessed."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_keep_recovery, by, framework)
    outline.check_draft(framework.state)
    rules.check_passphrase(passphrase)
    before = queries.recovery_of(framework)
    sets_up = permissions.can_manage_framework(by, framework)
    rules.check_begin(queries.standing(before), replaces=replaces, person=by.pk, sets_up=sets_up)
    if before:
        framework.recoveries.filter(pk=before.pk).update(replaced_at=at, inner=None, file=None)
    sealing.make_key(framework=framework, by=by, at=at)
    half = steps.wrap_first(framework_id=framework.pk, passphrase=passphrase)
    made = Recovery.objects.create(
        framework=framework, first=by, began_at=at, inner=steps.keep(framework_id=framework.pk, plain=half)
    )
    audit.record("lots.recovery.begun", by=by, at=at, **_in_record(made, framework))
    return made


@transaction.atomic(durable=True)
def make_recovery(*, framework: Framework, passphrase: str, by: User, at: dt.datetime) -> Recovery:
    """The second person's half: what the first left is wrapped once more, and the file is there. Raises `Refused` when
    it is not this person's turn, when neither may publish, or for a passphrase that could be guessed."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_keep_recovery, by, framework)
    outline.check_draft(framework.state)
    recovery = queries.recovery_of(framework)
    rules.check_turn(queries.standing(recovery), rules.SECOND, by.pk)
    rules.check_one_sets_up(*[permissions.can_manage_framework(one, framework) for one in (recovery.first, by)])
    rules.check_passphrase(passphrase)
    half = steps.kept(framework_id=framework.pk, blob=recovery.inner)
    file = steps.wrap_second(framework=framework, first=half, passphrase=passphrase)
    recovery.state, recovery.second, recovery.made_at = RecoveryState.MADE, by, at
    recovery.inner, recovery.mark = None, file.mark
    recovery.file = steps.keep(framework_id=framework.pk, plain=rules.written(file))
    recovery.save(update_fields=["state", "second", "made_at", "inner", "file", "mark"])
    audit.record("lots.recovery.made", by=by, at=at, **_in_record(recovery, framework))
    return recovery


@transaction.atomic(durable=True)
def take_recovery_file(*, framework: Framework, by: User, at: dt.datetime) -> bytes:
    """The file, for one of its two people, until it was tried: then the portal has it no longer. Raises `Refused`."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_keep_recovery, by, framework)
    recovery = queries.recovery_of(framework)
    rules.check_may_take(queries.standing(recovery), by.pk)
    found = steps.kept(framework_id=framework.pk, blob=recovery.file)
    audit.record("lots.recovery.taken", by=by, at=at, **_in_record(recovery, framework))
    return found


@transaction.atomic(durable=True)
def try_recovery(*, framework: Framework, file: bytes, passphrase: str, by: User, at: dt.datetime) -> Recovery:
    """The second person brings the file back and opens their half of it. Raises `Refused` for another file, a void one,
    or a wrong passphrase."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_keep_recovery, by, framework)
    outline.check_draft(framework.state)
    recovery = queries.recovery_of(framework)
    rules.check_turn(queries.standing(recovery), rules.TRY, by.pk)
    brought = rules.read(file)
    void = framework.recoveries.exclude(pk=recovery.pk).values_list("mark", flat=True)
    rules.check_file(brought, mark=recovery.mark, void=void)
    inner = steps.open_second(file=brought, passphrase=passphrase)
    recovery.state = RecoveryState.HALF_TRIED
    recovery.inner = steps.keep(framework_id=framework.pk, plain=inner)
    recovery.save(update_fields=["state", "inner"])
    audit.record("lots.recovery.half_tried", by=by, at=at, **_in_record(recovery, framework))
    return recovery


@transaction.atomic(durable=True)
def finish_recovery(*, framework: Framework, passphrase: str, by: User, at: dt.datetime) -> Recovery:
    """The first person opens the rest, and the portal sees that what comes out is the framework's key. From now on it
    has no copy of the file. Raises `Refused` for a wrong passphrase."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_keep_recovery, by, framework)
    outline.check_draft(framework.state)
    recovery = queries.recovery_of(framework)
    rules.check_turn(queries.standing(recovery), rules.FINISH, by.pk)
    file = rules.read(steps.kept(framework_id=framework.pk, blob=recovery.file))
    inner = steps.kept(framework_id=framework.pk, blob=recovery.inner)
    steps.check_same(framework_id=framework.pk, key=steps.open_first(file=file, inner=inner, passphrase=passphrase))
    recovery.state, recovery.tried_at, recovery.inner, recovery.file = RecoveryState.TRIED, at, None, None
    recovery.save(update_fields=["state", "tried_at", "inner", "file"])
    audit.record("lots.recovery.tried", by=by, at=at, **_in_record(recovery, framework))
    return recovery


def _in_record(recovery: Recovery, framework: Framework) -> dict:
    return {"about": recovery, "organisation": framework.buyer_id, "data": {"framework": framework.pk}}
