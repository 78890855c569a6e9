"""Two write down one review at the same moment, or two passes hold a provider against the threshold. The first race is
shown to happen without its locks, then not to with them."""

from __future__ import annotations

import datetime as dt

import pytest

from audit.models import Event
from core.access import System
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import reviewing, threshold
from referrals.models import Placement, Review, ThresholdSignal
from referrals.permissions.reviews import JUDGE
from referrals.rules import reviewing as rules
from referrals.rules import threshold as threshold_rules
from referrals.rules.reviewing import Words
from tests.cast import make_world
from tests.patience import found_by, without_lock
from tests.referrals.made import AT, made_pupil
from tests.referrals.placed import made_placement, made_review

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
TODAY = dt.date(2026, 10, 23)
ROUNDS = 2


@pytest.fixture
def world(transactional_db):
    return make_world()


def hold(world, review, goes_on):
    return reviewing.hold_review(
        review=review, held_on=TODAY, words=Words(next="Ring"), targets_met=None, targets_set=None, goes_on=goes_on,
        next_on=None, by=world.sana.__class__.objects.get(pk=world.sana.pk), at=AT, today=TODAY,
    )  # fmt: skip


def both(world) -> list:
    review = made_review(world, made_placement(world), kind="direction")
    return found_by(lambda: hold(world, review, True), lambda: hold(world, review, False))


def test_without_the_lock_a_review_is_written_down_twice(world, monkeypatch, meet):
    without_lock(monkeypatch, Placement, Review)
    meet(rules, "check_next")

    both(world)

    assert Event.objects.filter(action="referrals.review.held").count() == 2


@pytest.mark.parametrize("go", range(ROUNDS))
def test_a_review_is_written_down_once(world, meet, go):
    meet(rules, "check_next")

    found = both(world)

    assert {type(one) for one in found} == {Review, Refused}
    assert Event.objects.filter(action="referrals.review.held").count() == 1
    assert Review.objects.filter(held_on=None).count() == 1


@pytest.mark.parametrize("go", range(ROUNDS))
def test_two_passes_make_one_signal_and_tell_each_officer_once(world, meet, go):
    placement = made_placement(world, pupil=made_pupil(world, has_ehcp=True))
    placement.sessions.update(starts=dt.time(8), ends=dt.time(17, 30))
    meet(threshold_rules, "crosses")

    def judge():
        return threshold.judge_threshold(by=System(JUDGE), at=AT, today=TODAY)

    found_by(judge, judge)

    assert ThresholdSignal.objects.get().told.count() == 1
    assert Message.objects.filter(key__startswith="threshold:").count() == 3
