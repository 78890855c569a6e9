"""Asking providers whether they can take a pupil."""

from __future__ import annotations

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock
from core.access import guard
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried
from referrals.actions import asking as actions
from referrals.forms.asking import AskForm
from referrals.models import Referral
from referrals.permissions import enquiries as permissions
from referrals.queries import enquiries as queries
from referrals.queries.referrals import need_of
from referrals.queries.sharing import terms_of
from referrals.rules.answering import last_moment
from referrals.states import ReferralState
from referrals.views.frame import page
from referrals.views.needs import need_rows

READY = {ReferralState.READY, ReferralState.ENQUIRING}


@guard(permissions.can_ask, on=Referral)
@reads("personal")
def ask_providers(request, referral):
    """Choose whom to ask, and see what they will read."""
    now = clock.now()
    rows = queries.candidates(referral, at=now)
    form = AskForm(posted(request), candidates=rows)

    def act():
        actions.ask_providers(referral=referral, places=form.cleaned_data["places"], by=request.user, at=now)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        number = len(set(form.cleaned_data["places"]))
        return done(request, f"{number} provider{'' if number == 1 else 's'} asked", "offers", referral.pk)
    need, refusal = None, ""
    try:
        need = need_of(referral)
    except Refused as refused:
        refusal = str(refused)
    context = {
        "referral": referral,
        "form": form,
        "ready": referral.state in READY,
        "need": need_rows(need) if need else None,
        "refusal": refusal,
        "answer_by": last_moment(now, terms_of(referral.commissioner_id).answer_days),
    }
    return page(request, referral.commissioner, "referrals/ask_providers.html", active="referrals", **context)
