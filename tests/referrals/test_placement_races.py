"""Several agree at once: the last free place, the last of a value, one pupil twice, a provider that is suspended
meanwhile. Each race is first shown to happen without its locks, then not to with them."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError

from accounts.models import User
from lots.actions import suspensions
from lots.models import Framework, Lot, Place
from lots.rules import places as place_rules
from lots.rules.refusals import Refused
from lots.steps import places as place_steps
from providers.models import Seats
from providers.rules import seats as seat_rules
from providers.steps import seats as seat_steps
from referrals.models import Placement, PlacementPaper, Pupil, Referral
from referrals.rules import drawing, offers, overlaps
from tests.cast import make_world
from tests.patience import Patience, found_by, without_lock
from tests.providers.seats import made_seats
from tests.referrals import made
from tests.referrals.agreed import insure
from tests.referrals.called_off import by_two_schools, sign, to_sign

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, CLIENTS = 5, 8
TWICE = 2  # where the order of both sides is made, more rounds say no more


@pytest.fixture
def world(transactional_db):
    return make_world()


def all_at_once(rows) -> list:
    return found_by(*[lambda one=one, who=who: sign(one, who) for one, who in rows])


def without_locks(monkeypatch) -> None:
    """Frameworks, places, pupils, referrals and placements are read and not held."""
    without_lock(monkeypatch, Framework, Place, Pupil, Referral, Placement)
    monkeypatch.setattr(
        place_steps, "frameworks_locked", lambda pks: {row.pk: row for row in Framework.objects.filter(pk__in=set(pks))}
    )
    monkeypatch.setattr(
        place_steps,
        "places_locked",
        lambda pks: list(Place.objects.filter(pk__in=set(pks)).select_related("framework")),
    )


def states() -> list[str]:
    return sorted(Placement.objects.values_list("state", flat=True))


def site_of(rows):
    return rows[0][0].sessions.first().site


def test_without_the_locks_the_last_place_is_fought_over_in_the_database(world, monkeypatch, meet):
    place, rows = by_two_schools(world, 2)
    made_seats(place, site_of(rows))
    without_locks(monkeypatch)
    monkeypatch.setattr(seat_steps, "_locked", lambda rows: rows.order_by("pk"))
    meet(seat_rules, "check_free")

    found = all_at_once(rows)

    assert {type(one) for one in found} == {PlacementPaper, IntegrityError}


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_one_place_left_and_eight_who_call_it_off(world, turn):
    place, rows = by_two_schools(world, CLIENTS)
    made_seats(place, site_of(rows))

    found = all_at_once(rows)

    refused = [one for one in found if isinstance(one, Refused)]
    assert len(refused) == CLIENTS - 1
    assert {str(one) for one in refused} == {
        "The provider has no free place left on Monday morning, Monday afternoon, Wednesday morning, Wednesday "
        "afternoon. Nothing was booked. Ask it for other times, or choose another provider"
    }
    assert states() == ["assurance"] + ["draft"] * (CLIENTS - 1)
    assert sorted(Seats.objects.values_list("free", flat=True)) == [0] * 4 + [1] * 6
    assert PlacementPaper.objects.filter(party_signed_at__isnull=False).count() == 1


def test_without_the_locks_a_value_is_overdrawn_and_nobody_said_why(world, monkeypatch, meet):
    place, rows = by_two_schools(world, 2)
    Lot.objects.filter(pk=place.lot_id).update(net_pence=rows[0][0].total_pence)
    without_locks(monkeypatch)
    meet(drawing, "check_room")

    found = all_at_once(rows)

    assert {type(one) for one in found} == {PlacementPaper}
    assert states() == ["assurance"] * 2


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_the_last_of_a_value_is_drawn_once(world, turn):
    place, rows = by_two_schools(world, 2)
    Lot.objects.filter(pk=place.lot_id).update(net_pence=rows[0][0].total_pence)

    found = all_at_once(rows)

    assert {type(one) for one in found} == {PlacementPaper, Refused}
    assert states() == ["assurance", "draft"]


def one_pupil_twice(world):
    """The same pupil at the same times, at Ash House and at Birch Farm."""
    place = made.made_place(world)
    other = made.another_place(world, place, world.birch_farm, pence=45_00)
    insure(world.ash_house, world.birch_farm)
    pupil = made.made_pupil(world)
    return [(to_sign(world, one, pupil), world.sana) for one in (place, other)]


def test_without_the_locks_a_pupil_is_at_two_places_at_once(world, monkeypatch, meet):
    rows = one_pupil_twice(world)
    without_locks(monkeypatch)
    meet(overlaps, "check_free")

    found = all_at_once(rows)

    assert {type(one) for one in found} == {PlacementPaper}
    assert states() == ["assurance"] * 2


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_pupil_is_agreed_for_one_place_at_a_time(world, turn):
    found = all_at_once(one_pupil_twice(world))

    [refused] = [one for one in found if isinstance(one, Refused)]
    assert "somewhere else at the same time" in str(refused)
    assert states() == ["assurance", "draft"]


def one_then(monkeypatch, module, name, first, second) -> tuple:
    """`first` stops after `module.name`, before it writes; `second` runs meanwhile. What both found, and whether
    `second` came to its end while `first` stood there."""
    stopped, over, overtaken = threading.Event(), threading.Event(), []
    original = getattr(module, name)

    def stop(*arguments, **words):
        result = original(*arguments, **words)
        if not stopped.is_set():
            stopped.set()
            overtaken.append(over.wait(Patience.seconds))
        return result

    def then():
        stopped.wait(20)
        try:
            return second()
        finally:
            over.set()

    monkeypatch.setattr(module, name, stop)
    return *found_by(first, then), overtaken[0]


def suspend(world, place):
    return suspensions.suspend_provider(
        place=Place.objects.get(pk=place.pk),
        cause="safeguarding",
        reason="Secret",
        by=User.objects.get(pk=world.max.pk),
        at=made.AT,
    )


def test_without_the_locks_a_pupil_is_placed_where_a_suspension_has_come(world, monkeypatch):
    place, [(placement, who)] = by_two_schools(world, 1)
    without_locks(monkeypatch)

    signed, suspended, overtaken = one_then(
        monkeypatch, offers, "check_place", lambda: sign(placement, who), lambda: suspend(world, place)
    )

    assert (type(signed), overtaken) == (PlacementPaper, True)
    assert suspended.pk


@pytest.mark.parametrize("turn", range(TWICE))
def test_a_suspension_waits_for_a_signature_that_is_under_way(world, monkeypatch, turn):
    place, [(placement, who)] = by_two_schools(world, 1)

    signed, suspended, overtaken = one_then(
        monkeypatch, offers, "check_place", lambda: sign(placement, who), lambda: suspend(world, place)
    )

    assert (type(signed), overtaken) == (PlacementPaper, False)
    assert suspended.pk


@pytest.mark.parametrize("turn", range(TWICE))
def test_a_signature_waits_for_a_suspension_that_is_under_way_and_is_refused(world, monkeypatch, turn):
    place, [(placement, who)] = by_two_schools(world, 1)

    suspended, signed, overtaken = one_then(
        monkeypatch, place_rules, "check_suspension", lambda: suspend(world, place), lambda: sign(placement, who)
    )

    assert (type(signed), overtaken) == (Refused, False)
    assert "suspended" in str(signed)
    assert (suspended.pk > 0, states()) == (True, ["draft"])
