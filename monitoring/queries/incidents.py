"""Reads of incidents and fire drills."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from accounts.models import Organisation
from accounts.states import OrganisationKind
from core import crypto
from monitoring.models import Drill, Incident
from monitoring.models.own import LEADS_OF_COMMISSIONER
from monitoring.rules import incidents as rules
from providers.models import Site
from referrals.models import Placement
from referrals.queries.people import people_of

text_of, sealed_text = crypto.text_of, crypto.sealed_text


@dataclass(frozen=True)
class LastDrill:
    """When a site last had a fire drill (None: none is written down), and whether the next is overdue."""

    site: str
    held_on: dt.date | None
    late: bool


def of_provider(provider: Organisation, *, user) -> QuerySet[Incident]:
    """A provider's incidents as they stand, without what was corrected and without their words."""
    return _current(Incident.objects.visible_to(user).filter(provider=provider))


def of_pupils(organisation: Organisation, *, user) -> QuerySet[Incident]:
    """What happened to the pupils of a commissioner or of a school's roll; a trust's with those of the schools that are
    listed for the person."""
    ours = Q(placement__commissioner=organisation) | Q(placement__home_school=organisation)
    if organisation.kind == OrganisationKind.TRUST:
        ours |= Q(placement__commissioner__parent=organisation)
    return _current(Incident.objects.visible_to(user).filter(ours))


def _current(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    return rows.filter(replaced_by=None).defer("words")


def story_of(incident: Incident) -> list[Incident]:
    """What it replaces, the newest first. Each is corrected once, so these are few."""
    found, one = [], incident
    while one.replaces_id:
        one = one.replaces
        found.append(one)
    return found


def replacement_of(incident: Incident) -> Incident | None:
    """The correction, where there is one."""
    return Incident.objects.filter(replaces=incident).first()


def pupils_of(provider: Organisation, *, user, today: dt.date, days: int = 90) -> QuerySet[Placement]:
    """The pupils whom a provider has or has had in the last days, by name: an incident is often written down later."""
    since = today - dt.timedelta(days=days)
    rows = Placement.objects.visible_to(user).filter(provider=provider, starts_on__lte=today, live_at__isnull=False)
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=since), ends_on__gte=since)
    return rows.order_by("pupil__last_name", "pupil__first_names", "pk")


def sites_of(provider: Organisation) -> list[Site]:
    """A provider's sites in use."""
    return list(Site.objects.open().filter(provider=provider).order_by("name", "pk"))


def leads_of(placement: Placement | None) -> list[tuple[int, str]]:
    """(id, address) of the safeguarding leads of a pupil's commissioner and home school."""
    if placement is None:
        return []
    sides = [one for one in (placement.commissioner_id, placement.home_school_id) if one]
    found = people_of(sides, LEADS_OF_COMMISSIONER)
    return sorted({person for one in sides for person in found[one]})


def drills_of(provider: Organisation, *, user) -> QuerySet[Drill]:
    """A provider's fire drills."""
    return Drill.objects.visible_to(user).filter(provider=provider)


def last_drills(provider: Organisation, today: dt.date) -> list[LastDrill]:
    """The last drill at each site in use, or at the provider where it wrote down no site. Two queries."""
    rows = Drill.objects.filter(provider=provider).order_by().values("site").annotate(last=Max("held_on"))
    last = {row["site"]: row["last"] for row in rows}
    sites = sites_of(provider)
    if not sites:
        newest = max(last.values(), default=None)
        return [LastDrill("All sites", newest, rules.is_drill_late(newest, today))]
    everywhere = last.get(None)
    found = []
    for site in sites:
        newest = max((day for day in (last.get(site.pk), everywhere) if day), default=None)
        found.append(LastDrill(site.name, newest, rules.is_drill_late(newest, today)))
    return found


def numbers_of(provider: Organisation, day: dt.date) -> dict[str, int]:
    """How many incidents, of these with first aid and with hospital, and how many drills a provider has written down
    of a day in England, for its daily report."""
    rows = Incident.objects.filter(provider=provider, replaced_by=None, happened_at__date=day)
    counts = rows.values_list("first_aid", "hospital")
    return {
        "incidents": len(counts),
        "first_aid": sum(aid for aid, _ in counts),
        "hospital": sum(hospital for _, hospital in counts),
        "drills": Drill.objects.filter(provider=provider, held_on=day).count(),
    }
