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


# What the pages are about, and of each page: URL name (each takes the organisation's key), label, and whose roles are
# shown the way; nothing is everybody's. Over twenty ways at once are a wall before what somebody came for.
GROUPS = [
    (
        "Place pupils",
        [
            ("directory", "Find provision", None),
            ("shortlist", "Shortlist", None),
            ("pupils", "Pupils", SEES_PUPILS),
            ("referrals", "Referrals", SEES_PUPILS),
            ("approvals", "Approvals", HOLDS_BUDGET),
            ("placements", "Placements", SEES_PUPILS),
            ("decisions", "Decisions", SEES_PUPILS),
            ("sharing_agreements", "Data sharing", None),
            ("terms_of_referral", "How we refer", READS_TERMS),
        ],
    ),
    (
        "Day by day",
        [
            ("today", "Today", SEES_PUPILS),
            ("live_registers", "Registers", SEES_PUPILS),
            ("alerts", "Alerts", SEES_PUPILS),
            ("rota", "Who answers", None),
            ("reviews", "Reviews", SEES_PUPILS),
            ("visits", "Visits", VISITS),
            ("pupil_incidents", "Incidents", SEES_PUPILS),
            ("concerns", "Concerns", None),
        ],
    ),
    (
        "Providers and figures",
        [
            ("board", "Daily reports", WATCHES),
            ("proposals", "Documents that ran out", WATCHES),
            ("report_terms", "Times of reports", WATCHES),
            ("census", "Census and counts", COMMISSIONS),
            ("counts", "Counts", COUNTS - COMMISSIONS),
            ("threshold_warnings", "Unregistered schools", WATCHES_THRESHOLD),
        ],
    ),
]
COMMISSIONERS = {OrganisationKind.AUTHORITY, OrganisationKind.TRUST, OrganisationKind.SCHOOL}


def page(request, organisation: Organisation, template: str, *, active: str = "", status: int = 200, **context):
    """A page of this commissioner: `active` is the URL name of the way that is open. Templates extend
    `referrals/frame.html` and fill the block `referrals`."""
    shared = {"organisation": organisation} | ways_of(request.user, organisation, active)
    return render(request, template, shared | context, status=status)


def ways_of(user, organisation: Organisation, active: str) -> dict[str, list[Way]]:
    """The groups of pages of a commissioner, each leading to its first page, and the ways inside the group that is
    open: those that this person is shown, of higher floors too, by their names. Where there is one group, it has no
    name."""
    if organisation.kind not in COMMISSIONERS:
        return {"kinds_of_work": [], "ways": []}
    groups = [(label, _shown(ways, user, organisation, active)) for label, ways in GROUPS]
    groups = [(label, ways) for label, ways in groups if ways]
    is_open = [ways for _, ways in groups if any(way.active for way in ways)]
    if len(groups) == 1:
        return {"kinds_of_work": [], "ways": groups[0][1]}
    named = [Way(label, ways[0].url, ways in is_open) for label, ways in groups]
    return {"kinds_of_work": named, "ways": is_open[0] if is_open else []}


def _shown(ways, user, organisation: Organisation, active: str) -> list[Way]:
    found = []
    for name, label, roles in ways:
        if roles is not None and not holds(user, organisation.pk, roles):
            continue
        try:
            url = reverse(name, args=[organisation.pk])
        except NoReverseMatch:
            continue
        found.append(Way(label, url, name == active))
    return found
