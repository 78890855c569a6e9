"""Opening prices, and runs from the question to the signature."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Organisation
from audit.models import Event
from evaluation.actions import gate, prices
from evaluation.models import Appointment, AwardSet, Bid, Conflict, Freeze, GateResult, GateRun, PriceOpening
from evaluation.queries.gate import signed_run
from evaluation.rules import connected
from evaluation.states import BidState, Duty, RunState, SetState, Stage
from evaluation.work import prices as work
from jobs import running
from jobs.models import Job
from jobs.states import State
from lots.models import SealKey
from lots.rules.refusals import Refused
from tests.evaluation import pricing
from tests.evaluation.further import frozen, proposed
from tests.evaluation.made import AT, DAY, bids_of, evaluation
from tests.evaluation.pricing import ask_run, opened, sign, when


class TestOpening:
    def open(self, made, by):
        return prices.open_prices(evaluation=made, by=by, at=made.fixed_at + DAY)

    def test_an_opener_who_did_not_freeze_opens_them(self, world):
        made = frozen(evaluation(world), world).evaluation

        opening = self.open(made, world.max)

        made.refresh_from_db()
        assert (made.stage, opening.by, opening.freeze.by) == (Stage.PRICES, world.max, world.ada)
        assert Event.objects.get(action="evaluation.prices.opened").data == {
            "opening": opening.pk,
            "freeze": opening.freeze_id,
        }

    def test_nobody_else(self, world):
        made = frozen(evaluation(world), world).evaluation

        for person in (world.ada, world.eve, world.fay):
            with pytest.raises(PermissionDenied):
                self.open(made, person)

    def test_not_who_froze_even_as_an_opener(self, world):
        made = frozen(evaluation(world), world).evaluation
        Freeze.objects.update(by=world.max)

        with pytest.raises(Refused, match="You froze quality"):
            self.open(made, world.max)

    def test_not_before_the_freeze_and_not_twice(self, world):
        made = evaluation(world)
        with pytest.raises(Refused, match="only while the evaluation is at “Quality frozen”"):
            self.open(made, world.max)
        frozen(made, world)
        self.open(made, world.max)
        with pytest.raises(Refused, match="It is at “Prices opened”"):
            self.open(made, world.max)

        assert PriceOpening.objects.count() == 1

    def test_a_stage_without_a_freeze_opens_nothing(self, world):
        made = frozen(evaluation(world), world).evaluation
        Freeze.objects.all().delete()

        with pytest.raises(Refused, match="Quality is not frozen"):
            self.open(made, world.max)

    def test_connected_bidders_are_looked_for_once(self, world):
        made = frozen(evaluation(world, count=3), world).evaluation
        first, second, _ = bids_of(made)
        Organisation.objects.filter(pk__in=[first.provider_id, second.provider_id]).update(ukprn="10000001")

        opening = self.open(made, world.max)

        assert connected.read(opening.connected) == [connected.Pair(first.pk, second.pk, "number")]

    def test_a_key_that_cannot_be_read_is_no_reason_to_wait(self, world):
        made = frozen(evaluation(world), world).evaluation
        SealKey.objects.all().delete()

        opening = self.open(made, world.max)

        assert connected.read(opening.connected) is None
        run = ask_run(made, world.max)
        assert "unread" in {flag.kind for flag in gate.queries.flags_of(run)}


class TestRun:
    def test_asked_for_worked_out_and_signed(self, world):
        made = opened(world)

        run = ask_run(made, world.max)
        signed = sign(run, world.fay)

        made.refresh_from_db()
        assert [one.passes for one in gate.queries.results_of(run)] == [True, True, True, False]
        assert (run.number, run.prices, run.failing, signed.state, made.stage) == (1, 4, 1, "signed", Stage.CHECKED)
        assert signed_run(made) == run
        actions = Event.objects.filter(action__startswith="evaluation.run").order_by("pk").values_list("action", "data")
        data = {"evaluation": made.pk, "number": 1}
        assert list(actions) == [
            ("evaluation.run.asked", data),
            ("evaluation.run.worked_out", data),
            ("evaluation.run.signed", data),
        ]

    def test_a_task_does_it_and_twice_is_harmless(self, world):
        made = opened(world)
        run = gate.ask_run(evaluation=made, why="", by=world.max, at=when(made))

        running.sweep()

        job, run = Job.objects.get(), GateRun.objects.get(pk=run.pk)
        assert (run.state, job.state, job.result) == (RunState.DONE, State.DONE, "4 prices checked.")
        assert work.run_prices(job, lambda *words: None) == "4 prices checked."
        assert GateResult.objects.count() == 4

    def test_where_there_are_few_it_is_done_at_once_and_its_task_finds_it_done(self, world, monkeypatch):
        made = opened(world)
        run = gate.ask_run(evaluation=made, why="", by=world.max, at=when(made))
        monkeypatch.setattr(work, "SMALL", 3)
        assert not work.at_once(run)
        monkeypatch.setattr(work, "SMALL", 4)

        assert work.at_once(run)

        running.sweep()
        assert (Job.objects.get().state, GateResult.objects.count()) == (State.DONE, 4)

    def test_only_the_portal_works_it_out(self, world):
        made = opened(world)
        run = gate.ask_run(evaluation=made, why="", by=world.max, at=when(made))

        with pytest.raises(PermissionDenied):
            gate.work_out(run=run, by=world.max, at=when(made))

    def test_whoever_judges_or_only_approves_asks_for_none(self, world):
        made = opened(world)

        for person in (world.ada, world.eve, world.fay, world.alice):
            with pytest.raises(PermissionDenied):
                gate.ask_run(evaluation=made, why="", by=person, at=when(made))

    def test_one_at_a_time_until_its_task_is_over(self, world):
        made = opened(world)
        run = gate.ask_run(evaluation=made, why="", by=world.max, at=when(made))

        with pytest.raises(Refused, match="being checked at this moment"):
            ask_run(made, world.max)

        Job.objects.update(state=State.FAILED, try_at=None, ended_at=when(made))
        again = ask_run(made, world.max)
        run.refresh_from_db()
        assert (run.state, again.number, again.state) == (RunState.VOID, 2, RunState.DONE)
        assert run.void_reason == "Run 2 replaced it"

    def test_what_a_rule_says_meanwhile_stands_on_its_page(self, world, monkeypatch):
        made = opened(world, prices=pricing.LOW)
        monkeypatch.setattr(gate, "all_undecided", lambda *things: 0)
        gate.ask_run(evaluation=made, why="", by=world.max, at=when(made))

        running.sweep()

        run = GateRun.objects.get()
        assert (run.state, GateResult.objects.count()) == (RunState.VOID, 0)
        assert run.void_reason.startswith("1 unusually low price has no decision yet")
        assert Job.objects.get().problem.endswith("No result was kept.")

    def test_a_run_before_prices_are_open(self, world):
        made = evaluation(world)

        with pytest.raises(PermissionDenied):
            gate.ask_run(evaluation=made, why="", by=world.max, at=made.fixed_at)


class TestSigning:
    def test_not_by_who_asked(self, world):
        run = ask_run(opened(world), world.max)

        with pytest.raises(Refused, match="You asked for this run"):
            sign(run, world.max)

    def test_not_by_who_judges(self, world):
        run = ask_run(opened(world), world.max)

        for person in (world.ada, world.eve, world.charlie):
            with pytest.raises(PermissionDenied):
                sign(run, person)

    def test_not_by_an_approver_who_moderated_once(self, world):
        made = opened(world)
        Appointment.objects.create(evaluation=made, person=world.fay, duty=Duty.MODERATOR, appointed_at=AT, ended_at=AT)

        with pytest.raises(PermissionDenied):
            sign(ask_run(made, world.max), world.fay)

    def test_only_after_everything_that_is_pointed_out_was_seen(self, world):
        run = ask_run(opened(world, count=2), world.max)

        with pytest.raises(Refused, match="Confirm that you have seen each point") as refusal:
            sign(run, world.fay, seen=["sole"])

        assert refusal.value.field == "seen"
        assert sign(run, world.fay, seen=["few"]).state == RunState.SIGNED

    def test_not_by_somebody_with_an_interest_in_a_bidder(self, world):
        made = opened(world)
        run = ask_run(made, world.max)
        interest = Conflict.objects.create(
            evaluation=made, person=world.fay, provider=world.ash_house, text="A cousin", noted_at=AT
        )

        with pytest.raises(Refused, match="you have an interest in one of the bidders"):
            sign(run, world.fay)

        Conflict.objects.filter(pk=interest.pk).update(mitigated_at=AT, mitigation="Looked into")
        assert sign(run, world.fay).state == RunState.SIGNED

    def test_not_once_a_bid_has_left(self, world):
        made = opened(world)
        run = ask_run(made, world.max)
        Bid.objects.filter(number=1).update(state=BidState.WITHDRAWN, state_at=AT)

        with pytest.raises(Refused, match="have changed since this run was worked out"):
            sign(run, world.fay)

    def test_not_twice_and_not_what_is_void(self, world):
        made = opened(world)
        first = ask_run(made, world.max)
        second = ask_run(made, world.max)

        with pytest.raises(Refused, match="at “No longer counts”"):
            sign(first, world.fay)
        sign(second, world.fay)
        with pytest.raises(Refused, match="It is at “Price check signed”"):
            sign(second, world.fay)


class TestReplacing:
    def test_a_signed_run_is_replaced_with_a_reason_and_stays_to_be_read(self, world):
        made = opened(world)
        first = sign(ask_run(made, world.max), world.fay)

        with pytest.raises(Refused, match="Say why") as refusal:
            ask_run(made, world.max)
        second = ask_run(made, world.max, why="A bidder withdrew.")

        made.refresh_from_db()
        first.refresh_from_db()
        assert refusal.value.field == "why"
        assert (first.state, first.void_reason, first.signed_by) == (RunState.VOID, "A bidder withdrew.", world.fay)
        assert first.results.count() == second.results.count() == 4
        assert (second.sha256, made.stage, signed_run(made)) == (first.sha256, Stage.PRICES, None)

    def test_an_award_that_waits_goes_with_it_and_one_that_was_approved_stands(self, world):
        award = proposed(evaluation(world, count=4), world)
        made = award.evaluation

        ask_run(made, world.max, why="An appeal was upheld.")

        award.refresh_from_db()
        made.refresh_from_db()
        assert (award.state, made.stage) == (SetState.VOID, Stage.PRICES)

        approved = proposed(made, world, state=SetState.APPROVED)
        ask_run(made, world.max, why="Another appeal was upheld.")
        approved.refresh_from_db()
        assert (approved.state, AwardSet.objects.count()) == (SetState.APPROVED, 2)


class TestAgain:
    def test_a_year_later_it_comes_out_the_same(self, world):
        run = sign(ask_run(opened(world), world.max), world.fay)

        again = gate.check_again(run=run, by=world.fay, at=when(run.evaluation) + 365 * DAY)

        assert again.is_same
        assert Event.objects.filter(action="evaluation.run.checked_again").count() == 1

    def test_what_was_changed_behind_the_portals_back_is_seen(self, world):
        run = ask_run(opened(world), world.max)
        GateResult.objects.filter(run=run, passes=False).update(pence=4000)

        assert not gate.check_again(run=run, by=world.max, at=when(run.evaluation)).is_same

    def test_a_run_without_a_result(self, world):
        made = opened(world)
        run = gate.ask_run(evaluation=made, why="", by=world.max, at=when(made))

        with pytest.raises(Refused, match="no result"):
            gate.check_again(run=run, by=world.max, at=when(made))
