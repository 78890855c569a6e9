"""Undoing a freeze: two people, a reason, what stops counting, and what stands."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from evaluation.actions import freezing as actions
from evaluation.models import AwardSet, Freeze, GateRun, PriceOpening
from evaluation.queries.freezes import standing_freeze, would_be_void
from evaluation.states import RunState, SetState, Stage
from lots.models import Place
from lots.rules.refusals import Refused
from outbox.models import Message
from tests.evaluation import further
from tests.evaluation.made import bids_of, evaluation, judged
from tests.evaluation.moderated import agreed, differ_on, freeze, standard


@pytest.fixture
def made(world):
    made = judged(evaluation(world, count=2, read=False), world)
    freeze(world, made)
    made.refresh_from_db()
    return made


def proposed(world, made, **words) -> Freeze:
    given = {"evaluation": made, "reason": "Annex B was overlooked", "by": world.ada, "at": timezone.now()}
    return actions.propose_unfreeze(**(given | words))


def confirmed(world, made, **words) -> Freeze:
    made.refresh_from_db()
    given = {"evaluation": made, "seen": made.stage, "by": world.max, "at": timezone.now()}
    return actions.confirm_unfreeze(**(given | words))


class TestTwoPeople:
    def test_nothing_changes_until_somebody_else_confirms_it(self, world, made):
        found = proposed(world, made)

        made.refresh_from_db()
        assert (made.stage, standing_freeze(made)) == (Stage.FROZEN, found)
        assert set(Message.objects.values_list("to", flat=True)) == {world.max.email}

    def test_confirmed_it_is_void_with_who_and_why(self, world, made):
        proposed(world, made)

        found = confirmed(world, made)

        made.refresh_from_db()
        assert (made.stage, standing_freeze(made)) == (Stage.JUDGING, None)
        assert (found.void_proposed_by, found.voided_by, found.void_reason) == (
            world.ada,
            world.max,
            "Annex B was overlooked",
        )

    def test_not_by_who_proposed_it(self, world, made):
        proposed(world, made, by=world.max)

        with pytest.raises(Refused, match="You proposed this yourself"):
            confirmed(world, made)

    def test_not_after_the_evaluation_went_on(self, world, made):
        proposed(world, made)
        further.priced(made, world)

        with pytest.raises(Refused, match="The evaluation has gone on"):
            confirmed(world, made, seen=Stage.FROZEN)

    def test_one_proposal_at_a_time(self, world, made):
        proposed(world, made)

        with pytest.raises(Refused, match="A colleague has proposed this already"):
            proposed(world, made, by=world.max)

    def test_a_dropped_proposal_leaves_room_for_another(self, world, made):
        proposed(world, made)
        actions.drop_unfreeze(evaluation=made, by=world.max, at=timezone.now())

        with pytest.raises(Refused, match="Nobody proposes"):
            confirmed(world, made)
        with pytest.raises(Refused, match="Nobody proposes"):
            actions.drop_unfreeze(evaluation=made, by=world.max, at=timezone.now())
        assert proposed(world, made, by=world.max).void_proposed_by == world.max

    @pytest.mark.parametrize("who", ["eve", "fay", "alice"])
    def test_by_nobody_else(self, world, made, who):
        person = getattr(world, who)

        with pytest.raises(PermissionDenied):
            proposed(world, made, by=person)
        proposed(world, made)
        with pytest.raises(PermissionDenied):
            confirmed(world, made, by=person)
        with pytest.raises(PermissionDenied):
            actions.drop_unfreeze(evaluation=made, by=person, at=timezone.now())

    def test_not_without_a_freeze(self, world):
        made = judged(evaluation(world, count=1, read=False), world)

        with pytest.raises(Refused, match="A freeze can be undone only while"):
            proposed(world, made)
        with pytest.raises(Refused, match="A freeze can be undone only while"):
            confirmed(world, made)
        made.stage = Stage.FROZEN
        made.save()
        with pytest.raises(Refused, match="There is no freeze that holds now"):
            proposed(world, made)


class TestWhatStopsCounting:
    def test_runs_and_sets_that_wait_with_the_reason(self, world, made):
        further.proposed(made, world)
        proposed(world, made)

        confirmed(world, made)

        run, award = GateRun.objects.get(), AwardSet.objects.get()
        assert (run.state, run.void_reason, run.voided_at is not None) == (
            RunState.VOID,
            "Annex B was overlooked",
            True,
        )
        assert (award.state, award.decided_note) == (SetState.VOID, "Annex B was overlooked")
        event = Event.objects.get(action="evaluation.freeze.later_voided")
        assert event.data == {"runs": [run.pk], "sets": [award.pk]}

    def test_who_could_see_prices_goes_into_the_record(self, world, made):
        further.priced(made, world)
        proposed(world, made)

        confirmed(world, made)

        event = Event.objects.get(action="evaluation.freeze.undone")
        assert event.data["prices_opened"] is True
        assert set(event.data["could_see_prices"]) == {world.max.pk, world.fay.pk}  # Ada moderates
        assert PriceOpening.objects.count() == 1

    def test_an_approved_award_stands(self, world, made):
        award = further.proposed(made, world, state=SetState.APPROVED)
        places = Place.objects.count()
        proposed(world, made)

        confirmed(world, made)

        award.refresh_from_db()
        assert (award.state, Place.objects.count()) == (SetState.APPROVED, places)
        event = Event.objects.get(action="evaluation.freeze.undone")
        assert event.data["awards_that_stand"] == [award.pk]
        panel = (world.max, world.fay, world.ada, world.eve, world.tom)
        assert set(event.data["could_see_prices"]) == {one.pk for one in panel}

    def test_it_is_frozen_again_as_the_second(self, world, made):
        proposed(world, made)
        confirmed(world, made)
        differ_on(made, "1.1")
        for bid in bids_of(made):
            agreed(world, bid, standard(made))

        found = freeze(world, made)

        assert (found.number, Freeze.objects.get(number=1).voided_at is not None) == (2, True)

    def test_nothing_came_after_the_freeze(self, world, made):
        proposed(world, made)

        confirmed(world, made)

        assert not Event.objects.filter(action="evaluation.freeze.later_voided").exists()
        assert would_be_void(made, Freeze.objects.get()).could_see == []


class TestPages:
    def test_it_says_what_would_stop_counting_and_who_saw_prices(self, world, made, sign_in):
        further.proposed(made, world)

        page = sign_in(world.ada).get(reverse("unfreeze", args=[made.pk])).content.decode()

        for words in ("Freeze 1 of", "Run 1 of the price check: signed", "Award 1, which waits", "Prices were opened"):
            assert words in page
        assert "Fay" in page

    def test_proposing_and_confirming_by_hand(self, world, made, sign_in):
        ada, max_ = sign_in(world.ada), sign_in(world.max)
        address = reverse("unfreeze", args=[made.pk])

        empty = ada.post(address, {"reason": ""}).content.decode()
        ada.post(address, {"reason": "Annex B"})
        own, other = (client.get(address).content.decode() for client in (ada, max_))
        twice = ada.post(address, {"reason": "Annex C"}).content.decode()
        stale = max_.post(reverse("confirm_unfreeze", args=[made.pk]), {"seen": "prices"}, follow=True)
        done = max_.post(reverse("confirm_unfreeze", args=[made.pk]), {"seen": "frozen"}, follow=True)

        assert "Enter the reason" in empty
        assert "so a colleague must confirm it" in own
        assert "Undo the freeze</button>" in other
        assert ("A colleague has proposed this already" in twice, "Annex C" in twice) == (True, True)
        assert "The evaluation has gone on" in stale.content.decode()
        assert "The freeze is undone" in done.content.decode()
        assert "Undone</strong>" in done.content.decode()

    def test_dropping_by_hand(self, world, made, sign_in):
        client = sign_in(world.max)
        proposed(world, made)

        done = client.post(reverse("drop_unfreeze", args=[made.pk]), follow=True).content.decode()
        again = client.post(reverse("drop_unfreeze", args=[made.pk]), follow=True).content.decode()

        assert "The proposal was dropped" in done
        assert "Nobody proposes to undo the freeze now" in again

    def test_where_nothing_is_frozen_it_says_so(self, world, sign_in):
        made = judged(evaluation(world, count=1, read=False), world)
        client, address = sign_in(world.ada), reverse("unfreeze", args=[made.pk])

        shown, sent = client.get(address).content.decode(), client.post(address, {"reason": "Why"}).content.decode()

        assert "A freeze can be undone only while" in shown
        assert "Why" in sent
