"""Who bids in the round that the demo tells to its end: twelve providers, eight of them new. All made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from accounts.actions import demo, registration
from accounts.demo import PASSWORD
from accounts.models import User
from lots.demo import organisation, person
from lots.models import Framework
from lots.states import Phase
from providers.actions import applications
from providers.demo import answers, profiles
from providers.demo.profiles import Told
from providers.states import Need, SiteKind

# The least that a whole application needs: what is not in a paper of its own is in the folder of policies.
PAPERS = tuple(one for one in profiles.PAPERS if one.title in {profiles.POLICIES, profiles.LIABILITY, profiles.CDP})


@dataclass(frozen=True)
class Bidder:
    """One bid: the provider, its lead, and in pence what it asks for each lot that it bids for. `told` is what a new
    provider says of itself."""

    name: str
    lead: str
    prices: Mapping[str, int]
    told: Told | None = None


def _new(name: str, lead: str, describes: str, prices: Mapping[str, int], *, phases=(Phase.SECONDARY,)) -> Bidder:
    email = f"{lead.split()[0].lower()}@{name.split()[0].lower()}.example"
    told = Told(name, email, describes, (Need.SEMH, Need.ANXIETY), phases, SiteKind.PREMISES, 12, PAPERS)
    return Bidder(name, email, prices, told)


# Lot 1: the limit of its nine prices is £60.00 exactly, two of them are at it, and one is above. Lot 2: one price is
# so low that it would fail three ordinary ones. Lot 3: one bidder alone.
BIDDERS = (
    Bidder("Ash House", "alice@ash-house.example", {"1": 41_00, "2": 46_00}),
    Bidder("Birch Farm", "charlie@birch-farm.example", {"1": 39_00}),
    Bidder("Dovecote Music", "dev@dovecote-music.example", {"1": 43_00, "2": 45_00}),
    Bidder("Elder Tree Boxing Academy", "ezra@elder-tree.example", {"1": 44_00}),
    _new("Gorse Hill Tuition", "Gita Rao", "One to one teaching towards examinations.", {"1": 46_00, "3": 52_00}),
    _new("Hazel Lane Workshops", "Hugh Lacey", "Building, plumbing and painting in small groups.", {"1": 47_00}),
    _new("Ivy Bank Education", "Ivo Lund", "English and mathematics for pupils who are ill.", {"1": 60_00}),
    _new("Juniper Outdoor School", "June Abara", "Woodland days with reading and writing.", {"1": 60_00}),
    _new("Kestrel Learning", "Kit Moran", "Small classes in a house in town.", {"1": 70_00}),
    _new("Linden Arts", "Lena Fox", "Painting, clay and film as a way back.", {"2": 10_00}),
    _new("Maple Street Centre", "Milo Grant", "Full weeks with breakfast and mentoring.", {"2": 48_00}),
    _new("Nettle Bridge Farm", "Nan Osei", "Animals, growing and a kitchen.", {"1": 45_00, "2": 52_00}),
)


def register(*, at: dt.datetime, today: dt.date) -> None:
    """The new providers register, with a profile and a library of three papers each."""
    password_hash = make_password(PASSWORD)
    for number, bidder in enumerate(BIDDERS):
        if bidder.told is None:
            continue
        lead = demo.make_person(
            email=bidder.lead, name=_name(bidder), password_hash=password_hash, by=demo.SYSTEM, at=at
        )
        registration.register_provider(
            name=bidder.name,
            numbers=dict.fromkeys(registration.NUMBERS, "") | {"companies_house": f"990002{number:02}"},
            sole_tutor=False,
            no_number_reason="",
            street=f"{number + 2} Mill Lane",
            town="Larkford",
            postcode="LK1 3HH",
            by=lead,
            at=at,
        )
        profiles.tell(bidder.told, organisation(bidder.name), person(bidder.lead), at, today)


def submit_all(framework: Framework) -> None:
    """Everybody submits."""
    for bidder in BIDDERS:
        _submit(framework, bidder, person(bidder.lead))


def _submit(framework: Framework, bidder: Bidder, by: User) -> None:
    application = applications.start(framework=framework, provider=organisation(bidder.name), by=by)
    parts = answers.whole(application, pence=bidder.prices, lots="".join(bidder.prices), by=by)
    answers.save(application, parts, by=by)
    answers.submit(application, key=f"demo-{framework.pk}-{application.pk}", by=by)


def _name(bidder: Bidder) -> str:
    return NAMES[bidder.lead.split("@")[0]]


NAMES = {
    name.split()[0].lower(): name
    for name in ("Gita Rao", "Hugh Lacey", "Ivo Lund", "June Abara", "Kit Moran", "Lena Fox", "Milo Grant", "Nan Osei")
}
