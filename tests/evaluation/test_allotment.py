"""Who judges what: two people for every bid and standard, by the framework's policy."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from django.db import IntegrityError, transaction

from evaluation.models import Assignment, BidLot, Declaration, Judgement
from evaluation.queries.allotment import preview
from evaluation.queries.judging import unsettled_counts
from evaluation.rules import allotment as rules
from evaluation.rules.allotment import Held, Place
from evaluation.states import BidState, Outcome, Settlement, Slot, When
from evaluation.steps import settling
from lots.models import Lot, Standard
from lots.rules.refusals import Refused
from lots.states import Evaluators, QualityScope
from tests.evaluation.documents import standards_of
from tests.evaluation.judging import (
    conflicts,
    decide,
    fresh,
    give_out,
    joins,
    live,
    outcome_of,
    policy,
    safeguarding,
    take_over,
)
from tests.evaluation.made import bids_of, evaluation
from tests.frameworks import AT

SEED = "0" * 64


def places(bids: int, standards: int, *, two_blind: bool = False, themes: int = 1) -> list[Place]:
    keys = [(t, b, s) for t in range(themes) for b in range(1, bids + 1) for s in range(standards)]
    return [
        Place(b, 100 * t + s, None, b, f"{t}.{s}", t, two_blind, position)
        for position, (t, b, s) in enumerate(keys, start=1)
    ]


def planned(asked, people=(1, 2), *, held=None, percent: int = 20) -> rules.Plan:
    return rules.plan(asked, able=lambda place: tuple(people), held=held or {}, seed=SEED, percent=percent)


class TestTheSample:
    def test_can_be_drawn_again_by_hand(self):
        drawn = hashlib.sha256(f"{SEED}|7|1.2".encode()).hexdigest()
        remainder = int(drawn[:8], 16) % 100

        assert not rules.is_sampled(SEED, 7, "1.2", remainder)
        assert rules.is_sampled(SEED, 7, "1.2", remainder + 1)

    @pytest.mark.parametrize(("percent", "least", "most"), [(0, 0, 0), (20, 340, 460), (100, 2000, 2000)])
    def test_is_about_the_share_that_the_policy_says(self, percent, least, most):
        found = sum(rules.is_sampled(SEED, bid, f"1.{n}", percent) for bid in range(100) for n in range(20))

        assert least <= found <= most


@pytest.mark.parametrize(
    ("number", "two_blind", "sampled", "first", "slot"),
    [
        (1, True, False, "", Slot.BLIND),
        (2, True, False, "", Slot.BLIND),
        (1, False, True, "", Slot.BLIND),
        (1, False, False, "", Slot.FIRST),
        (2, False, True, "", Slot.LATER),
        (2, False, False, "", Slot.LATER),
        (2, False, True, "pass", Slot.BLIND),
        (2, False, False, "pass", Slot.READER),
        (2, False, False, "fail", Slot.BLIND),
        (2, False, False, "na", Slot.BLIND),
    ],
)
def test_how_somebody_judges(number, two_blind, sampled, first, slot):
    assert rules.slot_of(number, two_blind=two_blind, sampled=sampled, first=first) == slot


class TestThePlan:
    @pytest.mark.parametrize("people", [(1, 2), (1, 2, 3), (1, 2, 3, 4, 5)])
    def test_shares_the_work_and_who_is_first_evenly(self, people):
        found = planned(places(60, 3, themes=2), people)

        for number in (1, 2):
            held = Counter(share.person for share in found.shares if share.number == number)
            assert sum(held.values()) == 360
            assert max(held.values()) - min(held.values()) <= 6
        assert not found.gaps

    def test_gives_one_theme_of_one_bid_to_the_same_two(self):
        found = planned(places(4, 5), (1, 2, 3))

        for bid in range(1, 5):
            firsts = {share.person for share in found.shares if share.place.bid == bid and share.number == 1}
            assert len(firsts) == 1

    def test_fills_what_is_missing_and_nothing_else(self):
        [place] = places(1, 1)
        held = {place.key: [Held(1, 1)]}

        found = planned([place], (1, 2, 3), held=held)

        assert [(share.person, share.number, share.slot) for share in found.shares] == [(2, 2, Slot.LATER)]
        assert planned([place], (1, 2), held={place.key: [Held(1, 1), Held(2, 2)]}) == rules.Plan()

    def test_a_second_who_comes_late_sees_a_pass_and_no_fail(self):
        [place] = places(1, 1)

        for outcome, slot in (("pass", Slot.READER), ("fail", Slot.BLIND)):
            found = planned([place], (1, 2), held={place.key: [Held(1, 1, outcome)]}, percent=0)
            assert [share.slot for share in found.shares] == [slot]

    def test_gives_one_where_there_is_one_and_names_the_gap(self):
        asked = places(2, 1)

        found = planned(asked, (1,))

        assert [(share.person, share.number) for share in found.shares] == [(1, 1), (1, 1)]
        assert found.gaps == asked


class TestGapsInWords:
    def test_names_standards_and_bids_by_number(self):
        asked = places(9, 8)

        assert rules.in_words(asked[:1], 9) == "0.0 (bid 1)"
        assert rules.in_words([asked[0], asked[8], asked[0]], 9) == "0.0 (bids 1, 2)"
        assert rules.in_words([one for one in asked if one.standard == 1], 9) == "0.1 (every bid)"

    def test_does_not_list_hundreds(self):
        said = rules.in_words(places(9, 8), 10)

        assert said.startswith("0.0 (bids 1, 2, 3, 4, 5, 6 and 3 more); 0.1")
        assert said.endswith("; and 2 more standards")


class TestGivingOut:
    def test_safeguarding_is_judged_by_two_blind_and_elsewhere_the_second_comes_later(self, world):
        made = evaluation(world, read=False)
        policy(made, blind_percent=0)
        safe = safeguarding(made)

        assert give_out(made, world) == 8

        rows = Judgement.objects.order_by("position", "number")
        assert [(row.standard == safe, row.number, row.slot) for row in rows] == 2 * [
            (True, 1, Slot.BLIND),
            (True, 2, Slot.BLIND),
            (False, 1, Slot.FIRST),
            (False, 2, Slot.LATER),
        ]
        assert [row.bid.number for row in rows] == [1] * 4 + [2] * 4

    def test_two_everywhere_where_the_policy_says_so(self, world):
        made = evaluation(world, read=False)
        policy(made, evaluators=Evaluators.TWO)

        give_out(made, world)

        assert set(Judgement.objects.values_list("slot", "sampled")) == {(Slot.BLIND, False)}

    def test_the_sample_is_recorded(self, world):
        made = evaluation(world, read=False)
        policy(made, blind_percent=100)
        safe = safeguarding(made)

        give_out(made, world)

        found = {(row.standard == safe, row.number, row.slot, row.sampled) for row in Judgement.objects.all()}
        blind = {(True, 1, Slot.BLIND, False), (True, 2, Slot.BLIND, False)}
        assert found == blind | {(False, 1, Slot.BLIND, True), (False, 2, Slot.LATER, True)}

    def test_twice_is_harmless(self, world):
        made = evaluation(world, read=False)

        assert [give_out(made, world), give_out(made, world)] == [8, 0]

    def test_nobody_judges_a_bidder_in_whom_they_have_an_interest(self, world):
        made = evaluation(world, read=False)
        joins(made, world, "fay")
        conflicts(made, world, "eve", world.ash_house)

        give_out(made, world)

        first, second = bids_of(made)
        assert set(Judgement.objects.filter(bid=first).values_list("person__name", flat=True)) == {"Tom", "Fay"}
        assert "Eve" in set(Judgement.objects.filter(bid=second).values_list("person__name", flat=True))

    def test_is_refused_whole_where_fewer_than_two_are_left(self, world):
        made = evaluation(world, read=False)
        conflicts(made, world, "eve", world.ash_house)

        with pytest.raises(Refused, match=r"1\.1 \(bid 1\); 1\.2 \(bid 1\)"):
            give_out(made, world)

        assert not Judgement.objects.exists()

    def test_whoever_has_not_declared_again_gets_nothing(self, world):
        made = evaluation(world, read=False)
        Declaration.objects.filter(person=world.tom, moment=When.AFTER).delete()

        with pytest.raises(Refused, match="every bid"):
            give_out(made, world)

        shown = {one.name: (one.declared, one.gets) for one in preview(fresh(made)).people}
        assert shown == {"Eve": (True, 4), "Tom": (False, 0)}

    def test_what_was_not_asked_and_who_is_out_needs_no_judges(self, world):
        made = evaluation(world, read=False)
        first, second = bids_of(made)
        second.state, second.state_at = BidState.WITHDRAWN, AT
        second.save()
        standard, other = standards_of(made.framework)
        with transaction.atomic():
            rows = [(first.pk, standard.pk)]
            noted = [settling.note_not_asked(evaluation=fresh(made), rows=rows, by=world.ada, at=AT) for _ in range(2)]

        assert (noted, give_out(made, world)) == ([1, 0], 2)
        assert set(Judgement.objects.values_list("bid", "standard")) == {(first.pk, other.pk)}
        assert outcome_of(first, standard) == (Outcome.NOT_APPLICABLE, Settlement.NOT_ASKED)

    def test_lot_by_lot_where_quality_is_judged_so(self, world):
        made = evaluation(world, read=False, lots=("1", "2"))
        policy(made, quality=QualityScope.LOT)
        first, second = bids_of(made)
        BidLot.objects.filter(bid=second, lot__number="2").delete()
        standard = standards_of(made.framework)[0]
        with transaction.atomic():
            rows = [(first.pk, standard.pk)]
            noted = settling.note_not_asked(evaluation=fresh(made), rows=rows, by=world.ada, at=AT)

        given = give_out(made, world)

        lot = Lot.objects.get(framework=made.framework, number="2")
        counts = unsettled_counts(fresh(made))
        assert (noted, given, counts.asked, counts.unsettled, counts.without) == (2, 8, 6, 4, 0)
        assert set(Judgement.objects.filter(lot=lot).values_list("bid", flat=True)) == {first.pk}

    def test_nobody_can_lock_what_they_were_not_asked_yet(self, world):
        made = evaluation(world, count=1, read=False)
        policy(made, blind_percent=0)
        give_out(made, world)

        later = Judgement.objects.filter(slot=Slot.LATER)
        with pytest.raises(IntegrityError), transaction.atomic():
            later.update(locked_at=AT, outcome=Outcome.PASS, reason="Seen")


class TestTakingOver:
    def test_what_somebody_who_leaves_has_not_locked_goes_to_others(self, world):
        made = evaluation(world, count=1, read=False)
        policy(made, evaluators=Evaluators.TWO)
        give_out(made, world)
        locked = decide(Judgement.objects.get(person=world.eve, standard__number="1.1"))
        joins(made, world, "fay")
        Assignment.objects.filter(person=world.eve).update(ended_at=AT)

        assert take_over(made, world, "eve") == 1

        held = Judgement.objects.live().order_by("position", "number").values_list("person__name", "standard__number")
        assert set(held) == {("Eve", "1.1"), ("Tom", "1.1"), ("Tom", "1.2"), ("Fay", "1.2")}
        ended = Judgement.objects.get(ended_at__isnull=False)
        assert (ended.end_reason, locked.locked_at is not None) == ("Left", True)
        assert take_over(made, world, "eve") == 0

    def test_an_interest_ends_what_is_locked_and_not_settled_too(self, world):
        made = evaluation(world, read=False)
        policy(made, evaluators=Evaluators.TWO)
        give_out(made, world)
        first, second = bids_of(made)
        one, other = standards_of(made.framework)
        for person in (world.eve, world.tom):
            decide(Judgement.objects.get(person=person, bid=first, standard=one))
        decide(Judgement.objects.get(person=world.eve, bid=first, standard=other), Outcome.FAIL)
        joins(made, world, "fay")
        conflicts(made, world, "eve", world.ash_house)

        assert take_over(made, world, "eve", providers={world.ash_house.pk}) == 1

        assert Judgement.objects.get(person=world.eve, bid=first, standard=one).ended_at is None
        assert set(
            Judgement.objects.live().filter(bid=first, standard=other).values_list("person__name", flat=True)
        ) == {
            "Tom",
            "Fay",
        }
        assert Judgement.objects.live().filter(person=world.eve, bid=second).count() == 2

    def test_a_reader_waits_again_for_another_first_decision(self, world):
        made = evaluation(world, count=1, read=False)
        policy(made, blind_percent=0)
        give_out(made, world)
        [bid], standard = bids_of(made), standards_of(made.framework)[0]
        first = decide(live(bid, standard, 1))
        assert live(bid, standard, 2).slot == Slot.READER
        joins(made, world, "fay")
        conflicts(made, world, first.person.name.lower(), bid.provider)

        take_over(made, world, first.person.name.lower(), providers={bid.provider_id})

        assert (live(bid, standard, 1).slot, live(bid, standard, 1).person) == (Slot.FIRST, world.fay)
        assert live(bid, standard, 2).slot == Slot.LATER

    def test_a_conflict_can_be_noted_when_nobody_is_left(self, world):
        made = evaluation(world, count=1, read=False)
        give_out(made, world)
        conflicts(made, world, "eve", world.ash_house)

        assert take_over(made, world, "eve", providers={world.ash_house.pk}) == 2

        assert unsettled_counts(fresh(made)).without == 2

    def test_one_standard_alone(self, world):
        made = evaluation(world, count=1, read=False)
        give_out(made, world)
        standard = Standard.objects.get(number="1.2", theme__version__framework=made.framework)
        Assignment.objects.filter(person=world.tom, standard=standard).update(ended_at=AT)

        assert take_over(made, world, "tom", standards={standard.pk}) == 1

        assert set(Judgement.objects.live().filter(person=world.tom).values_list("standard__number", flat=True)) == {
            "1.1"
        }
