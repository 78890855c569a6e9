"""Comparing offers, accepting one, and taking that back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import clock
from core.access import guard
from lots.states import Selection
from lots.views.setting_up import done, tried
from referrals.actions import choosing as actions
from referrals.forms.choosing import ChooseForm, UndoForm
from referrals.models import Approval, Enquiry, Referral
from referrals.permissions import enquiries as permissions
from referrals.queries import approvals, sharing
from referrals.queries import offers as queries
from referrals.queries.known import who_knows
from referrals.rules import approval, choice, timetable
from referrals.rules.answering import left_in_words
from referrals.states import EnquiryState, ReferralState
from referrals.views.frame import page
from referrals.views.offering import COLOURS
from referrals.views.shown import week_of


@guard(permissions.can_compare, on=Referral)
@require_safe
def offers(request, referral):
    """All offers in the order of the published mechanism, and who has not answered."""
    now = clock.now()
    compared = queries.compared(referral, user=request.user)
    for one in compared.others:
        one.left = left_in_words(now, one.lapses_at)
        one.colour = COLOURS.get(one.state, "grey")
    made = queries.choice_of(referral)
    context = {
        "referral": referral,
        "rows": [_row(one, compared) for one in compared.ranked],
        "others": compared.others,
        "choice": made,
        "knows": who_knows(referral, today=clock.today()),
        "undone": queries.undone_of(referral),
        "selection": _selection(referral),
        "can_choose": permissions.can_ask(request.user, referral) and referral.state == ReferralState.ENQUIRING,
        "can_undo": permissions.can_ask(request.user, referral) and referral.state == ReferralState.CHOSEN,
        "can_ask": permissions.can_ask(request.user, referral)
        and referral.state in {ReferralState.READY, ReferralState.ENQUIRING},
        "waits": approvals.open_of(referral),
    }
    return page(request, referral.commissioner, "referrals/offers.html", active="referrals", **context)


@guard(permissions.can_choose, on=Enquiry)
def choose_offer(request, enquiry):
    """Accept one offer."""
    referral, today = enquiry.referral, clock.today()
    compared = queries.compared(referral, user=request.user)
    offer = next((one for one in compared.offers.values() if one.enquiry_id == enquiry.pk), None)
    if offer is None or enquiry.state != EnquiryState.OFFERED:
        messages.error(request, "This offer can no longer be accepted. Look at the offers again")
        return redirect("offers", referral.pk)
    ranked = next(one for one in compared.ranked if one.offer == offer.pk)
    grounds = choice.grounds_of(referral.framework.policies.departures)
    form = ChooseForm(posted(request), grounds=grounds, first=ranked.is_first, initial={"offer": offer.pk})
    made = []

    def act():
        told = form.cleaned_data
        made.append(
            actions.choose_offer(
                enquiry=enquiry,
                offer=told["offer"],
                ground=told.get("ground", ""),
                reason=told.get("reason", ""),
                by=request.user,
                at=clock.now(),
                today=today,
            )
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return _went_on(request, referral, made[0])
    agreement = sharing.in_force(referral.commissioner_id, enquiry.provider_id, today)
    limit = sharing.terms_of(referral.commissioner_id).approve_above_pence
    context = {
        "referral": referral,
        "enquiry": enquiry,
        "form": form,
        "row": _row(ranked, compared),
        "agreement": agreement,
        "covered": approval.covers(limit, referral.approved_pence, offer.total_pence),
        "how_counted": timetable.HOW_COUNTED[offer.line.unit],
    }
    return page(request, referral.commissioner, "referrals/choose_offer.html", active="referrals", **context)


@guard(permissions.can_ask, on=Referral)
def undo_choice(request, referral):
    """Take a choice back, with the reason."""
    made = queries.choice_of(referral)
    if made is None:
        raise Http404
    form = UndoForm(posted(request))

    def act():
        actions.undo_choice(referral=referral, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The choice was taken back. You can ask providers again", "offers", referral.pk)
    context = {"form": form, "referral": referral, "choice": made}
    return page(request, referral.commissioner, "referrals/undo_choice.html", active="referrals", **context)


def _went_on(request, referral, made):
    if isinstance(made, Approval):
        return done(
            request,
            "This offer costs more than what is approved. The budget holder was asked; accept the offer once they "
            "have said yes",
            "offers",
            referral.pk,
        )
    return done(request, "The offer was accepted, and the provider can read who the pupil is", "offers", referral.pk)


def _row(ranked, compared) -> dict:
    offer = compared.offers[ranked.offer]
    return {
        "ranked": ranked,
        "offer": offer,
        "provider": offer.enquiry.provider,
        "distance": compared.distance[offer.pk],
        "units": timetable.units_in_words(offer.units),
        "unit": offer.line.get_unit_display(),
        "hours": timetable.hours_in_words(sum(one.minutes for one in queries.sessions_of(offer))),
        "week": week_of(offer),
    }


def _selection(referral) -> str:
    return Selection(referral.framework.policies.selection).label if referral.framework_id else ""
