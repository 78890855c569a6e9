"""Placements in every state, told from the search to where they are today: the demo's clock is put back for each of
them, because offers are judged by it."""

from __future__ import annotations

import datetime as dt

from lots.demo import on, organisation, person
from lots.models import Place
from providers.demo.past_round import at_that_time
from referrals.actions import asking, assurance, choosing, cover, pausing, placing, signing, starting, transport
from referrals.demo.around import running
from referrals.demo.story import LEADS, checked, offer
from referrals.models import Choice, Placement, Pupil, Referral
from referrals.queries import assurance as items
from referrals.queries.assurance import Journey
from referrals.queries.placing import Part, Terms
from referrals.rules.assurance import Said
from referrals.states import Item, Runs, TransportBy

SANA = "sana@elm-grove.example"
SIGNS = {"Ash House": "bob@ash-house.example", "Birch Farm": "cato@birch-farm.example"}
SAID = {
    Item.STAFF: Said(who="The provider’s safeguarding lead", paper="List of staff of September"),
    Item.SITES: Said(note="Seen on the map and on the way there"),
    Item.RISKS: Said(ours="May leave the site when upset", theirs="Tools and animals, each with its own assessment"),
    Item.EMERGENCY: Said(who="The mother", phone="01632 960171", medication="None"),
    Item.ABSENCE: Said(note="The rota covers Mondays and Wednesdays"),
    Item.VISIT: Said(who="Sian Rees"),
    Item.CONSENT: Said(who="The mother"),
    Item.LINK: Said(who="Sian Rees", phone="01632 960150"),
    Item.REVIEW: Said(),
}
ROTA = [
    ("Sian Rees", "01632 960150", "sian@elm-grove.example"),
    ("Dora Finch", "01632 960151", "dora@elm-grove.example"),
]
DATED = {Item.STAFF, Item.VISIT, Item.CONSENT}


def load(pupils: list[Pupil], *, at: dt.datetime, today: dt.date) -> None:
    """Two live, one of them paused; one that waits for the last items before the start."""
    _rota(at, today)
    live(pupils[0], "Ash House", today - dt.timedelta(days=56))
    paused = live(pupils[1], "Birch Farm", today - dt.timedelta(days=63))
    words = {"from_on": today, "until_on": today + dt.timedelta(days=9), "reason": "In hospital for some days"}
    pausing.pause_placement(placement=paused, seen=paused.revision, by=person(SANA), at=at, today=today, **words)
    waiting = _agreed(pupils[2], "Ash House", today - dt.timedelta(days=3))
    _prepared(waiting, [Item.STAFF, Item.SITES, Item.RISKS, Item.EMERGENCY, Item.VISIT])


def live(
    pupil: Pupil, provider: str, day: dt.date, *, weekdays: tuple[int, int] = (0, 2), runs: str = Runs.SCHOOL
) -> Placement:
    """From the referral on that day to a placement that has started."""
    placement = _agreed(pupil, provider, day, weekdays, runs)
    _prepared(placement, list(SAID))
    _started(placement)
    return Placement.objects.get(pk=placement.pk)


def _rota(at: dt.datetime, today: dt.date) -> None:
    for position, (name, phone, email) in enumerate(ROTA, start=1):
        values = {
            "name": name,
            "phone": phone,
            "user_id": person(email).pk,
            "position": position,
            "weekdays": [0, 1, 2, 3] if position == 1 else [0, 1, 2, 3, 4],
            "starts": dt.time(8, 30),
            "ends": dt.time(16),
            "holidays": position == 2,
            "from_on": today - dt.timedelta(days=90),
            "until_on": None,
        }
        cover.add_cover(organisation=organisation("Elm Grove School"), values=values, by=person(SANA), at=at)


def _agreed(
    pupil: Pupil, provider: str, day: dt.date, weekdays: tuple[int, int] = (0, 2), runs: str = Runs.SCHOOL
) -> Placement:
    """From the referral on that day to the agreement that both signed."""
    at, by = on(day, 10), person(SANA)
    with at_that_time(at):
        referral = checked(pupil, at, day, budget=3_900_00, weekdays=weekdays)
        place = Place.objects.get(
            framework=running(), lot__number="3", sub_lot__letter="B", provider__name=provider, state="active"
        )
        [enquiry] = asking.ask_providers(referral=referral, places=[place.pk], by=by, at=at)
        made = offer(enquiry, 0, person(LEADS[provider]), day, at)
        choosing.choose_offer(enquiry=enquiry, offer=made.pk, by=by, at=at, today=day)
        placement = _placed(Referral.objects.get(pk=referral.pk), at, day, runs)
        paper = signing.send_for_signature(placement=placement, seen=placement.revision, by=by, at=at, today=day)
        words = {"placement": placement, "sha256": paper.sha256, "at": at}
        signing.sign_for_provider(name=SIGNS[provider].split("@")[0].title(), by=person(SIGNS[provider]), **words)
        signing.sign_for_party(name="Sana Iqbal", over_reason="", by=by, today=day, **words)
    return Placement.objects.get(pk=placement.pk)


def _placed(referral: Referral, at: dt.datetime, day: dt.date, runs: str) -> Placement:
    accepted = Choice.objects.get(referral=referral, undone_at=None).offer
    terms = Terms(
        contracting_party=referral.commissioner_id,
        home_school=referral.commissioner_id,
        starts_on=accepted.starts_on,
        ends_on=accepted.ends_on,
        parts=[Part(one.weekday, one.starts, one.ends, site=one.site, runs=runs) for one in accepted.sessions.all()],
        shares=[(referral.commissioner_id, 10_000)],
    )
    return placing.place_pupil(referral=referral, terms=terms, by=person(SANA), at=at, today=day)


def _prepared(placement: Placement, wanted: list[str]) -> None:
    """These items are in place two days after the agreement."""
    at = placement.agreed_at + dt.timedelta(days=2)
    day = at.date()
    with at_that_time(at):
        for item in wanted:
            when = day if item in DATED else None
            if item == Item.REVIEW:
                when = items.latest_review(placement)
            assurance.write_item(
                placement=placement, item=item, said=SAID[item], on=when, seen=0, by=person(SANA), at=at
            )
        transport.save_transport(
            placement=placement,
            arranged_by=TransportBy.SCHOOL,
            paid_by=TransportBy.SCHOOL,
            journey=Journey(hands_over="The mother, at home", receives="Whoever leads the group"),
            seen=items.mark_of_transport(None),
            by=person(SANA),
            at=at,
        )


def _started(placement: Placement) -> None:
    at = on(placement.starts_on, 8)
    with at_that_time(at):
        starting.start_placement(placement=placement, by=person(SANA), at=at, today=placement.starts_on)
