"""A provider's enquiries: the list, one of them, and the answer."""

from __future__ import annotations

from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from audit.reads import reads
from core import clock, lists
from core.access import guard
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried
from referrals.actions import offering as actions
from referrals.forms.offering import DeclineForm, OfferForm
from referrals.models import Enquiry
from referrals.permissions import enquiries as permissions
from referrals.queries import enquiries as queries
from referrals.queries import offers, sealed
from referrals.queries.worked import worked_out
from referrals.rules import answering, timetable
from referrals.states import Decline, EnquiryState
from referrals.views.frame import page
from referrals.views.needs import need_rows
from referrals.views.shown import week_of, week_of_proposal

COLOURS = {
    EnquiryState.WAITING: "yellow",
    EnquiryState.OFFERED: "blue",
    EnquiryState.CHOSEN: "green",
}


@guard(permissions.can_see_enquiries, on=Organisation)
@require_safe
def enquiries(request, provider):
    """What waits for an answer, and everything else."""
    now = clock.now()
    waiting = queries.waiting_of(provider, user=request.user, now=now)
    rows = queries.enquiries_of(provider, user=request.user)
    listed = lists.page(rows, request.GET, order=["-id"])
    for one in [*waiting, *listed]:
        one.left = answering.left_in_words(now, one.lapses_at)
        one.colour = COLOURS.get(one.state, "grey")
    context = {"waiting": waiting, "page": listed, "meets": permissions.can_meet_pupils(request.user, provider)}
    return page(request, provider, "referrals/enquiries.html", **context)


@guard(permissions.can_see_enquiry, on=Enquiry)
@reads("personal")
@require_safe
def enquiry(request, enquiry):
    """One enquiry: the need, and what was answered."""
    now = clock.now()
    ours = permissions.can_answer(request.user, enquiry)
    context = _shown(enquiry, now) | {
        "ours": ours,
        "can_answer": ours and enquiry.state in answering.ANSWERABLE and now <= enquiry.lapses_at,
        "can_take_back": ours and enquiry.state == EnquiryState.OFFERED,
        "offer": offers.standing_offer(enquiry),
        "declined": Decline(enquiry.decline_reason).label if enquiry.decline_reason else "",
        "left": answering.left_in_words(now, enquiry.lapses_at),
        "colour": COLOURS.get(enquiry.state, "grey"),
    }
    if context["offer"]:
        context["week"] = week_of(context["offer"])
    whose = enquiry.provider if ours else enquiry.referral.commissioner
    return page(request, whose, "referrals/enquiry.html", **context)


@guard(permissions.can_answer, on=Enquiry)
@reads("personal")
def make_offer(request, enquiry):
    """Offer: typed, worked out and shown, then sent."""
    now, today = clock.now(), clock.today()
    sites, need, last = queries.sites_of(enquiry.provider_id), sealed.need_of(enquiry), offers.standing_offer(enquiry)
    prices = queries.prices_on(enquiry.place, today)
    lines = [(line, prices.get(line.pk)) for line in queries.lines_of(enquiry.place)]
    sent = posted(request)
    form = OfferForm(sent, lines=lines, sites=sites, need=need, today=today, last=last)
    step = sent.get("step", "check") if sent is not None else ""
    found = []

    def check():
        found.append(worked_out(enquiry=enquiry, proposal=form.proposal, today=today))

    def send():
        actions.make_offer(
            enquiry=enquiry,
            proposal=form.proposal,
            shown_pence=_whole(sent.get("shown_pence", "")),
            by=request.user,
            at=now,
            today=today,
        )

    context = _shown(enquiry, now) | {"form": form, "left": answering.left_in_words(now, enquiry.lapses_at)}
    if step == "send" and form.is_valid() and tried(form, send):
        return done(request, "Your offer was sent", "enquiry", enquiry.pk)
    if step == "check" and form.is_valid() and tried(form, check):
        return page(request, enquiry.provider, "referrals/offer_check.html", **context, **_check(form, found[0], sent))
    try:
        answering.check_answerable(enquiry.state, now=now, lapses_at=enquiry.lapses_at)
    except Refused as refusal:
        context["shut"] = str(refusal)
    context |= {"sites": sites, "lines": lines, "last": last, "changing": step == "change"}
    return page(request, enquiry.provider, "referrals/make_offer.html", **context)


@guard(permissions.can_answer, on=Enquiry)
def decline_enquiry(request, enquiry):
    """Say no, with the reason."""
    form = DeclineForm(posted(request))

    def act():
        actions.decline(
            enquiry=enquiry,
            reason=Decline(form.cleaned_data["reason"]),
            note=form.cleaned_data["note"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "You have declined the enquiry", "enquiry", enquiry.pk)
    context = {"form": form, "enquiry": enquiry, "offered": enquiry.state == EnquiryState.OFFERED}
    return page(request, enquiry.provider, "referrals/decline_enquiry.html", **context)


def _shown(enquiry: Enquiry, now) -> dict:
    return {
        "enquiry": enquiry,
        "need": need_rows(sealed.need_of(enquiry)),
        "commissioner": enquiry.referral.commissioner,
    }


def _check(form: OfferForm, worked, sent) -> dict:
    """What the page before sending shows, and everything that was typed, to be sent again."""
    proposal = form.proposal
    names = {name for field in form for name in _html_names(field)}
    return {
        "proposal": proposal,
        "worked": worked,
        "unit": proposal.line.get_unit_display(),
        "units": timetable.units_in_words(worked.total.units),
        "hours": timetable.hours_in_words(worked.total.minutes_a_week),
        "how_counted": timetable.HOW_COUNTED[proposal.line.unit],
        "week": week_of_proposal(proposal),
        "again": [(name, sent[name]) for name in sorted(names) if name in sent],
    }


def _html_names(field) -> list[str]:
    widgets = getattr(field.field.widget, "widgets", None)
    if widgets is None:
        return [field.html_name]
    return [f"{field.html_name}{name}" for name in field.field.widget.widgets_names]


def _whole(text: str) -> int:
    """The total that the page showed; -1, which no total is, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
