"""The pupil starts: when everything is in place, or signed for in an emergency."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from audit.reads import reads
from core import clock
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import starting as actions
from referrals.forms.assurance_more import EmergencyStartForm
from referrals.models import Placement
from referrals.permissions import assurance as permissions
from referrals.queries import assurance as queries
from referrals.rules import assurance as rules
from referrals.states import NEVER_WAIVED, PlacementState
from referrals.views.placement_frame import placement_page


@guard(permissions.can_commission, on=Placement)
@reads("personal")
def start_placement(request, placement):
    """Everything is in place: let the pupil start."""
    form = SureForm(posted(request), submit="Let the pupil start", warning=False)
    act = partial(actions.start_placement, placement=placement, by=request.user, at=clock.now(), today=clock.today())
    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The pupil can start. Sessions run from the first day on", "before_start", placement.pk)
    context = {"form": form, "lacks": rules.missing(queries.settled(placement)), "waits": _waits(placement)}
    return placement_page(request, placement, "referrals/start_placement.html", active="before_start", **context)


@guard(permissions.can_start_in_emergency, on=Placement)
@reads("personal")
def emergency_start(request, placement):
    """Sign for a start before everything is in place."""
    form, due = EmergencyStartForm(posted(request)), []

    def act():
        made = actions.start_in_emergency(
            placement=placement,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=clock.now(),
            today=clock.today(),
        )
        due.append(made[1])

    if request.method == "POST" and form.is_valid() and tried(form, act):
        day = f"{due[0].day} {due[0]:%B %Y}"
        messages.success(request, f"The pupil can start. Put the rest in place by {day}")
        return redirect("before_start", placement.pk)
    lacks = rules.missing(queries.settled(placement))
    context = {
        "form": form,
        "needed": [one for one in lacks if one in NEVER_WAIVED],
        "later": [one for one in lacks if one not in NEVER_WAIVED],
        "waits": _waits(placement),
        "days": rules.EMERGENCY_DAYS,
    }
    return placement_page(request, placement, "referrals/emergency_start.html", active="before_start", **context)


def _waits(placement: Placement) -> bool:
    return placement.state == PlacementState.ASSURANCE
