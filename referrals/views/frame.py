"""What every page of a commissioner's own work has: whose it is, and the ways to its other pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from accounts.models import Organisation
from accounts.states import OrganisationKind
from referrals.models.own import COMMISSIONS, HOLDS_BUDGET, SEES_PUPILS, VISITS, WATCHES, holds
from referrals.models.signals import WATCHES_THRESHOLD
from referrals.permissions.sharing import READS_TERMS
from referrals.queries.counts import COUNTS


@dataclass(frozen=True)
class Way:
    """A page of the commissioner's."""

    label: str
    url: str
    active: bool


# URL name (each takes the organisation's key), label, and whose roles are shown the way; nothing is everybody's.
WAYS = [
    ("directory", "Find provision", None),
    ("shortlist", "Shortlist", None),
    ("pupils", "Pupils", SEES_PUPILS),
    ("referrals", "Referrals", SEES_PUPILS),
    ("placements", "Placements", SEES_PUPILS),
    ("today", "Today", SEES_PUPILS),
    ("live_registers", "Registers", SEES_PUPILS),
    ("alerts", "Alerts", SEES_PUPILS),
    ("reviews", "Reviews", SEES_PUPILS),
    ("pupil_incidents", "Incidents", SEES_PUPILS),
    ("decisions", "Decisions", SEES_PUPILS),
    ("approvals", "Approvals", HOLDS_BUDGET),
    ("sharing_agreements", "Data sharing", None),
    ("rota", "Who answers", None),
    ("board", "Daily reports", WATCHES),
    ("visits", "Visits", VISITS),
    ("concerns", "Concerns", None),
    ("proposals", "Documents that ran out", WATCHES),
    ("report_terms", "Times of reports", WATCHES),
    ("census", "Census and counts", COMMISSIONS),
    ("counts", "Counts", COUNTS - COMMISSIONS),
    ("threshold_warnings", "Unregistered schools", WATCHES_THRESHOLD),
    ("terms_of_referral", "How we refer", READS_TERMS),
]
COMMISSIONERS = {OrganisationKind.AUTHORITY, OrganisationKind.TRUST, OrganisationKind.SCHOOL}


def page(request, organisation: Organisation, template: str, *, active: str = "", status: int = 200, **context):
    """A page of this commissioner: `active` is the URL name of the way that is open. Templates extend
    `referrals/frame.html` and fill the block `referrals`."""
    shared = {"organisation": organisation, "ways": ways_of(request.user, organisation, active)}
    return render(request, template, shared | context, status=status)


def ways_of(user, organisation: Organisation, active: str) -> list[Way]:
    """The ways that this person is shown to the pages of a commissioner, those of a higher floor by their names."""
    if organisation.kind not in COMMISSIONERS:
        return []
    found = []
    for name, label, roles in WAYS:
        if roles is not None and not holds(user, organisation.pk, roles):
            continue
        try:
            url = reverse(name, args=[organisation.pk])
        except NoReverseMatch:
            continue
        found.append(Way(label, url, name == active))
    return found
