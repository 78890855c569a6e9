"""A framework set up by hand: begun, described, and who may use it. Everything is refused once it is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, PermittedUser, Policies
from lots.queries import setup as queries
from lots.rules import outline, readiness
from lots.rules.refusals import Refused
from lots.states import CallOff, FrameworkState
from lots.steps import decisions

# What an officer may write of the framework itself; its dates, lots and policies have actions of their own.
DESCRIBED = (
    "title", "description", "reference", "is_open", "light_touch", "with_competition", "net_pence", "gross_pence",
    "max_participants", "max_lots", "criteria", "payment_terms", "risks", "how_to_apply",
)  # fmt: skip
MOST_USERS = 500


@transaction.atomic(durable=True)
def start_framework(*, organisation: Organisation, title: str, is_open: bool, by: User, at: dt.datetime) -> Framework:
    """Begin a framework with its policies as they stand pre-selected. Raises `Refused` when this buyer is setting up
    one of that title."""
    organisation = Organisation.objects.locked(organisation.pk)
    people.forget_roles(by)
    access.require(permissions.can_start_framework, by, organisation)
    drafts = Framework.objects.filter(buyer=organisation, state=FrameworkState.DRAFT)
    outline.check_title(title, drafts.values_list("title", flat=True))
    framework = Framework.objects.create(buyer=organisation, title=title, is_open=is_open, created_at=at, created_by=by)
    Policies.objects.create(framework=framework)
    audit.record("lots.framework.started", by=by, about=framework, organisation=organisation, at=at)
    return framework


@transaction.atomic(durable=True)
def describe_framework(*, framework: Framework, changes: Mapping, by: User, at: dt.datetime) -> Framework:
    """Change what is said of the framework: `changes` maps fields of `DESCRIBED` to values, and only those are
    written. Raises `Refused` when the values contradict each other."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    changed = [name for name in DESCRIBED if name in changes and getattr(framework, name) != changes[name]]
    for name in changed:
        setattr(framework, name, changes[name])
    if {"net_pence", "gross_pence"} & set(changed):
        outline.check_values(framework.net_pence, framework.gross_pence)
    if not changed:
        return framework
    framework.save(update_fields=changed)
    audit.record(
        "lots.framework.described",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"fields": changed},
        at=at,
    )
    return framework


@transaction.atomic(durable=True)
def set_users(
    *, framework: Framework, call_off: str, schools_of_area: str, named: Sequence[str], by: User, at: dt.datetime
) -> Framework:
    """Say who may use the framework (Procurement Act 2023, s.45(5)): only the buyer, or also those in `named` (a name
    or a school's URN; whoever the portal knows by it is linked) and the schools that `schools_of_area` describes
    ("Schools in Larkshire"; empty for none). Raises `Refused` when others may and nobody is named."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    others = call_off == CallOff.NAMED
    names = list(dict.fromkeys(named)) if others else []
    if others and not (names or schools_of_area):
        raise Refused("Name at least one, or tick the schools of your area", field="named")
    if len(names) > MOST_USERS:
        raise Refused(f"Name {MOST_USERS} at most, or describe them together", field="named")
    known = queries.all_callers_named(names)
    names = list({known.get(name, name): name for name in names}.values())
    framework.permitted_users.all().delete()
    rows = [
        PermittedUser(framework=framework, organisation=known.get(name), description="" if name in known else name)
        for name in names
    ]
    if others and schools_of_area:
        rows.append(PermittedUser(framework=framework, description=schools_of_area, schools_of_area=True))
    PermittedUser.objects.bulk_create(rows)
    decisions.decide(
        framework=framework, about=readiness.USERS, option=call_off, reason="", clarification="", by=by, at=at
    )
    audit.record(
        "lots.framework.users_named",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"call_off": call_off, "named": len(names), "schools_of_area": bool(others and schools_of_area)},
        at=at,
    )
    return framework
