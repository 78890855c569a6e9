"""Placements of an organisation, and one of them: who, where, when, who pays, and what is to be done next."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Organisation
from accounts.states import OrganisationKind
from audit.reads import reads
from core import clock, lists
from core.access import guard
from referrals.forms.placing import PlacementFilter
from referrals.models import Placement
from referrals.permissions import outside
from referrals.permissions import placements as permissions
from referrals.queries import drawing, papers
from referrals.queries import placements as queries
from referrals.queries.life import price_on
from referrals.queries.running import weekly_of
from referrals.rules import placing
from referrals.rules.drawing import warnings
from referrals.rules.overlaps import in_words
from referrals.rules.running import minutes_a_week
from referrals.rules.timetable import hours_in_words
from referrals.states import PlacementState
from referrals.views.frame import page
from referrals.views.placement_frame import COLOURS, address, placement_page


@guard(permissions.can_list, on=Organisation)
@reads("personal")
@require_safe
def placements(request, organisation):
    """The placements that a commissioner has made or a provider holds, newest first."""
    rows = queries.for_list(queries.of_organisation(organisation, user=request.user))
    found = PlacementFilter(request.GET, queryset=rows)
    listed = lists.page(found.qs, request.GET, order=["-id"])
    for row in listed.rows:
        row.colour = COLOURS[row.state]
        row.next = placing.next_step(row.state, **_signed(next(iter(row.standing_papers), None)))
    is_provider = organisation.kind == OrganisationKind.PROVIDER
    context = {"filter": found, "page": listed, "is_provider": is_provider}
    if is_provider:
        return render(request, "referrals/placements.html", context | {"organisation": organisation})
    context["can_bring_in"] = outside.can_import_placements(request.user, organisation)
    return page(request, organisation, "referrals/placements.html", active="placements", **context)


@guard(permissions.can_see, on=Placement)
@reads("personal")
@require_safe
def placement(request, placement):
    """One placement, for whichever side reads it."""
    user = request.user
    week = queries.week_of(placement)
    paper = queries.paper_of(placement)
    commissions = permissions.can_commission(user, placement)
    knows_cost = permissions.can_read_paper(user, placement)
    today = clock.today()
    on = min(max(today, placement.starts_on), placement.ends_on)
    held = queries.held_sessions(placement.pupil_id, reader=user, but=placement.pk) if commissions else []
    minutes = queries.minutes_of(week, held, placement.starts_on, placement.ends_on)
    context = {
        "week": [
            (one, in_words(weekly_of(one)), papers.where_of(one))
            for one in week
            if one.until_on is None or one.until_on >= on
        ],
        "hours": hours_in_words(minutes_a_week([weekly_of(one) for one in week], on)),
        "price": price_on(placement, on) if knows_cost else None,
        "units": placing.units_said(placement.units, placement.get_unit_display()),
        "shares": _shares(placement) if knows_cost else [],
        "paper": paper,
        "commissions": commissions,
        "knows_cost": knows_cost,
        "writes_to_parent": permissions.can_write_to_parent(user, placement),
        "next": placing.next_step(placement.state, **_signed(paper)),
        "next_url": _next_url(placement, user, paper),
        "is_draft": placement.state == PlacementState.DRAFT,
        "can_cancel": commissions and placement.state in {PlacementState.DRAFT, PlacementState.ASSURANCE},
        "overlapping": commissions and any(one.where for one in held),
        "hours_note": placing.hours_note(minutes) if commissions else "",
        "all_hours": hours_in_words(minutes),
        "value_warnings": warnings(_drawn(placement)) if commissions and placement.place_id else [],
        "pupil_url": address("pupil", placement.pupil_id) if commissions else "",
        "referral_url": address("referral", placement.referral_id) if commissions and placement.referral_id else "",
    }
    return placement_page(request, placement, "referrals/placement.html", active="placement", **context)


def _signed(paper) -> dict:
    return {"sent": paper is not None, "provider_signed": bool(paper and paper.provider_signed_at)}


def _shares(placement: Placement) -> list[tuple]:
    return [(one, placing.percent(one.share)) for one in placement.shares.select_related("funder")]


def _drawn(placement: Placement) -> list:
    """What the value would come to with a draft, and comes to with what is agreed."""
    more = placement.total_pence if placement.state == PlacementState.DRAFT else 0
    return [one.with_more(more) for one in drawing.of_place(placement.place)]


def _next_url(placement: Placement, user, paper) -> str:
    """Where this person does what has to be done next; empty where it is somebody else's."""
    if placement.state == PlacementState.ASSURANCE:
        return address("before_start", placement.pk) if permissions.can_commission(user, placement) else ""
    if placement.state == PlacementState.PAUSED:
        return address("resume_placement", placement.pk) if permissions.can_commission(user, placement) else ""
    if placement.state != PlacementState.DRAFT:
        return ""
    if paper is None:
        return address("send_for_signature", placement.pk) if permissions.can_commission(user, placement) else ""
    signs = permissions.can_sign_for_party if paper.provider_signed_at else permissions.can_sign_for_provider
    return address("sign_placement", placement.pk) if signs(user, placement) else ""
