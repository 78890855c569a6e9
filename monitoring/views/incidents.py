"""Incidents and first aid: what a provider writes down, and what a commissioner reads of its own pupils."""

from __future__ import annotations

from functools import partial

from django.shortcuts import redirect
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from audit.reads import reads
from core import clock, lists
from core.access import guard
from lots.views.setting_up import done, tried
from monitoring.actions import incidents as actions
from monitoring.actions import listing
from monitoring.forms.incidents import IncidentForm
from monitoring.models import Incident
from monitoring.permissions import incidents as permissions
from monitoring.queries import incidents as queries
from monitoring.views.frame import page


@guard(permissions.can_list, on=Organisation)
@reads("personal")
@require_safe
def incidents(request, organisation):
    """What happened at a provider, the newest first."""
    rows = queries.of_provider(organisation, user=request.user)
    listed = lists.page(rows, request.GET, order=["-happened_at", "-id"])
    return page(request, organisation, "monitoring/incidents.html", active="incidents", page=listed)


@guard(permissions.can_list_of_pupils, on=Organisation)
@reads("personal")
@require_safe
def pupil_incidents(request, organisation):
    """What happened to a commissioner's own pupils at its providers."""
    rows = queries.of_pupils(organisation, user=request.user)
    listed = lists.page(rows, request.GET, order=["-happened_at", "-id"])
    return page(request, organisation, "monitoring/pupil_incidents.html", active="pupil_incidents", page=listed)


@guard(permissions.can_list, on=Organisation)
def add_incident(request, organisation):
    """Write down what happened."""
    today = clock.today()
    form = IncidentForm(
        posted(request),
        placements=queries.pupils_of(organisation, user=request.user, today=today),
        sites=queries.sites_of(organisation),
        initial={"happened_on": today},
        submit="Save",
    )
    if request.method == "POST" and form.is_valid():
        made = []
        if tried(form, lambda: made.append(_add(form, organisation, request.user, today))):
            return done(request, "It is written down", "incident", made[0].pk)
    listing.note_pupils(organisation=organisation, number=len(form.placements), by=request.user, at=clock.now())
    return page(request, organisation, "monitoring/add_incident.html", active="incidents", form=form)


@guard(permissions.can_see, on=Incident)
@reads("personal")
@require_safe
def incident(request, incident):
    """One incident, as it was written down and corrected."""
    story = queries.story_of(incident)
    context = {
        "incident": incident,
        "words": queries.text_of(incident, "words"),
        "corrected": [(one, queries.text_of(one, "words")) for one in story],
        "newer": queries.replacement_of(incident),
        "writes": permissions.can_write(request.user, incident),
    }
    organisation = _side(request.user, incident)
    return page(request, organisation, "monitoring/incident.html", active="incidents", **context)


@guard(permissions.can_write, on=Incident)
@reads("personal")
def correct_incident(request, incident):
    """Write it down anew: what stood there stays to be read."""
    if request.method != "POST" and queries.replacement_of(incident):
        return redirect("incident", incident.pk)
    form = IncidentForm(
        posted(request), placements=[], sites=queries.sites_of(incident.provider), initial=_as_typed(incident),
        submit="Save the correction",
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        made = []
        if tried(form, lambda: made.append(_correct(form, incident, request.user))):
            return done(request, "The correction is saved", "incident", made[0].pk)
    context = {"incident": incident, "form": form}
    return page(request, incident.provider, "monitoring/correct_incident.html", active="incidents", **context)


def _add(form: IncidentForm, organisation, by, today) -> Incident:
    return actions.add_incident(provider=organisation, happened=form.happened(), by=by, at=clock.now(), today=today)


def _correct(form: IncidentForm, incident: Incident, by) -> Incident:
    return actions.correct_incident(incident=incident, happened=form.happened(), by=by, at=clock.now())


def _as_typed(incident: Incident) -> dict:
    happened, told = localtime(incident.happened_at), incident.parent_told_at and localtime(incident.parent_told_at)
    start = {name: getattr(incident, name) for name in ("kind", "first_aid", "hospital", "reportable")}
    start |= {"site": incident.site_id, "words": queries.text_of(incident, "words")}
    start |= {"happened_on": happened.date(), "happened_time": happened.time()}
    return start | ({"told_on": told.date(), "told_time": told.time()} if told else {})


def _side(user, incident: Incident) -> Organisation:
    """In whose name the person looks at it."""
    if permissions.can_write(user, incident):
        return incident.provider
    sides = partial(permissions.can_list_of_pupils, user)
    return next(one for one in (incident.placement.commissioner, incident.placement.home_school) if one and sides(one))
