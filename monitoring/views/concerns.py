"""Concerns: the list, one of them, and what becomes of it."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from audit.queries import who_has_seen
from audit.reads import reads
from core import clock, lists, pdf
from core.access import guard
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried
from monitoring.actions import concerns as actions
from monitoring.forms.concerns import CloseForm, FrontDoorForm, HandOverForm
from monitoring.models import Concern
from monitoring.permissions import concerns as permissions
from monitoring.queries import concerns as queries
from monitoring.rules import concerns as rules
from monitoring.states import ConcernState
from monitoring.views.frame import page

LOOKS = {
    rules.WAITS: ("Waits to be received", "yellow"),
    rules.LATE: ("Not received in time", "red"),
    rules.RECEIVED: ("Received", "blue"),
    rules.SLOW: ("Received, not handed over", "red"),
    rules.HANDED: ("Handed over", "green"),
    rules.CLOSED: ("Closed", "grey"),
}


@guard(permissions.can_list, on=Organisation)
@require_safe
def concerns(request, organisation):
    """The concerns that a person may see in an organisation: what stands here names nobody."""
    listed = lists.page(queries.of_organisation(organisation, user=request.user), request.GET, order=["-id"])
    at = clock.now()
    rows = [(one, rules.reference(one.key), _look(one, at)) for one in listed.rows]
    context = {"page": listed, "concerns": rows, "sets": permissions.can_set_front_door(request.user, organisation)}
    return page(request, organisation, "monitoring/concerns.html", active="concerns", **context)


@guard(permissions.can_see, on=Concern, lookup="key")
@reads("personal")
@require_safe
def concern(request, concern):
    """One concern: the receipt for whoever raised it; what it says for whoever was told; what is to be done."""
    goes_on = permissions.can_go_on(request.user, concern)
    context = {
        "goes_on": goes_on,
        "takes_paper": permissions.can_take_paper(request.user, concern),
        "seen": who_has_seen(concern) if permissions.is_told(request.user, concern) else [],
        "own": concern.raised_by_id == request.user.pk,
    }
    return _page(request, concern, "monitoring/concern.html", **context)


@guard(permissions.can_go_on, on=Concern, lookup="key")
@require_POST
def receive_concern(request, concern):
    """Say that it came."""
    try:
        actions.receive_concern(concern=concern, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("concern", concern.key)
    return done(request, "You have received this concern", "concern", concern.key)


@guard(permissions.can_go_on, on=Concern, lookup="key")
def hand_over_concern(request, concern):
    """Say to which safeguarding record it was handed over."""
    if request.method != "POST" and concern.state != ConcernState.RECEIVED:
        return redirect("concern", concern.key)
    form = HandOverForm(posted(request))
    if request.method == "POST" and form.is_valid() and tried(form, partial(_hand_over, form, concern, request.user)):
        return done(request, "The concern is handed over", "concern", concern.key)
    return _page(request, concern, "monitoring/hand_over_concern.html", form=form)


@guard(permissions.can_go_on, on=Concern, lookup="key")
def close_concern(request, concern):
    """Say what came of it."""
    if request.method != "POST" and concern.state != ConcernState.HANDED:
        return redirect("concern", concern.key)
    form = CloseForm(posted(request))
    if request.method == "POST" and form.is_valid() and tried(form, partial(_close, form, concern, request.user)):
        return done(request, "The concern is closed", "concern", concern.key)
    return _page(request, concern, "monitoring/close_concern.html", form=form)


@guard(permissions.can_take_paper, on=Concern, lookup="key")
@reads("personal")
@require_safe
def concern_paper(request, concern):
    """What it says as a PDF, for the safeguarding record to which it is handed over. Kept nowhere here."""
    name = rules.reference(concern.key)
    context = {"concern": concern, "reference": name} | _words(concern)
    return pdf.response(f"{name}.pdf", pdf.render("pdf/concern.html", context, at=clock.now()))


@guard(permissions.can_set_front_door, on=Organisation)
def front_door(request, organisation):
    """Where a council takes calls about children in danger."""
    known = queries.front_door_of(organisation)
    start = {name: getattr(known, name) for name in ("phone", "out_of_hours", "page")} if known else {}
    form = FrontDoorForm(posted(request), initial=start)
    if request.method == "POST" and form.is_valid():
        actions.save_front_door(authority=organisation, by=request.user, at=clock.now(), **form.cleaned_data)
        return done(request, "The numbers are saved", "concerns", organisation.pk)
    return page(request, organisation, "monitoring/front_door.html", active="concerns", form=form)


def _page(request, concern: Concern, template: str, **context):
    """A page of one concern, in the organisation in whose name the person looks at it: where they raised it, else the
    council's or the commissioner's."""
    at = clock.now()
    context |= {
        "concern": concern,
        "reference": rules.reference(concern.key),
        "look": _look(concern, at),
        "reads_detail": permissions.can_read_detail(request.user, concern),
        "front_door": queries.front_door_for(concern),
        "removed_on": rules.removed_on(concern.handed_at) if concern.handed_at else None,
    }
    if context["reads_detail"]:
        context |= _words(concern)
    return page(request, _seen_from(request.user, concern), template, active="concerns", **context)


def _words(concern: Concern) -> dict:
    return {"detail": queries.text_of(concern, "detail"), "about": queries.text_of(concern, "about")}


def _seen_from(user, concern: Concern) -> Organisation:
    sides = [concern.raised_for if concern.raised_by_id == user.pk else None, concern.authority, concern.commissioner]
    sides += [concern.placement.home_school if concern.placement_id else None, concern.provider]
    return next((one for one in sides if one is not None and permissions.can_list(user, one)), concern.raised_for)


def _look(concern: Concern, at) -> dict:
    label, colour = LOOKS[
        rules.stands(
            state=concern.state,
            acknowledge_by=concern.acknowledge_by,
            acknowledged_at=concern.acknowledged_at,
            at=at,
        )
    ]
    return {"label": label, "colour": colour}


def _hand_over(form: HandOverForm, concern: Concern, by) -> None:
    actions.hand_over_concern(concern=concern, by=by, at=clock.now(), **form.cleaned_data)


def _close(form: CloseForm, concern: Concern, by) -> None:
    actions.close_concern(concern=concern, by=by, at=clock.now(), **form.cleaned_data)
