"""What stands around a referral: what is free where, who may be told about pupils, how the school works."""

from __future__ import annotations

import datetime as dt

from lots.demo import on, organisation, person
from lots.models import Framework
from providers.actions import seats
from providers.models import Site
from providers.queries.seats import stating
from providers.rules.seats import WEEK, cell
from providers.rules.seen import fingerprint
from referrals.actions import sharing, terms
from referrals.queries.sharing import terms_of
from referrals.rules.sharing import mark_of
from referrals.states import Processing

RUNNING = "Alternative provision for learners of primary and secondary age and 16+"
# Provider, who speaks for it, and how many places are free in a half of the day; empty where nothing was stated.
FREE = [
    ("Ash House", "alice@ash-house.example", 3),
    ("Birch Farm", "charlie@birch-farm.example", 2),
    ("Dovecote Music", "dev@dovecote-music.example", 1),
    ("Elder Tree Boxing Academy", "ezra@elder-tree.example", 4),
]
SHARED = {
    "Elm Grove School": ("sana@elm-grove.example", ["Ash House", "Birch Farm", "Elder Tree Boxing Academy"]),
    "Larkshire Council": ("eve@larkshire.example", ["Ash House", "Fern Cottage Tuition"]),
}


def running() -> Framework:
    """The framework that schools of Larkshire use."""
    return Framework.objects.get(title=RUNNING, buyer__name="Larkshire Council")


def load(*, at: dt.datetime) -> None:
    """State what is free, write down the agreements to share data, and say from what on a budget holder is asked."""
    for provider, email, free in FREE:
        _free(provider, email, free, at)
    for name, (email, providers) in SHARED.items():
        for provider in providers:
            _shared(name, email, provider, at)
    school, sana = organisation("Elm Grove School"), person("sana@elm-grove.example")
    now = terms_of(school.pk)
    terms.set_terms(
        organisation=school,
        approve_above_pence=4_000_00,
        answer_days=3,
        seen=mark_of(now.approve_above_pence, now.answer_days),
        by=sana,
        at=at,
    )


def _free(provider: str, email: str, free: int, at: dt.datetime) -> None:
    """Mornings are busier than afternoons, and Fridays are kept free."""
    owner = organisation(provider)
    site = Site.objects.filter(provider=owner, closed_at=None).order_by("pk").first()
    names = [(cell(place.pk, *half), half) for place in stating(owner.pk) for half in WEEK]
    stated = {name: 0 if weekday == 4 else max(0, free - (half == "am")) for name, (weekday, half) in names}
    seen = fingerprint(dict.fromkeys(stated, 0))
    seats.state_seats(site=site, stated=stated, seen=seen, by=person(email), at=at)


def _shared(commissioner: str, email: str, provider: str, at: dt.datetime) -> None:
    signed = dt.date(2026, 8, 24)
    values = {
        "processing": Processing.CONTROLLER,
        "reference": "",
        "purposes": "Teaching the pupils that are placed, keeping them safe, and telling us how they get on.",
        "contact_name": "Data protection officer",
        "contact_email": f"dpo@{email.partition('@')[2]}",
        "signed_on": signed,
        "starts_on": dt.date(2026, 9, 1),
        "ends_on": dt.date(2028, 8, 31),
    }
    sharing.add_agreement(
        organisation=organisation(commissioner),
        provider_id=organisation(provider).pk,
        values=values,
        kept=None,
        by=person(email),
        at=max(on(signed, 12), at - dt.timedelta(days=60)),
    )
