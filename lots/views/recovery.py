"""The recovery file of a framework: made and tried by two people, on one page that shows whose turn it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.forms.fields import posted
from core import clock
from core.access import guard
from lots import permissions
from lots.actions import recovery as actions
from lots.forms.recovery import ChooseForm, FinishForm, TryForm
from lots.models import Framework
from lots.queries import sealing as queries
from lots.rules import recovery as rules
from lots.rules.refusals import Refused
from lots.states import FrameworkState
from lots.views.setting_up import done, tried, while_set_up

COLOURS = {"begun": "blue", "made": "blue", "half_tried": "blue", "tried": "green"}
DONE = {
    rules.SECOND: "The recovery file is made. Download it now, then try it",
    rules.TRY: "The file opens with your passphrase. Now the first person tries theirs",
    rules.FINISH: "The recovery file works. Keep it: the portal has no copy of it any more",
}


@guard(permissions.can_keep_recovery, on=Framework)
def framework_recovery(request, framework):
    """How far the recovery file is, and the form of the next step for whoever does it."""
    recovery = queries.recovery_of(framework)
    stands = queries.standing(recovery)
    is_draft = framework.state == FrameworkState.DRAFT
    ours = is_draft and stands is not None and rules.is_turn_of(stands, request.user.pk)
    step = rules.turn(stands) if ours else ""
    form = _form(request, step) if step else None
    if request.method == "POST":
        if form is None or request.POST.get("step", step) != step:
            messages.error(request, "That step is not yours to do, or was done already. This is how far the file is.")
            return redirect("framework_recovery", framework.pk)
        if form.is_valid() and tried(form, _act(request, framework, form, step)):
            return done(request, DONE[step], "framework_recovery", framework.pk)
    context = {
        "framework": framework,
        "recovery": recovery,
        "form": form,
        "step": step,
        "is_draft": is_draft,
        "colour": COLOURS[recovery.state] if recovery else "grey",
        "rows": _rows(recovery),
        "voided": queries.voided_of(framework),
        "may_take": recovery is not None and _may_take(stands, request.user.pk),
        "may_begin": is_draft and _may_begin(request.user, framework, stands),
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "lots/framework_recovery.html", context)


@guard(permissions.can_keep_recovery, on=Framework)
@while_set_up()
def begin_recovery(request, framework):
    """The first person chooses a passphrase; what stood before is void then."""
    stands = queries.standing(queries.recovery_of(framework))
    submit = "Begin again" if stands else "Save and go on"
    form = ChooseForm(
        posted(request),
        user=request.user,
        submit=submit,
        replaces=stands.pk if stands else None,
        warning=stands is not None,
    )

    def act():
        actions.begin_recovery(
            framework=framework,
            passphrase=form.cleaned_data["passphrase"],
            replaces=form.cleaned_data["replaces"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        message = "Your passphrase was taken and forgotten. Now a second person chooses theirs"
        return done(request, message, "framework_recovery", framework.pk)
    return render(request, "lots/begin_recovery.html", {"framework": framework, "form": form, "again": stands})


@require_POST
@guard(permissions.can_keep_recovery, on=Framework)
def download_recovery(request, framework):
    """The file, until it was tried."""
    try:
        found = actions.take_recovery_file(framework=framework, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("framework_recovery", framework.pk)
    headers = {
        "Content-Disposition": f'attachment; filename="recovery-framework-{framework.pk}.json"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(found, content_type="application/json", headers=headers)


def _form(request, step: str):
    if step == rules.SECOND:
        return ChooseForm(posted(request), user=request.user, submit="Make the file")
    if step == rules.TRY:
        return TryForm(posted(request), request.FILES or None)
    return FinishForm(posted(request))


def _act(request, framework, form, step: str):
    """The action of this step, with what was typed."""
    known = {"framework": framework, "by": request.user, "at": clock.now()}

    def act():
        typed = form.cleaned_data
        if step == rules.SECOND:
            actions.make_recovery(passphrase=typed["passphrase"], **known)
        elif step == rules.TRY:
            actions.try_recovery(file=typed["file"], passphrase=typed["passphrase"], **known)
        else:
            actions.finish_recovery(passphrase=typed["passphrase"], **known)

    return act


def _rows(recovery) -> list[dict]:
    if recovery is None:
        return []
    rows = [("First person", recovery.first), ("Second person", recovery.second or "Nobody yet")]
    return [{"key": key, "value": str(value)} for key, value in rows]


def _may_take(stands, person: int) -> bool:
    try:
        rules.check_may_take(stands, person)
    except Refused:
        return False
    return True


def _may_begin(user, framework, stands) -> bool:
    """Whether the page offers to begin: with nothing there anybody, else as the rule says."""
    sets_up = permissions.can_manage_framework(user, framework)
    return stands is None or sets_up or user.pk == stands.first
