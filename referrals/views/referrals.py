"""Referrals of a commissioner: their list, one with its task list, the check before it is sent, and its end."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from audit.reads import reads
from core import clock, lists
from core.access import guard
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried
from referrals.actions import referrals as actions
from referrals.forms.referral_ends import CloseForm, ConfirmForm
from referrals.forms.referral_list import ReferralFilter
from referrals.models import Pupil, Referral
from referrals.permissions import referrals as permissions
from referrals.queries import approvals as asked
from referrals.queries import referrals as queries
from referrals.queries import sealed
from referrals.queries.sharing import terms_of
from referrals.rules import approval as approvals
from referrals.rules import bases, days
from referrals.rules import referral as rules
from referrals.rules.content import Content
from referrals.states import EnquiryState, ReferralState
from referrals.views import referral_shown as shown
from referrals.views.frame import page


@guard(permissions.can_list, on=Organisation)
@reads("personal")
@require_safe
def referrals(request, commissioner):
    """The referrals of a commissioner, newest first."""
    today = clock.today()
    rows = queries.of_commissioner(commissioner, user=request.user)
    reasons = permissions.reads_why(request.user, commissioner)
    found = ReferralFilter(request.GET, queryset=queries.for_list(rows), today=today, reasons=reasons)
    listed = lists.page(found.qs, request.GET, order=["-id"])
    for row in listed.rows:
        row.urgency = days.urgency(row.sixth_on, today, settled=row.state in queries.SETTLED)
        row.colour = shown.COLOURS[row.state]
    context = {
        "filter": found,
        "page": listed,
        "reasons": reasons,
        "counts": [
            {"state": state.value, "label": state.label, "number": number}
            for state, number in queries.by_state(rows)
            if number
        ],
    }
    return page(request, commissioner, "referrals/referrals.html", active="referrals", **context)


@guard(permissions.can_start, on=Pupil)
@reads("personal")
def start_referral(request, pupil):
    """Begin a referral; those that the pupil has are shown first."""
    if request.method == "POST":
        try:
            made = actions.start_referral(pupil=pupil, by=request.user, at=clock.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("start_referral", pupil.pk)
        return redirect("referral", made.pk)
    context = {
        "pupil": pupil,
        "pupil_url": _address("pupil", pupil.pk),
        "others": queries.open_of(pupil, user=request.user),
        "merged": pupil.merged_into_id is not None,
    }
    return page(request, pupil.commissioner, "referrals/start_referral.html", active="referrals", **context)


@guard(permissions.can_see, on=Referral)
@reads("personal")
@require_safe
def referral(request, referral):
    """One referral: what is to be done, and for whoever may read it everything that it says."""
    today = clock.today()
    context = {
        "referral": referral,
        "colour": shown.COLOURS[referral.state],
        "urgency": days.urgency(referral.sixth_on, today, settled=referral.state in queries.SETTLED),
        "pupil_url": "" if referral.has_moved else _address("pupil", referral.pupil_id),
    }
    if permissions.can_read(request.user, referral):
        context |= _whole(request, referral, today)
    return page(request, referral.commissioner, "referrals/referral.html", active="referrals", **context)


def _whole(request, referral: Referral, today) -> dict:
    writes = permissions.can_write(request.user, referral)
    content = sealed.content_of(referral)
    documents = queries.documents_of(referral, user=request.user)
    counts = queries.enquiries_of(referral)
    context = {
        "whole": True,
        "writes": writes,
        "documents": documents,
        "approvals": asked.of_referral(referral),
        "notes": _notes(referral, content),
        "counts": counts,
        "declined": sum(counts.get(state, 0) for state in (EnquiryState.DECLINED, EnquiryState.LAPSED)),
        "ask_url": _address("ask_providers", referral.pk),
        "offers_url": _address("offers", referral.pk),
    }
    if referral.state == ReferralState.DRAFT and writes:
        lacks = queries.missing_of(referral, content, today=today)
        context |= {
            "tasks": shown.tasks(referral, lacks, len(documents)),
            "complete": rules.complete(lacks),
            "parts_done": sum(not said for said in lacks.values()),
            "parts": len(lacks),
            "came_back": next((one for one in context["approvals"] if one.approved is False and one.answered_by), None),
        }
    else:
        context["groups"] = shown.groups(referral, content, change=writes)
    return context


def _notes(referral: Referral, content: Content) -> list[str]:
    """What has to be known of how the sixth school day was counted, and of a legal basis that is unusual while nobody
    has said why."""
    found = []
    if sixth := queries.counted(
        referral.trigger_on, reason=referral.reason, school=referral.school, commissioner=referral.commissioner
    ):
        found += sixth.notes
    if referral.reason and referral.basis and not content.basis_why:
        found.append(bases.fit(referral.reason, referral.basis, str(referral.commissioner.kind)).why)
    return [one for one in found if one]


@guard(permissions.can_write, on=Referral)
@reads("personal")
def check_referral(request, referral):
    """All answers on one page, and the confirmation."""
    terms = terms_of(referral.commissioner_id)
    needs_yes = referral.budget_pence is not None and not approvals.covers(
        terms.approve_above_pence, referral.approved_pence, referral.budget_pence
    )
    form = ConfirmForm(
        posted(request),
        initial={"revision": referral.revision},
        submit="Confirm, and ask a budget holder" if needs_yes else "Confirm: everything is right",
    )

    def act():
        seen = form.cleaned_data["revision"]
        at = clock.now()
        confirmed.append(
            actions.check_referral(referral=referral, seen=seen, today=clock.today(), by=request.user, at=at)
        )

    confirmed: list[Referral] = []
    if request.method == "POST" and form.is_valid() and tried(form, act):
        ready = confirmed[0].state == ReferralState.READY
        said = "The referral is ready. Ask providers next" if ready else "The referral waits for a budget holder"
        return done(request, said, "referral", referral.pk)
    content = sealed.content_of(referral)
    written = referral.state == ReferralState.DRAFT
    lacks = queries.missing_of(referral, content, today=clock.today()) if written else {}
    context = {
        "referral": referral,
        "form": form,
        "groups": shown.groups(referral, content, change=True),
        "documents": queries.documents_of(referral, user=request.user),
        "lacks": [(rules.TITLES[part], said) for part, said in lacks.items() if said],
        "notes": _notes(referral, content),
        "written": written,
        "needs_yes": needs_yes,
        "limit": terms.approve_above_pence,
        "holders": asked.holders_of(referral.commissioner, but=request.user.pk) if needs_yes else [],
    }
    return page(request, referral.commissioner, "referrals/check_referral.html", active="referrals", **context)


@guard(permissions.can_write, on=Referral)
def close_referral(request, referral):
    """End a referral, with the reason."""
    form = CloseForm(posted(request))
    act = partial(actions.close_referral, referral=referral)

    def close():
        act(reason=form.cleaned_data["reason"], by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, close):
        return done(request, "The referral is closed", "referral", referral.pk)
    context = {"referral": referral, "form": form, "counts": queries.enquiries_of(referral)}
    return page(request, referral.commissioner, "referrals/close_referral.html", active="referrals", **context)


def _address(name: str, *args) -> str:
    """Where a page is, empty while there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
