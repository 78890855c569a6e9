"""What the chosen provider's people who meet pupils read, while they may."""

from __future__ import annotations

import datetime as dt

from django.http import Http404
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from audit.reads import reads
from core import clock, lists
from core.access import guard
from files.responses import download
from providers.states import Need
from referrals.actions import knowing as actions
from referrals.models import Disclosure
from referrals.permissions import enquiries as permissions
from referrals.queries import known as queries
from referrals.rules.content import Target
from referrals.views.frame import page
from referrals.views.shown import week_of


@guard(permissions.can_meet_pupils, on=Organisation)
@require_safe
def known_pupils(request, provider):
    """Whom the provider may know today."""
    rows = queries.known_to(provider, user=request.user, today=clock.today())
    listed = lists.page(rows, request.GET, order=["-id"])
    actions.note_known(provider=provider, by=request.user, at=clock.now())
    return page(request, provider, "referrals/known_pupils.html", page=listed)


@guard(permissions.can_know, on=Disclosure)
@reads("personal")
@require_safe
def known_pupil(request, disclosure):
    """Who the pupil is, what they need, and what was agreed about them."""
    _still_known(disclosure)
    found = queries.known(disclosure)
    context = {
        "disclosure": disclosure,
        "referral": disclosure.referral,
        "pupil": disclosure.referral.pupil,
        "known": found,
        "needs": _needs([*found.content.needs, *found.private.needs]),
        "targets": [_target(one) for one in found.content.targets],
        "week": week_of(found.offer) if found.offer else None,
    }
    return page(request, disclosure.provider, "referrals/known_pupil.html", **context)


@guard(permissions.can_know, on=Disclosure)
@reads("personal")
@require_safe
def known_file(request, disclosure, file):
    """A document of the referral."""
    _still_known(disclosure)
    document = queries.document_of(disclosure, file)
    if document is None:
        raise Http404
    return download(request, document.file)


def _still_known(disclosure: Disclosure) -> None:
    if not queries.is_known(disclosure, today=clock.today()):
        raise Http404


def _target(one: Target) -> dict:
    return {"what": one.what, "measure": one.measure, "by": dt.date.fromisoformat(one.by_on) if one.by_on else None}


def _needs(codes) -> list[str]:
    return [Need(code).label for code in dict.fromkeys(codes) if code in Need.values]
