"""Two at once while quality is judged. Each race is first shown to happen without its lock, then not to with it."""

from __future__ import annotations

import contextlib
import threading

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from evaluation.actions import judging as actions
from evaluation.models import Bid, Evaluation, Judgement, Settled
from evaluation.rules import judging as rules
from evaluation.rules.judging import Stale, Verdict
from evaluation.states import Outcome, Settlement, Stage
from evaluation.steps import judging as steps
from evaluation.steps import rows, settling
from lots.models import Framework
from lots.rules.refusals import Refused
from tests.cast import make_world
from tests.evaluation.documents import standards_of
from tests.evaluation.judging import decide, outcome_of
from tests.evaluation.made import bids_of, evaluation, given
from tests.patience import Patience, be_patient, found_by, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AGAIN = range(3)


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def made(world) -> Evaluation:
    return evaluation(world, read=False)


@pytest.fixture
def pair(world, made) -> list[Judgement]:
    """Eve's and Tom's judgement of the same standard of the same bid."""
    given(made, world)
    bid, standard = bids_of(made)[0], standards_of(made.framework)[0]
    return list(Judgement.objects.filter(bid=bid, standard=standard).order_by("number"))


def somebody(person) -> User:
    """The same person at another browser."""
    return User.objects.get(pk=person.pk)


class TestTwoEvaluatorsLockAtOnce:
    """Both have written, neither has finished: each must learn of the other, or nobody settles what they agree on."""

    def both(self, pair, monkeypatch):
        wrote, looked, original = threading.Barrier(2), threading.Barrier(2), settling.after_lock

        def meeting(**words):
            with contextlib.suppress(threading.BrokenBarrierError):
                wrote.wait(Patience.seconds)
            found = original(**words)
            with contextlib.suppress(threading.BrokenBarrierError):
                looked.wait(Patience.seconds)
            return found

        monkeypatch.setattr(settling, "after_lock", meeting)
        found = found_by(*[lambda row=row: decide(row) for row in pair])
        assert [type(one) for one in found] == [Judgement, Judgement]
        return outcome_of(pair[0].bid, pair[0].standard)

    def test_without_the_lock_what_they_agree_on_never_stands(self, pair, monkeypatch):
        without_lock(monkeypatch, Bid)

        assert self.both(pair, monkeypatch) is None

    @pytest.mark.parametrize("turn", AGAIN)
    def test_what_they_agree_on_stands_once(self, pair, monkeypatch, turn):
        assert self.both(pair, monkeypatch) == (Outcome.PASS, Settlement.AGREED)
        assert Settled.objects.count() == 1

    def test_eight_who_lock_the_whole_of_it_at_once(self, world, made, pair):
        """Every judgement of two bids, all at the same moment."""
        every = list(Judgement.objects.order_by("pk"))

        for _ in range(5):
            found = found_by(*[lambda row=row: decide(row) for row in every])

            assert (len(found), {type(one) for one in found}) == (8, {Judgement})
            assert Settled.objects.filter(how=Settlement.AGREED).count() == 4
            Settled.objects.all().delete()
            Judgement.objects.update(locked_at=None, outcome="", reason="", revision=0)


class TestTheFreezeAgainstALateVerdict:
    """One judgement is locked; the other, which would settle it, comes at the moment of the freeze."""

    @pytest.fixture
    def late(self, pair):
        decide(pair[0])
        return pair[1]

    def freeze(self, world, made, begun: threading.Event, done: threading.Event) -> int:
        """What every freeze does: hold the evaluation, take down what stands, move on. How many outcomes it has."""
        with transaction.atomic():
            held = rows.locked(made, by=somebody(world.ada))
            frozen = Settled.objects.filter(bid__evaluation=made, replaced_at=None).count()
            begun.set()
            done.wait(Patience.seconds)
            rows.move(held, Stage.FROZEN)
        return frozen

    def freeze_first(self, world, made, late):
        begun, done = threading.Event(), threading.Event()

        def lock():
            begun.wait(10)
            try:
                return decide(late)
            finally:
                done.set()

        return found_by(lambda: self.freeze(world, made, begun, done), lock)

    def verdict_first(self, world, made, late, monkeypatch):
        begun, done, original = threading.Event(), threading.Event(), settling.after_lock

        def slowly(**words):
            begun.set()
            done.wait(Patience.seconds)
            return original(**words)

        def freeze():
            begun.wait(10)
            try:
                return self.freeze(world, made, threading.Event(), done)
            finally:
                done.set()

        monkeypatch.setattr(settling, "after_lock", slowly)
        return found_by(freeze, lambda: decide(late))

    def no_share(self, monkeypatch):
        be_patient(monkeypatch)
        monkeypatch.setattr(steps, "share", lambda evaluation_id: None)

    def test_without_the_lock_an_outcome_stands_that_the_freeze_does_not_have(self, world, made, late, monkeypatch):
        self.no_share(monkeypatch)

        frozen, verdict = self.freeze_first(world, made, late)

        assert (frozen, type(verdict), Settled.objects.count()) == (0, Judgement, 1)

    @pytest.mark.parametrize("turn", AGAIN)
    def test_a_verdict_after_the_freeze_is_refused(self, world, made, late, turn):
        frozen, verdict = self.freeze_first(world, made, late)

        assert (frozen, type(verdict), Settled.objects.count()) == (0, Refused, 0)
        assert Judgement.objects.get(pk=late.pk).locked_at is None

    @pytest.mark.parametrize("turn", AGAIN)
    def test_the_freeze_waits_for_a_verdict_that_came_before(self, world, made, late, monkeypatch, turn):
        frozen, verdict = self.verdict_first(world, made, late, monkeypatch)

        assert (frozen, type(verdict), Settled.objects.count()) == (1, Judgement, 1)


class TestOneJudgementInTwoWindows:
    def save_both(self, row):
        def save(reason):
            return actions.save_judgement(
                judgement=row,
                verdict=Verdict(Outcome.FAIL, reason, None, ""),
                revision=0,
                by=somebody(row.person),
                at=timezone.now(),
            )

        return [type(one) for one in found_by(lambda: save("In one"), lambda: save("In the other"))]

    def test_without_the_lock_one_writes_over_the_other(self, pair, monkeypatch, meet):
        without_lock(monkeypatch, Bid)
        monkeypatch.setattr(type(Judgement.objects.all()), "locked_row", lambda self, pk: self.get(pk=pk))
        monkeypatch.setattr(type(Judgement.objects), "locked_row", lambda self, pk: self.get(pk=pk))
        meet(rules, "check_revision")

        assert self.save_both(pair[0]) == [Judgement, Judgement]

    @pytest.mark.parametrize("turn", AGAIN)
    def test_the_second_is_told_what_the_first_saved(self, pair, meet, turn):
        meet(rules, "check_revision")

        assert sorted(one.__name__ for one in self.save_both(pair[0])) == [Judgement.__name__, Stale.__name__]


class TestGivingOutTwiceAtOnce:
    def give_out(self, world, made):
        return found_by(
            *[
                lambda: actions.give_out_judging(evaluation=made, by=somebody(world.max), at=timezone.now())
                for _ in range(2)
            ]
        )

    def test_without_the_lock_one_of_them_breaks(self, world, made, monkeypatch, meet):
        without_lock(monkeypatch, Framework, Evaluation)
        meet(actions, "check_stage")

        assert IntegrityError in {type(one) for one in self.give_out(world, made)}

    def test_everything_is_given_once(self, world, made, meet):
        meet(actions, "check_stage")

        assert sorted(self.give_out(world, made)) == [0, 8]


def test_evaluators_do_not_wait_for_each_other(made, pair):
    """Somebody's lock hangs in the middle; another bid's verdict goes through all the same."""
    other = Judgement.objects.exclude(bid=pair[0].bid).first()
    hangs, done = threading.Event(), threading.Event()

    def hang():
        with transaction.atomic():
            steps.row_locked(pair[0], by=somebody(pair[0].person))
            hangs.set()
            return done.wait(10)

    def lock():
        hangs.wait(10)
        try:
            return decide(other)
        finally:
            done.set()

    in_time, locked = found_by(hang, lock)

    assert (in_time, type(locked)) == (True, Judgement)
