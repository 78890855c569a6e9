"""A pupil starts while somebody undoes an item; two colleagues write one item. Each race is first shown to happen
without its lock, then not to with it."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError

from accounts.models import User
from lots.rules.refusals import Refused
from referrals.actions import assurance as writing
from referrals.actions import starting as actions
from referrals.models import Assurance, Placement
from referrals.queries import assurance as queries
from referrals.rules import assurance as rules
from referrals.rules.assurance import Said
from referrals.states import Item
from tests.cast import make_world
from tests.patience import found_by, without_lock
from tests.referrals.made import AT, TODAY
from tests.referrals.test_starting import ready

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def placement(world) -> Placement:
    return ready(world, *Item)


def sana(world) -> User:
    return User.objects.get(pk=world.sana.pk)


class TestStartAgainstUndo:
    def both(self, world, placement) -> list:
        row = queries.standing_item(placement, Item.STAFF)

        def start():
            actions.start_placement(placement=placement, by=sana(world), at=AT, today=TODAY)
            return "started"

        def undo():
            writing.undo_item(placement=placement, item=Item.STAFF, seen=row.pk, by=sana(world), at=AT)
            return "undone"

        return found_by(start, undo)

    def outcome(self, placement) -> tuple[str, bool]:
        state = Placement.objects.get(pk=placement.pk).state
        return str(state), Item.STAFF in queries.settled(placement)

    def meet_there(self, meet) -> None:
        barrier = threading.Barrier(2)
        meet(rules, "check_start", barrier)
        meet(rules, "check_undo", barrier)

    def test_without_the_lock_a_pupil_starts_whose_staff_nobody_checked(self, world, placement, monkeypatch, meet):
        without_lock(monkeypatch, Placement)
        self.meet_there(meet)

        found = self.both(world, placement)

        assert found == ["started", "undone"]
        assert self.outcome(placement) == ("live", False)

    @pytest.mark.parametrize("turn", range(3))
    def test_one_of_them_is_refused(self, world, placement, meet, turn):
        self.meet_there(meet)

        found = self.both(world, placement)

        assert sum(isinstance(one, Refused) for one in found) == 1
        assert self.outcome(placement) in {("live", True), ("assurance", False)}


class TestTwoColleagues:
    def both(self, world, placement) -> list:
        row = queries.standing_item(placement, Item.LINK)

        def write(name: str):
            writing.write_item(
                placement=placement,
                item=Item.LINK,
                said=Said(who=name, phone="01632 960 001"),
                seen=row.pk,
                by=sana(world),
                at=AT,
            )
            return name

        return found_by(lambda: write("Gwen"), lambda: write("Tom"))

    def test_without_the_lock_one_of_them_breaks(self, world, placement, monkeypatch, meet):
        without_lock(monkeypatch, Placement)
        meet(rules, "check_write")

        found = self.both(world, placement)

        assert {type(one) for one in found} == {str, IntegrityError}

    def test_the_second_is_told(self, world, placement, meet):
        meet(rules, "check_write")

        found = self.both(world, placement)

        [refused] = [one for one in found if isinstance(one, Refused)]
        [won] = [one for one in found if isinstance(one, str)]
        assert "What you typed is kept" in str(refused)
        assert queries.said_of(queries.standing_item(placement, Item.LINK)).who == won
        assert Assurance.objects.filter(item=Item.LINK).count() == 2
