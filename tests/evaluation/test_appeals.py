"""Appeals: who decides, that one outcome changes and nothing else, and that the pages say what would follow."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from evaluation.models import Appeal, AwardLine, GateRun, QualityResult, Settled
from evaluation.queries.appeals import affected_by, appeals_of_bid
from evaluation.queries.freezes import document_of, stale
from evaluation.queries.frozen import recomputed
from evaluation.states import AppealState, Outcome, RunState, SetState, Stage
from lots.rules.refusals import Refused
from tests.evaluation import further
from tests.evaluation.made import bids_of, evaluation, judged
from tests.evaluation.moderated import FAIL, PASS, agreed, differing, freeze, interest, noted, standard, upheld


@pytest.fixture
def made(world):
    made = judged(evaluation(world, count=2, read=False), world, fails=[(2, "1.2")])
    freeze(world, made)
    made.refresh_from_db()
    return made


@pytest.fixture
def failed(made):
    """The bid that failed 1.2."""
    return bids_of(made)[1]


@pytest.fixture
def appeal(world, made, failed):
    return noted(world, failed, standard(made, "1.2"))


class TestNoting:
    def test_in_the_words_of_the_bidder(self, world, appeal, failed):
        assert (appeal.text, appeal.state, appeal.noted_by) == ("You overlooked annex B.", "received", world.max)
        assert appeals_of_bid(failed) == [appeal]

    def test_only_after_a_freeze(self, world):
        made = judged(evaluation(world, count=1, read=False), world)

        with pytest.raises(Refused, match="An appeal is noted only while"):
            noted(world, bids_of(made)[0], standard(made))

    def test_only_about_an_outcome(self, world, made, failed):
        Settled.objects.filter(bid=failed, standard__number="1.1").update(replaced_at=timezone.now())

        with pytest.raises(Refused, match="Choose a standard that has an outcome"):
            noted(world, failed, standard(made))

    @pytest.mark.parametrize("who", ["eve", "fay", "alice"])
    def test_by_nobody_else(self, world, made, failed, who):
        with pytest.raises(PermissionDenied):
            noted(world, failed, standard(made), by=getattr(world, who))

    def test_not_by_who_may_not_see_the_bid(self, world, made, failed):
        interest(made, world.max, failed)

        with pytest.raises(PermissionDenied):
            noted(world, failed, standard(made))


class TestDeciding:
    def test_dismissed_nothing_changes(self, world, made, failed, appeal):
        done = upheld(world, appeal, "", decision=AppealState.DISMISSED)

        assert (done.state, done.settled, done.decided_by) == ("dismissed", None, world.ada)
        assert Settled.objects.filter(bid=failed, how="appeal").count() == 0
        assert stale(made) == []

    def test_upheld_that_outcome_changes_and_nothing_else(self, world, made, failed, appeal):
        further.proposed(made, world, state=SetState.APPROVED)
        before = list(QualityResult.objects.values()), list(AwardLine.objects.values())

        done = upheld(world, appeal)

        made.refresh_from_db()
        assert (done.settled.outcome, done.settled.how, done.settled.by) == (PASS, "appeal", world.ada)
        assert (list(QualityResult.objects.values()), list(AwardLine.objects.values())) == before
        assert (made.stage, GateRun.objects.get().state) == (Stage.AWARDED, RunState.SIGNED)
        frozen = made.freezes.get()
        assert recomputed(frozen, document_of(frozen)).rows_are_as_frozen

    def test_the_record_names_no_outcome(self, world, appeal):
        upheld(world, appeal)

        assert set(Event.objects.get(action="evaluation.appeal.decided").data) == {"bid", "standard", "lot"}

    def test_once(self, world, appeal):
        upheld(world, appeal)

        with pytest.raises(Refused, match="decided already"):
            upheld(world, appeal, FAIL, by=world.ada)

    def test_not_by_who_moderated_it_nor_by_who_was_at_the_meeting(self, world):
        made = differing(world, read=False)
        [bid] = bids_of(made)
        agreed(world, bid, standard(made), FAIL)
        freeze(world, made)
        appeal = noted(world, bid, standard(made))

        with pytest.raises(Refused, match="You decided this outcome"):
            upheld(world, appeal)

    def test_an_approver_decides_once_an_award_is_approved_and_not_before(self, world, made, appeal):
        with pytest.raises(PermissionDenied):
            upheld(world, appeal, by=world.fay)
        further.proposed(made, world, state=SetState.APPROVED)

        assert upheld(world, appeal, by=world.fay).decided_by == world.fay

    @pytest.mark.parametrize("who", ["max", "eve", "tom", "alice"])
    def test_by_nobody_else(self, world, appeal, who):
        with pytest.raises(PermissionDenied):
            upheld(world, appeal, by=getattr(world, who))

    def test_not_by_a_moderator_with_an_interest(self, world, made, failed, appeal):
        interest(made, world.ada, failed)

        with pytest.raises(PermissionDenied):
            upheld(world, appeal)


class TestWhatWouldFollow:
    def test_the_bid_would_pass_and_nobody_is_dropped(self, world, made, failed, appeal):
        further.proposed(made, world, state=SetState.APPROVED)
        upheld(world, appeal)

        found = affected_by(made, user=world.max)

        assert stale(made) == [(failed, standard(made, "1.2"))]
        [one] = found.affected
        assert (one.bid, one.was, one.becomes, one.awarded, one.others) == (failed, False, True, False, 1)

    def test_who_was_awarded_and_would_fail_keeps_it(self, world, made):
        further.proposed(made, world, state=SetState.APPROVED)
        first = bids_of(made)[0]
        upheld(world, noted(world, first, standard(made)), FAIL)

        [one] = affected_by(made, user=world.max).affected

        assert (one.bid, one.was, one.becomes, one.awarded) == (first, True, False, True)
        assert AwardLine.objects.filter(bid=first, awarded=True).exists()

    def test_an_outcome_that_changes_no_result(self, world, made, failed, sign_in):
        upheld(world, noted(world, failed, standard(made)), Outcome.NOT_APPLICABLE)

        page = sign_in(world.max).get(reverse("freeze", args=[made.pk])).content.decode()

        assert affected_by(made, user=world.max).affected == []
        assert "No bid would pass or fail otherwise because of it." in page

    def test_back_as_it_was_nothing_is_stale(self, world, made, failed, appeal):
        upheld(world, appeal)
        again = noted(world, failed, standard(made, "1.2"))
        further.proposed(made, world, state=SetState.APPROVED)

        upheld(world, again, FAIL, by=world.fay)

        assert stale(made) == []

    def test_who_may_not_see_the_bid_reads_only_that_there_is_one(self, world, made, failed, appeal, sign_in):
        upheld(world, appeal)
        interest(made, world.max, failed)

        page = sign_in(world.max).get(reverse("freeze", args=[made.pk])).content.decode()

        assert failed.provider_name not in page
        assert "1 more concerns bids that you may not see" in page

    def test_after_an_undone_freeze_nothing_is_stale(self, world, made, appeal):
        upheld(world, appeal)
        made.freezes.update(
            voided_at=timezone.now(), void_reason="Why", void_proposed_by=world.ada, voided_by=world.max
        )

        assert stale(made) == []


class TestPages:
    def typed(self, settled, **words) -> dict:
        day = timezone.localdate()
        return {
            "about": settled.pk,
            "received_on_0": day.day,
            "received_on_1": day.month,
            "received_on_2": day.year,
            "text": "You overlooked annex B.",
        } | words

    def test_noting_and_deciding_by_hand(self, world, made, failed, sign_in):
        settled = Settled.objects.get(bid=failed, standard__number="1.2")
        max_, ada = sign_in(world.max), sign_in(world.ada)
        address = reverse("note_appeal", args=[failed.pk])

        wrong = max_.post(address, self.typed(settled, received_on_2=timezone.localdate().year + 1)).content.decode()
        answer = max_.post(address, self.typed(settled))
        appeal = Appeal.objects.get()
        half = ada.post(answer.url, {"decision": "upheld", "outcome": "", "reason": "Annex B"}).content.decode()
        done = ada.post(answer.url, {"decision": "upheld", "outcome": "pass", "reason": "Annex B"}, follow=True)
        listed = max_.get(reverse("appeals", args=[made.pk])).content.decode()

        assert "The day it was received cannot be in the future" in wrong
        assert "You overlooked annex B." in wrong
        assert answer.url == reverse("appeal", args=[appeal.pk])
        assert ("Choose the outcome that stands from now on" in half, "Annex B" in half) == (True, True)
        assert "What was frozen no longer matches" in done.content.decode()
        assert "Upheld</strong>" in listed

    def test_who_had_a_hand_in_it_reads_why_they_do_not_decide(self, world, sign_in):
        made = differing(world, read=False)
        [bid] = bids_of(made)
        agreed(world, bid, standard(made), FAIL)
        freeze(world, made)
        appeal = noted(world, bid, standard(made))

        page = sign_in(world.ada).get(reverse("appeal", args=[appeal.pk])).content.decode()

        assert "You decided this outcome" in page
        assert "Decide the appeal</button>" not in page

    def test_who_does_not_decide_cannot_send(self, world, appeal, sign_in):
        answer = sign_in(world.max).post(reverse("appeal", args=[appeal.pk]), {"decision": "dismissed"})

        assert answer.status_code == 403

    def test_before_the_freeze_the_page_says_when(self, world, sign_in):
        made = judged(evaluation(world, count=1, read=False), world)

        page = sign_in(world.max).get(reverse("note_appeal", args=[bids_of(made)[0].pk])).content.decode()

        assert "An appeal is noted only while" in page
