"""A placement on its way, for tests: chosen, drafted, sent, signed by one side, agreed; by rows as far as possible. The
clocks stand at `AT`."""

from __future__ import annotations

import datetime as dt

import pytest

from core import clock
from providers.models import Insurance
from referrals.actions import placing, signing
from referrals.models import Disclosure, Offer, Placement
from referrals.queries.placing import Part, Terms
from tests.referrals.made import AT, TODAY, whole_story
from tests.referrals.placed import made_paper, made_placement

WHOLE = 10_000


@pytest.fixture
def that_day(monkeypatch):
    """The portal's clock stands at `AT`; `that_day(moment)` moves it."""

    def move(moment: dt.datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    move(AT)
    return move


def insure(*providers, **fields) -> None:
    """Public liability insurance that lasts."""
    fields = {"kind": "public", "insurer": "Sure", "cover_pence": 10**9, "ends_on": dt.date(2099, 1, 1)} | fields
    Insurance.objects.bulk_create(Insurance(provider=provider, **fields) for provider in providers)


def chosen(world) -> Disclosure:
    """Ash House, insured, was chosen for the canary."""
    known = whole_story(world)
    insure(world.ash_house)
    return known


def offer_of(known: Disclosure) -> Offer:
    return known.referral.choices.get().offer


def terms(world, offer: Offer, **fields) -> Terms:
    """The offer as it is; Elm Grove signs and pays."""
    fields = {
        "contracting_party": world.elm_grove.pk,
        "home_school": world.elm_grove.pk,
        "starts_on": offer.starts_on,
        "ends_on": offer.ends_on,
        "parts": [Part(one.weekday, one.starts, one.ends, one.site) for one in offer.sessions.all()],
        "shares": [(world.elm_grove.pk, WHOLE)],
    } | fields
    return Terms(**fields)


def drafted(world, **fields) -> Placement:
    """Written down by Sana, through the action."""
    known = chosen(world)
    return placing.place_pupil(
        referral=known.referral, terms=terms(world, offer_of(known), **fields), by=world.sana, at=AT, today=TODAY
    )


def waiting(world, *, signed: bool = True, **fields) -> Placement:
    """As rows: sent, and signed by Bob for the provider unless told otherwise."""
    known = chosen(world)
    offer = offer_of(known)
    placement = made_placement(
        world,
        place=offer.enquiry.place,
        pupil=known.referral.pupil,
        referral=known.referral,
        site=offer.sessions.first().site,
        state="draft",
        **fields,
    )
    unsigned = {f"party_{field}": value for field, value in NOT_YET.items()}
    if not signed:
        unsigned |= {f"provider_{field}": value for field, value in NOT_YET.items()}
    made_paper(world, placement, **({"provider_signed_by": world.bob, "provider_signed_name": "Bob"} | unsigned))
    return placement


NOT_YET = {"signed_at": None, "signed_by": None, "signed_name": ""}


def sign(world, placement: Placement, **fields):
    """Sana signs for Elm Grove."""
    paper = placement.papers.get(replaced_at=None)
    fields = {"sha256": paper.sha256, "name": "Sana", "over_reason": "", "by": world.sana} | fields
    return signing.sign_for_party(placement=placement, **fields, at=AT, today=TODAY)
