"""Incidents and fire drills: written down, and corrected by a further record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Organisation, User
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from monitoring.models import Drill, Incident
from monitoring.permissions import incidents as permissions
from monitoring.queries import incidents as queries
from monitoring.rules import incidents as rules
from monitoring.steps import incidents as steps
from providers.models import Site
from referrals.models import Placement


@dataclass(frozen=True)
class Happened:
    """What is written down of an incident. Times are UTC."""

    kind: str
    happened_at: dt.datetime
    words: str
    placement: Placement | None = None
    site: Site | None = None
    first_aid: bool = False
    hospital: bool = False
    reportable: bool = False
    parent_told_at: dt.datetime | None = None


@transaction.atomic(durable=True)
def add_incident(*, provider: Organisation, happened: Happened, by: User, at: dt.datetime, today: dt.date) -> Incident:
    """Write down what happened, and tell the safeguarding leads where they must hear of it today. Raises `Refused`."""
    provider = Organisation.objects.locked(provider.pk)
    forget_roles(by)
    access.require(permissions.can_list, by, provider)
    if happened.placement and not queries.pupils_of(provider, user=by, today=today).filter(pk=happened.placement.pk):
        raise Refused("This pupil is not with you any more. Choose again", field="placement")
    made = _written(provider, happened, None, by, at)
    data = {"kind": str(made.kind), "provider": made.provider_id, "told": _told(made, at)}
    audit.record("monitoring.incident.added", by=by, about=made, organisation=made.organisation_id, data=data, at=at)
    return made


@transaction.atomic(durable=True)
def correct_incident(*, incident: Incident, happened: Happened, by: User, at: dt.datetime) -> Incident:
    """Write it down anew; what stood there stays to be read. The leads are told where the correction is what they must
    hear of. Raises `Refused`."""
    incident = Incident.objects.locked(incident.pk)
    forget_roles(by)
    access.require(permissions.can_write, by, incident)
    rules.check_correction(is_replaced=queries.replacement_of(incident) is not None)
    made = _written(incident.provider, happened, incident, by, at)
    data = {"kind": str(made.kind), "provider": made.provider_id, "replaces": incident.pk, "told": _told(made, at)}
    audit.record(
        "monitoring.incident.corrected", by=by, about=made, organisation=made.organisation_id, data=data, at=at
    )
    return made


@transaction.atomic(durable=True)
def add_drill(
    *,
    provider: Organisation,
    site: Site | None,
    held_on: dt.date,
    seconds: int,
    people: int,
    words: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> Drill:
    """Write down a fire drill. Raises `Refused`."""
    provider = Organisation.objects.locked(provider.pk)
    forget_roles(by)
    access.require(permissions.can_drill, by, provider)
    rules.check_drill(held_on=held_on, today=today)
    drill = Drill.objects.create(
        provider=provider,
        site=_site(provider, site),
        held_on=held_on,
        seconds=seconds,
        people=people,
        words=words,
        written_at=at,
        written_by=by,
    )
    audit.record("monitoring.drill.added", by=by, about=drill, organisation=provider, at=at)
    return drill


def _written(
    provider: Organisation, happened: Happened, replaces: Incident | None, by: User, at: dt.datetime
) -> Incident:
    rules.check_incident(happened_at=happened.happened_at, parent_told_at=happened.parent_told_at, at=at)
    made = Incident.objects.create(
        provider=provider,
        site=_site(provider, happened.site),
        placement=replaces.placement if replaces else happened.placement,
        kind=happened.kind,
        happened_at=happened.happened_at,
        first_aid=happened.first_aid,
        hospital=happened.hospital,
        reportable=happened.reportable,
        parent_told_at=happened.parent_told_at,
        replaces=replaces,
        written_at=at,
        written_by=by,
    )
    made.words = queries.sealed_text(made, "words", happened.words)
    made.save(update_fields=["words"])
    return made


def _site(provider: Organisation, site: Site | None) -> Site | None:
    if site is not None and site.provider_id != provider.pk:
        raise Refused("Choose one of your own sites", field="site")
    return site


def _told(incident: Incident, at: dt.datetime) -> int:
    if not rules.is_told(incident.kind, hospital=incident.hospital, reportable=incident.reportable):
        return 0
    return steps.tell_leads(incident=incident, at=at)
