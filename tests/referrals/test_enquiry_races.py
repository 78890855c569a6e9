"""Two at once, on enquiries and offers. Each race is first shown to happen when the lock is taken away, then not to
happen with it."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from accounts.models import User
from core import access
from lots.actions import suspensions
from lots.models import Framework, Place
from lots.rules import places as place_rules
from lots.rules.refusals import Refused
from lots.steps import places as place_steps
from referrals.actions import choosing, lapsing, offering
from referrals.models import Choice, Disclosure, Enquiry, Offer, Referral
from referrals.permissions.enquiries import LAPSE
from referrals.rules import answering, choice
from referrals.rules import offers as offer_rules
from referrals.steps import enquiries as steps
from tests.cast import make_world
from tests.patience import Patience, found_by, without_lock
from tests.referrals.asked import TODAY, asked, offered, proposal
from tests.referrals.made import AT, made_sharing

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, CLIENTS = 5, 8
TWICE = 2  # where the order of both sides is made, more rounds say no more
FAR = {"ground": "Travel", "reason": "The bus takes two hours"}
LATER = AT + dt.timedelta(days=4)


@pytest.fixture
def world(transactional_db):
    return make_world()


def again(person) -> User:
    return User.objects.get(pk=person.pk)


def one_then(monkeypatch, module, name, first, second) -> tuple:
    """`first` stops where it calls `module.name`, after what it read and before what it writes; `second` runs
    meanwhile. What both found, and whether `second` came to its end while `first` stood there."""
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


def choose(world, enquiry, **fields):
    offer = Offer.objects.get(enquiry=enquiry, replaced_at=None)
    return choosing.choose_offer(enquiry=enquiry, offer=offer.pk, by=again(world.sana), at=AT, today=TODAY, **fields)


def ready(world) -> list[Enquiry]:
    rows = offered(world, approved_pence=1_000_000)
    for one in (world.ash_house, world.birch_farm):
        made_sharing(world, provider=one)
    return rows


def without_locks(monkeypatch) -> None:
    """Frameworks, places, referrals and enquiries are read and not held."""
    without_lock(monkeypatch, Framework, Place, Referral, Enquiry)
    monkeypatch.setattr(
        place_steps, "frameworks_locked", lambda pks: {row.pk: row for row in Framework.objects.filter(pk__in=set(pks))}
    )
    monkeypatch.setattr(
        place_steps,
        "places_locked",
        lambda pks: list(Place.objects.filter(pk__in=set(pks)).select_related("framework")),
    )
    monkeypatch.setattr(
        steps,
        "locked_of",
        lambda referral: list(
            Enquiry.objects.filter(referral=referral, state__in=steps.OPEN).select_related("referral__commissioner")
        ),
    )


def choose_both(world, rows) -> list:
    dear, cheap = rows
    return found_by(lambda: choose(world, dear, **FAR), lambda: choose(world, cheap))


def test_without_the_lock_two_acceptances_meet_and_only_the_database_stops_the_second(world, monkeypatch, meet):
    rows = ready(world)
    without_locks(monkeypatch)
    meet(choice, "check_departure")

    found = choose_both(world, rows)

    assert sorted(type(one).__name__ for one in found) == ["Choice", "IntegrityError"]


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_eight_acceptances_of_two_offers_one_wins_and_the_others_are_told_kindly(world, turn):
    dear, cheap = ready(world)
    calls = [
        (lambda: choose(world, dear, **FAR)) if number % 2 else (lambda: choose(world, cheap))
        for number in range(CLIENTS)
    ]

    found = found_by(*calls)

    won = [one for one in found if isinstance(one, Choice)]
    lost = [one for one in found if isinstance(one, Refused)]
    assert (len(won), len(lost)) == (1, CLIENTS - 1)
    assert {str(one) for one in lost} == {
        "Somebody has chosen a provider for this referral already. Nothing was changed"
    }
    assert Disclosure.objects.in_force().get().provider_id == won[0].offer.enquiry.provider_id
    assert sorted(Enquiry.objects.values_list("state", flat=True)) == ["chosen", "not_chosen"]


def suspend(world, place):
    return suspensions.suspend_provider(
        place=Place.objects.get(pk=place.pk), cause="safeguarding", reason="Secret", by=again(world.max), at=AT
    )


def test_without_the_lock_a_pupil_goes_to_a_provider_that_was_suspended_meanwhile(world, monkeypatch):
    _, cheap = ready(world)
    without_locks(monkeypatch)

    chosen, suspended, overtaken = one_then(
        monkeypatch, offer_rules, "check_place", lambda: choose(world, cheap), lambda: suspend(world, cheap.place)
    )

    assert (type(chosen), overtaken) == (Choice, True)
    assert suspended.pk


@pytest.mark.parametrize("turn", range(TWICE))
def test_a_suspension_waits_for_an_acceptance_that_is_under_way(world, monkeypatch, turn):
    _, cheap = ready(world)

    chosen, suspended, overtaken = one_then(
        monkeypatch, offer_rules, "check_place", lambda: choose(world, cheap), lambda: suspend(world, cheap.place)
    )

    assert (type(chosen), overtaken) == (Choice, False)
    assert suspended.pk


@pytest.mark.parametrize("turn", range(TWICE))
def test_an_acceptance_waits_for_a_suspension_that_is_under_way_and_is_refused(world, monkeypatch, turn):
    _, cheap = ready(world)

    suspended, chosen, overtaken = one_then(
        monkeypatch, place_rules, "check_suspension", lambda: suspend(world, cheap.place), lambda: choose(world, cheap)
    )

    assert (type(chosen), overtaken) == (Refused, False)
    assert "suspended" in str(chosen)
    assert (suspended.pk > 0, Choice.objects.count()) == (True, 0)


def answer(world, enquiry):
    made = proposal(world, enquiry)
    return offering.make_offer(
        enquiry=enquiry, proposal=made, shown_pence=24 * 2 * 45_00, by=again(world.alice), at=AT, today=TODAY
    )


def lapse():
    return lapsing.lapse(by=access.System(LAPSE), at=LATER)


@pytest.fixture
def at_the_last_moment(monkeypatch):
    """The offer comes in time by its clock, the calendar runs just after the last moment."""
    monkeypatch.setattr(offering, "database_now", lambda: AT)
    monkeypatch.setattr(lapsing, "database_now", lambda: LATER)


def only_ash_house(world) -> Enquiry:
    mine, other = asked(world)
    Enquiry.objects.filter(pk=other.pk).update(state="declined", decline_reason="full")
    return mine


@pytest.mark.usefixtures("at_the_last_moment")
def test_without_the_lock_an_offer_is_told_both_that_it_was_taken_and_that_it_came_too_late(world, monkeypatch):
    enquiry = only_ash_house(world)
    without_lock(monkeypatch, Enquiry)

    made, lapsed, overtaken = one_then(
        monkeypatch, answering, "check_answerable", lambda: answer(world, enquiry), lapse
    )

    assert (type(made), lapsed, overtaken) == (Offer, 1, True)


@pytest.mark.usefixtures("at_the_last_moment")
@pytest.mark.parametrize("turn", range(TWICE))
def test_an_offer_that_is_being_made_does_not_lapse(world, monkeypatch, turn):
    enquiry = only_ash_house(world)

    made, lapsed, _ = one_then(monkeypatch, answering, "check_answerable", lambda: answer(world, enquiry), lapse)

    assert (type(made), lapsed) == (Offer, 0)
    assert Enquiry.objects.get(pk=enquiry.pk).state == "offered"


@pytest.mark.usefixtures("at_the_last_moment")
@pytest.mark.parametrize("turn", range(TWICE))
def test_an_offer_waits_for_the_lapse_that_is_under_way_and_is_refused(world, monkeypatch, turn):
    enquiry = only_ash_house(world)

    lapsed, made, overtaken = one_then(monkeypatch, steps, "record_each", lapse, lambda: answer(world, enquiry))

    assert (lapsed, type(made), overtaken) == (1, Refused, False)
    assert "The time to answer ended" in str(made)
    assert Enquiry.objects.get(pk=enquiry.pk).state == "lapsed"
