"""Agreements to share pupil data, for both sides; and how a commissioner refers."""

from __future__ import annotations

from functools import partial

from django.http import Http404
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock, lists
from core.access import guard
from core.middleware import takes_up_to
from files import responses, store
from files.rules import Refused as FileRefused
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried
from providers.views.library import LARGEST_FORM
from referrals.actions import sharing as actions
from referrals.actions import terms as terms_actions
from referrals.forms.sharing import AGAIN, AgreementForm, EndAgreementForm, TermsForm
from referrals.models import SharingAgreement
from referrals.permissions import sharing as permissions
from referrals.queries import sharing as queries
from referrals.rules import sharing as rules
from referrals.rules.sharing import Standing
from referrals.states import Processing
from referrals.views.frame import page

COLOURS = {
    Standing.IN_FORCE: "green",
    Standing.SOON: "yellow",
    Standing.NOT_YET: "blue",
    Standing.RUN_OUT: "red",
    Standing.ENDED: "grey",
}


def _stands(agreement: SharingAgreement, today) -> Standing:
    return rules.standing(
        starts_on=agreement.starts_on, ends_on=agreement.ends_on, ended=agreement.ended_at is not None, today=today
    )


@guard(permissions.can_see_sharing, on=Organisation)
@require_safe
def sharing_agreements(request, organisation):
    """An organisation's agreements: those that it gave, or for a provider those that it received."""
    rows = queries.agreements_of(organisation, user=request.user)
    found, today = lists.page(rows, request.GET, order=["-starts_on", "-id"]), clock.today()
    for one in found.rows:
        one.stands = _stands(one, today)
        one.colour = COLOURS[one.stands]
    context = {
        "page": found,
        "may_add": permissions.can_write_sharing(request.user, organisation),
        "is_provider": organisation.kind == "provider",
    }
    return page(request, organisation, "referrals/sharing_agreements.html", active="sharing_agreements", **context)


@guard(permissions.can_write_sharing, on=Organisation)
@takes_up_to(LARGEST_FORM)
def add_sharing_agreement(request, organisation):
    """Write an agreement down."""
    form = AgreementForm(posted(request), request.FILES or None, providers=queries.may_be_shared_with())
    if request.method == "POST" and form.is_valid():
        made = _added(form, organisation, by=request.user)
        if made:
            return done(request, "The agreement was written down", "sharing_agreement", made.pk)
    return page(request, organisation, "referrals/add_sharing_agreement.html", active="sharing_agreements", form=form)


def _added(form: AgreementForm, organisation, *, by) -> SharingAgreement | None:
    """Keep the form's file, where it has one, and write the agreement down; what is refused stands at the form, and the
    file is forgotten."""
    typed, kept = form.cleaned_data, None
    try:
        kept = store.keep(typed["file"]) if typed["file"] else None
    except FileRefused as refusal:
        form.add_error("file", str(refusal))
        return None
    try:
        return actions.add_agreement(
            organisation=organisation, provider_id=typed["provider"], values=typed, kept=kept, by=by, at=clock.now()
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        if kept:
            store.forget(kept)
            form.add_error("file", AGAIN)
        return None
    except Exception:
        if kept:
            store.forget(kept)
        raise


@guard(permissions.can_see_agreement, on=SharingAgreement)
@require_safe
def sharing_agreement(request, agreement):
    """One agreement, for both sides."""
    stands = _stands(agreement, clock.today())
    context = {
        "stands": stands,
        "colour": COLOURS[stands],
        "means": rules.MEANS[Processing(agreement.processing)],
        "may_end": agreement.ended_at is None and permissions.can_end_agreement(request.user, agreement),
    }
    return _page(request, agreement, "referrals/sharing_agreement.html", **context)


@guard(permissions.can_see_agreement, on=SharingAgreement)
@require_safe
def sharing_agreement_file(request, agreement):
    """Its signed PDF. Raises Http404 where none was given."""
    if agreement.file is None:
        raise Http404
    return responses.download(request, agreement.file)


@guard(permissions.can_end_agreement, on=SharingAgreement)
def end_sharing_agreement(request, agreement):
    """End it, with the reason."""
    form, lost = EndAgreementForm(posted(request)), []

    def act():
        made = actions.end_agreement(
            agreement=agreement, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
        )
        lost.append(made)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        said = f". Referrals on which the provider no longer knows the pupil: {lost[0]}" if lost[0] else ""
        return done(request, f"The agreement has ended{said}", "sharing_agreement", agreement.pk)
    context = {
        "form": form,
        "affected": queries.known_between(agreement),
        "another": queries.another_in_force(agreement, clock.today()),
    }
    return _page(request, agreement, "referrals/end_sharing_agreement.html", **context)


def _page(request, agreement, template: str, **context):
    """The commissioner's people see it among their pages, the provider's as theirs."""
    ours = permissions.can_see_sharing(request.user, agreement.commissioner)
    side = agreement.commissioner if ours else agreement.provider
    return page(request, side, template, active="sharing_agreements", agreement=agreement, **context)


@guard(permissions.can_see_terms, on=Organisation)
def terms_of_referral(request, organisation):
    """Above what cost somebody approves, and how long providers have to answer."""
    terms = queries.terms_of(organisation)
    changes = permissions.can_set_terms(request.user, organisation)
    sent = posted(request)
    form = TermsForm(sent, terms=terms) if changes or sent is not None else None
    if sent is not None and form.is_valid():
        typed = form.cleaned_data
        act = partial(
            terms_actions.set_terms,
            organisation=organisation,
            approve_above_pence=typed["approve_above"],
            answer_days=typed["answer_days"],
            seen=typed["seen"],
            by=request.user,
            at=clock.now(),
        )
        if tried(form, act):
            return done(request, "How you refer was saved", "terms_of_referral", organisation.pk)
        form.seen_now(terms)
    return page(
        request, organisation, "referrals/terms_of_referral.html", active="terms_of_referral", form=form, terms=terms
    )
