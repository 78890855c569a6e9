"""A bidder's page of the evaluation of its application."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.http import require_safe

from core import clock
from core.access import guard
from evaluation.queries import bidder as queries
from providers.models import Application
from providers.permissions.applications import can_bid
from providers.views.shown import way


@guard(can_bid, on=Application)
@require_safe
def bidder_evaluation(request, application):
    """Where it is in plain words, what is asked, letters, the agreement, the places."""
    at, found = clock.now(), queries.followed(application, user=request.user)
    questions = [{"asked": one, "url": way(one.name, one.key), "is_open": one.is_open(at)} for one in found.asked]
    context = {
        "application": application,
        "framework": application.framework,
        "found": found,
        "questions": questions,
        "is_asked": any(one["is_open"] for one in questions),
        "award": found.awards[0] if found.awards else None,
        "messages_url": way("bid_messages", application.pk),
        "at": at,
    }
    return render(request, "evaluation/bidder_evaluation.html", context)
