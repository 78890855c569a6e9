"""The freeze of quality: what still stands in its way, what it says, working its hash out again, and undoing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.forms.fields import posted
from core import clock
from core.access import Denied, guard
from evaluation.actions import freezing as actions
from evaluation.forms.moderation import UnfreezeForm
from evaluation.models import Evaluation, Freeze
from evaluation.permissions import duties
from evaluation.permissions import moderation as permissions
from evaluation.queries import appeals
from evaluation.queries import freezes as queries
from evaluation.queries import frozen as rows
from evaluation.rules.stages import check_stage
from evaluation.states import Stage
from evaluation.views.frame import page
from lots.rules.refusals import Refused
from lots.views.setting_up import tried

SHOWN = 20


@guard(permissions.can_see_freeze, on=Evaluation)
def freeze(request, evaluation):
    """Whether quality can be frozen, with what is still open; later what was frozen, and what appeals changed since."""
    user = request.user
    if request.method == "POST":
        return _freeze(request, evaluation)
    judging = evaluation.stage == Stage.JUDGING
    made = queries.freezes_of(evaluation)
    stands = next((one for one in made if one.voided_at is None), None)
    can = duties.can_moderate(user, evaluation)
    there = queries.open_things(evaluation, at=clock.now()) if judging else None
    return page(
        request,
        evaluation,
        "evaluation/freeze.html",
        active="freeze",
        stands=stands,
        freezes=made,
        open=there,
        todo=_todo(evaluation, there, oversees=duties.can_oversee(user, evaluation)) if there else [],
        can_freeze=can and judging and there.is_clear,
        can_moderate=can,
        is_judging=judging,
        totals=queries.totals_of(stands, user=user) if stands else None,
        stale=appeals.affected_by(evaluation, user=user) if stands else None,
        appeals_waiting=queries.waiting_appeals(evaluation, user=user),
        can_propose=bool(stands) and permissions.can_propose_unfreeze(user, evaluation),
    )


def _freeze(request, evaluation):
    try:
        made = actions.freeze(evaluation=evaluation, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
        return redirect("freeze", evaluation.pk)
    messages.success(request, "Quality is frozen")
    return redirect("frozen", made.pk)


def _todo(evaluation, there, *, oversees: bool) -> list[dict]:
    """What is still open, with where it is dealt with; progress and panel are for whoever runs the evaluation."""
    moderation = reverse("differences", args=[evaluation.pk])
    progress = reverse("progress", args=[evaluation.pk]) if oversees else ""
    panel = reverse("panel", args=[evaluation.pk]) if oversees else ""
    return [
        _task(
            "Settle every standard of every bid",
            progress,
            there.unsettled,
            "outcome is missing",
            "outcomes are missing",
        ),
        _task("Decide differences in moderation", moderation, there.differ, "difference waits", "differences wait"),
        _task("Have bidders’ answers", progress, there.waiting, "question is open", "questions are open"),
        _task(
            "Have two people for every standard of every bid",
            panel,
            there.without,
            "outcome has fewer than two people to judge it",
            "outcomes have fewer than two people to judge them",
        ),
        _task(
            "Deal with interests of people who judged",
            moderation,
            there.clashes,
            "outcome rests on somebody with an interest in the bidder: decide it in moderation",
            "outcomes rest on somebody with an interest in the bidder: decide them in moderation",
        ),
    ]


def _task(title: str, url: str, number: int, one: str, many: str) -> dict:
    hint, status = (_many(number, one, many), "To do") if number else ("", "")
    return {"title": title, "url": url, "done": not number, "hint": hint, "status": status}


def _many(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


@guard(permissions.can_see_freeze, on=Freeze)
@require_safe
def frozen(request, freeze):
    """What one freeze says of each bid and theme, fifty bids to a page; a freeze that was undone too."""
    found = queries.results_of(freeze, request.GET, user=request.user)
    return page(
        request,
        freeze.evaluation,
        "evaluation/frozen.html",
        active="freeze",
        freeze=freeze,
        results=found,
        page=found.page,
        can_note=permissions.can_propose_unfreeze(request.user, freeze),
    )


@guard(permissions.can_see_freeze, on=Freeze)
@require_safe
def check_freeze(request, freeze):
    """Work the hash of a freeze out again: once from its document, once from the rows."""
    found = rows.recomputed(freeze, queries.document_of(freeze))
    named = rows.in_words(found.differing, user=request.user)
    return page(
        request,
        freeze.evaluation,
        "evaluation/check_freeze.html",
        active="freeze",
        freeze=freeze,
        found=found,
        differing=named[:SHOWN],
        more=len(found.differing) - len(named[:SHOWN]),
        sees_all=queries.sees_all_of(freeze, request.user),
    )


@guard(permissions.can_see_freeze, on=Freeze)
@require_safe
def freeze_file(request, freeze):
    """The document of a freeze as JSON. It is whole or not at all, so whoever may not see one of its bids does not get
    it."""
    if not queries.sees_all_of(freeze, request.user):
        raise Denied
    answer = HttpResponse(freeze.document.encode(), content_type="application/json")
    name = f"quality-freeze-{freeze.evaluation_id}-{freeze.number}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@guard(permissions.can_drop_unfreeze, on=Evaluation)
def unfreeze(request, evaluation):
    """Propose that a freeze is undone, with what would stop counting; or confirm what a colleague proposes."""
    user = request.user
    stands = queries.standing_freeze(evaluation)
    shut = _shut(evaluation, stands)
    form = UnfreezeForm(posted(request))
    may_propose = permissions.can_propose_unfreeze(user, evaluation)

    def act():
        actions.propose_unfreeze(evaluation=evaluation, reason=form.cleaned_data["reason"], by=user, at=clock.now())

    if request.method == "POST" and not may_propose:
        raise Denied
    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "Your proposal was saved. A colleague must confirm it")
        return redirect("unfreeze", evaluation.pk)
    proposed = bool(stands) and stands.void_proposed_by_id is not None
    return page(
        request,
        evaluation,
        "evaluation/unfreeze.html",
        active="freeze",
        freeze=stands,
        form=form,
        shut=shut,
        proposed=proposed,
        is_own=proposed and stands.void_proposed_by_id == user.pk,
        may_propose=may_propose,
        may_confirm=permissions.can_confirm_unfreeze(user, evaluation),
        void=queries.would_be_void(evaluation, stands) if stands and not shut else None,
    )


def _shut(evaluation, stands) -> str:
    """Why nothing can be undone now; empty where it can."""
    try:
        check_stage(evaluation.stage, actions.UNDOABLE, "A freeze can be undone")
    except Refused as refusal:
        return str(refusal)
    return "" if stands else "There is no freeze that holds now"


@require_POST
@guard(permissions.can_confirm_unfreeze, on=Evaluation)
def confirm_unfreeze(request, evaluation):
    """Undo the freeze as the second person."""
    try:
        actions.confirm_unfreeze(
            evaluation=evaluation, seen=request.POST.get("seen", ""), by=request.user, at=clock.now()
        )
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
        return redirect("unfreeze", evaluation.pk)
    messages.success(request, "The freeze is undone, and quality can be judged again")
    return redirect("freeze", evaluation.pk)


@require_POST
@guard(permissions.can_drop_unfreeze, on=Evaluation)
def drop_unfreeze(request, evaluation):
    """Drop the proposal."""
    try:
        actions.drop_unfreeze(evaluation=evaluation, by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, f"{refusal}.")
        return redirect("unfreeze", evaluation.pk)
    messages.success(request, "The proposal was dropped: the freeze holds")
    return redirect("freeze", evaluation.pk)
