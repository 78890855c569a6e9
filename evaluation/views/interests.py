"""Interests: one's own, somebody else's, and what was decided about them."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import clock, lists
from core.access import guard
from evaluation.actions import interests as actions
from evaluation.forms.interests import AfterForm, BeforeForm, DecideForm, ReportForm
from evaluation.models import Conflict, Evaluation
from evaluation.permissions import panel as permissions
from evaluation.queries import interests as queries
from evaluation.rules import interests as rules
from evaluation.states import When
from evaluation.views.frame import page
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried


@guard(permissions.can_declare, on=Evaluation)
def declare_interests(request, evaluation):
    """Declare interests while the names are not known."""
    stands = queries.declaration_of(request.user, evaluation, When.BEFORE)
    form, found = BeforeForm(posted(request)), []

    def act():
        said = form.cleaned_data
        known, unknown = actions.declare_before(
            evaluation=evaluation,
            has_interest=said["has_interest"] == "yes",
            text=said["text"],
            names=said["names"],
            by=request.user,
            at=clock.now(),
        )
        found.extend([known, unknown])

    if request.method == "POST" and form.is_valid() and tried(form, act):
        known, unknown = found
        if unknown:
            messages.warning(
                request,
                f"Nobody is registered in the portal as {', '.join(unknown)}. You are asked again when the names of "
                "the bidders are known",
            )
        said = f". You are kept away from {', '.join(known.values())}" if known else ""
        onwards = "declare_bidders" if evaluation.fixed_at else "evaluation"
        return done(request, f"Your declaration was saved{said}", onwards, evaluation.pk)
    context = {"form": form, "stands": stands, "own": queries.own_conflicts(request.user, evaluation)}
    return page(request, evaluation, "evaluation/declare_interests.html", **context)


@guard(permissions.can_declare, on=Evaluation)
def declare_bidders(request, evaluation):
    """Declare interests with the names of the bidders, and nothing but the names, in sight."""
    user = request.user
    try:
        rules.check_turn(
            after=True,
            opened=evaluation.fixed_at is not None,
            declared_before=queries.has_declared(user, evaluation, When.BEFORE),
        )
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("declare_interests", evaluation.pk)
    own, bidders = queries.own_conflicts(user, evaluation), queries.bidders(evaluation)
    said = {one.provider_id: one.text for one in own if one.mitigated_at is None and one.provider_id in bidders}
    form, found = AfterForm(posted(request), bidders=bidders, said=said), []

    def act():
        new = actions.declare_after(
            evaluation=evaluation,
            has_interest=form.cleaned_data["has_interest"] == "yes",
            chosen=form.chosen,
            by=user,
            at=clock.now(),
        )
        found.extend(bidders[provider] for provider in sorted(new, key=bidders.__getitem__))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        said = f". You are kept away from {', '.join(found)}" if found else ""
        return done(request, f"Your declaration was saved{said}", "evaluation", evaluation.pk)
    context = {"form": form, "own": own, "stands": queries.declaration_of(user, evaluation, When.AFTER)}
    return page(request, evaluation, "evaluation/declare_bidders.html", **context)


@guard(permissions.can_oversee, on=Evaluation)
@require_safe
def interests(request, evaluation):
    """Who has declared, which interests are known, and how each was dealt with. Of bids it says nothing. Names of
    bidders are hidden from somebody who has yet to declare, once they are known."""
    user = request.user
    stands = queries.declarations_of(evaluation)
    names = evaluation.fixed_at is None or (user.pk, When.AFTER) in stands
    rows = queries.conflicts_in(evaluation, user=user)
    people = queries.appointed_in(evaluation)
    context = {
        "people": [(name, (pk, When.BEFORE) in stands, (pk, When.AFTER) in stands) for pk, name in people.items()],
        "opened": evaluation.fixed_at is not None,
        "names": names,
        "page": lists.page(rows, request.GET, order=["-id"]) if names else None,
    }
    return page(request, evaluation, "evaluation/interests.html", active="panel", **context)


@guard(permissions.can_declare, on=Evaluation)
def report_interest(request, evaluation):
    """Say that somebody else has an interest."""
    user, opened = request.user, evaluation.fixed_at is not None
    if opened and not queries.has_declared(user, evaluation, When.AFTER):
        messages.warning(request, "Declare your own interests first")
        return redirect("declare_bidders", evaluation.pk)
    people = {pk: name for pk, name in queries.who_could_have_one(evaluation).items() if pk != user.pk}
    form = ReportForm(posted(request), people=people, bidders=queries.bidders(evaluation) if opened else {})

    def act():
        said = form.cleaned_data
        provider = said.get("provider") or _registered(said["named"])
        actions.report(
            evaluation=evaluation,
            person=queries.person(said["person"]),
            provider=provider,
            text=said["text"],
            by=user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        said = "They are kept away from this organisation until somebody who oversees the evaluation decides"
        return done(request, said, "evaluation", evaluation.pk)
    return page(request, evaluation, "evaluation/report_interest.html", form=form, opened=opened)


def _registered(named: str) -> int:
    """The provider of this name. Raises `Refused`."""
    known, _ = queries.registered([named])
    if not known:
        raise Refused(
            "Nobody is registered in the portal by this name. Report it again when the names of the bidders are known",
            field="named",
        )
    return next(iter(known))


@guard(permissions.can_decide_interest, on=Conflict)
def mitigate_interest(request, conflict):
    """Decide that an interest does no harm."""
    evaluation = conflict.evaluation
    if evaluation.fixed_at and not queries.has_declared(request.user, evaluation, When.AFTER):
        messages.warning(request, "Declare your own interests first")
        return redirect("declare_bidders", evaluation.pk)
    form = DecideForm(posted(request))

    def act():
        actions.mitigate(conflict=conflict, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "They can see this application again", "interests", evaluation.pk)
    context = {"form": form, "conflict": conflict, "is_own": conflict.person_id == request.user.pk}
    return page(request, evaluation, "evaluation/mitigate_interest.html", active="panel", **context)
