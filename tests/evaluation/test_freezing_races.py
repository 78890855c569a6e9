"""Freezing against a late verdict, two freezes at once, and undoing one twice. Each race is first shown to happen
without its lock, then not to with it."""

from __future__ import annotations

import threading

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from evaluation.actions import freezing as actions
from evaluation.actions import judging
from evaluation.actions import moderation as deciding
from evaluation.models import Evaluation, Freeze, GateRun, Judgement, Meeting, Settled
from evaluation.rules import freezing as rules
from evaluation.rules import moderation as moderating
from evaluation.rules.judging import Verdict
from evaluation.states import Outcome, Stage
from evaluation.steps import freezing as steps
from evaluation.steps import judging as shared
from lots.models import Framework
from tests.cast import make_world
from tests.evaluation import further, moderated
from tests.evaluation.made import bids_of, evaluation, judged
from tests.patience import Patience, found_by, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = range(5)  # in one test: emptying the database between two of them takes longer than a race
CLIENTS = 8


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def made(world) -> Evaluation:
    return judged(evaluation(world, count=2, read=False), world)


def somebody(person) -> User:
    """The same person at another browser."""
    return User.objects.get(pk=person.pk)


def freeze(world, made) -> Freeze:
    return actions.freeze(evaluation=made, by=somebody(world.ada), at=timezone.now())


def again(made) -> None:
    """As before the freeze."""
    Meeting.objects.all().delete()
    made.freezes.update(voided_at=timezone.now(), void_reason="Again", voided_by=made.began_by)
    Evaluation.objects.filter(pk=made.pk).update(stage=Stage.JUDGING)


def unlocked(monkeypatch) -> None:
    """Take the locks of evaluation and framework away, and that which evaluators share."""
    without_lock(monkeypatch, Evaluation, Framework)
    monkeypatch.setattr(shared, "share", lambda evaluation_id: None)


class TestAFreezeAgainstALateVerdict:
    """Tom's last verdict is being locked while Ada freezes."""

    def late(self, made) -> Judgement:
        """1.1 of the first bid waits for Tom's verdict; all else is settled."""
        bid, about = bids_of(made)[0], moderated.standard(made)
        Settled.objects.filter(bid=bid, standard=about).delete()
        row = Judgement.objects.get(bid=bid, standard=about, number=2)
        row.locked_at = None
        row.save()
        return row

    def both(self, world, made, monkeypatch):
        """Tom's verdict is being written when Ada counts what is missing."""
        row, begun, done = self.late(made), threading.Event(), threading.Event()
        after = judging.settling.after_lock

        def slowly(**words):
            found = after(**words)
            begun.set()
            done.wait(Patience.seconds)
            return found

        def lock():
            return judging.lock_judgement(
                judgement=row,
                verdict=Verdict(Outcome.PASS, "As the policy shows.", None, "2"),
                revision=row.revision,
                by=somebody(world.tom),
                at=timezone.now(),
            )

        def freezes():
            begun.wait(10)
            try:
                return freeze(world, made)
            finally:
                done.set()

        monkeypatch.setattr(judging.settling, "after_lock", slowly)
        return found_by(lock, freezes)

    def test_without_the_lock_the_freeze_does_not_see_what_was_locked_before_it(self, world, made, monkeypatch):
        unlocked(monkeypatch)

        locked, frozen = self.both(world, made, monkeypatch)

        assert isinstance(locked, Judgement)
        assert "1 outcome is missing" in str(frozen)

    def test_the_freeze_waits_for_it_and_has_it_in(self, world, made, monkeypatch):
        for _ in ROUNDS:
            locked, frozen = self.both(world, made, monkeypatch)

            assert isinstance(locked, Judgement)
            assert isinstance(frozen, Freeze)
            stands = Settled.objects.get(bid=locked.bid, standard=locked.standard)
            assert f'"settled":{stands.pk},' in frozen.document
            again(made)
            monkeypatch.undo()


class TestAFreezeAgainstAModeration:
    """An outcome is decided anew while quality is frozen: what was frozen is what stands."""

    def both(self, world, made, monkeypatch, meet, barrier):
        bid, about = bids_of(made)[0], moderated.standard(made)
        moderated.differ_on(made, "1.1")
        for one in bids_of(made):
            moderated.agreed(world, one, about)
        stands = Settled.objects.get(bid=bid, standard=about, replaced_at=None)
        meet(rules, "check_clear", barrier)
        meet(moderating, "check_seen", barrier)
        found_by(
            lambda: freeze(world, made),
            lambda: moderated.agreed(world, bid, about, Outcome.FAIL, seen=stands.pk, by=somebody(world.ada)),
        )
        now = Settled.objects.get(bid=bid, standard=about, replaced_at=None)
        return now, Freeze.objects.standing().get()

    def test_without_the_lock_what_was_frozen_does_not_stand(self, world, made, monkeypatch, meet):
        unlocked(monkeypatch)
        begun, make = threading.Event(), steps.make

        def first(**words):
            found = make(**words)
            begun.set()
            return found

        settle = deciding.settling.settle

        def second(**words):
            begun.wait(10) if words["outcome"] == Outcome.FAIL else None
            return settle(**words)

        monkeypatch.setattr(actions.freezing, "make", first)
        monkeypatch.setattr(deciding.settling, "settle", second)

        now, frozen = self.both(world, made, monkeypatch, meet, threading.Barrier(2))

        assert f'"settled":{now.pk},' not in frozen.document

    def test_what_was_frozen_stands(self, world, made, monkeypatch, meet):
        for _ in ROUNDS:
            now, frozen = self.both(world, made, monkeypatch, meet, threading.Barrier(2))

            assert f'"settled":{now.pk},' in frozen.document
            again(made)
            monkeypatch.undo()


class TestManyFreezesAtOnce:
    def test_without_the_lock_two_get_as_far_as_the_database(self, world, made, monkeypatch, meet):
        unlocked(monkeypatch)
        meet(rules, "check_clear")

        found = found_by(*[lambda: freeze(world, made)] * 2)

        assert sorted(type(one).__name__ for one in found) == ["Freeze", "IntegrityError"]

    def test_one_is_made_and_the_others_are_told_why_not(self, world, made):
        for number in ROUNDS:
            found = found_by(*[lambda: freeze(world, made)] * CLIENTS)

            assert sorted(type(one).__name__ for one in found) == ["Freeze", *["Refused"] * (CLIENTS - 1)]
            assert Freeze.objects.count() == Event.objects.filter(action="evaluation.freeze.made").count() == number + 1
            again(made)


class TestUndoingTwice:
    def proposed(self, world, made):
        moderated.freeze(world, made)
        made.refresh_from_db()
        further.run(made, world)
        actions.propose_unfreeze(evaluation=made, reason="Annex B", by=world.ada, at=timezone.now())
        return made

    def confirm(self, world, made):
        return actions.confirm_unfreeze(evaluation=made, seen=Stage.CHECKED, by=somebody(world.max), at=timezone.now())

    def test_without_the_lock_it_is_undone_twice(self, world, made, monkeypatch, meet):
        proposed = self.proposed(world, made)
        unlocked(monkeypatch)
        meet(rules, "check_confirm")

        found = found_by(*[lambda: self.confirm(world, proposed)] * 2)

        assert [type(one) for one in found] == [Freeze, Freeze]
        assert Event.objects.filter(action="evaluation.freeze.undone").count() == 2

    def test_it_is_undone_once(self, world, made):
        for number in ROUNDS:
            self.proposed(world, made)
            found = found_by(*[lambda: self.confirm(world, made)] * CLIENTS)

            assert sorted(type(one).__name__ for one in found) == ["Freeze", *["Refused"] * (CLIENTS - 1)]
            assert Event.objects.filter(action="evaluation.freeze.undone").count() == number + 1
            assert not GateRun.objects.filter(voided_at=None).exists()
