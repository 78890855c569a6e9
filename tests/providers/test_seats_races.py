"""One free place and many who call it off; two colleagues on one page. Each race is first shown to happen without its
lock, then not to with it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Organisation, User
from lots.models import Place
from providers.actions import seats as actions
from providers.models import Seats, Site
from providers.queries import seats as queries
from providers.rules import seats as rules
from providers.rules.refusals import Refused
from providers.rules.seen import Changed, fingerprint
from providers.steps import seats as steps
from tests.cast import make_world
from tests.lots import places
from tests.patience import be_patient, found_by, without_lock
from tests.providers.library import site
from tests.providers.seats import AT, made_seats

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, CLIENTS = range(5), 8


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def place(world) -> Place:
    return places.active(world, places.running(world), "1B")[0]


@pytest.fixture
def barn(world) -> Site:
    return site(world.alice)


class TestOneFreePlace:
    def call_off(self, world, place, barn, clients: int) -> list:
        """Each takes the last place in two halves, named in whatever order."""
        halves = [(barn.pk, 0, "am"), (barn.pk, 2, "pm")]

        def take(number: int):
            with transaction.atomic():
                steps.take(place=place, halves=halves if number % 2 else halves[::-1], by=world.sana, at=AT)
            return "taken"

        return found_by(*[lambda number=number: take(number) for number in range(clients)])

    def test_without_the_lock_one_of_them_breaks(self, world, place, barn, monkeypatch, meet):
        made_seats(place, barn, free=1)
        be_patient(monkeypatch)
        monkeypatch.setattr(steps, "_locked", lambda rows: rows.order_by("pk"))
        meet(rules, "check_free")

        found = self.call_off(world, place, barn, 2)

        assert {type(one) for one in found} == {str, IntegrityError}

    @pytest.mark.parametrize("turn", ROUNDS)
    def test_one_wins_and_the_others_are_told(self, world, place, barn, turn):
        made_seats(place, barn, free=1)

        found = self.call_off(world, place, barn, CLIENTS)

        assert found.count("taken") == 1
        assert sum(isinstance(one, Refused) for one in found) == CLIENTS - 1
        assert Seats.objects.filter(free=0).count() == 2
        assert Seats.objects.filter(free=1).count() == 8


class TestTwoColleagues:
    def save_both(self, world, place, barn) -> list:
        weeks = queries.weeks_of(barn, user=world.alice)
        now = {name: free for week in weeks for name, free in week.cells.items()}
        cell = rules.cell(place.pk, 0, "am")

        def save(number: int):
            try:
                return actions.state_seats(
                    site=barn, stated=now | {cell: number}, seen=fingerprint(now),
                    by=User.objects.get(pk=world.alice.pk), at=AT,
                )  # fmt: skip
            except Changed as told:
                return told.now[cell]

        return found_by(lambda: save(3), lambda: save(4))

    def test_without_the_lock_one_of_them_breaks(self, world, place, barn, monkeypatch, meet):
        without_lock(monkeypatch, Site, Organisation)
        meet(rules, "check_stated")

        found = self.save_both(world, place, barn)

        assert {type(one) for one in found} == {int, IntegrityError}

    @pytest.mark.parametrize("turn", range(3))
    def test_the_second_is_told_what_the_first_said(self, world, place, barn, meet, turn):
        meet(rules, "check_stated")

        found = self.save_both(world, place, barn)

        stands = Seats.objects.get(sub_lot=place.sub_lot, weekday=0, half="am").free
        assert sorted(found) == [1, stands]
