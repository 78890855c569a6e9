"""Visits to providers: what is overdue, planned and held, and what is to be done after them."""

from __future__ import annotations

from functools import partial

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from audit.reads import reads
from core import clock, lists
from core.access import guard
from lots.views.setting_up import done, tried
from monitoring.actions import visits as actions
from monitoring.forms.visits import CancelForm, ConfirmForm, DoneForm, PlanForm, ScheduleForm, VisitFilter
from monitoring.models import Visit, VisitAction, VisitSchedule
from monitoring.permissions import visits as permissions
from monitoring.queries import visits as queries
from monitoring.states import VisitState
from monitoring.views.frame import page

SHOWN = 50
COLOURS = {VisitState.PLANNED: "grey", VisitState.HELD: "green", VisitState.CANCELLED: "yellow"}


@guard(permissions.can_plan, on=Organisation)
@reads("personal")
@require_safe
def visits(request, organisation):
    """The visits of a council, trust or school: what is overdue first, then what is to be done, then its visits, and
    those that others share."""
    user, today = request.user, clock.today()
    found = VisitFilter(request.GET, queryset=queries.of_organisation(organisation, user=user))
    order = ["planned_on", "id"] if found.state == VisitState.PLANNED else ["-planned_on", "-id"]
    listed = lists.page(found.qs.filter(state=found.state), request.GET, order=order)
    scheduled = queries.scheduled(queries.schedules_of(organisation, user=user), today)
    overdue = [one for one in scheduled if one.missed]
    context = {
        "filter": found,
        "page": listed,
        "visits": [(one, _look(one, today)) for one in listed.rows],
        "overdue": overdue[:SHOWN],
        "more_overdue": max(0, len(overdue) - SHOWN),
        "scheduled": [one for one in scheduled if not one.missed][:SHOWN],
        "actions": _due(queries.actions_of(organisation, user=user), today),
        "shared": queries.shared_with(organisation, user=user)[:SHOWN],
    }
    return page(request, organisation, "monitoring/visits.html", active="visits", **context)


@guard(permissions.can_list_had, on=Organisation)
@require_safe
def visits_had(request, provider):
    """What a provider sees: visits that were announced or held, and what it is still to do."""
    today = clock.today()
    rows = queries.had_by(provider, user=request.user).exclude(state=VisitState.CANCELLED)
    listed = lists.page(rows, request.GET, order=["-planned_on", "-id"])
    context = {
        "page": listed,
        "visits": [(one, _look(one, today)) for one in listed.rows],
        "actions": _due(queries.actions_for(provider, user=request.user), today),
    }
    return page(request, provider, "monitoring/visits_had.html", active="visits_had", **context)


@guard(permissions.can_plan, on=Organisation)
def plan_visit(request, organisation):
    """Plan one visit."""
    form = PlanForm(posted(request), **_whom(request.user, organisation))
    if request.method == "POST" and form.is_valid():
        act = partial(actions.plan_visit, owner=organisation, by=request.user, at=clock.now(), today=clock.today())
        if tried(form, lambda: act(planned_on=form.cleaned_data["planned_on"], **form.whom())):
            return done(request, "The visit is planned", "visits", organisation.pk)
    return page(request, organisation, "monitoring/plan_visit.html", active="visits", form=form)


@guard(permissions.can_plan, on=Organisation)
def schedule_visits(request, organisation):
    """Make a schedule."""
    form = ScheduleForm(posted(request), **_whom(request.user, organisation))
    if request.method == "POST" and form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("from_on", "until_on")}
        act = partial(actions.schedule_visits, owner=organisation, by=request.user, at=clock.now(), **days)
        if tried(form, lambda: act(**form.whom())):
            return done(request, "The schedule is made", "visits", organisation.pk)
    return page(request, organisation, "monitoring/schedule_visits.html", active="visits", form=form)


@guard(permissions.can_end_schedule, on=VisitSchedule)
@reads("personal")
def end_schedule(request, schedule):
    """End a schedule."""
    form = ConfirmForm(posted(request), submit="End this schedule")
    if request.method == "POST" and form.is_valid():
        act = partial(actions.end_schedule, schedule=schedule, by=request.user, at=clock.now())
        if tried(form, act):
            return done(request, "The schedule is ended", "visits", schedule.owner_id)
    context = {"schedule": schedule, "form": form}
    return page(request, schedule.owner, "monitoring/end_schedule.html", active="visits", **context)


@guard(permissions.can_write, on=Visit)
@reads("personal")
def cancel_visit(request, visit):
    """A planned visit does not take place."""
    form = CancelForm(posted(request))
    if request.method == "POST" and form.is_valid():
        act = partial(actions.cancel_visit, visit=visit, by=request.user, at=clock.now(), **form.cleaned_data)
        if tried(form, act):
            return done(request, "The visit is cancelled", "visits", visit.owner_id)
    return page(request, visit.owner, "monitoring/cancel_visit.html", active="visits", visit=visit, form=form)


@guard(permissions.can_do, on=VisitAction)
def action_done(request, action):
    """Say that an action is done."""
    visit = action.visit
    form = DoneForm(posted(request), initial={"done_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        act = partial(actions.do_action, action=action, by=request.user, at=clock.now(), today=clock.today())
        if tried(form, partial(act, **form.cleaned_data)):
            return done(request, "The action is done", "visit", visit.pk)
    whose = visit.owner if permissions.can_write(request.user, visit) else visit.provider
    return page(request, whose, "monitoring/action_done.html", action=action, visit=visit, form=form)


def _whom(user, organisation: Organisation) -> dict:
    """Who can be visited."""
    sees = permissions.sees_pupils(user, organisation)
    pupils = list(queries.placements_for(organisation, user=user)) if sees else []
    return {"providers": list(queries.providers_for(organisation)), "placements": pupils}


def _look(visit: Visit, today) -> dict:
    if visit.state == VisitState.PLANNED and visit.planned_on < today:
        return {"label": "Not written down", "colour": "red"}
    return {"label": visit.get_state_display(), "colour": COLOURS[VisitState(visit.state)]}


def _due(rows, today) -> list[tuple[VisitAction, bool]]:
    """The first of what is to be done, and whether each is late."""
    return [(one, one.due_on < today) for one in rows[:SHOWN]]
