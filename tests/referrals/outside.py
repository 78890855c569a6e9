"""Placements outside a framework for tests: Elm Grove's canary at Ash House by a spot contract, Monday and Wednesday
09:30 to 14:30, 120 hours at £45.00."""

from __future__ import annotations

import datetime as dt

from referrals.models import FunderShare, Placement, WeeklySession
from referrals.states import PlacementState, Route
from tests.referrals.made import AT, made_pupil, made_site
from tests.referrals.placed import ENDS, STARTS

REASON = "Nobody on the framework teaches forestry"


def made_spot(world, *, pupil=None, provider=None, site=None, **fields) -> Placement:
    """A draft that nobody has signed, with its week and one funder."""
    pupil = pupil or made_pupil(world)
    provider = provider or world.ash_house
    fields = {
        "commissioner": pupil.commissioner,
        "contracting_party": pupil.commissioner,
        "home_school": world.elm_grove,
        "provider": provider,
        "route": Route.SPOT,
        "unit": "hour",
        "pence": 45_00,
        "units": 12_000,
        "total_pence": 45_00 * 120,
        "outside_reason": REASON,
        "reason": "behaviour",
        "basis": "early",
        "starts_on": STARTS,
        "ends_on": ENDS,
        "made_at": AT,
        "made_by": world.sana,
    } | fields
    if fields.get("state", PlacementState.DRAFT) not in {PlacementState.DRAFT, PlacementState.CANCELLED}:
        fields = {"agreed_at": AT} | fields
    placement = Placement.objects.create(pupil=pupil, **fields)
    site = site or made_site(world, provider)
    WeeklySession.objects.bulk_create(
        WeeklySession(
            placement=placement,
            weekday=weekday,
            starts=dt.time(9, 30),
            ends=dt.time(14, 30),
            site=site,
            from_on=placement.starts_on,
        )
        for weekday in (0, 2)
    )
    FunderShare.objects.create(
        placement=placement, funder=placement.commissioner, share=10_000, from_on=placement.starts_on, written_at=AT
    )
    return placement
