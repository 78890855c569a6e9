"""Two at once at the price check. Each race is first shown to happen without its lock, then not to with it."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError

from accounts.models import User
from evaluation.actions import corrections, gate
from evaluation.models import Correction, Evaluation, GateRun
from evaluation.queries.gate import all_same_inputs, signed_run
from evaluation.rules import runs
from evaluation.states import RunState, Stage
from evaluation.work import prices as work
from lots.models import Framework
from lots.rules.refusals import Refused
from tests.cast import make_world
from tests.evaluation.made import DAY
from tests.evaluation.pricing import ask_run, opened, propose, sign, when
from tests.patience import Patience, found_by, together, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS, ROUNDS = 8, 5


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def made(world) -> Evaluation:
    """Prices are open."""
    return opened(world, read=False)


def somebody(person) -> User:
    """The same person at another browser."""
    return User.objects.get(pk=person.pk)


def no_locks(monkeypatch) -> None:
    """Whoever comes reads, and holds nothing."""
    without_lock(monkeypatch, Framework, Evaluation, GateRun)


class TestTwoRunsAtOnce:
    def ask(self, world, made):
        def one():
            return gate.ask_run(evaluation=made, why="", by=somebody(world.max), at=when(made))

        return found_by(*[one for _ in range(CLIENTS)])

    def test_without_the_lock_only_the_database_stops_the_second(self, world, made, meet, monkeypatch):
        no_locks(monkeypatch)
        meet(runs, "check_ask")

        def one():
            return gate.ask_run(evaluation=made, why="", by=somebody(world.max), at=when(made))

        assert [type(lost) for lost in together(one, one) if lost] == [IntegrityError]

    def test_one_is_asked_for_and_the_others_are_told(self, world, made):
        for number in range(1, ROUNDS + 1):
            found = self.ask(world, made)

            [run] = [one for one in found if isinstance(one, GateRun)]
            assert [type(one) for one in found if one is not run] == [Refused] * (CLIENTS - 1)
            assert (run.number, GateRun.objects.exclude(state=RunState.VOID).count()) == (number, 1)
            gate.work_out(run=run, by=work.WORKER, at=when(made))


class TestTwoSignAtOnce:
    def sign(self, world, run):
        def one():
            return gate.sign_run(run=run, seen=[], by=somebody(world.fay), at=when(run.evaluation) + DAY / 24)

        return together(*[one for _ in range(CLIENTS)])

    def test_without_the_lock_it_is_signed_twice(self, world, made, meet, monkeypatch):
        run = ask_run(made, world.max)
        no_locks(monkeypatch)
        meet(runs, "check_sign")

        def one():
            return gate.sign_run(run=run, seen=[], by=somebody(world.fay), at=when(made) + DAY / 24)

        assert together(one, one) == [None, None]

    def test_one_signs(self, world, made):
        for _ in range(ROUNDS):
            run = ask_run(made, world.max, why="Once more.")

            lost = [one for one in self.sign(world, run) if one]

            made.refresh_from_db()
            assert ([type(one) for one in lost], made.stage) == ([Refused] * (CLIENTS - 1), Stage.CHECKED)
            assert signed_run(made) == run


class TestACorrectionWhileARunIsSigned:
    def both(self, world, made, monkeypatch):
        """Fay has checked and not yet signed when her colleague's correction is approved."""
        run, correction = ask_run(made, world.max), propose(made, world.max, 4, becomes=4500)
        checked, approved, check = threading.Event(), threading.Event(), runs.check_sign

        def slowly(**words):
            check(**words)
            checked.set()
            approved.wait(Patience.seconds)

        monkeypatch.setattr(runs, "check_sign", slowly)

        def approve():
            checked.wait(10)
            try:
                at = when(made) + DAY / 24
                return corrections.approve_correction(correction=correction, by=somebody(world.fay), at=at)
            finally:
                approved.set()

        found_by(lambda: sign(run, somebody(world.fay), seen=[]), approve)
        return GateRun.objects.get(pk=run.pk)

    def test_without_the_lock_a_signed_run_has_another_price(self, world, made, monkeypatch):
        no_locks(monkeypatch)

        run = self.both(world, made, monkeypatch)

        assert (run.state, all_same_inputs(run)) == (RunState.SIGNED, False)

    def test_the_correction_waits_and_then_the_run_counts_no_longer(self, world, made, monkeypatch):
        run = self.both(world, made, monkeypatch)

        made.refresh_from_db()
        assert (run.state, run.signed_by, made.stage) == (RunState.VOID, world.fay, Stage.PRICES)
        assert Correction.objects.get().approved_at
