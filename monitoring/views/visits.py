"""Visits to providers: what is due and overdue, planned and held, and what is to be done after them."""

from __future__ import annotations

from functools import partial

from django.core.paginator import Paginator
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from audit.reads import reads
from core import clock, lists
from core.access import guard
from lots.views.setting_up import done, tried
from monitoring.actions import listing
from monitoring.actions import visits as actions
from monitoring.forms.visits import CancelForm, ConfirmForm, DoneForm, PlanForm, ScheduleForm, VisitFilter
from monitoring.models import Visit, VisitAction, VisitSchedule
from monitoring.permissions import visits as permissions
from monitoring.queries import visits as queries
from monitoring.queries.schedules import scheduled, schedules_of
from monitoring.states import VisitState
from monitoring.views.frame import page
from referrals.views.frame import Way

COLOURS = {VisitState.PLANNED: "grey", VisitState.HELD: "green", VisitState.CANCELLED: "yellow"}
# The pages of an organisation's visits: URL name, label. Each is a page of its own so that none reads everything.
TABS = [
    ("visits", "Due and overdue"),
    ("visits_planned", "Planned and held"),
    ("visits_to_do", "To do after visits"),
    ("visits_shared", "Shared with you"),
]


@guard(permissions.can_plan, on=Organisation)
@reads("personal")
@require_safe
def visits(request, organisation):
    """What is due by the schedules of a council, trust or school: what is overdue first."""
    found = scheduled(schedules_of(organisation, user=request.user), clock.today())
    lines = [one for one in found if one.missed] + [one for one in found if not one.missed]
    part = Paginator(lines, lists.MOST_ROWS).get_page(request.GET.get("page", ""))
    context = {
        "part": part,
        "overdue": [one for one in part if one.missed],
        "number": sum(bool(one.missed) for one in found),
        "scheduled": [one for one in part if not one.missed],
    }
    return _tab(request, organisation, "visits", **context)


@guard(permissions.can_plan, on=Organisation)
@reads("personal")
@require_safe
def visits_planned(request, organisation):
    """The visits of a council, trust or school: planned, held or cancelled."""
    found = VisitFilter(request.GET, queryset=queries.of_organisation(organisation, user=request.user))
    order = ["planned_on", "id"] if found.state == VisitState.PLANNED else ["-planned_on", "-id"]
    listed = lists.page(found.qs.filter(state=found.state), request.GET, order=order)
    today = clock.today()
    rows = [(one, _look(one, today)) for one in listed.rows]
    return _tab(request, organisation, "visits_planned", filter=found, page=listed, visits=rows)


@guard(permissions.can_plan, on=Organisation)
@reads("personal")
@require_safe
def visits_to_do(request, organisation):
    """What is to be done after visits of a council, trust or school, the earliest first."""
    rows = queries.actions_of(organisation, user=request.user)
    listed = lists.page(rows, request.GET, order=["due_on", "id"])
    return _tab(request, organisation, "visits_to_do", page=listed, actions=_due(listed.rows, clock.today()))


@guard(permissions.can_plan, on=Organisation)
@require_safe
def visits_shared(request, organisation):
    """The visits of others to its providers that these share, the newest first."""
    rows = queries.shared_with(organisation, user=request.user)
    listed = lists.page(rows, request.GET, order=["-planned_on", "-id"])
    return _tab(request, organisation, "visits_shared", page=listed)


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
        "actions": _due(queries.actions_for(provider, user=request.user)[: lists.MOST_ROWS], today),
    }
    return page(request, provider, "monitoring/visits_had.html", active="visits_had", **context)


@guard(permissions.can_plan, on=Organisation)
def plan_visit(request, organisation):
    """Plan one visit."""
    whom = _whom(request.user, organisation)
    form = PlanForm(posted(request), **whom)
    if request.method == "POST" and form.is_valid():
        act = partial(actions.plan_visit, owner=organisation, by=request.user, at=clock.now(), today=clock.today())
        if tried(form, lambda: act(planned_on=form.cleaned_data["planned_on"], **form.whom())):
            return done(request, "The visit is planned", "visits_planned", organisation.pk)
    _note(request.user, organisation, whom)
    return page(request, organisation, "monitoring/plan_visit.html", active="visits", form=form)


@guard(permissions.can_plan, on=Organisation)
def schedule_visits(request, organisation):
    """Make a schedule."""
    whom = _whom(request.user, organisation)
    form = ScheduleForm(posted(request), **whom)
    if request.method == "POST" and form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("from_on", "until_on")}
        act = partial(actions.schedule_visits, owner=organisation, by=request.user, at=clock.now(), **days)
        if tried(form, lambda: act(**form.whom())):
            return done(request, "The schedule is made", "visits", organisation.pk)
    _note(request.user, organisation, whom)
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
            return done(request, "The visit is cancelled", "visits_planned", visit.owner_id)
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


def _tab(request, organisation: Organisation, name: str, **context):
    """One of the pages of an organisation's visits."""
    tabs = [Way(label, reverse(other, args=[organisation.pk]), other == name) for other, label in TABS]
    return page(request, organisation, f"monitoring/{name}.html", active="visits", tabs=tabs, **context)


def _whom(user, organisation: Organisation) -> dict:
    """Who can be visited."""
    sees = permissions.sees_pupils(user, organisation)
    pupils = list(queries.placements_for(organisation, user=user)) if sees else []
    return {"providers": list(queries.providers_for(organisation)), "placements": pupils}


def _note(user, organisation: Organisation, whom: dict) -> None:
    """The form names every pupil who could be visited."""
    listing.note_pupils(organisation=organisation, number=len(whom["placements"]), by=user, at=clock.now())


def _look(visit: Visit, today) -> dict:
    if visit.state == VisitState.PLANNED and visit.planned_on < today:
        return {"label": "Not written down", "colour": "red"}
    return {"label": visit.get_state_display(), "colour": COLOURS[VisitState(visit.state)]}


def _due(rows, today) -> list[tuple[VisitAction, bool]]:
    """What is to be done, and whether each is late."""
    return [(one, one.due_on < today) for one in rows]
