"""An award to one bidder is taken back by two people."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from core import clock
from core.access import guard
from evaluation.actions import reversals as actions
from evaluation.forms.awards import TakeBackForm
from evaluation.models import AwardLine, Reversal
from evaluation.permissions import awards as permissions
from evaluation.views.frame import page
from lots.rules.places import label
from lots.rules.refusals import Refused
from lots.views.setting_up import tried


def _part(line) -> str:
    return label(line.lot.number, line.sub_lot.letter if line.sub_lot else None)


@guard(permissions.can_take_back, on=AwardLine)
def take_back_award(request, line):
    """Ask that one award is taken back."""
    form = TakeBackForm(posted(request))
    made = []

    def act():
        made.append(actions.propose_reversal(line=line, **form.cleaned_data, by=request.user, at=clock.now()))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "It waits for a second person")
        return redirect("award_taken_back", made[0].pk)
    return page(
        request,
        line.award_set.evaluation,
        "evaluation/take_back_award.html",
        active="awards",
        line=line,
        part=_part(line),
        form=form,
    )


@guard(permissions.can_see_taking_back, on=Reversal)
def award_taken_back(request, reversal):
    """What somebody asked to take back, to be confirmed by another."""
    line, user = reversal.line, request.user
    form = SureForm(posted(request), submit="Take this award back")

    def act():
        actions.confirm_reversal(reversal=reversal, by=user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "The award is taken back and its place has ended")
        return redirect("award_set", line.award_set_id)
    return page(
        request,
        line.award_set.evaluation,
        "evaluation/award_taken_back.html",
        active="awards",
        reversal=reversal,
        line=line,
        part=_part(line),
        form=form,
        can_confirm=reversal.done_at is None and permissions.can_confirm_taking_back(user, reversal),
    )


@guard(permissions.can_see_taking_back, on=Reversal)
@require_POST
def drop_taking_back(request, reversal):
    """Leave the award as it is after all."""
    try:
        actions.drop_reversal(reversal=reversal, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
    else:
        messages.success(request, "The award stays as it was")
    return redirect("award_set", reversal.line.award_set_id)
