"""A buyer's frameworks for its own people: how each stands, what is due next, where to go on."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from core import clock, lists
from core.access import guard
from lots import permissions
from lots.queries import dashboard as queries
from lots.queries.public import dates_of
from lots.rules import milestones
from lots.views import shown


@guard(permissions.can_see_frameworks_of, on=Organisation)
@require_safe
def organisation_frameworks(request, organisation):
    """The organisation's frameworks, the newest first."""
    at, user = clock.now(), request.user
    page = lists.page(queries.frameworks_of(organisation, user=user), request.GET, order=["-id"])
    key_dates = queries.key_dates_of(page.rows)
    for one in page.rows:
        dates = dates_of(one, key_dates[one.pk])
        one.standing = milestones.standing(dates, at=at)
        one.colour = shown.COLOURS[one.standing.code]
        one.until = shown.until(one.standing)
        due = milestones.due_next(dates, at=at)
        one.due = due and f"{due.label}: {shown.when(due.when)}"
    context = {
        "organisation": organisation,
        "page": page,
        "can_start": permissions.can_start_framework(user, organisation),
    }
    return render(request, "lots/organisation_frameworks.html", context)
