"""Awards: proposed from what was decided before, read, approved whole or sent back, taken away as a file."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from core import clock, exports, lists
from core.access import guard
from evaluation.actions import awards as actions
from evaluation.filters import LineFilter
from evaluation.forms.awards import ProposeForm, SendBackForm
from evaluation.models import AwardSet, Evaluation
from evaluation.permissions import awards as permissions
from evaluation.permissions.duties import can_run, can_see_prices
from evaluation.queries import award_pages as queries
from evaluation.queries.award_checks import before_approval, before_proposal
from evaluation.states import SetState, Stage
from evaluation.views.frame import page
from jobs.tasks import start_soon
from lots.views.setting_up import tried

COLOURS = {
    SetState.PROPOSED: "yellow",
    SetState.APPROVED: "green",
    SetState.SENT_BACK: "grey",
    SetState.VOID: "grey",
}
HEADINGS = ["Provider", "Bid", "Lot", "Lot title", "Part", "Result", "Reason", "Price line", "Price in pounds"]


def _shown(award_set):
    award_set.words, award_set.colour = SetState(award_set.state).label, COLOURS[SetState(award_set.state)]
    return award_set


@guard(permissions.can_see_awards, on=Evaluation)
@require_safe
def awards(request, evaluation):
    """Every award of an evaluation, and what waits to be taken back."""
    user = request.user
    rows = queries.sets_of(evaluation, sees_prices=can_see_prices(user, evaluation))
    for row in rows:
        _shown(row)
    waits = any(row.state == SetState.PROPOSED for row in rows)
    return page(
        request,
        evaluation,
        "evaluation/awards.html",
        active="awards",
        sets=rows,
        can_propose=evaluation.stage == Stage.CHECKED and not waits and permissions.can_propose(user, evaluation),
        checked=evaluation.stage in {Stage.CHECKED, Stage.AWARDED},
        reversals=queries.reversals_of(evaluation, user=user),
    )


@guard(permissions.can_propose, on=Evaluation)
def propose_award(request, evaluation):
    """Look at what would be awarded, apply the published rule where more pass than there are places, and propose."""
    found = before_proposal(evaluation, user=request.user, today=clock.today())
    form = ProposeForm(posted(request), over=bool(found.over))
    made = []

    def act():
        typed = dict(form.cleaned_data)
        left_out = queries.left_out_keys(evaluation, typed.pop("left_out", {}))
        words = {"evaluation": evaluation, "left_out": left_out, **typed}
        made.append(actions.propose_award(**words, by=request.user, at=clock.now()))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "The award is proposed. Somebody else approves it")
        return redirect("award_set", made[0].pk)
    figures = queries.figures_of(evaluation, found.run, found.case) if found.case else None
    return page(
        request,
        evaluation,
        "evaluation/propose_award.html",
        active="awards",
        form=form,
        found=found,
        figures=figures,
        candidates=queries.candidates_of(evaluation, found.case) if found.over else [],
    )


def _filtered(request, award_set):
    lines = queries.lines_seen(award_set, user=request.user)
    totals = queries.totals_of(lines)
    lots = [(total.lot, f"Lot {total.number}") for total in totals]
    return LineFilter(request.GET, queryset=queries.listed(lines), lots=lots), totals


@guard(permissions.can_see_award, on=AwardSet)
@require_safe
def award_set(request, award_set):
    """What one award says of each bidder and part, fifty to a page, with the totals of each lot."""
    user = request.user
    found, totals = _filtered(request, award_set)
    listed = lists.page(found.qs, request.GET, order=["lot__position", "lot__id", "bid__provider_name", "id"])
    queries.with_prices(listed.rows, award_set)
    query = request.GET.urlencode()
    proposed = award_set.state == SetState.PROPOSED
    return page(
        request,
        award_set.evaluation,
        "evaluation/award_set.html",
        active="awards",
        award=_shown(award_set),
        filter=found,
        page=listed,
        totals=totals,
        query=f"?{query}" if query else "",
        approved=award_set.state == SetState.APPROVED,
        can_approve=proposed and permissions.can_approve(user, award_set),
        can_send_back=proposed and permissions.can_send_back(user, award_set),
        can_run=can_run(user, award_set),
    )


@guard(permissions.can_approve, on=AwardSet)
def approve_award(request, award_set):
    """Check the whole award, with everything that stands in its way, and approve it."""
    evaluation = award_set.evaluation
    form = SureForm(posted(request), submit="Approve the whole award", warning=False)

    def act():
        actions.approve_award(award_set=award_set, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        start_soon()
        messages.success(request, "The award is approved. Its letters are being made")
        return redirect("award_set", award_set.pk)
    found = before_approval(award_set, user=request.user, today=clock.today())
    return page(
        request,
        evaluation,
        "evaluation/approve_award.html",
        active="awards",
        award=_shown(award_set),
        form=form,
        found=found,
        figures=queries.figures_of(evaluation, award_set.run, found.case) if found.case else None,
        totals=queries.totals_of(queries.lines_seen(award_set, user=request.user)),
    )


@guard(permissions.can_send_back, on=AwardSet)
def send_back_award(request, award_set):
    """Say no to a proposal, or take it back."""
    form = SendBackForm(posted(request))

    def act():
        actions.send_back_award(award_set=award_set, **form.cleaned_data, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        messages.success(request, "The award is sent back. It can be proposed anew")
        return redirect("awards", award_set.evaluation_id)
    return page(
        request, award_set.evaluation, "evaluation/send_back_award.html", active="awards", award=award_set, form=form
    )


def _rows(request, award_set):
    found, _ = _filtered(request, award_set)
    for line in queries.streamed(found.qs, award_set):
        start = [
            line.bid.provider_name,
            line.bid.number,
            line.lot.number,
            line.lot.title,
            line.sub_lot.letter if line.sub_lot else "",
            "Awarded" if line.awarded else line.get_cause_display(),
            line.reason,
        ]
        for title, pence in line.prices or [("", None)]:
            yield [*start, title, "" if pence is None else f"{pence // 100}.{pence % 100:02d}"]


@guard(permissions.can_see_award, on=AwardSet)
@require_safe
def award_csv(request, award_set):
    """The lines of an award as CSV, narrowed as the page was: a row for each price."""
    return exports.csv_response(f"award-{award_set.pk}.csv", HEADINGS, _rows(request, award_set))


@guard(permissions.can_see_award, on=AwardSet)
@require_safe
def award_xlsx(request, award_set):
    """The lines of an award as XLSX."""
    return exports.xlsx_response(f"award-{award_set.pk}.xlsx", "Award", HEADINGS, _rows(request, award_set))
