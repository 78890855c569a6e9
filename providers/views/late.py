"""What somebody is told who came after the deadline: calmly, to the second, with what stands."""

from __future__ import annotations

from django.shortcuts import render

from providers.actions import applications as actions
from providers.rules.refusals import TooLate
from providers.views import shown

_WHAT = {
    "submit": "submit this application",
    "withdraw": "withdraw this application",
    "save": "change this application",
}


def too_late(request, application, what: str, late: TooLate):
    """Write the attempt down, and say what stands (409). `what` is a key of what was tried."""
    actions.note_late(application=application, what=what, at=late.at, by=request.user)
    missed = (late.at - late.closes_at).total_seconds() if late.closes_at else None
    context = {
        "application": application,
        "framework": application.framework,
        "tried": _WHAT[what],
        "late": late,
        "at_once": missed is not None and missed < 1,
        "help_url": shown.way("ask_for_help", application.pk),
    }
    return render(request, "providers/too_late.html", context, status=409)
