"""The officer's page of a round, in numbers, and moving its deadline."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.fields import posted
from core import clock
from core.access import guard
from lots.models import Framework
from lots.queries.public import dates_with_key_dates
from lots.queries.setup import timetable_of
from lots.states import FrameworkState
from lots.views import shown
from lots.views.setting_up import done, tried
from providers.actions import deadlines as actions
from providers.forms.deadlines import MoveForm, OutageForm
from providers.models import DeadlineChange
from providers.permissions import questions as permissions
from providers.queries import rounds as queries
from providers.rules import deadline_moves as rules
from providers.rules.countdown import left_in_words
from providers.rules.refusals import Refused


@guard(permissions.can_see_round, on=Framework)
@require_safe
def round(request, framework):
    """How many follow, write, have submitted, ask and wait for help. Never who."""
    if framework.published_at is None:
        return redirect("framework", framework.pk)
    at = clock.now()
    closes_at = framework.closes_at
    takes = framework.state == FrameworkState.PUBLISHED and closes_at is not None
    opened = queries.opened(framework)
    passed = takes and at > closes_at
    context = {
        "framework": framework,
        "numbers": queries.numbers_of(framework),
        "left": left_in_words(closes_at, at) if takes else "",
        "passed": passed,
        "opened": opened,
        "can_manage": permissions.can_manage_framework(request.user, framework),
        "can_extend": takes and not passed and not opened,
        "can_set_again": passed and not opened and bool(queries.outages_that_count(closes_at)),
        "changes": queries.deadline_changes(framework),
        "why_withdrawn": queries.why_withdrawn(framework),
        "timeline": shown.timeline(dates_with_key_dates(framework), at=at),
    }
    return render(request, "providers/round.html", context)


@guard(permissions.can_manage_framework, on=Framework)
def extend_deadline(request, framework):
    """Give everybody more time: ask, show what everybody will be told, do it."""
    form = MoveForm(posted(request), framework=framework)
    stands = timetable_of(framework)
    shut = _shut(framework, outage=False)

    def check():
        rules.check_taking_part(state=framework.state, closes_at=framework.closes_at, opened=queries.opened(framework))
        rules.check_extension(stands, form.move, at=clock.now())

    def act():
        actions.extend_deadline(
            framework=framework, move=form.move, reason=form.cleaned_data["reason"], by=request.user
        )

    return _move(request, framework, form, check, act, shut, heading="Extend the deadline", sure="Extend the deadline",
                 said="The deadline was extended, and everybody who follows is told")  # fmt: skip


@guard(permissions.can_manage_framework, on=Framework)
def propose_outage_deadline(request, framework):
    """Propose to set a deadline again that passed while the portal was out of order."""
    outages = queries.outages_that_count(framework.closes_at) if framework.closes_at else []
    form = OutageForm(posted(request), framework=framework, outages=outages)
    stands = timetable_of(framework)
    shut = _shut(framework, outage=True, outages=outages)

    def check():
        outage = form.chosen
        rules.check_taking_part(state=framework.state, closes_at=framework.closes_at, opened=queries.opened(framework))
        rules.check_again(stands, form.move, outage=(outage.began_at, outage.ended_at), at=clock.now())

    def act():
        actions.propose_outage_deadline(
            framework=framework,
            outage=form.chosen,
            move=form.move,
            reason=form.cleaned_data["reason"],
            by=request.user,
        )

    return _move(request, framework, form, check, act, shut, heading="Set the deadline again after an outage",
                 sure="Propose this deadline", said="Your proposal was saved. A colleague must confirm it")  # fmt: skip


def _move(request, framework, form, check, act, shut: str, *, heading: str, sure: str, said: str):
    """Ask; then show what everybody will be told; then do it. What was typed goes from one to the next."""
    step = request.POST.get("step", "") if request.method == "POST" else ""
    context = {"framework": framework, "form": form, "heading": heading, "sure": sure, "shut": shut}
    if request.method == "POST" and step != "change" and form.is_valid() and tried(form, check):
        if step == "confirm" and tried(form, act):
            return done(request, said, "round", framework.pk)
        if not form.errors:
            stands = timetable_of(framework)
            context |= {
                "told": _told(form, stands),
                "cautions": rules.cautions(stands, form.move, at=clock.now()),
                "typed": [(name, value) for name, value in form.data.items() if name in _names(form)],
            }
            return render(request, "providers/check_move.html", context)
    return render(request, "providers/move_deadline.html", context)


def _told(form, stands) -> str:
    reason = form.cleaned_data["reason"]
    if hasattr(form, "chosen"):
        reason = f"{rules.of_the_outage(form.chosen.began_at, form.chosen.ended_at)} {reason}"
    return rules.told(stands, form.move, reason)


def _names(form) -> set[str]:
    """The names under which a form's fields are sent; a day is three of them."""
    return {name for field in form.fields for name in (field, *(f"{field}_{part}" for part in range(3)))}


def _shut(framework, *, outage: bool, outages=()) -> str:
    """Why the page cannot be used at all now; empty where it can."""
    try:
        rules.check_taking_part(state=framework.state, closes_at=framework.closes_at, opened=queries.opened(framework))
    except Refused as refusal:
        return str(refusal)
    passed = clock.now() > framework.closes_at
    if outage and not passed:
        return "The deadline has not passed yet: extend it instead"
    if outage and not outages:
        return (
            f"The portal was not out of order in the {rules.HOURS_BEFORE} hours before the deadline. There is no other "
            "reason for setting a deadline again once it has passed"
        )
    if not outage and passed:
        return "The deadline has passed, so it can no longer be extended"
    return ""


@guard(permissions.can_confirm_deadline, on=DeadlineChange)
def confirm_outage_deadline(request, change):
    """Confirm a proposal as the second person, or drop it."""
    framework = change.framework
    if request.method == "POST":
        try:
            actions.confirm_outage_deadline(change=change, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("confirm_outage_deadline", change.pk)
        return done(request, "The deadline is set again, and everybody who follows is told", "round", framework.pk)
    stands = timetable_of(framework)
    move = rules.Move(change.becomes, change.enquiries_become, change.award_becomes)
    reason = change.reason
    if change.outage:
        reason = f"{rules.of_the_outage(change.outage.began_at, change.outage.ended_at)} {reason}"
    waits = change.confirmed_at is None and change.dropped_at is None
    context = {
        "framework": framework,
        "change": change,
        "waits": waits,
        "is_own": change.proposed_by_id == request.user.pk,
        "told": rules.told(stands, move, reason) if waits else "",
        "cautions": rules.cautions(stands, move, at=clock.now()) if waits else [],
    }
    return render(request, "providers/confirm_outage_deadline.html", context)


@require_POST
@guard(permissions.can_drop_deadline, on=DeadlineChange)
def drop_outage_deadline(request, change):
    """Drop a proposal."""
    try:
        actions.drop_outage_deadline(change=change, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("round", change.framework_id)
    return done(request, "The proposal was dropped", "round", change.framework_id)
