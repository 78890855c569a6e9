"""A document that was uploaded from a page of an application is chosen there at once, whoever else saves meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from providers.actions import applications as actions
from providers.queries import bids
from providers.rules.draft import NOTHING, Answers, Stale
from providers.rules.refusals import Refused, TooLate
from providers.views.late import too_late


def choose(request, application, code: str, back: str, change: Callable[[Answers], Answers]) -> HttpResponse:
    """Save the part as it stands with the document in it (`change`), and go back. Where somebody saves meanwhile, it is
    put into what they saved."""
    part = bids.own_bid(application, user=request.user).draft.get(code, NOTHING)
    for _ in range(3):
        try:
            actions.save_part(
                application=application,
                code=code,
                answers=change(part.answers),
                revision=part.revision,
                by=request.user,
            )
        except Stale as stale:
            part = stale.theirs
        except TooLate as late:
            return too_late(request, application, "save", late)
        except Refused as refusal:
            messages.warning(request, f"The document is in your library. {refusal}")
            return redirect(back)
        else:
            messages.success(request, "The document is in your library, and chosen here")
            return redirect(back)
    messages.warning(request, "The document is in your library. Somebody was saving at the same time: choose it here")
    return redirect(back)
