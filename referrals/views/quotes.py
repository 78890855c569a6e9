"""Quotes for the catch-all lot: written down, answered, placed. But for the list on a referral and the placement
itself, no page here says who the pupil is."""

from __future__ import annotations

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import quotes as actions
from referrals.forms.quotes import QuoteAnswerForm, QuoteForm
from referrals.models import Quote, Referral
from referrals.permissions import placements as permissions
from referrals.queries import placements as queries
from referrals.queries import quotes as quoted
from referrals.queries.approvals import holders_of
from referrals.queries.sharing import terms_of as sharing_terms
from referrals.rules.placing import units_said
from referrals.rules.quoting import QUOTES_IN
from referrals.views.frame import page
from referrals.views.placing import new_form, terms_of


@guard(permissions.can_see_quotes, on=Referral)
@reads("personal")
@require_safe
def quotes(request, referral):
    """What was quoted for a referral."""
    asks = permissions.can_ask_quote(request.user, referral)
    context = {
        "referral": referral,
        "quotes": quoted.of_referral(referral, user=request.user),
        "can_ask": asks and referral.state in QUOTES_IN,
    }
    return page(request, referral.commissioner, "referrals/quotes.html", active="referrals", **context)


@guard(permissions.can_ask_quote, on=Referral)
@reads("personal")
def add_quote(request, referral):
    """Write a quote down, and ask a budget holder."""
    places = quoted.places_for(referral.commissioner)
    initial = {"starts_on": referral.starts_on, "ends_on": referral.ends_on}
    form = QuoteForm(posted(request), places=places, initial=initial)
    made = []

    def act():
        given = {"referral": referral, "values": form.cleaned_data, "by": request.user}
        made.append(actions.add_quote(**given, at=clock.now(), today=clock.today()))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The quote is written down. A budget holder answers it", "quote", made[0].pk)
    context = {
        "referral": referral,
        "form": form,
        "open": referral.state in QUOTES_IN or form.is_bound,
        "places": places,
        "limit": sharing_terms(referral.commissioner_id).approve_above_pence,
    }
    return page(request, referral.commissioner, "referrals/quote_add.html", active="referrals", **context)


@guard(permissions.can_see_quote, on=Quote)
def quote(request, quote):
    """One quote, and its answer."""
    referral = quote.referral
    may_answer = permissions.can_answer_quote(request.user, quote)
    asks = (may_answer and quote.answered_at is None) or request.method == "POST"
    form = QuoteAnswerForm(posted(request)) if asks else None

    def act():
        actions.answer_quote(quote=quote, **form.cleaned_data, by=request.user, at=clock.now())

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "Your answer was sent", "quote", quote.pk)
    places = permissions.can_place_quote(request.user, quote)
    context = {
        "quote": quote,
        "units": units_said(quote.units, quote.get_unit_display()),
        "form": form,
        "may_answer": may_answer,
        "holders": holders_of(referral.commissioner, but=quote.asked_by_id),
        "may_see": permissions.can_see_quotes(request.user, referral),
        "can_place": places and quote.approved and referral.state in QUOTES_IN,
    }
    return page(request, referral.commissioner, "referrals/quote.html", active="approvals", **context)


@guard(permissions.can_place_quote, on=Quote)
@reads("personal")
def place_by_quote(request, quote):
    """Write down the placement that an approved quote leads to, with its week."""
    referral, form = quote.referral, None
    can = quote.approved and referral.state in QUOTES_IN
    if can or request.method == "POST":
        form = new_form(request, referral, quote, sites=queries.sites_of(quote.place.provider_id))
    made = []

    def act():
        given = {"quote": quote, "terms": terms_of(form), "by": request.user}
        made.append(actions.place_by_quote(**given, at=clock.now(), today=clock.today()))

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The placement is written down. Send it to be signed next", "placement", made[0].pk)
    context = {
        "referral": referral,
        "quote": quote,
        "form": form,
        "units": units_said(quote.units, quote.get_unit_display()),
    }
    return page(request, referral.commissioner, "referrals/quote_place.html", active="referrals", **context)
