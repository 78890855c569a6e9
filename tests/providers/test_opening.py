"""The opening of a round: after the deadline, once, whole. Price rows do not exist before it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from audit.models import Event
from core import clock
from lots.models import Framework, SealKey
from providers.actions import applications as actions
from providers.models import BidPrice, Opening, Submission, SubmittedVersion
from providers.queries.rounds import opened
from providers.rules.refusals import Refused, TooLate
from providers.steps.opening import open_round
from tests.providers import bids


def open_it(framework, by):
    with transaction.atomic():
        return open_round(framework=framework, by=by)


def close(framework) -> None:
    """The deadline has passed by the database's clock."""
    Framework.objects.filter(pk=framework.pk).update(closes_at=clock.database_now() - dt.timedelta(seconds=1))


@pytest.fixture
def round_of_two(world):
    """Ash House and Birch Farm have submitted, each lots and prices of its own."""
    framework = bids.open_framework(world)
    ash = bids.submitted(world, framework)
    return framework, ash, bids.submitted(world, framework, world.birch_farm, pence=8000, lots="1")


@pytest.mark.parametrize("who", ["max", "ada", "olu", "alice"])
def test_before_the_deadline_nobody_opens_anything(world, round_of_two, who):
    framework, *_ = round_of_two

    with pytest.raises(Refused, match="deadline has not passed"):
        open_it(framework, getattr(world, who))

    assert not opened(framework)
    assert BidPrice.objects.count() == 0


def test_the_deadline_itself_is_before_the_opening(world, round_of_two, monkeypatch):
    framework, *_ = round_of_two
    monkeypatch.setattr(clock, "database_now", lambda: framework.closes_at)

    with pytest.raises(Refused, match="deadline has not passed"):
        open_it(framework, world.max)


@pytest.mark.parametrize("fields", [{"closes_at": None}, {"state": "withdrawn"}])
def test_a_round_that_has_no_end_or_was_withdrawn_is_not_opened(world, round_of_two, fields):
    framework, *_ = round_of_two
    close(framework)
    Framework.objects.filter(pk=framework.pk).update(**fields)

    with pytest.raises(Refused):
        open_it(framework, world.max)


def test_everything_that_stands_is_opened_and_becomes_prices(world, round_of_two):
    framework, ash, birch = round_of_two
    close(framework)

    found = open_it(framework, world.max)

    assert found.hashes == {ash.pk: ash.sha256, birch.pk: birch.sha256}
    assert (found.broken, found.prices, found.opening.submissions) == ((), 3, 2)
    rows = BidPrice.objects.order_by("submission__submitted_at", "lot__number")
    assert list(rows.values_list("submission", "lot__number", "sub_lot", "line__title", "pence", "vat")) == [
        (ash.pk, "1", None, "Half-day session", 4500, "exempt"),
        (ash.pk, "2", None, "Half-day session", 4501, "exempt"),
        (birch.pk, "1", None, "Half-day session", 8000, "exempt"),
    ]
    assert SubmittedVersion.objects.filter(submission=ash).count() == 2
    assert opened(framework)
    event = Event.objects.get(action="providers.round.opened")
    assert event.data == {"opening": found.opening.pk, "submissions": 2, "broken": 0}


def test_what_was_replaced_withdrawn_or_never_submitted_is_not_opened(world, round_of_two):
    framework, ash, birch = round_of_two
    bids.complete(world, ash.application, pence=7000)
    second = bids.submit(ash.application)
    actions.withdraw(application=birch.application, by=world.charlie)
    close(framework)

    found = open_it(framework, world.max)

    assert found.hashes == {second.pk: second.sha256}
    assert set(BidPrice.objects.values_list("submission", flat=True)) == {second.pk}


def test_it_is_opened_once(world, round_of_two):
    framework, *_ = round_of_two
    close(framework)
    open_it(framework, world.max)

    with pytest.raises(Refused, match="opened already"):
        open_it(framework, world.max)

    assert Opening.objects.count() == 1
    assert BidPrice.objects.count() == 3


def test_after_it_nothing_is_taken_even_if_the_deadline_is_moved(world, round_of_two):
    framework, ash, _ = round_of_two
    close(framework)
    open_it(framework, world.max)
    Framework.objects.filter(pk=framework.pk).update(closes_at=clock.database_now() + bids.DAY)
    bids.typed(ash.application, {"conflicts": {}})

    with pytest.raises(TooLate):
        bids.submit(ash.application, accept_incomplete=True)


@pytest.mark.parametrize("how", ["seal", "hash"])
def test_a_broken_seal_is_named_and_stops_nothing_else(world, round_of_two, how):
    framework, ash, birch = round_of_two
    changes = {"sealed": bytes(ash.sealed)[:-1] + b"!"} if how == "seal" else {"sha256": "0" * 64}
    Submission.objects.filter(pk=ash.pk).update(**changes)
    close(framework)

    found = open_it(framework, world.max)

    assert found.broken == (ash.reference,)
    assert found.hashes == {birch.pk: birch.sha256}
    assert set(BidPrice.objects.values_list("submission", flat=True)) == {birch.pk}
    assert Event.objects.get(action="providers.round.opened").data["broken"] == 1


def test_a_round_without_applications_is_opened_too(world):
    framework = bids.open_framework(world)
    close(framework)

    found = open_it(framework, None)

    assert (found.opening.submissions, found.prices, found.opening.opened_by) == (0, 0, None)


def test_if_the_opening_is_undone_no_price_is_left(world, round_of_two):
    framework, *_ = round_of_two
    close(framework)

    def act():
        with transaction.atomic():
            open_round(framework=framework, by=world.max)
            raise OSError("lost")

    with pytest.raises(OSError, match="lost"):
        act()

    assert (Opening.objects.count(), BidPrice.objects.count()) == (0, 0)


def test_while_the_key_cannot_be_read_nothing_is_opened_and_nothing_lost(world, round_of_two):
    framework, ash, birch = round_of_two
    close(framework)
    kept = SealKey.objects.get(framework=framework).wrapped
    SealKey.objects.filter(framework=framework).update(wrapped=kept[:-1] + b"!")

    with pytest.raises(Refused, match="bring the key back"):
        open_it(framework, world.max)

    assert Opening.objects.count() == 0
    SealKey.objects.filter(framework=framework).update(wrapped=kept)
    assert open_it(framework, world.max).hashes.keys() == {ash.pk, birch.pk}


@pytest.mark.parametrize("several", [False, True])
def test_it_costs_the_same_for_one_application_and_for_two(world, several, django_assert_max_num_queries):
    framework = bids.open_framework(world)
    bids.submitted(world, framework)
    if several:
        bids.submitted(world, framework, world.birch_farm)
    close(framework)

    with django_assert_max_num_queries(14):  # two are for PostgreSQL alone: the lock and its clock
        open_it(framework, world.max)
