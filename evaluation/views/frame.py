"""What every page of an evaluation has: its heading, the ways to its other pages, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from evaluation.models import Evaluation
from evaluation.permissions import duties as permissions
from evaluation.permissions.judging import can_follow
from evaluation.permissions.moderation import can_see_freeze
from evaluation.states import Stage


@dataclass(frozen=True)
class Way:
    """A page of the evaluation."""

    name: str
    label: str
    url: str
    active: bool


# URL name (each takes the evaluation's key), label, and who is shown the way.
WAYS = [
    ("evaluation", "Overview", permissions.can_see),
    ("panel", "Panel", permissions.can_oversee),
    ("my_judgements", "My judgements", permissions.can_judge),
    ("bids", "Bids", permissions.can_see),
    ("progress", "Progress", can_follow),
    ("differences", "Moderation", permissions.can_moderate),
    ("freeze", "Quality freeze", can_see_freeze),
    ("price_check", "Price check", permissions.can_see_prices),
    ("awards", "Award", permissions.can_see_prices),
    ("letters", "Letters", permissions.can_see_prices),
    ("evaluation_report", "Report", permissions.can_oversee),
]


def page(request, evaluation: Evaluation, template: str, *, active: str = "", status: int = 200, **context):
    """A page of this evaluation: `active` is the URL name of the way that is open. Templates extend
    `evaluation/frame.html` and fill the block `evaluation`."""
    shared = {
        "evaluation": evaluation,
        "framework": evaluation.framework,
        "stage": Stage(evaluation.stage),
        "ways": _ways(request.user, evaluation, active),
    }
    return render(request, template, shared | context, status=status)


def _ways(user, evaluation: Evaluation, active: str) -> list[Way]:
    found = []
    for name, label, allowed in WAYS:
        try:
            url = reverse(name, args=[evaluation.pk])
        except NoReverseMatch:
            continue
        if allowed(user, evaluation):
            found.append(Way(name, label, url, name == active))
    return found
