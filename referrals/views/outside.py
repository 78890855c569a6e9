"""Placements outside a framework, and what they come to beside the threshold."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from audit.reads import reads
from core import charts, clock, lists
from core.access import guard
from core.money import Money
from lots.rules.refusals import Refused
from lots.views.setting_up import done, tried
from referrals.actions import outside as actions
from referrals.forms.outside import OutsideForm, ProviderForm
from referrals.forms.placing import NONE
from referrals.models import Placement, Pupil
from referrals.permissions import outside as permissions
from referrals.queries import outside as queries
from referrals.queries import papers, placements, sharing
from referrals.queries.running import weekly_of
from referrals.rules import outside as rules
from referrals.states import PlacementState, Route
from referrals.views.frame import page
from referrals.views.placement_frame import placement_page
from referrals.views.placing import terms_of

DRAWN = 10


@guard(permissions.can_place_outside, on=Pupil)
@reads("personal")
def place_outside(request, pupil):
    """Choose the provider, then write what was agreed."""
    today = clock.today()
    providers = list(queries.providers_for(pupil.commissioner_id, today))
    asked = ProviderForm(request.GET if "provider" in request.GET else None, providers=providers)
    context = {"pupil": pupil, "asked": asked, "providers": providers}
    if asked.is_bound and asked.is_valid():
        provider = next(one for one in providers if one.pk == asked.cleaned_data["provider"])
        form = _new_form(request, pupil, provider)
        if request.method == "POST" and form.is_valid() and (made := _placed(request, pupil, provider, form)):
            return _written(request, made)
        spent = queries.spent_with(pupil.commissioner_id, provider.pk, today)
        limit = Money(sharing.terms_of(pupil.commissioner_id).approve_above_pence)
        context |= {"provider": provider, "form": form, "spent": spent, "limit": limit}
    return page(request, pupil.commissioner, "referrals/outside_place.html", active="placements", **context)


@guard(permissions.can_change_outside, on=Placement)
@reads("personal")
def edit_outside(request, placement):
    """Change a spot contract that nobody has agreed to yet."""
    if placement.route not in rules.OUTSIDE:
        return redirect("edit_placement", placement.pk)
    is_draft = placement.state == PlacementState.DRAFT
    form = _kept_form(request, placement) if is_draft or request.method == "POST" else None

    def act():
        actions.change_outside(
            placement=placement,
            seen=form.cleaned_data["revision"],
            deal=form.deal(placement.provider_id, route=placement.route, referral=placement.referral_id),
            terms=terms_of(form),
            by=request.user,
            at=clock.now(),
            today=clock.today(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "The change is saved. Send the agreement to be signed next", "placement", placement.pk)
    context = {"form": form, "is_draft": is_draft, "sent": placements.paper_of(placement) is not None}
    return placement_page(request, placement, "referrals/outside_edit.html", **context)


@guard(permissions.can_see_outside, on=Organisation)
@require_safe
def outside_spend(request, organisation):
    """What is spent outside frameworks with each provider, beside the threshold."""
    today = clock.today()
    rows = queries.providers_of(organisation.pk, today)
    listed = lists.page(rows, request.GET, order=["name", "id"])
    most = _most(rows, today)
    context = {
        "page": listed,
        "spent": queries.spent_of(listed.rows, today),
        "warnings": [one.warning for one in most if one.warning],
        "limit": rules.threshold_on(today),
        "year": rules.year_of(today),
        "chart": _chart(most) if most else None,
        "picture_url": reverse("outside_spend_chart", args=[organisation.pk]),
    }
    return page(request, organisation, "referrals/outside_spend.html", active="outside_spend", **context)


@guard(permissions.can_see_outside, on=Organisation)
@require_safe
def outside_spend_chart(request, organisation):
    """The same as a picture."""
    today = clock.today()
    most = _most(queries.providers_of(organisation.pk, today), today) or [rules.Spent("None")]
    return charts.picture(charts.bars(_chart(most)))


def _placed(request, pupil: Pupil, provider: Organisation, form: OutsideForm) -> Placement | None:
    """The placement that was written, or None and the refusal stands at the form."""
    try:
        return actions.place_outside(
            pupil=pupil,
            deal=form.deal(provider.pk),
            terms=terms_of(form),
            by=request.user,
            at=clock.now(),
            today=clock.today(),
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def _written(request, made: Placement):
    """Say what comes next, and how near the threshold is."""
    said = {
        PlacementState.DRAFT: "The placement is written down. Send it to be signed next",
        PlacementState.ASSURANCE: "The placement is written down. Put everything in place before the pupil starts",
        PlacementState.LIVE: "The placement is written down as running. Everything that keeps the pupil safe is due "
        "within 5 school days",
    }
    warning = queries.spent_with(made.contracting_party_id, made.provider_id, clock.today()).warning
    if warning:
        messages.warning(request, warning)
    name = "before_start" if made.route == Route.LEGACY else "placement"
    return done(request, said[made.state], name, made.pk)


def _new_form(request, pupil: Pupil, provider: Organisation) -> OutsideForm:
    schools = placements.schools_of(pupil, clock.today())
    commissioner = pupil.commissioner
    return OutsideForm(
        posted(request),
        parties=placements.parties_for(commissioner, None),
        schools=schools,
        payers=placements.payers_for(commissioner, None, schools),
        sites=placements.sites_of(provider.pk),
        referrals=queries.referrals_for(pupil),
        initial={
            "contracting_party": commissioner.pk,
            "home_school": str(schools[0].pk) if schools else NONE,
        },
        kept_shares=[(commissioner.pk, 10_000)],
        submit="Write the placement down",
    )


def _kept_form(request, placement: Placement) -> OutsideForm:
    schools = placements.schools_of(placement.pupil, max(placement.starts_on, clock.today()))
    shares = [(one.funder_id, one.share) for one in placement.shares.all()]
    plain = ("revision", "starts_on", "ends_on", "hours_reason", "outside_reason", "over_reason", "reason", "basis")
    initial = {name: getattr(placement, name) for name in (*plain, "unit")}
    initial |= {
        "contracting_party": placement.contracting_party_id,
        "home_school": str(placement.home_school_id or NONE),
        "pence": Money(placement.pence).in_short,
    }
    for number, row in enumerate(placements.week_of(placement), 1):
        week = weekly_of(row)
        initial |= {
            f"weekday_{number}": week.weekday,
            f"from_{number}": week.starts,
            f"to_{number}": week.ends,
            f"site_{number}": row.site_id,
            f"address_{number}": papers.where_of(row) if row.site_id is None else "",
            f"runs_{number}": week.runs,
        }
    commissioner = placement.commissioner
    return OutsideForm(
        posted(request),
        changes=True,
        parties=placements.parties_for(commissioner, None),
        schools=schools,
        payers=placements.payers_for(commissioner, None, schools, [funder for funder, _ in shares]),
        sites=placements.sites_of(placement.provider_id),
        initial=initial,
        kept_shares=shares,
        submit="Save the change",
    )


def _most(rows, today) -> list[rules.Spent]:
    """The providers with which most is spent."""
    return queries.spent_of(rows.order_by("-all", "id")[:DRAWN], today)


def _chart(most: list[rules.Spent]) -> charts.Chart:
    first = most[0]
    return charts.Chart(
        title="Spent outside frameworks, with VAT",
        alt=f"Most is spent with {first.name}: {first.percent}% of the threshold of {Money(first.limit).in_short}.",
        label="Provider",
        unit="Pounds with VAT",
        labels=tuple(one.name for one in most),
        series=(
            charts.Series("This financial year", tuple(one.year_gross // 100 for one in most)),
            charts.Series("All years", tuple(one.all_gross // 100 for one in most)),
            charts.Series("Threshold", tuple(one.limit // 100 for one in most)),
        ),
    )
