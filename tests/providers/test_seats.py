"""A provider states its free places, and confirms them week by week."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core import access
from lots.models import Place
from outbox.models import Message
from providers.actions import seats as actions
from providers.models import Seats, Site
from providers.permissions.seats import REMINDERS
from providers.queries import seats as queries
from providers.rules import seats as rules
from providers.rules.refusals import Refused
from providers.rules.seen import Changed, fingerprint
from providers.steps import seats as steps
from tests.lots import places
from tests.providers.library import site
from tests.providers.seats import AT, made_seats
from tests.providers.test_profile import answers_of

DAY = dt.timedelta(days=1)


@pytest.fixture
def place(world):
    return places.active(world, places.running(world), "1B")[0]


@pytest.fixture
def barn(world):
    return site(world.alice)


def state(world, barn, stated, *, seen=None, by=None, at=AT):
    """Ash House states these numbers, all others being none."""
    cells = {name: 0 for week in queries.weeks_of(barn, user=world.alice) for name in week.cells}
    was = {name: free for week in queries.weeks_of(barn, user=world.alice) for name, free in week.cells.items()}
    seen = fingerprint(was) if seen is None else seen
    return actions.state_seats(site=barn, stated=cells | stated, seen=seen, by=by or world.alice, at=at)


def free(barn) -> dict:
    rows = Seats.objects.filter(site=barn, free__gt=0).order_by("weekday", "half")
    return {(row.weekday, row.half): row.free for row in rows}


@pytest.mark.parametrize(
    ("days", "held"), [(0, True), (7.99, True), (8, True), (8.01, False), (400, False)]
)  # fmt: skip
def test_a_statement_holds_eight_days(days, held):
    assert rules.holds(AT - days * DAY, AT) is held
    assert (rules.holds_until(AT - days * DAY) >= AT) is held


@pytest.mark.parametrize(
    ("free_on", "words"),
    [((0, 0), "None"), ((2, 2), "2 all day"), ((0, 1), "1 in the afternoon"), ((1, 0), "1 in the morning")],
)
def test_a_day_is_said_in_few_words(free_on, words):
    assert rules.day_in_words(*free_on) == words


@pytest.mark.parametrize(
    ("had", "wanted", "refused"),
    [
        ({(1, 0, "am"): 1}, [(1, 0, "am")], ""),
        ({}, [], ""),
        ({(1, 0, "am"): 0}, [(1, 0, "am")], "on Monday morning"),
        ({(1, 0, "am"): 2}, [(1, 0, "am"), (1, 4, "pm"), (2, 0, "am")], "on Monday morning, Friday afternoon"),
    ],
)
def test_a_call_off_is_refused_whole_where_one_half_is_full(had, wanted, refused):
    told = pytest.raises(Refused, match=f"{refused}. Nothing was booked") if refused else contextlib.nullcontext()

    with told:
        rules.check_free(had, wanted)


@pytest.mark.parametrize(
    ("weeks", "words"), [(1, "After 8 days schools and councils no longer see them"), (3, "for 21 days, so schools")]
)  # fmt: skip
def test_the_reminder_says_what_follows(weeks, words):
    assert words in rules.letter(weeks)[1]


def test_alice_fills_in_a_week_on_her_phone_and_confirms_it_the_next(world, sign_in, place, barn, time_machine):
    time_machine.move_to(AT, tick=False)
    client, address = sign_in(world.bob), reverse("free_places", args=[world.ash_house.pk])
    here = reverse("free_places_at", args=[barn.pk])
    assert "Nothing said yet" in client.get(address).content.decode()
    form = client.get(here).context["form"]
    cell = f"{place.pk}-0-am"

    answer = client.post(here, answers_of(form) | {cell: "3", f"{place.pk}-4-pm": "0", f"every-{place.pk}": "2"})

    assert answer.url == address
    page = client.get(address).content.decode()
    for words in ("3 in the morning, 2 in the afternoon", "2 all day", "2 in the morning<"):
        assert words in page
    assert "14 September 2026 at 10am" in page
    assert "22 September 2026 at 10am" in page
    assert Seats.objects.filter(site=barn, confirmed_by=world.bob, confirmed_at=AT).count() == 20  # and on the auto lot
    time_machine.move_to(AT + 9 * DAY, tick=False)
    client = sign_in(world.alice)
    found = client.get(address)
    assert "Schools do not see them" in found.content.decode()
    client.post(address, answers_of(found.context["form"]))
    assert "You confirmed your free places" in client.get(address).content.decode()
    assert set(Seats.objects.values_list("confirmed_at", flat=True)) == {AT + 9 * DAY}
    assert free(barn)[0, "am"] == 3
    events = Event.objects.filter(action__startswith="providers.seats.").order_by("pk")
    assert [(one.action, one.data) for one in events] == [
        ("providers.seats.stated", {"changed": 9}),
        ("providers.seats.confirmed", {"rows": 20}),
    ]


def test_what_cannot_be_a_number_of_places_is_said_beside_its_field(world, sign_in, place, barn):
    client, here = sign_in(world.alice), reverse("free_places_at", args=[barn.pk])
    typed = answers_of(client.get(here).context["form"]) | {f"{place.pk}-0-am": "lots", f"{place.pk}-1-am": "501"}

    page = client.post(here, typed).content.decode()

    assert "Lot 1, part B, Monday morning must be a whole number from 0 to 500" in page
    assert "Lot 1, part B, Tuesday morning must be" in page
    assert 'value="lots"' in page
    assert Seats.objects.count() == 0


def test_who_comes_second_is_told_and_nothing_is_lost(world, sign_in, place, barn):
    client, here = sign_in(world.alice), reverse("free_places_at", args=[barn.pk])
    typed = answers_of(client.get(here).context["form"]) | {f"{place.pk}-0-am": "3", f"{place.pk}-0-pm": "1"}
    state(world, barn, {f"{place.pk}-0-am": 5}, by=world.bob)

    told = client.post(here, typed)

    assert told.status_code == 409
    page = told.content.decode()
    assert "Somebody changed this since you opened it" in page
    assert "Lot 1, part B, Monday morning" in page
    assert 'value="3"' in page
    assert free(barn) == {(0, "am"): 5}
    assert client.post(here, answers_of(told.context["form"])).status_code == 302
    assert free(barn) == {(0, "am"): 3, (0, "pm"): 1}


def test_a_call_off_in_between_is_told_to_whoever_confirms(world, sign_in, place, barn):
    made_seats(place, barn, free=2)
    client, address = sign_in(world.alice), reverse("free_places", args=[world.ash_house.pk])
    typed = answers_of(client.get(address).context["form"])
    with transaction.atomic():
        steps.take(place=place, halves=[(barn.pk, 0, "am")], by=world.sana, at=AT)

    told = client.post(address, typed)

    assert told.status_code == 409
    assert "changed after you opened this page" in told.content.decode()
    assert "1 in the morning, 2 in the afternoon" in told.content.decode()
    assert set(Seats.objects.values_list("confirmed_at", flat=True)) == {AT}
    assert client.post(address, answers_of(told.context["form"])).status_code == 302


def test_there_is_nothing_to_confirm_before_something_was_said(world, sign_in, place):
    client, address = sign_in(world.alice), reverse("free_places", args=[world.ash_house.pk])
    assert "You have not said where you teach" in client.get(address).content.decode()

    page = client.post(address, {"seen": ""}).content.decode()

    assert "Choose a site, and say where you have free places" in page


def test_a_provider_on_no_framework_is_told_when_it_will_have_something_to_say(world, sign_in, barn):
    client = sign_in(world.alice)

    for address in (reverse("free_places", args=[world.ash_house.pk]), reverse("free_places_at", args=[barn.pk])):
        assert "You are not on a framework yet" in client.get(address).content.decode()


def test_a_place_that_was_not_told_or_ended_is_not_stated_for(world, place, barn):
    cell = f"{place.pk}-0-am"
    assert state(world, barn, {cell: 1}) == 1
    Place.objects.filter(pk=place.pk).update(told=False)

    assert [week.place.lot.number for week in queries.weeks_of(barn, user=world.alice)] == ["7"]
    with pytest.raises(Refused, match="no longer yours"):
        state(world, barn, {cell: 1})
    assert queries.statement_of(world.ash_house, user=world.alice).numbers.keys() == set(
        Seats.objects.filter(sub_lot=None).values_list("pk", flat=True)
    )


@pytest.mark.parametrize("number", [-1, 501])
def test_a_number_that_no_site_holds_is_refused(world, place, barn, number):
    with pytest.raises(Refused, match="from 0 to 500"):
        state(world, barn, {f"{place.pk}-0-am": number})
    assert Seats.objects.count() == 0


def test_a_closed_site_is_refused_and_shown_no_more(world, place, barn):
    made_seats(place, barn)
    Site.objects.filter(pk=barn.pk).update(closed_at=AT)

    with pytest.raises(Refused, match="removed"):
        state(world, barn, {})
    assert queries.statement_of(world.ash_house, user=world.alice).sites == []
    with pytest.raises(Refused, match="nothing to confirm"):
        actions.confirm_seats(provider=world.ash_house, seen="", by=world.alice, at=AT)


def test_strangers_and_a_safeguarding_lead_alone_state_nothing(world, place, barn):
    Membership.objects.filter(user=world.bob).update(role=Role.PROVIDER_DSL)

    for who in (world.charlie, world.bob, world.max, world.olu):
        with pytest.raises(access.Denied):
            state(world, barn, {}, by=who)
        with pytest.raises(access.Denied):
            actions.confirm_seats(provider=world.ash_house, seen="", by=who, at=AT)
    with pytest.raises(Changed):
        state(world, barn, {}, seen="another page")
    assert queries.statement_of(world.ash_house, user=world.charlie).sites == []


def test_a_page_costs_the_same_for_one_site_and_for_three(world, sign_in, place, barn):
    client, address = sign_in(world.alice), reverse("free_places", args=[world.ash_house.pk])
    made_seats(place, barn)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for name in ("Hut", "Yard"):
        made_seats(place, site(world.alice, name=name))
    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(one) == len(three) <= 8


class TestTaking:
    @pytest.fixture(autouse=True)
    def seats(self, place, barn):
        return made_seats(place, barn, free=1)

    def test_one_is_taken_from_each_half_and_given_back(self, world, place, barn):
        halves = [(barn.pk, 0, "am"), (barn.pk, 2, "pm")]
        with transaction.atomic():
            steps.take(place=place, halves=halves, by=world.sana, at=AT)
        assert len(free(barn)) == 8

        with transaction.atomic():
            steps.give_back(place=place, halves=halves, by=world.sana, at=AT)

        assert set(free(barn).values()) == {1}
        assert len(free(barn)) == 10
        events = Event.objects.filter(action__in=["providers.seats.taken", "providers.seats.given_back"])
        assert [len(one.data["seats"]) for one in events] == [2, 2]

    def test_it_is_all_or_nothing(self, world, place, barn):
        Seats.objects.filter(weekday=4, half="pm").update(free=0)

        with pytest.raises(Refused, match="Friday afternoon"), transaction.atomic():
            steps.take(place=place, halves=[(barn.pk, 0, "am"), (barn.pk, 4, "pm")], by=world.sana, at=AT)

        assert len(free(barn)) == 9

    def test_none_is_taken_at_a_closed_site_but_given_back_there(self, world, place, barn):
        Site.objects.update(closed_at=AT)

        with pytest.raises(Refused), transaction.atomic():
            steps.take(place=place, halves=[(barn.pk, 0, "am")], by=world.sana, at=AT)
        with transaction.atomic():
            steps.give_back(place=place, halves=[(barn.pk, 0, "am")], by=world.sana, at=AT)

        assert free(barn)[0, "am"] == 2

    def test_another_places_seats_are_not_taken(self, world, place, barn):
        auto = Place.objects.get(provider=world.ash_house, lot__number="7")

        with pytest.raises(Refused), transaction.atomic():
            steps.take(place=auto, halves=[(barn.pk, 0, "am")], by=world.sana, at=AT)

    def test_the_database_refuses_what_must_never_be(self, place, barn):
        row = Seats.objects.first()
        for change in ({"free": -1}, {"weekday": 7}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Seats.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            made_seats(place, barn, halves=[(0, "am")])


class TestReminders:
    def remind(self, days: float) -> int:
        return actions.remind_of_seats(by=access.System(REMINDERS), at=AT + days * DAY)

    def test_the_leads_are_told_on_the_seventh_day_and_after_each_seven_more(self, world, place, barn):
        made_seats(place, barn)

        assert [self.remind(days) for days in (6.9, 7, 7.1, 13.9, 14, 14)] == [0, 1, 0, 0, 1, 0]

        first, second = Message.objects.filter(key__startswith="free-places:").order_by("pk")
        assert first.to == second.to == world.alice.email
        assert "for 7 days" in first.body
        assert "for 14 days" in second.body
        assert f"/organisations/{world.ash_house.pk}/free-places/" in first.body
        assert "Ash House" not in first.subject + first.body
        event = Event.objects.filter(action="providers.seats.reminded").first()
        assert event.data == {"providers": 1, "letters": 1}

    def test_a_confirmation_begins_the_week_anew(self, world, place, barn):
        rows = made_seats(place, barn)
        seen = fingerprint({row.pk: row.free for row in rows})
        actions.confirm_seats(provider=world.ash_house, seen=seen, by=world.bob, at=AT + 5 * DAY)

        assert self.remind(8) == 0
        assert self.remind(12) == 1

    def test_what_is_not_kept_up_any_more_is_not_asked_for(self, world, place, barn):
        made_seats(place, barn)
        Place.objects.filter(provider=world.ash_house).update(state="ended", ended_at=AT)
        assert self.remind(9) == 0

        Place.objects.filter(provider=world.ash_house, pk=place.pk).update(state="active", ended_at=None)
        Site.objects.update(closed_at=AT)
        assert self.remind(9) == 0

    def test_only_the_portal_reminds(self, world):
        with pytest.raises(access.Denied):
            actions.remind_of_seats(by=world.alice, at=AT)
