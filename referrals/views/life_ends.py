"""A placement is paused, goes on, and ends."""

from __future__ import annotations

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import ending, pausing
from referrals.forms.life import EndForm, OutcomeForm, PauseForm, ResumeForm
from referrals.models import Placement
from referrals.permissions import life as permissions
from referrals.queries import life as queries
from referrals.queries.running import last_day_of
from referrals.queries.sealed import text_of
from referrals.states import PlacementState
from referrals.views.placement_frame import placement_page

BACK = "placement_history"
STARTED = (PlacementState.LIVE, PlacementState.PAUSED)


@guard(permissions.can_change, on=Placement)
@reads("personal")
def pause_placement(request, placement):
    """No sessions from a day on."""
    form = PauseForm(posted(request), initial={"revision": placement.revision})

    def act():
        given = {name: form.cleaned_data.get(name) for name in ("from_on", "until_on", "reason")}
        pausing.pause_placement(placement=placement, seen=form.seen, **given, **_by(request))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The pause is written down", BACK, placement.pk)
    return _page(request, placement, form, "referrals/life_pause.html")


@guard(permissions.can_change, on=Placement)
@reads("personal")
def resume_placement(request, placement):
    """Sessions again from a day on."""
    form = ResumeForm(posted(request), initial={"revision": placement.revision, "on": clock.today()})

    def act():
        pausing.resume_placement(placement=placement, seen=form.seen, on=form.cleaned_data["on"], **_by(request))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The placement goes on", BACK, placement.pk)
    pause = queries.standing_pause(placement, clock.today())
    return _page(request, placement, form, "referrals/life_resume.html", pause=pause)


@guard(permissions.can_change, on=Placement)
@reads("personal")
def end_placement(request, placement):
    """End it early; once it is over, say what came of it."""
    if placement.state == PlacementState.ENDED:
        return _outcome(request, placement)
    data = request.POST.copy() if request.method == "POST" else None
    form = EndForm(data, initial=_known(placement) | {"notice_on": placement.notice_on or clock.today()})
    shown = []

    def act():
        told = form.cleaned_data
        given = {name: told[name] for name in ("last_on", "notice_on", "reason")}
        shown.append(queries.charged_until(placement, **given, at=clock.now(), today=clock.today()))
        if told["charged"] == shown[0][0].isoformat():
            outcome = ending.Outcome(**form.told)
            ending.end_placement(placement=placement, seen=form.seen, outcome=outcome, **given, **_by(request))
            shown.append(True)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        if len(shown) == 2:
            return done(request, "The end of the placement is written down", BACK, placement.pk)
        data["charged"] = shown[0][0].isoformat()
        form.confirm(True)
    charged = shown[0] if shown and not form.errors else None
    return _page(request, placement, form, "referrals/life_end.html", charged=charged)


def _outcome(request, placement: Placement):
    form = OutcomeForm(posted(request), initial=_known(placement))

    def act():
        outcome = ending.Outcome(**form.told)
        ending.write_outcome(placement=placement, seen=form.seen, outcome=outcome, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "What came of the placement is written down", BACK, placement.pk)
    return placement_page(request, placement, "referrals/life_outcome.html", active=BACK, form=form)


def _known(placement: Placement) -> dict:
    return {
        "revision": placement.revision,
        "last_on": placement.ended_on,
        "reason": placement.end_reason,
        "destination": placement.destination,
        "targets_set": placement.targets_set,
        "targets_met": placement.targets_met,
        "note": text_of(placement, "end_note"),
    }


def _by(request) -> dict:
    return {"by": request.user, "at": clock.now(), "today": clock.today()}


def _page(request, placement: Placement, form, template: str, **more):
    can = placement.state in STARTED or form.is_bound
    return placement_page(
        request, placement, template, active=BACK, form=form if can else None, last_day=last_day_of(placement), **more
    )
