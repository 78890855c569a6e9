"""Incidents and fire drills: written down, corrected by a further record, read by whose pupil it was."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core.access import Denied
from lots.rules.refusals import Refused
from monitoring.actions import incidents as actions
from monitoring.actions.incidents import Happened
from monitoring.models import Drill, Incident
from monitoring.permissions import incidents as permissions
from monitoring.queries import incidents as queries
from outbox.models import Message
from tests.accounts.mail import body
from tests.monitoring.made import DAY, NINE, local, made_drill, made_incident, made_member
from tests.monitoring.worries import fresh
from tests.referrals.made import made_site
from tests.referrals.placed import made_placement

LATER = NINE + dt.timedelta(hours=6)


def happened(placement=None, **fields) -> Happened:
    fields = {"kind": "accident", "happened_at": NINE, "words": "Quillon cut a finger", "placement": placement} | fields
    return Happened(**fields)


def add(world, placement=None, *, by=None, **fields) -> Incident:
    return actions.add_incident(
        provider=world.ash_house, happened=happened(placement, **fields), by=by or world.bob, at=LATER, today=DAY
    )


def letters():
    return Message.objects.filter(key__startswith="incident:")


def test_what_happened_is_sealed_and_recorded_without_words(world):
    made = add(world, made_placement(world), first_aid=True)

    assert b"Quillon" not in bytes(made.words)
    assert queries.text_of(made, "words") == "Quillon cut a finger"
    assert not letters().exists()
    event = Event.objects.get(action="monitoring.incident.added")
    assert (event.organisation_id, event.data) == (
        world.elm_grove.pk,
        {"kind": "accident", "provider": world.ash_house.pk, "told": 0},
    )


@pytest.mark.parametrize("fields", [{"kind": "left"}, {"hospital": True}, {"reportable": True}])
def test_the_safeguarding_leads_hear_of_it_by_a_letter_that_names_nobody(world, fields):
    lena = made_member(world, "lena", world.elm_grove, Role.SCHOOL_DSL)

    made = add(world, made_placement(world), **fields)

    assert {one.to for one in letters()} == {world.sana.email, lena.email}
    assert all(f"/incidents/{made.pk}/" in body(one) and "Quillon" not in body(one) for one in letters())


def test_of_nobody_nobody_is_told(world):
    made = add(world, hospital=True)

    assert not letters().exists()
    assert made.organisation_id == world.ash_house.pk
    assert Incident.objects.visible_to(world.bob).get() == made


def test_a_correction_stands_beside_what_it_corrects_once(world):
    first = add(world, made_placement(world))
    corrected = happened(kind="force", words="She was held")

    second = actions.correct_incident(incident=first, happened=corrected, by=world.bob, at=LATER)

    assert (second.replaces, second.placement, second.kind) == (first, first.placement, "force")
    assert letters().count() == 1
    assert list(queries.of_provider(world.ash_house, user=world.bob)) == [second]
    assert queries.story_of(second) == [first]
    with pytest.raises(Refused, match="meanwhile"):
        actions.correct_incident(incident=first, happened=corrected, by=world.bob, at=LATER)
    with pytest.raises(Denied):
        actions.correct_incident(incident=second, happened=corrected, by=world.sana, at=LATER)


def test_what_cannot_be_is_refused(world):
    placement = made_placement(world)
    elsewhere = made_site(world, world.birch_farm)

    for fields, says in [
        ({"site": elsewhere}, "your own sites"),
        ({"happened_at": LATER + dt.timedelta(minutes=1)}, "in the past"),
    ]:
        with pytest.raises(Refused, match=says):
            add(world, placement, **fields)
    placement.__class__.objects.update(hidden_at=NINE)
    with pytest.raises(Refused, match="not with you"):
        add(world, placement)
    for one in (world.alice, world.charlie, world.sana):
        with pytest.raises(Denied):
            add(world, by=one)
    assert not Incident.objects.exists()


def test_who_reads_an_incident(world):
    placement = made_placement(world)
    of_pupil, of_nobody = made_incident(world, placement), made_incident(world)
    people = {name: fresh(one) for name, one in world.people.items()}

    def read(incident):
        seen = {name for name, one in people.items() if Incident.objects.visible_to(one).filter(pk=incident.pk)}
        assert {name for name, one in people.items() if permissions.can_see(one, incident)} == seen
        return seen

    assert (read(of_pupil), read(of_nobody)) == ({"sana", "bob"}, {"bob"})


def test_a_trust_reads_of_the_schools_listed_for_it(world):
    made_incident(world, made_placement(world))
    assert not queries.of_pupils(world.oak_trust, user=world.tariq)

    Membership.objects.get(user=world.tariq).schools.add(world.elm_grove)

    assert queries.of_pupils(world.oak_trust, user=fresh(world.tariq)).count() == 1


def test_the_numbers_of_a_day_count_no_correction_twice(world):
    first = made_incident(world, hospital=True)
    made_incident(world, replaces=first)
    made_incident(world, happened_at=NINE - dt.timedelta(days=1))
    made_drill(world, held_on=DAY)

    numbers = queries.numbers_of(world.ash_house, DAY)

    assert numbers == {"incidents": 1, "first_aid": 1, "hospital": 0, "drills": 1}


def test_the_last_drill_is_known_for_each_site(world):
    def last():
        return [(one.site, one.held_on, one.late) for one in queries.last_drills(world.ash_house, DAY)]

    made_drill(world, held_on=dt.date(2025, 10, 4))
    assert last() == [("All sites", dt.date(2025, 10, 4), True)]

    farm, shop = made_site(world, name="Farm"), made_site(world, name="Shop")
    made_drill(world, site=shop, held_on=dt.date(2026, 9, 1))

    assert last() == [("Farm", dt.date(2025, 10, 4), True), ("Shop", dt.date(2026, 9, 1), False)]
    Drill.objects.filter(site=None).delete()
    assert last()[0] == (farm.name, None, True)


def test_a_drill_is_written_down_by_anybody_of_the_provider(world):
    site = made_site(world)
    fields = {"held_on": DAY, "seconds": 135, "people": 9, "words": "", "at": NINE, "today": DAY}

    drill = actions.add_drill(provider=world.ash_house, site=site, by=world.alice, **fields)

    assert (drill.took, drill.site) == ("2 min 15 s", site)
    assert Event.objects.get(action="monitoring.drill.added").organisation_id == world.ash_house.pk
    with pytest.raises(Denied):
        actions.add_drill(provider=world.ash_house, site=None, by=world.charlie, **fields)


@pytest.fixture
def that_day():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.mark.usefixtures("that_day")
class TestPages:
    SAID = {
        "kind": "accident",
        "happened_on_0": "5",
        "happened_on_1": "10",
        "happened_on_2": "2026",
        "happened_time": "10:45am",
        "words": "Fell off the bench",
        "first_aid": "on",
    }

    def test_written_down_read_and_corrected(self, world, sign_in):
        placement = made_placement(world)
        client, address = sign_in(world.bob), reverse("add_incident", args=[world.ash_house.pk])

        half = client.post(address, self.SAID | {"placement": placement.pk, "told_time": "3pm"}).content.decode()
        page = client.post(address, self.SAID | {"placement": placement.pk}, follow=True).content.decode()
        made = Incident.objects.get()
        correct = reverse("correct_incident", args=[made.pk])
        form = client.get(correct).content.decode()
        told = {"told_on_0": "5", "told_on_1": "10", "told_on_2": "2026", "told_time": "11am"}
        after = client.post(correct, self.SAID | told | {"words": "Was pushed"}, follow=True).content.decode()
        again = client.post(correct, self.SAID).content.decode()

        assert "Enter both the day and the time" in half
        assert "Fell off the bench" in half
        assert "Fell off the bench" in page
        assert (made.happened_at, made.placement, made.first_aid) == (local(DAY, 10, 45), placement, True)
        assert "Fell off the bench" in form
        assert "What stood here before" in after
        assert "Was pushed" in after
        assert "Somebody has corrected this meanwhile" in again
        assert client.get(correct).status_code == 302
        old = client.get(reverse("incident", args=[made.pk])).content.decode()
        assert "This was corrected" in old
        school = sign_in(world.sana).get(reverse("pupil_incidents", args=[world.elm_grove.pk])).content.decode()
        assert "(corrected)" in school
        assert Event.objects.filter(by=world.sana, action="accounts.organisation.read").exists()

    def test_a_drill(self, world, sign_in):
        client, address = sign_in(world.alice), reverse("add_drill", args=[world.ash_house.pk])
        said = {"held_on_0": "5", "held_on_1": "10", "held_on_2": "2026", "people": "12"}

        missing = client.post(address, said).content.decode()
        future = client.post(address, said | {"seconds": "50", "held_on_0": "6"}).content.decode()
        page = client.post(address, said | {"minutes": "1", "seconds": "50"}, follow=True).content.decode()

        assert "Enter how long it took" in missing
        assert "must be today or in the past" in future
        assert "1 min 50 s" in page
