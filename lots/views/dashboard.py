"""A buyer's frameworks for its own people: how each stands, what is due next, where to go on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from core import clock, lists
from core.access import guard
from core.addresses import address
from lots import permissions
from lots.models import Framework
from lots.queries import dashboard as queries
from lots.queries.public import dates_of
from lots.rules import milestones, scheme
from lots.states import FrameworkState
from lots.views import shown

_CARDS = 20
# What follows an award or may still be due, and the colour of how near it is.
_NEAR = {
    "missed": ("Missed", "red"),
    "within_3": ("Within 3 months", "orange"),
    "within_6": ("Within 6 months", "yellow"),
    "within_12": ("Within a year", "yellow"),
}


@guard(permissions.can_see_frameworks_of, on=Organisation)
@require_safe
def organisation_frameworks(request, organisation):
    """The organisation's frameworks, the newest first."""
    at, user = clock.now(), request.user
    page = lists.page(queries.frameworks_of(organisation), request.GET, order=["-id"], per=_CARDS)
    can_start = permissions.can_start_framework(user, organisation)
    belongs = permissions.belongs_to(user, organisation.pk)
    key_dates = queries.key_dates_of(page.rows)
    awards = queries.generations_up_to([one for one in page.rows if one.state == FrameworkState.RUNNING])
    for one in page.rows:
        _describe(one, key_dates[one.pk], awards.get(one.pk, ()), at=at)
        one.ways = _ways(one, acts=can_start, belongs=belongs)
    return render(
        request,
        "lots/organisation_frameworks.html",
        {"organisation": organisation, "page": page, "can_start": can_start},
    )


def _describe(one: Framework, key_dates: list[tuple], awards: tuple, *, at: dt.datetime) -> None:
    """How it stands, what its own dates have next, and what the law has."""
    dates = dates_of(one, key_dates)
    one.standing = milestones.standing(dates, at=at)
    one.colour = shown.COLOURS[one.standing.code]
    one.until = shown.until(one.standing)
    due = milestones.due_next(dates, at=at)
    one.due = f"{due.label}: {shown.when(due.when, with_time=due.is_moment)}" if due else ""
    one.late = one.state == FrameworkState.DRAFT and one.closes_at is not None and one.closes_at < at
    ahead = scheme.deadlines(awards, today=milestones.day_of(at)) if one.is_open else ()
    end = scheme.scheme_end(awards) if ahead else None
    one.too_long = shown.when(one.ends_on) if end and one.ends_on and one.ends_on > end else ""
    one.by_law = [
        (f"{law.label}: {shown.when(law.on)} ({law.clause.replace('s.', 'section ')})", *_NEAR.get(law.state, ("", "")))
        for law in ahead
        if law.state != "kept"
    ]


@dataclass(frozen=True)
class Way:
    """A link to go on from a card."""

    label: str
    address: str


def _ways(one: Framework, *, acts: bool, belongs: bool) -> list[Way]:
    """The pages that come next for it."""
    names = {
        FrameworkState.DRAFT: [
            ("setup_framework", "Go on setting it up"),
            ("check_framework", "See what is missing"),
            ("framework_recovery", "Recovery file"),
        ],
        FrameworkState.PUBLISHED: [
            ("setup_framework", "Set-up"),
            ("places", "Register of places"),
            ("framework_openings", "Openings"),
        ],
        FrameworkState.RUNNING: [
            ("places", "Register of places"),
            ("framework_openings", "Openings"),
            ("reopen_framework", "Open it again"),
        ],
        FrameworkState.ENDED: [("places", "Register of places")],
    }.get(one.state, [])
    shut = set() if acts else {"setup_framework", "check_framework", "reopen_framework"}
    shut |= set() if belongs else {"framework_recovery"}
    return [Way(label, address(name, one.pk)) for name, label in names if name not in shut]
