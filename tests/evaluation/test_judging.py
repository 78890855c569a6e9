"""Giving verdicts: saved, locked, read by a second person, and what comes to stand by it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from audit.models import Event
from core.access import Denied
from evaluation.actions import judging as actions
from evaluation.models import Judgement, Settled
from evaluation.queries import judging as queries
from evaluation.rules import judging as rules
from evaluation.rules.judging import Stale, Verdict
from evaluation.states import BidState, Outcome, Settlement, Slot, Stage
from evaluation.steps import settling
from lots.rules.refusals import Refused
from providers.models import ItemVersion
from tests.evaluation.documents import standards_of
from tests.evaluation.judging import (
    WHY,
    asked,
    conflicts,
    decide,
    fresh,
    give_out,
    live,
    outcome_of,
    policy,
    safeguarding,
)
from tests.evaluation.made import DAY, bids_of, evaluation, given
from tests.providers.bids import held

AT = dt.datetime(2026, 5, 4, 9, 0, tzinfo=dt.UTC)


def verdict(**fields) -> Verdict:
    return Verdict(**{"outcome": Outcome.PASS, "reason": WHY, "version": None, "pages": "2"} | fields)


class TestTheRules:
    def test_verdicts_are_given_while_quality_is_judged_of_bids_that_are_in(self):
        rules.check_open(stage=Stage.JUDGING, bid_state=BidState.IN)
        for stage in set(Stage) - {Stage.JUDGING}:
            with pytest.raises(Refused, match="A judgement can be given only while"):
                rules.check_open(stage=stage, bid_state=BidState.IN)
        with pytest.raises(Refused, match="not judged any more: withdrawn"):
            rules.check_open(stage=Stage.JUDGING, bid_state=BidState.WITHDRAWN)

    @pytest.mark.parametrize(
        ("typed", "seen", "locked", "found"),
        [
            (verdict(), 3, False, False),  # the same words, sent twice
            (verdict(), 1, False, False),
            (verdict(), 1, True, False),
            (verdict(pages="3"), 3, False, True),
            (verdict(pages="3"), 2, False, Stale),
            (verdict(pages="3"), 3, True, Stale),
        ],
    )
    def test_nothing_is_written_over_what_was_saved_elsewhere(self, typed, seen, locked, found):
        def check():
            return rules.check_revision(typed, seen, standing=verdict(), revision=3, locked=locked)

        if found is not Stale:
            assert check() == found
            return
        with pytest.raises(Stale) as stale:
            check()
        assert (stale.value.standing, stale.value.revision, stale.value.locked) == (verdict(), 3, locked)

    def test_texts_have_an_end(self):
        rules.check_words(verdict(reason="x" * rules.LONGEST_REASON, pages="x" * rules.LONGEST_PAGES))
        for name, longest in (("reason", rules.LONGEST_REASON), ("pages", rules.LONGEST_PAGES)):
            with pytest.raises(Refused) as refused:
                rules.check_words(verdict(**{name: "x" * (longest + 1)}))
            assert refused.value.field == name

    @pytest.mark.parametrize(
        ("typed", "due_at", "field"),
        [
            (verdict(), AT, ""),
            (verdict(outcome=""), None, "outcome"),
            (verdict(outcome=Outcome.CLARIFY), None, "outcome"),
            (verdict(reason="  "), None, "reason"),
        ],
    )
    def test_a_lock_wants_an_outcome_a_reason_and_no_open_question(self, typed, due_at, field):
        with pytest.raises(Refused) as refused:
            rules.check_lock(typed, due_at=due_at, at=AT)

        assert refused.value.field == field

    @pytest.mark.parametrize("outcome", [Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE])
    def test_a_lock_after_the_time_to_answer(self, outcome):
        rules.check_lock(verdict(outcome=outcome), due_at=AT, at=AT + dt.timedelta(microseconds=1))

    def test_how_somebody_judges_tells_nothing_of_the_other(self):
        def said(slot, number, sampled):
            return rules.how(slot, number=number, sampled=sampled)

        assert said(Slot.FIRST, 1, False) == said(Slot.BLIND, 1, True) != said(Slot.BLIND, 1, False)
        assert said(Slot.BLIND, 2, True) == said(Slot.BLIND, 2, False)
        assert said(Slot.READER, 2, False).startswith("You are the second reader")

    def test_a_reader_agrees(self):
        assert dict(rules.labels(reader=True))["pass"] == "Pass: I agree with the first decision"
        assert dict(rules.labels(reader=False))["pass"] == "Pass"


class TestWhatComesToStand:
    """One bid, two standards: 1.1 is about safeguarding, 1.2 is not, and nothing is in the sample."""

    @pytest.fixture
    def made(self, world):
        made = evaluation(world, count=1)
        policy(made, blind_percent=0)
        safeguarding(made)
        give_out(made, world)
        return made

    @pytest.fixture
    def bid(self, made):
        return bids_of(made)[0]

    @pytest.fixture
    def standard(self, made):
        return standards_of(made.framework)[1]

    def test_a_reader_who_agrees_settles_it(self, bid, standard):
        decide(live(bid, standard, 1))
        assert (live(bid, standard, 2).slot, outcome_of(bid, standard)) == (Slot.READER, None)

        decide(live(bid, standard, 2))

        assert outcome_of(bid, standard) == (Outcome.PASS, Settlement.AGREED)
        assert Settled.objects.get().by is None

    @pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.NOT_APPLICABLE])
    def test_whoever_would_fail_it_or_wave_it_away_needs_a_second_who_does_not_see_it(self, bid, standard, outcome):
        decide(live(bid, standard, 1), outcome)
        second = live(bid, standard, 2)
        assert (second.slot, queries.first_decision(second)) == (Slot.BLIND, None)

        decide(second, outcome)

        assert outcome_of(bid, standard) == (outcome, Settlement.AGREED)

    @pytest.mark.parametrize("both", [("pass", "fail"), ("fail", "pass"), ("na", "fail"), ("pass", "na")])
    def test_a_difference_is_left_to_a_moderator(self, made, bid, standard, both):
        for number, outcome in enumerate(both, start=1):
            assert queries.sides(bid, standard.pk, None) == []
            decide(live(bid, standard, number), outcome)

        assert outcome_of(bid, standard) is None
        assert [one.outcome for one in queries.sides(bid, standard.pk, None)] == list(both)
        counts = queries.unsettled_counts(fresh(made))
        assert (counts.asked, counts.unsettled, counts.differ, counts.without) == (2, 2, 1, 0)
        assert [one.standard for one in queries.differing(fresh(made))] == [standard]

    def test_what_stands_is_not_written_over_by_a_late_lock(self, world, made, bid, standard):
        decide(live(bid, standard, 1))
        with_reason = {"how": Settlement.MODERATED, "reason": "Both met", "by": world.ada, "at": AT}
        self.settle(bid=bid, standard_id=standard.pk, lot_id=None, outcome=Outcome.FAIL, **with_reason)

        decide(live(bid, standard, 2))

        assert outcome_of(bid, standard) == (Outcome.FAIL, Settlement.MODERATED)

    def test_a_later_outcome_replaces_the_one_that_stood_and_keeps_it(self, world, bid, standard):
        for number in (1, 2):
            decide(live(bid, standard, number))
        with_reason = {"how": Settlement.APPEAL, "reason": "Upheld", "by": world.ada, "at": AT}

        self.settle(bid=bid, standard_id=standard.pk, lot_id=None, outcome=Outcome.FAIL, **with_reason)

        rows = Settled.objects.order_by("pk").values_list("outcome", "by", "replaced_at")
        assert list(rows) == [("pass", None, AT), ("fail", world.ada.pk, None)]

    def settle(self, **fields):
        with transaction.atomic():
            return settling.settle(**fields)

    def test_a_judgement_that_nobody_else_holds_waits(self, bid, standard):
        Judgement.objects.filter(standard=standard, number=2).delete()

        decide(live(bid, standard, 1))

        assert outcome_of(bid, standard) is None

    def test_the_record_names_no_outcome(self, bid, standard):
        for number in (1, 2):
            decide(live(bid, standard, number), Outcome.FAIL)

        events = Event.objects.filter(action__in=["evaluation.judgement.locked", "evaluation.standard.settled"])
        assert [set(event.data) for event in events.order_by("pk")] == [
            {"bid", "standard"},
            {"bid", "standard"},
            {"bid", "standard", "lot"},
        ]
        assert {type(value) for event in events for value in event.data.values()} <= {int, type(None)}


class TestSavingAndLocking:
    @pytest.fixture
    def made(self, world):
        made = evaluation(world, count=1)
        given(made, world)
        return made

    @pytest.fixture
    def mine(self, world, made):
        return Judgement.objects.get(person=world.eve, standard__number="1.2")

    def save(self, mine, by, *, lock: bool = False, revision: int = 0, **fields):
        act = actions.lock_judgement if lock else actions.save_judgement
        return act(judgement=mine, verdict=verdict(**fields), revision=revision, by=by, at=timezone.now())

    def test_a_draft_may_lack_anything_and_is_saved_once(self, world, mine):
        saved = self.save(mine, world.eve, outcome="", reason="")
        again = self.save(mine, world.eve, outcome="", reason="")

        assert (saved.revision, again.revision, again.pages) == (1, 1, "2")

    def test_two_windows(self, world, mine):
        self.save(mine, world.eve, reason="In one window")

        with pytest.raises(Stale) as stale:
            self.save(mine, world.eve, reason="In the other")

        assert stale.value.standing.reason == "In one window"

    def test_locked_is_locked(self, world, mine):
        locked = self.save(mine, world.eve, lock=True)

        assert self.save(mine, world.eve, lock=True).locked_at == locked.locked_at
        with pytest.raises(Stale):
            self.save(mine, world.eve, lock=True, outcome=Outcome.FAIL, revision=1)

    def test_nobody_else_gives_it(self, world, made, mine):
        for person in (world.tom, world.ada, world.max):
            with pytest.raises(Denied):
                self.save(mine, person)
        conflicts(made, world, "eve", world.ash_house)
        with pytest.raises(Denied):
            self.save(mine, world.eve)

    def test_not_once_quality_is_frozen(self, world, made, mine):
        made.stage = Stage.FROZEN
        made.save()

        with pytest.raises(Refused, match="Quality frozen"):
            self.save(mine, world.eve, lock=True)

    def test_not_while_the_bidder_may_answer(self, world, mine):
        asked(mine, world.eve, due_at=timezone.now() + DAY)

        with pytest.raises(Refused, match="Wait for the answer"):
            self.save(mine, world.eve, lock=True)

    def test_the_document_that_is_named_was_sent_with_the_bid(self, world, mine):
        [paper] = ItemVersion.objects.filter(item__provider=world.ash_house)
        other = held(world.birch_farm)

        assert self.save(mine, world.eve, version=paper.pk).version == paper
        with pytest.raises(Refused, match="sent with this bid") as refused:
            self.save(mine, world.eve, version=other.pk, revision=1)
        assert refused.value.field == "version"

    def test_only_whoever_runs_it_gives_out(self, world, made):
        with pytest.raises(Denied):
            actions.give_out_judging(evaluation=made, by=world.eve, at=AT)
        assert actions.give_out_judging(evaluation=made, by=world.max, at=AT) == 0
        made.stage = Stage.FROZEN
        made.save()
        with pytest.raises(Refused, match="Judging can be given out"):
            actions.give_out_judging(evaluation=made, by=world.max, at=AT)
