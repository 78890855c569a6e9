"""The dates of a framework. Its own dates stand once it is published; meetings and planned dates may still change."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, KeyDate
from lots.rules import outline, readiness, timetable
from lots.rules.refusals import Refused
from lots.rules.timetable import Timetable
from lots.states import FrameworkState
from lots.steps import decisions

FIELDS = tuple(timetable.LABELS)
MOST_DATES = 100


@transaction.atomic(durable=True)
def set_timetable(*, framework: Framework, dates: Timetable, reason: str, by: User, at: dt.datetime) -> Framework:
    """Write the framework's own dates. Raises `Refused` when they are out of order, or when an open framework would
    run longer than 8 years and no reason is given (Procurement Act 2023, s.49(2)(c)); the reason is kept as a
    decision."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    for field, message in timetable.disorder(dates).items():
        raise Refused(message, field=field)
    latest = timetable.too_long(dates, is_open=framework.is_open)
    if latest and not reason:
        raise Refused(
            f"An open framework that starts then ends by {timetable.in_words(latest)}: 8 years at most (Procurement "
            "Act 2023, section 49(2)(c)). Change the dates, or say why yours runs longer",
            field="reason",
        )
    was = {name: getattr(framework, name) for name in FIELDS}
    changed = [name for name in FIELDS if was[name] != getattr(dates, name)]
    for name in changed:
        setattr(framework, name, getattr(dates, name))
    if changed:
        framework.save(update_fields=changed)
    standing = framework.decisions.filter(about=readiness.TERM, replaced_at=None).first()
    if latest and reason != (standing.reason if standing else ""):
        decisions.decide(
            framework=framework, about=readiness.TERM, option="keep", reason=reason, clarification="", by=by, at=at
        )
    audit.record(
        "lots.framework.timetable_set",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={name: {"was": _said(was[name]), "is": _said(getattr(dates, name))} for name in changed},
        at=at,
    )
    return framework


@transaction.atomic(durable=True)
def add_key_date(
    *, framework: Framework, kind: str, moment: dt.datetime, description: str, by: User, at: dt.datetime
) -> KeyDate:
    """Add a meeting or a planned date, also after publication: it decides nothing. Raises `Refused` when the framework
    is over."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    _check_lives(framework)
    count = framework.key_dates.count()
    if count >= MOST_DATES:
        raise Refused(f"A framework has {MOST_DATES} dates at most: remove one first")
    date = KeyDate.objects.create(framework=framework, kind=kind, at=moment, description=description, position=count)
    audit.record(
        "lots.key_date.added",
        by=by,
        about=date,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "kind": kind, "at": _said(moment)},
        at=at,
    )
    return date


@transaction.atomic(durable=True)
def remove_key_date(*, date: KeyDate, by: User, at: dt.datetime) -> None:
    """Remove a meeting or a planned date, also after publication."""
    framework = Framework.objects.locked(date.framework_id)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    _check_lives(framework)
    date = framework.key_dates.filter(pk=date.pk).first()
    if date is None:
        raise Refused("This date has already been removed")
    audit.record(
        "lots.key_date.removed",
        by=by,
        about=date,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "kind": date.kind, "at": _said(date.at)},
        at=at,
    )
    date.delete()


def _check_lives(framework: Framework) -> None:
    if framework.state in {FrameworkState.ENDED, FrameworkState.WITHDRAWN}:
        raise Refused("This framework is over, so its dates stay as they are")


def _said(value: dt.date | dt.datetime | None) -> str | None:
    return value.isoformat() if value else None
