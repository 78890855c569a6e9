"""Enquiries and offers for tests, on the day on which the rows of `made` stand: Ash House and Birch Farm are insured
and on the same part of Larkshire's framework; Elm Grove refers."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Membership
from accounts.states import Role
from core import clock
from providers.models import Insurance
from referrals.actions import lapsing, offering
from referrals.models import Enquiry
from referrals.queries.worked import Proposal
from referrals.rules.timetable import Session
from tests.cast import make_person
from tests.referrals.made import AT, another_place, made_enquiry, made_offer, made_place, made_referral, made_site

TODAY = AT.date()
START, END = dt.date(2026, 9, 28), dt.date(2026, 12, 18)


@pytest.fixture
def that_day(monkeypatch):
    """The clocks of the portal and of the database stand at `AT`; `that_day(moment)` moves them."""

    def move(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)
        for module in (offering, lapsing):
            monkeypatch.setattr(module, "database_now", lambda: moment)

    move(AT)
    return move


def insure(*providers, **fields) -> None:
    """Public liability insurance that lasts."""
    fields = {"kind": "public", "insurer": "Sure", "cover_pence": 10**9, "ends_on": dt.date(2099, 1, 1)} | fields
    Insurance.objects.bulk_create(Insurance(provider=provider, **fields) for provider in providers)


def two_places(world):
    """Ash House at £45.00 an hour, Birch Farm at £40.00."""
    place = made_place(world)
    other = another_place(world, place, world.birch_farm, pence=40_00)
    insure(world.ash_house, world.birch_farm)
    return place, other


def asked(world, **fields) -> list[Enquiry]:
    """Both were asked about one referral and have not answered."""
    places = two_places(world)
    referral = made_referral(world, place=places[0], **fields)
    return [made_enquiry(world, referral, place) for place in places]


def offered(world, **fields) -> list[Enquiry]:
    """Both have offered the same week; Birch Farm is cheaper."""
    rows = asked(world, **fields)
    for enquiry, pence in zip(rows, (45_00, 40_00), strict=True):
        made_offer(world, enquiry, pence=pence)
    return [Enquiry.objects.get(pk=row.pk) for row in rows]


def proposal(world, enquiry: Enquiry, **fields) -> Proposal:
    """Mondays and Wednesdays from 9:30am to 2:30pm."""
    site = fields.pop("site", None) or made_site(world, enquiry.provider)
    sessions = [(Session(weekday, dt.time(9, 30), dt.time(14, 30)), site) for weekday in (0, 2)]
    fields = {
        "line": enquiry.place.lot.price_lines.first(),
        "pence": None,
        "starts_on": START,
        "ends_on": END,
        "sessions": sessions,
    } | fields
    return Proposal(**fields)


def budget_holder(world):
    """Hanna holds Elm Grove's budget."""
    hanna = make_person("hanna")
    Membership.objects.create(user=hanna, organisation=world.elm_grove, role=Role.SCHOOL_FINANCE, given_at=AT)
    return hanna
