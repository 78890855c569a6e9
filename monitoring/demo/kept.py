"""What stands around: where Larkshire takes calls, a fire drill, an accident, an insurance that ran out."""

from __future__ import annotations

import datetime as dt

from lots.demo import on, organisation, person
from monitoring import running
from monitoring.actions import concerns, incidents
from monitoring.actions.incidents import Happened
from monitoring.states import IncidentKind
from providers.actions import covers
from providers.models import Site
from providers.states import InsuranceKind
from referrals.models import Placement

BOB = "bob@ash-house.example"
RAN_OUT_DAYS = 6


def load(*, first: dt.date, at: dt.datetime, today: dt.date) -> None:
    """Before the first register: the reports of the weeks speak of some of it."""
    concerns.save_front_door(
        authority=organisation("Larkshire Council"),
        phone="01632 960 400",
        out_of_hours="01632 960 499",
        page="https://larkshire.example/children-in-danger",
        by=person("tom@larkshire.example"),
        at=on(first, 9),
    )
    site = _drill("Ash House", BOB, first)
    _drill("Birch Farm", "cato@birch-farm.example", first)
    _accident(site, first + dt.timedelta(days=9))
    _ran_out(at, today)


def _drill(provider: str, email: str, day: dt.date) -> Site:
    site = Site.objects.filter(provider__name=provider, closed_at=None).order_by("pk").first()
    incidents.add_drill(
        provider=site.provider,
        site=site,
        held_on=day,
        seconds=130,
        people=9,
        words="Everybody was out by the front door. The gate to the yard sticks: oiled since.",
        by=person(email),
        at=on(day, 15),
        today=day,
    )
    return site


def _accident(site: Site, day: dt.date) -> None:
    placement = Placement.objects.filter(provider=site.provider, state="live").order_by("pk").first()
    happened = Happened(
        kind=IncidentKind.ACCIDENT,
        happened_at=on(day, 11, 20),
        words="Grazed a hand on the workbench. Washed, covered, and back at work ten minutes later.",
        placement=placement,
        site=site,
        first_aid=True,
        parent_told_at=on(day, 11, 45),
    )
    incidents.add_incident(provider=site.provider, happened=happened, by=person(BOB), at=on(day, 12), today=day)


def _ran_out(at: dt.datetime, today: dt.date) -> None:
    """Somebody at Larkshire decides what becomes of it."""
    ended = today - dt.timedelta(days=RAN_OUT_DAYS)
    values = {
        "kind": InsuranceKind.EMPLOYERS,
        "insurer": "Larkshire Mutual",
        "policy_number": "LM-99-0404",
        "cover_pence": 10_000_000_00,
        "activities": "",
        "starts_on": ended - dt.timedelta(days=364),
        "ends_on": ended,
        "item_id": None,
    }
    covers.add_insurance(
        provider=organisation("Dovecote Music"), values=values, by=person("dev@dovecote-music.example"), at=at
    )
    running.watch_documents()
