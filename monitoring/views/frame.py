"""What every page of monitoring has: whose it is, and the ways to its other pages."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind
from monitoring.models.own import REPORTS
from referrals.models.own import TEACHES
from referrals.views import frame
from referrals.views.frame import Way

# A provider's pages: URL name (each takes the organisation's key), label, and whose roles are shown the way.
WAYS = [
    ("registers", "Registers", TEACHES),
    ("daily_report", "Daily report", REPORTS),
    ("daily_reports", "Reports filed", REPORTS),
    ("ratings_of", "Ratings", REPORTS),
    ("concerns", "Concerns", REPORTS),
    ("incidents", "Incidents and first aid", TEACHES),
    ("drills", "Fire drills", REPORTS),
    ("visits_had", "Visits", REPORTS),
]


def page(request, organisation: Organisation, template: str, *, active: str = "", status: int = 200, **context):
    """A page of this organisation: `active` is the URL name of the way that is open. Templates extend
    `monitoring/frame.html` and fill the block `monitoring`. A pupil's name never stands in `title`."""
    if organisation.kind == OrganisationKind.PROVIDER:
        ways = {"ways": _ways(request.user, organisation, active)}
    else:
        ways = frame.ways_of(request.user, organisation, active)
    return render(request, template, {"organisation": organisation} | ways | context, status=status)


def _ways(user, organisation: Organisation, active: str) -> list[Way]:
    found = []
    for name, label, roles in WAYS:
        if roles is not None and not has_role(user, *roles, organisation=organisation):
            continue
        try:
            found.append(Way(label, reverse(name, args=[organisation.pk]), name == active))
        except NoReverseMatch:
            continue
    return found
