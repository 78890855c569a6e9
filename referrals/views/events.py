"""Changes at providers, for both sides, and the decisions that a suspension asks of a commissioner."""

from __future__ import annotations

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from audit.reads import reads
from core import clock, lists
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import deciding
from referrals.actions import events as actions
from referrals.forms.events import ChangeForm, DecisionForm
from referrals.models import DecisionDue
from referrals.permissions import events as permissions
from referrals.permissions import placements
from referrals.queries import events as queries
from referrals.rules import events as rules
from referrals.states import Decided, PlacementState, ProviderEventKind
from referrals.views.frame import page
from referrals.views.placement_frame import address, placement_page

COLOURS = {
    ProviderEventKind.STAFF: "blue",
    ProviderEventKind.SITE: "blue",
    ProviderEventKind.INSURANCE: "orange",
    ProviderEventKind.SUSPENDED: "red",
    ProviderEventKind.LIFTED: "green",
}
NOBODY = "Your change was written down. Nobody has a pupil placed with you at present, so nobody had to be told"


@guard(permissions.can_see_changes, on=Organisation)
@require_safe
def provider_changes(request, organisation):
    """What a provider has told, and what the portal has told of it."""
    found = lists.page(queries.changes_of(organisation), request.GET, order=["-id"])
    for one in found.rows:
        one.colour = COLOURS[one.kind]
    may_add = permissions.can_add_change(request.user, organisation)
    return page(request, organisation, "referrals/changes.html", page=found, may_add=may_add)


@guard(permissions.can_add_change, on=Organisation)
def add_change(request, organisation):
    """Tell a change."""
    form, made = ChangeForm(posted(request)), []

    def act():
        typed = form.cleaned_data | {"by": request.user, "at": clock.now(), "today": clock.today()}
        made.append(actions.add_change(provider=organisation, **typed))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        told = made[0].told
        said = f"Your change was told to {told} commissioner{'' if told == 1 else 's'}" if told else NOBODY
        return done(request, said, "provider_changes", organisation.pk)
    return page(request, organisation, "referrals/changes_add.html", form=form)


@guard(permissions.can_read_told, on=Organisation)
@reads("personal")
@require_safe
def changes_told(request, organisation):
    """What was told of the providers where pupils are placed, newest first."""
    found = lists.page(queries.told_to(organisation, user=request.user), request.GET, order=["-id"])
    beside = queries.placements_beside(found.rows, organisation, user=request.user)
    for one in found.rows:
        there = beside[one.provider_id]
        one.colour, one.placements, one.more = COLOURS[one.kind], there[: queries.LATEST], there[queries.LATEST :]
    return page(request, organisation, "referrals/changes_told.html", active="decisions", page=found)


@guard(permissions.can_see_decisions, on=Organisation)
@reads("personal")
@require_safe
def decisions(request, organisation):
    """What a commissioner has to decide, what is still to be moved, and what was decided."""
    rows = queries.decisions_of(organisation, user=request.user)
    waiting, to_move = queries.waiting_first(rows)
    found = lists.page(queries.settled(rows), request.GET, order=["-id"])
    queries.with_days(found.rows)
    today = clock.today()
    for one in queries.with_days(waiting):
        one.late = rules.days_late(one.due_on, today)
    most = queries.SHOWN
    context = {"waiting": waiting[:most], "to_move": to_move[:most], "page": found}
    context |= {"more_wait": waiting[most:], "more_to_move": to_move[most:]}
    return page(request, organisation, "referrals/decisions.html", active="decisions", **context)


@guard(permissions.can_see_decision, on=DecisionDue)
@reads("personal")
def decide(request, decision):
    """One decision: made, or read once it was."""
    placement, user = decision.placement, request.user
    open_, may = not decision.decided and decision.lapsed_at is None, permissions.can_decide(user, decision)
    form = DecisionForm(posted(request), choices=rules.choices_for(placement.state))

    def act():
        deciding.decide_placement(
            decision=decision,
            what=form.cleaned_data["decided"],
            reason=form.cleaned_data["reason"],
            by=user,
            at=clock.now(),
            today=clock.today(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        if form.cleaned_data["decided"] == Decided.MOVE and placements.can_commission(user, placement):
            return done(request, "Your decision was written down. One thing is left", _over(placement), placement.pk)
        return done(request, "Your decision was written down", "decide", decision.pk)
    [decision] = queries.with_days([decision])
    context = {
        "decision": decision,
        "cause": queries.cause_for(decision),
        "late": rules.days_late(decision.due_on, clock.today()),
        "form": form if may and (open_ or form.is_bound) else None,
        "is_open": open_,
        "to_move": rules.is_still_to_move(decision.decided, placement.state),
        "over_url": address(_over(placement), placement.pk),
        "is_started": placement.state != PlacementState.ASSURANCE,
        "list_url": address("decisions", placement.commissioner_id),
    }
    return placement_page(request, placement, "referrals/decision.html", **context)


def _over(placement) -> str:
    """The page on which a placement is ended, or cancelled before it has started."""
    return "cancel_placement" if placement.state == PlacementState.ASSURANCE else "end_placement"
