"""Check a framework, publish it, give it up."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.forms.fields import posted
from core import clock
from core.access import guard
from lots import permissions
from lots.actions import publication as actions
from lots.forms.setup import PublishForm, WithdrawForm
from lots.models import Framework
from lots.queries import setup as queries
from lots.rules import readiness
from lots.states import FrameworkState
from lots.views.setting_up import done, page, tried, while_set_up


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def check_framework(request, framework):
    """What is missing, and what to think about. Nothing is changed here."""
    blocks, warns = _gaps(framework)
    context = {"framework": framework, "blocks": blocks, "warns": warns}
    return render(request, "lots/check_framework.html", context)


@guard(permissions.can_manage_framework, on=Framework)
@while_set_up()
def publish_framework(request, framework):
    """Confirm, then publish."""
    form = PublishForm(posted(request))

    def act():
        actions.publish_framework(framework=framework, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The framework is published. Anybody can read it now", "setup_framework", framework.pk)
    blocks, warns = _gaps(framework)
    if request.method != "POST" and blocks:
        return redirect("check_framework", framework.pk)
    context = {"framework": framework, "form": form, "warns": warns}
    return render(request, "lots/publish_framework.html", context)


@guard(permissions.can_manage_framework, on=Framework)
def withdraw_framework(request, framework):
    """Delete a draft, or withdraw what is published with the reason."""
    published = framework.state != FrameworkState.DRAFT
    form = WithdrawForm(posted(request), published=published)

    def act():
        reason = form.cleaned_data.get("reason", "")
        actions.withdraw_framework(framework=framework, reason=reason, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        if not published:
            return done(request, "The draft was deleted", "organisation_frameworks", framework.buyer_id)
        return done(request, "The framework was withdrawn", "setup_framework", framework.pk)
    heading = "Withdraw this framework?" if published else "Delete this draft?"
    warning = (
        "Nobody can apply any more. The framework’s page stays, with your reason. The law also has you publish a "
        "procurement termination notice on Find a Tender (Procurement Act 2023, section 55)."
        if published
        else "Everything that was set up is deleted. A notice that it came from stays and can be brought in again."
    )
    back = reverse("setup_framework", args=[framework.pk]), "Setting up"
    return page(request, framework, form, heading, back=back, warning=warning)


def _gaps(framework) -> tuple[list[dict], list[dict]]:
    """What is missing and what to think about, each with its text and where it is mended."""
    gaps = readiness.check(queries.setup_of(framework), now=clock.now())
    shown = {readiness.BLOCKS: [], readiness.WARNS: []}
    for gap in gaps:
        url = reverse(gap.url_name, args=[framework.pk])
        shown[gap.severity].append({"text": gap.text, "url": url, "task": readiness.TASKS[gap.url_name]})
    return shown[readiness.BLOCKS], shown[readiness.WARNS]
