"""What a budget holder is asked: never who the pupil is, nor the need."""

from __future__ import annotations

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock, lists
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import approval as actions
from referrals.forms.referral_ends import AnswerForm
from referrals.forms.referral_list import ApprovalFilter
from referrals.models import Approval
from referrals.permissions import referrals as permissions
from referrals.queries import approvals as queries
from referrals.views.frame import page


@guard(permissions.can_list_approvals, on=Organisation)
@require_safe
def approvals(request, commissioner):
    """What was asked of the budget holders of a commissioner, newest first."""
    rows = queries.of_commissioner(commissioner, user=request.user)
    found = ApprovalFilter(request.GET, queryset=rows)
    listed = lists.page(found.qs, request.GET, order=["-id"])
    for row in listed.rows:
        row.yours = row.answered_at is None and permissions.can_answer(request.user, row)
    context = {"filter": found, "page": listed}
    return page(request, commissioner, "referrals/approvals.html", active="approvals", **context)


@guard(permissions.can_see_approval, on=Approval)
def approval(request, approval):
    """One question, and its answer."""
    referral = approval.referral
    may_answer = permissions.can_answer(request.user, approval)
    asks = (may_answer and approval.answered_at is None) or request.method == "POST"
    form = AnswerForm(posted(request), pence=approval.pence) if asks else None

    def act():
        actions.answer_approval(approval=approval, **form.cleaned_data, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "Your answer was sent", "approval", approval.pk)
    context = {
        "approval": approval,
        "referral": referral,
        "hours": f"{referral.minutes / 60:g}" if referral.minutes else "",
        "form": form,
        "may_answer": may_answer,
        "may_see": permissions.can_see(request.user, referral),
        "holders": queries.holders_of(referral.commissioner, but=approval.asked_by_id),
    }
    return page(request, referral.commissioner, "referrals/approval.html", active="approvals", **context)
