"""What is watched: the agreements of Larkshire's framework in force, each with the five usual measures, and pupils of
Elm Grove School who are taught at Ash House on every day of the week."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from contracts.actions import kpis, signing
from contracts.models import Contract
from contracts.steps import agreements
from lots.demo import on, organisation, person
from lots.models import Place
from lots.states import PlaceState
from providers.actions import seats
from providers.demo.past_round import at_that_time
from providers.models import Seats, Site
from providers.queries.seats import stating
from providers.rules.seats import WEEK, cell
from providers.rules.seen import fingerprint
from referrals.actions import pupils
from referrals.demo import people
from referrals.demo import placed as placing
from referrals.demo.around import running
from referrals.models import Placement
from referrals.rules.pupils import Roll
from referrals.states import EnrolmentKind, Runs

SIGNS = {
    "Ash House": ("Alice Rowe", "alice@ash-house.example"),
    "Birch Farm": ("Charlie Webb", "charlie@birch-farm.example"),
    "Elder Tree Boxing Academy": ("Ezra Pike", "ezra@elder-tree.example"),
}
SIGNED = dt.date(2026, 8, 28)
# With the pupil whom `referrals` shows there on Mondays and Wednesdays somebody comes on each day of the week, and on
# each at least two do not, who can come for a session of their own on the day on which this is loaded.
WEEKS = [(1, 3), (0, 4), (2, 4)]
PUPILS = [
    ("Jordan", "Whitlock", "", 15, "M", ("semh",), False, False, "LK1 1AA", "Walks out when it gets loud"),
    ("Priya", "Ramsden", "", 14, "F", ("anxiety",), False, False, "LK2 4EE", "Manages a morning at a time"),
    ("Owen", "Fairbrother", "", 15, "M", ("semh", "learning"), False, False, "LK1 5FF", "Reads better aloud"),
]
FIRST_NUMBER = 70  # of their made-up pupil numbers, behind those of `referrals`


def load(*, first: dt.date, today: dt.date) -> Contract:
    """The framework's agreements, signed by both before it began, and the five measures on all of them from the first
    day of this story on. Returns the one with Ash House."""
    framework, max_ = running(), person("max@larkshire.example")
    at = on(SIGNED, 9)
    with transaction.atomic():
        places = {
            organisation(name).pk: list(
                Place.objects.filter(framework=framework, provider__name=name, state=PlaceState.ACTIVE)
            )
            for name in SIGNS
        }
        agreements.offer(framework=framework, suppliers=places, not_before=None, by=max_, at=at)
    for hours, (name, (signs, email)) in enumerate(SIGNS.items(), start=1):
        contract = Contract.objects.get(framework=framework, supplier__name=name)
        signed_at = at + dt.timedelta(hours=hours)
        signing.sign_contract(contract=contract, name=signs, position="Director", by=person(email), at=signed_at)
        with at_that_time(on(SIGNED, 15)):
            signing.countersign_contract(contract=contract, by=max_)
    kpis.set_framework_kpis(
        framework=framework,
        like=None,
        days=1,
        from_on=first,
        by=person("con@larkshire.example"),
        at=on(first - dt.timedelta(days=3), 11),
    )
    return Contract.objects.get(framework=framework, supplier__name="Ash House")


def placed(*, at: dt.datetime, today: dt.date) -> list[Placement]:
    """Everybody of Elm Grove School at Ash House, three of them by this story, on the provider's own days."""
    _more_free(at)
    school, sana = organisation("Elm Grove School"), person("sana@elm-grove.example")
    day = today - dt.timedelta(days=56)
    roll = Roll(EnrolmentKind.MAIN, dt.date(today.year - 2, 9, 4), school=school.pk)
    for number, (told, weekdays) in enumerate(zip(PUPILS, WEEKS, strict=True), start=FIRST_NUMBER):
        who = people.who(told, number, day)
        pupil = pupils.add_pupil(commissioner=school, who=who, roll=roll, different=False, by=sana, at=on(day, 9))
        placing.live(pupil, "Ash House", day, weekdays=weekdays, runs=Runs.PROVIDER)
    rows = Placement.objects.filter(commissioner=school, provider__name="Ash House", state="live")
    return list(rows.select_related("pupil").order_by("pk"))


def _more_free(at: dt.datetime) -> None:
    """Two more in each half of the week, for those who come by this story."""
    provider = organisation("Ash House")
    site = Site.objects.filter(provider=provider, closed_at=None).order_by("pk").first()
    held = {(row.lot_id, row.sub_lot_id, row.weekday, row.half): row.free for row in Seats.objects.filter(site=site)}
    now = {
        cell(place.pk, *half): held.get((place.lot_id, place.sub_lot_id, *half), 0)
        for place in stating(provider.pk)
        for half in WEEK
    }
    stated = {name: free + 2 for name, free in now.items()}
    seats.state_seats(site=site, stated=stated, seen=fingerprint(now), by=person("alice@ash-house.example"), at=at)
