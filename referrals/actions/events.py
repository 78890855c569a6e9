"""A provider tells a change; the portal tells what it sees of providers; a suspension asks for decisions."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import Organisation, User
from accounts.permissions import nobody
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.models import Suspension
from lots.rules.refusals import Refused
from referrals.models import DecisionDue, ProviderEvent
from referrals.permissions import events as permissions
from referrals.queries import events as queries
from referrals.rules import events as rules
from referrals.states import ProviderEventKind
from referrals.steps import events as steps


@transaction.atomic(durable=True)
def add_change(
    *,
    provider: Organisation,
    kind: str,
    happened_on: dt.date,
    facts: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> ProviderEvent:
    """A provider tells that staff or a site have changed, or will, as facts. Every commissioner with a running
    placement there is told. The same words about the same day are told once. Raises `Refused`."""
    provider = Organisation.objects.locked(provider.pk)
    forget_roles(by)
    access.require(permissions.can_add_change, by, provider)
    if kind not in rules.TOLD_BY_HAND:
        raise Refused("Select what has changed", field="kind")
    rules.check_change(happened_on, today)
    key = rules.key_of_change(provider.pk, kind, happened_on, facts)
    if there := ProviderEvent.objects.filter(key=key).first():
        return there
    new = queries.New(provider.pk, ProviderEventKind(kind), key, facts, happened_on)
    return steps.tell(new=new, by=by, at=at)


@transaction.atomic(durable=True)
def tell_seen(*, provider: int, by: access.System, at: dt.datetime, today: dt.date) -> int:
    """Tell what the portal has seen of a provider for itself: sites closed and added, insurance that ran out,
    suspensions begun and lifted. Each once, however often this is called; returns how many were told."""
    provider = Organisation.objects.locked(provider)
    access.require(nobody, by, systems=(permissions.WATCH,))
    found = [one for one in queries.news(today) if one.provider == provider.pk]
    for new in found:
        steps.tell(new=new, by=by, at=at, but=queries.commissioners_asked(new.key))
    return len(found)


@transaction.atomic(durable=True)
def ask_decisions(*, suspension: int, by: access.System, at: dt.datetime, today: dt.date) -> int:
    """Ask for a decision on every running placement that a suspension in force reaches and has asked none on. Two of
    these wait for each other, and for whoever lifts it. Returns how many were asked."""
    suspension = Suspension.objects.locked(suspension)
    access.require(nobody, by, systems=(permissions.WATCH,))
    if suspension.lifted_at:
        return 0
    missing = queries.missing_decisions([suspension])[suspension]
    return len(steps.ask(suspension=suspension, placements=missing, by=by, at=at, today=today))


@transaction.atomic(durable=True)
def lapse_decisions(*, by: access.System, at: dt.datetime, today: dt.date) -> int:
    """What nobody has decided needs no decision once the suspension was lifted or the placement is over. Returns how
    many lapsed."""
    access.require(nobody, by, systems=(permissions.WATCH,))
    keys = list(queries.decisions_over().values_list("pk", flat=True))
    rows = DecisionDue.objects.select_for_update(of=("self",)).filter(pk__in=keys, decided="", lapsed_at=None)
    rows = list(rows.select_related("placement").order_by("pk")) if keys else []
    steps.lapse(rows=rows, by=by, at=at)
    steps.tell_lifted(rows=queries.lifted_quietly(today), at=at)
    return len(rows)


@transaction.atomic(durable=True)
def remind_of_decisions(*, by: access.System, at: dt.datetime, today: dt.date) -> int:
    """Write to whoever decides, every day on which a decision is late, and to the framework’s contract managers how
    many are. May run at any time and twice; returns how many letters were written."""
    access.require(nobody, by, systems=(permissions.WATCH,))
    written = steps.remind(rows=queries.late(today), today=today, at=at)
    if written:
        audit.record("referrals.decisiondue.reminded", by=by, data={"letters": written}, at=at)
    return written
