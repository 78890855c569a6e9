"""What a notice says, what contradicts itself in it, and the framework that is made of it or brought up to it."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts.forms.fields import posted
from core import clock
from core.access import guard
from lots.rules.differences import print_of
from lots.rules.refusals import Refused as LotsRefused
from notices import permissions
from notices.actions import releases as actions
from notices.forms.releases import ConfirmForm, TakeForm
from notices.models import Release
from notices.queries import releases as queries
from notices.rules import answers as rules
from notices.rules.errors import BadNotice
from notices.rules.findings import NOTE
from notices.rules.refusals import Refused, Unanswered
from notices.views import shown


@guard(permissions.can_see_release, on=Release)
def release(request, release):
    """What was understood of a release: its framework, or what it is instead; what contradicts itself in it."""
    context = {"release": release, "may_use": permissions.can_use_release(request.user, release)}
    try:
        told = queries.told_by(release, today=clock.today())
    except BadNotice as problem:
        return render(request, "notices/release.html", context | {"problem": problem})
    context |= {"told": told, "standing": queries.framework_of(release)}
    if told.facts:
        context |= shown.of_facts(told.facts)
        if not context["standing"]:
            context["problem"] = queries.unfit(told)
        context["asked"] = len(rules.asked(told.findings))
        context["other_buyer"] = queries.names_another_buyer(release, told.understanding)
    return render(request, "notices/release.html", context)


@guard(permissions.can_use_release, on=Release)
def confirm_release(request, release):
    """Answer what the notice leaves open, check the answers, and make the framework."""
    told, elsewhere = _told(request, release)
    if elsewhere or queries.framework_of(release):
        return elsewhere or redirect("compare_release", release.pk)
    if queries.unfit(told):
        return redirect("release", release.pk)
    buyer = told.understanding.buyer
    named = f"{buyer.name} ({buyer.number})" if buyer.number else buyer.name or "The buyer, who has no name there,"
    other = named if queries.names_another_buyer(release, told.understanding) else ""
    form = ConfirmForm(posted(request), told=told, buyer=other, organisation=release.organisation)
    notes = [finding for finding in told.findings if finding.effect == NOTE]
    context = {"release": release, "form": form, "told": told, "other_buyer": other, "notes": notes}
    step = request.POST.get("step", "")
    if request.method != "POST" or step == "change" or not form.is_valid():
        return render(request, "notices/confirm_release.html", context)
    if step == "confirm":
        try:
            framework = actions.confirm_release(
                release=release,
                answers=form.answers(),
                parts=form.parts(),
                is_our_buyer=bool(other),
                by=request.user,
                at=clock.now(),
            )
        except (Refused, Unanswered, LotsRefused, BadNotice) as refusal:
            form.add_error(None, shown.sentence(refusal))
            return render(request, "notices/confirm_release.html", context)
        messages.success(request, "The framework is here. Everything that the notice says is filled in")
        return redirect("setup_framework", framework.pk)
    context["settled"] = rules.settled(told.findings, form.answers())
    return render(request, "notices/check_release.html", context)


@guard(permissions.can_use_release, on=Release)
def compare_release(request, release):
    """The portal, the notice that the framework came from, and this one, side by side: choose what to take."""
    told, elsewhere = _told(request, release)
    framework = queries.framework_of(release)
    if elsewhere or framework is None or release.is_source:
        return elsewhere or redirect("release", release.pk)
    source, was = queries.source_facts(framework, today=clock.today())
    now, sides = queries.sides(framework, was, told.facts)
    findings = queries.open_findings(framework, told.findings)
    form = TakeForm(posted(request), sides=sides, findings=findings, seen=print_of(now))
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_release(
                release=release,
                keys=form.keys(),
                answers=form.answers(),
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=clock.now(),
            )
        except (Refused, Unanswered, LotsRefused, BadNotice) as refusal:
            form.add_error(None, shown.sentence(refusal))
        else:
            messages.success(request, "The framework now follows this notice")
            return redirect("setup_framework", framework.pk)
    context = {"release": release, "framework": framework, "source": source, "form": form}
    return render(request, "notices/compare_release.html", context)


def _told(request, release):
    """What the release says of a framework; or the way to its page, which says why there is none."""
    try:
        told = queries.told_by(release, today=clock.today())
    except BadNotice:
        return None, redirect("release", release.pk)
    return told, None if told.facts else redirect("release", release.pk)
