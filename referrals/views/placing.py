"""A placement is written from an accepted offer, changed while it is being agreed, and cancelled."""

from __future__ import annotations

from django.shortcuts import redirect

from accounts.forms.fields import posted
from audit.reads import reads
from core import clock
from core.access import guard
from lots.views.setting_up import done, tried
from referrals.actions import placing as actions
from referrals.forms.placing import NONE, CancelForm, PlacingForm
from referrals.models import Offer, Placement, Quote, Referral
from referrals.permissions import placements as permissions
from referrals.queries import placements as queries
from referrals.queries.placing import Terms
from referrals.queries.sealed import content_of
from referrals.rules.outside import OUTSIDE
from referrals.rules.timetable import Session
from referrals.states import PlacementState
from referrals.views.frame import page
from referrals.views.placement_frame import placement_page


@guard(permissions.can_place, on=Referral)
@reads("personal")
def place_pupil(request, referral):
    """Write down the placement that the accepted offer leads to."""
    choice = queries.choice_of(referral)
    there = queries.open_of_referral(referral)
    context = {"referral": referral, "there": there}
    form = None
    if choice is not None and (there is None or request.method == "POST"):
        form = new_form(request, referral, choice.offer)
        context |= {"form": form, "offer": choice.offer, "provider": choice.offer.enquiry.provider}
    if request.method == "POST" and form is not None and form.is_valid():
        made = []

        def act():
            given = {"referral": referral, "terms": terms_of(form), "by": request.user}
            made.append(actions.place_pupil(**given, at=clock.now(), today=clock.today()))

        if tried(form, act):
            return done(request, "The placement is written down. Send it to be signed next", "placement", made[0].pk)
    return page(request, referral.commissioner, "referrals/place_pupil.html", active="referrals", **context)


@guard(permissions.can_commission, on=Placement)
@reads("personal")
def edit_placement(request, placement):
    """Change what is being agreed."""
    if placement.route in OUTSIDE:
        return redirect("edit_outside", placement.pk)
    source = queries.source_of(placement, placement.referral)
    is_draft = placement.state == PlacementState.DRAFT
    form = _kept_form(request, placement, source) if source and (is_draft or request.method == "POST") else None

    def act():
        given = {"placement": placement, "seen": form.cleaned_data["revision"], "terms": terms_of(form)}
        actions.change_placement(**given, by=request.user, at=clock.now(), today=clock.today())

    if request.method == "POST" and form is not None and form.is_valid() and tried(form, act):
        return done(request, "The change is saved. Send the agreement to be signed next", "placement", placement.pk)
    context = {"form": form, "is_draft": is_draft, "sent": queries.paper_of(placement) is not None}
    return placement_page(request, placement, "referrals/placement_edit.html", **context)


@guard(permissions.can_commission, on=Placement)
@reads("personal")
def cancel_placement(request, placement):
    """Cancel it before it starts, with the reason."""
    form = CancelForm(posted(request))

    def act():
        actions.cancel_placement(
            placement=placement, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The placement is cancelled", "placement", placement.pk)
    can = placement.state in {PlacementState.DRAFT, PlacementState.ASSURANCE}
    context = {"form": form, "can": can or form.is_bound}
    return placement_page(request, placement, "referrals/placement_cancel.html", **context)


def terms_of(form: PlacingForm) -> Terms:
    """What was typed."""
    told = form.cleaned_data
    return Terms(
        contracting_party=told["contracting_party"],
        home_school=None if told["home_school"] == NONE else int(told["home_school"]),
        starts_on=told["starts_on"],
        ends_on=told["ends_on"],
        parts=form.parts,
        shares=form.shares,
        hours_reason=told["hours_reason"],
    )


def new_form(request, referral: Referral, source: Offer | Quote, *, sites=()) -> PlacingForm:
    """The form of a placement that is not written yet, filled from what was agreed: the referral's payers, the pupil's
    main school on the first day."""
    framework = _place(source).framework
    schools = queries.schools_of(referral.pupil, source.starts_on)
    wanted = content_of(referral).shares
    payers = queries.payers_for(referral.commissioner, framework, schools, [one.organisation for one in wanted])
    return PlacingForm(
        posted(request),
        parties=queries.parties_for(referral.commissioner, framework),
        schools=schools,
        payers=payers,
        sessions=_week(source),
        sites=sites,
        initial={
            "contracting_party": referral.commissioner_id,
            "home_school": str(schools[0].pk) if schools else NONE,
            "starts_on": source.starts_on,
            "ends_on": source.ends_on,
        },
        kept_shares=_named(wanted, payers),
        submit="Write the placement down",
    )


def _named(wanted, payers) -> list[tuple[int, int]]:
    """The shares that the referral names, as far as they are of organisations that are offered as payers."""
    by_name = {one.name.casefold(): one.pk for one in payers}
    keys = {one.pk for one in payers}
    found = [(one.organisation or by_name.get(one.name.casefold()), one.percent * 100) for one in wanted]
    return [(pk, share) for pk, share in found if pk in keys]


def _kept_form(request, placement: Placement, source: Offer | Quote) -> PlacingForm:
    schools = queries.schools_of(placement.pupil, placement.starts_on)
    shares = [(one.funder_id, one.share) for one in placement.shares.all()]
    initial = {
        "revision": placement.revision,
        "contracting_party": placement.contracting_party_id,
        "home_school": str(placement.home_school_id or NONE),
        "starts_on": placement.starts_on,
        "ends_on": placement.ends_on,
        "hours_reason": placement.hours_reason,
    }
    rows = queries.week_of(placement)
    sessions = _week(source)
    for number, row in enumerate(_in_order(rows, sessions), 1):
        initial[f"runs_{number}"] = row.runs
        if not sessions:
            initial |= {f"weekday_{number}": row.weekday, f"from_{number}": row.starts, f"to_{number}": row.ends}
            initial[f"site_{number}"] = row.site_id
    return PlacingForm(
        posted(request),
        parties=queries.parties_for(placement.commissioner, placement.framework),
        schools=schools,
        payers=queries.payers_for(placement.commissioner, placement.framework, schools, [pk for pk, _ in shares]),
        sessions=sessions,
        sites=[] if sessions else queries.sites_of(placement.provider_id),
        initial=initial,
        kept_shares=shares,
    )


def _week(source: Offer | Quote) -> list[tuple]:
    """The sessions of an offer; a quote has none."""
    rows = source.sessions.all() if isinstance(source, Offer) else []
    return [
        (
            f"{Session(one.weekday, one.starts, one.ends).in_words}, {one.site.name}",
            one.weekday,
            one.starts,
            one.ends,
            one.site,
        )
        for one in rows
    ]


def _in_order(rows, sessions):
    """The rows of a week in the order of the offer's sessions."""
    if not sessions:
        return rows
    found = {(row.weekday, row.starts, row.ends, row.site_id): row for row in rows}
    ordered = (found.get((weekday, starts, ends, site.pk)) for _, weekday, starts, ends, site in sessions)
    return [row for row in ordered if row is not None]


def _place(source: Offer | Quote):
    return source.enquiry.place if isinstance(source, Offer) else source.place
