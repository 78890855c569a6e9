"""Setting a framework up by hand: begin, the list of tasks, about the framework, who may use it."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import reverse

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock
from core.access import guard
from lots import permissions
from lots.actions import setup as actions
from lots.forms.setup import AboutForm, StartForm, UsersForm
from lots.models import Framework
from lots.queries import setup as queries
from lots.rules import readiness
from lots.states import CallOff, FrameworkState
from lots.views.setting_up import done, page, tried, while_set_up


@guard(permissions.can_start_framework, on=Organisation)
def start_framework(request, organisation):
    """Begin a framework without a notice."""
    form = StartForm(posted(request))
    made = []

    def act():
        made.append(
            actions.start_framework(organisation=organisation, **form.cleaned_data, by=request.user, at=clock.now())
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(
            request, "The framework was started. You can stop at any time and come back", "setup_framework", made[0].pk
        )
    context = {"organisation": organisation, "form": form}
    return render(request, "lots/start_framework.html", context)


@guard(permissions.can_manage_framework, on=Framework)
def setup_framework(request, framework):
    """The list of tasks; once the framework is published, what may still be changed."""
    if framework.state != FrameworkState.DRAFT:
        context = {"framework": framework, "dates": queries.key_dates_of(framework)}
        return render(request, "lots/setup_published.html", context)
    setup = queries.setup_of(framework)
    gaps = readiness.check(setup, now=clock.now())
    hints = {
        readiness.STANDARDS: "What providers must meet, and what shows it",
        readiness.POLICIES: "Who passes on price and on quality, what a place is worth, what is paid",
        readiness.USERS: "",
        readiness.RECOVERY: "Takes two people: a colleague and you",
    }
    tasks = [
        {
            "title": task.title,
            "url": reverse(task.url_name, args=[framework.pk]),
            "done": task.state == "Done",
            "status": task.state,
            "hint": hints.get(task.url_name, ""),
        }
        for task in readiness.tasks(setup, gaps)
    ]
    missing = len(readiness.blocking(gaps))
    check = {
        "title": readiness.TASKS[readiness.CHECK],
        "url": reverse("check_framework", args=[framework.pk]),
        "status": "Ready" if not missing else f"{missing} missing",
    }
    context = {"framework": framework, "tasks": tasks, "check": [check], "count": sum(task["done"] for task in tasks)}
    return render(request, "lots/setup_framework.html", context)


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def about_framework(request, framework):
    """What is said of the framework as a whole."""
    form = AboutForm(posted(request), framework=framework)

    def act():
        actions.describe_framework(framework=framework, changes=form.cleaned_data, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "What you wrote about the framework was saved", "setup_framework", framework.pk)
    return page(request, framework, form, "About the framework", back=_tasks(framework))


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def framework_users(request, framework):
    """Who may use the framework."""
    named = list(queries.permitted_users_of(framework))
    area = next((user.description for user in named if user.schools_of_area), "")
    names = [str(user.organisation or user.description) for user in named if not user.schools_of_area]
    others = named or queries.policies_of(framework).call_off == CallOff.NAMED
    initial = {
        "call_off": CallOff.NAMED if others else CallOff.BUYER,
        "schools_of_area": bool(area),
        "area": area or f"Schools in the area of {framework.buyer.name}",
        "named": "\n".join(names),
    }
    form = UsersForm(posted(request), initial=initial)

    def act():
        data = form.cleaned_data
        actions.set_users(
            framework=framework,
            call_off=data["call_off"],
            schools_of_area=data["area"] if data["schools_of_area"] else "",
            named=data["named"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "Who may use the framework was saved", "setup_framework", framework.pk)
    return page(
        request, framework, form, "Who may use the framework",
        back=_tasks(framework), template="lots/framework_users.html", named=named,
        answered=queries.why_only_the_buyer(framework),
    )  # fmt: skip


def _tasks(framework) -> tuple[str, str]:
    return reverse("setup_framework", args=[framework.pk]), "Setting up"
