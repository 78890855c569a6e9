"""A limit of a published framework is changed by two people."""

from __future__ import annotations

from django.shortcuts import render

from accounts.forms.fields import posted
from core import clock
from core.access import guard
from lots import permissions
from lots.actions import limits as actions
from lots.forms.limits import AnswerForm, LimitForm
from lots.models import Framework
from lots.queries.limits import asked_of
from lots.views.setting_up import done, tried


@guard(permissions.can_manage_framework, on=Framework)
def change_limit(request, framework):
    """Ask for other limits."""
    form = LimitForm(posted(request), framework=framework)

    def act():
        typed = form.cleaned_data
        words = {"limits": form.limits, "reason": typed["reason"], "ground": typed["ground"]}
        actions.ask_for_limit(framework=framework, **words, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The change waits for a second person", "confirm_limit", framework.pk)
    context = {"framework": framework, "form": form, "asked": asked_of(framework)}
    return render(request, "lots/change_limit.html", context)


@guard(permissions.can_see_round, on=Framework)
def confirm_limit(request, framework):
    """Answer the request that waits."""
    form, asked = AnswerForm(posted(request)), asked_of(framework)

    def act():
        answer = actions.confirm_limit if form.cleaned_data["answer"] == "yes" else actions.drop_limit
        answer(framework=framework, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        changed = form.cleaned_data["answer"] == "yes"
        return done(request, "The limits have changed" if changed else "The limits stay", "framework", framework.pk)
    context = {"framework": framework, "form": form, "asked": asked}
    return render(request, "lots/confirm_limit.html", context)
