"""Two people write down at once what a pupil has outside a framework. Each race is first shown to happen without its
locks, then not to with them."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Organisation
from lots.rules.refusals import Refused
from referrals.actions import bringing_placements, outside
from referrals.models import Placement, Pupil
from referrals.queries import bringing_placements as queries
from referrals.queries import sharing
from referrals.queries.outside import Deal
from referrals.queries.placing import Part, Terms
from referrals.rules import csv_placements, overlaps
from tests.cast import make_world
from tests.patience import found_by, without_lock
from tests.referrals.made import AT, TODAY, UPN, made_pupil, made_sharing, made_site

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LIST = (
    "UPN\tProvider\tStart\tEnd\tPrice\tUnit\tSessions\tReason\n"
    f"{UPN}\tAsh House\t2026-09-07\t2026-12-18\t45\thour\tMon 09:30-14:30\tPermanent exclusion\n"
)


@pytest.fixture
def world(transactional_db):
    made = make_world()
    made_sharing(made)
    made_site(made)
    made_pupil(made)
    return made


def listed(world):
    found = csv_placements.read(LIST.encode(), today=TODAY)
    given = {"organisation": world.elm_grove, "found": found, "leave_out_wrong": False, "by": world.sana, "at": AT}
    return lambda: bringing_placements.import_placements(**given)


def written(world):
    pupil = Pupil.objects.get()
    deal = Deal(world.ash_house.pk, "legacy", "hour", 45_00, "excluded", "s19", "Before", agreed_on=dt.date(2026, 7, 1))
    terms = Terms(
        contracting_party=world.elm_grove.pk,
        home_school=world.elm_grove.pk,
        starts_on=dt.date(2026, 9, 7),
        ends_on=dt.date(2026, 12, 18),
        parts=[Part(0, dt.time(9, 30), dt.time(14, 30), world.ash_house.sites.get())],
        shares=[(world.elm_grove.pk, 10_000)],
    )
    given = {"pupil": pupil, "deal": deal, "terms": terms, "by": world.sana, "at": AT, "today": TODAY}
    return lambda: outside.place_outside(**given)


def test_without_the_lock_a_list_comes_in_twice(world, monkeypatch, meet):
    without_lock(monkeypatch, Organisation)
    monkeypatch.setattr(bringing_placements, "_lock", lambda *given: None)
    meet(queries, "_check_week")
    found_by(listed(world), listed(world))
    assert Placement.objects.count() == 2


def test_a_list_comes_in_once(world, meet):
    meet(queries, "_check_week")
    found = found_by(listed(world), listed(world))
    assert sorted(len(one.new) for one in found) == [0, 1]
    assert Placement.objects.count() == 1


def test_without_the_lock_a_pupil_is_at_two_places(world, monkeypatch, meet):
    without_lock(monkeypatch, Pupil)
    held = sharing.in_force
    monkeypatch.setattr(sharing, "in_force", lambda *given, locked: held(*given))
    meet(overlaps, "check_free")
    found_by(written(world), written(world))
    assert Placement.objects.count() == 2


def test_a_pupil_is_at_one_place(world, meet):
    meet(overlaps, "check_free")
    found = found_by(written(world), written(world))
    assert [type(one) for one in found if not isinstance(one, Placement)] == [Refused]
    assert Placement.objects.count() == 1
