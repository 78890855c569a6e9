"""The timetable of a framework that is being set up, and its meetings, which may change after that too."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from core import clock
from core.access import guard
from lots import permissions
from lots.actions import timetable as actions
from lots.forms.timetable import KeyDateForm, TimetableForm
from lots.models import Framework, KeyDate
from lots.queries import setup as queries
from lots.rules import readiness
from lots.rules import timetable as rules
from lots.states import FrameworkState
from lots.views.setting_up import done, page, tried, while_set_up


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def framework_timetable(request, framework):
    """The framework's own dates, and its meetings below."""
    decision = queries.decision_about(framework, readiness.TERM)
    form = TimetableForm(posted(request), framework=framework, reason=decision.reason if decision else "")

    def act():
        actions.set_timetable(
            framework=framework,
            dates=form.dates,
            reason=form.cleaned_data.get("reason", ""),
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The timetable was saved", "setup_framework", framework.pk)
    cautions = rules.cautions(queries.timetable_of(framework), now=clock.now())
    return page(
        request, framework, form, "Timetable", back=_tasks(framework), template="lots/framework_timetable.html",
        dates=queries.key_dates_of(framework), cautions=cautions.values(),
    )  # fmt: skip


@guard(permissions.can_manage_framework, on=Framework)
def add_key_date(request, framework):
    """A meeting or a planned date."""
    form = KeyDateForm(posted(request))

    def act():
        data = form.cleaned_data
        actions.add_key_date(
            framework=framework,
            kind=data["kind"],
            moment=form.moment,
            description=data["description"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The date was added", _from(framework), framework.pk)
    return page(request, framework, form, "Add a meeting or a planned date", back=_back(framework))


@guard(permissions.can_manage_date, on=KeyDate)
def remove_key_date(request, date):
    """Ask, then remove."""
    form = SureForm(posted(request), submit="Remove the date")

    def act():
        actions.remove_key_date(date=date, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The date was removed", _from(date.framework), date.framework_id)
    return render(request, "lots/remove_key_date.html", {"form": form, "date": date, "framework": date.framework})


def _tasks(framework) -> tuple[str, str]:
    return reverse("setup_framework", args=[framework.pk]), "Setting up"


def _from(framework) -> str:
    """The page that shows the dates: the timetable while it can be changed, else what is left of setting up."""
    return "framework_timetable" if framework.state == FrameworkState.DRAFT else "setup_framework"


def _back(framework) -> tuple[str, str]:
    name = _from(framework)
    return reverse(name, args=[framework.pk]), "Timetable" if name == "framework_timetable" else "Setting up"
