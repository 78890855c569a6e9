"""A referral is begun, written part by part, checked, and closed."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from files import steps as files
from files.store import Kept
from lots.rules.refusals import Refused
from providers.rules.seen import check_unchanged
from referrals.models import Pupil, Referral, ReferralFile
from referrals.permissions import referrals as permissions
from referrals.queries import call_off, sealed
from referrals.queries import referrals as queries
from referrals.queries.placements import check_not_agreed
from referrals.queries.sharing import terms_of
from referrals.rules import approval as approvals
from referrals.rules import referral as rules
from referrals.rules.content import Content, Share
from referrals.states import ReferralState
from referrals.steps import approval as asking
from referrals.steps import referrals as steps


@transaction.atomic(durable=True)
def start_referral(*, pupil: Pupil, by: User, at: dt.datetime) -> Referral:
    """Begin a referral for a pupil, with what the pupil's record says of needs and risks. Raises `Refused`."""
    pupil = Pupil.objects.locked(pupil.pk)
    people.forget_roles(by)
    access.require(permissions.can_start, by, pupil)
    rules.check_pupil(pupil.merged_into_id is not None)
    referral = Referral.objects.create(
        pupil=pupil, commissioner_id=pupil.commissioner_id, started_at=at, started_by=by, changed_at=at
    )
    private = sealed.private_of(pupil)
    content = Content(
        needs=private.needs,
        need=private.need,
        risks=private.risks,
        shares=(Share(pupil.commissioner.name, 100, pupil.commissioner_id),),
        phone_who=by.name,
    )
    referral.content = sealed.sealed_content(referral, content)
    referral.save(update_fields=["content"])
    audit.record(
        "referrals.referral.started",
        by=by,
        about=referral,
        organisation=pupil.commissioner_id,
        data={"pupil": pupil.pk},
        at=at,
    )
    return referral


@transaction.atomic(durable=True)
def save_part(*, referral: Referral, part: str, values: Mapping, seen: str, by: User, at: dt.datetime) -> Referral:
    """Save one part. `values` are those of `queries.referrals.values_of`, `seen` is what the page showed
    (`providers.rules.seen`). A checked referral goes back to being written; where its cost, hours or days changed, what
    a budget holder said yes to is void. Raises `Refused`, and `Changed` where somebody saved the part meanwhile."""
    referral = Referral.objects.locked(referral.pk)
    people.forget_roles(by)
    access.require(permissions.can_write, by, referral)
    rules.check_may_change(referral.state, part)
    content = sealed.content_of(referral)
    now = queries.values_of(referral, content, part)
    check_unchanged(seen, now)
    content = dataclasses.replace(content, **{name: values[name] for name in queries.CONTENT[part]})
    void = any(name in values and values[name] != now[name] for name in rules.APPROVED_OF)
    _check(referral, content, part, values)
    if referral.state in rules.CHECKED:
        asking.close(referral=referral, why="The referral was changed before it was answered", by=by, at=at)
        steps.reopen(referral=referral, by=by, at=at)
    columns = {name: values[name] for name in queries.COLUMNS.get(part, ())} | _worked_out(
        referral, part, values, timezone.localdate(at)
    )
    for name, value in columns.items():
        setattr(referral, name, value)
    if void:
        referral.approved_pence = None
    referral.content = sealed.sealed_content(referral, content)
    referral.revision, referral.changed_at = referral.revision + 1, at
    referral.save()
    audit.record(
        "referrals.referral.changed",
        by=by,
        about=referral,
        organisation=referral.commissioner_id,
        data={"part": part},
        at=at,
    )
    return referral


def _check(referral: Referral, content: Content, part: str, values: Mapping) -> None:
    """What no part may say, however unfinished it is."""
    if part == "needs" and (said := queries.telling_in(content.outline, referral.pupil)):
        raise Refused(said, field="outline")
    if part == "provision":
        rules.check_days(values["starts_on"], values["ends_on"])
    if referral.state not in rules.CHECKED | {ReferralState.DRAFT}:
        rules.check_still_whole(part, queries.missing_of(referral, content, today=dt.date.min))


def _worked_out(referral: Referral, part: str, values: Mapping, day: dt.date) -> dict:
    """The columns that follow from what was typed."""
    if part == "why":
        return queries.sixth_of(referral.pupil, values["trigger_on"], reason=values["reason"], today=day)
    if part == "provision":
        return call_off.chosen(referral.commissioner, values["lot_id"], values["phase"])
    return {}


@transaction.atomic(durable=True)
def add_document(*, referral: Referral, title: str, kept: Kept, by: User, at: dt.datetime) -> ReferralFile:
    """Put a file that lies in the store with a referral: the chosen provider reads it. Raises `Refused`; whoever kept
    the file forgets it then."""
    referral = Referral.objects.locked(referral.pk)
    people.forget_roles(by)
    access.require(permissions.can_write, by, referral)
    rules.check_open(referral.state)
    rules.check_room(ReferralFile.objects.filter(referral=referral, removed_at=None).count())
    kept = dataclasses.replace(kept, name=rules.file_name(kept.name))
    file = files.receive(kept=kept, organisation=referral.commissioner_id, by=by, at=at)
    document = ReferralFile.objects.create(referral=referral, title=title, file=file, added_at=at, added_by=by)
    audit.record(
        "referrals.referralfile.added",
        by=by,
        about=document,
        organisation=referral.commissioner_id,
        data={"referral": referral.pk},
        at=at,
    )
    return document


@transaction.atomic(durable=True)
def remove_document(*, document: ReferralFile, by: User, at: dt.datetime) -> ReferralFile:
    """Take a document away from a referral; nobody reads it there any more. Raises `Refused`."""
    referral = Referral.objects.locked(document.referral_id)
    document = ReferralFile.objects.select_for_update(of=("self",)).get(pk=document.pk)
    people.forget_roles(by)
    access.require(permissions.can_remove_file, by, document)
    rules.check_open(referral.state)
    rules.check_there(document.removed_at)
    document.removed_at = at
    document.save(update_fields=["removed_at"])
    audit.record(
        "referrals.referralfile.removed",
        by=by,
        about=document,
        organisation=referral.commissioner_id,
        data={"referral": referral.pk},
        at=at,
    )
    return document


@transaction.atomic(durable=True)
def check_referral(*, referral: Referral, seen: int, today: dt.date, by: User, at: dt.datetime) -> Referral:
    """Say that everything is right: ready to send, or for a budget holder where it is expected to cost more than the
    commissioner's limit and nobody has said yes to as much. `seen` is the revision that was looked at, `today` the day
    in England. Raises `Refused`."""
    referral = Referral.objects.locked(referral.pk)
    people.forget_roles(by)
    access.require(permissions.can_write, by, referral)
    rules.check_to_send(referral.state, seen == referral.revision)
    rules.check_complete(queries.missing_of(referral, sealed.content_of(referral), today=today))
    call_off.check_may_use(referral.commissioner, referral.framework_id)
    limit = terms_of(referral.commissioner_id).approve_above_pence
    within = approvals.covers(limit, referral.approved_pence, referral.budget_pence)
    to = ReferralState.READY if within else ReferralState.APPROVAL
    steps.move(referral=referral, to=to, at=at, checked_at=at, checked_by=by)
    if not within:
        asking.ask(referral=referral, pence=referral.budget_pence, why="", by=by, at=at)
    audit.record(
        "referrals.referral.checked",
        by=by,
        about=referral,
        organisation=referral.commissioner_id,
        data={"ready": within},
        at=at,
    )
    return referral


@transaction.atomic(durable=True)
def close_referral(*, referral: Referral, reason: str, by: User, at: dt.datetime) -> Referral:
    """Close a referral, with the reason, whatever its state (`steps.referrals.close`). Raises `Refused`."""
    referral = Referral.objects.locked(referral.pk)
    people.forget_roles(by)
    access.require(permissions.can_write, by, referral)
    rules.check_open(referral.state)
    check_not_agreed(referral)
    steps.close(referral=referral, reason=reason, by=by, at=at)
    return referral
