"""The freeze: what stands in its way, what it says, and that its hash can be worked out again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from evaluation.models import Appointment, Bid, Clarification, Freeze, Judgement, QualityResult, Settled, ThemeResult
from evaluation.queries.freezes import (
    Totals,
    clashing_units,
    document_of,
    open_things,
    results_of,
    standing_freeze,
    totals_of,
)
from evaluation.queries.frozen import recomputed
from evaluation.states import BidState, Duty, Outcome, Stage
from lots.models import Theme
from lots.rules.refusals import Refused
from tests.evaluation.made import bids_of, evaluation, judged
from tests.evaluation.moderated import FAIL, agreed, differ_on, differing, freeze, interest, standard


@pytest.fixture
def made(world):
    return judged(evaluation(world, count=3, read=False), world, fails=[(2, "1.2")])


def checked(frozen: Freeze):
    frozen = Freeze.objects.get(pk=frozen.pk)
    return recomputed(frozen, document_of(frozen))


class TestFreezing:
    def test_it_holds_every_outcome_and_what_follows(self, world, made):
        found = freeze(world, made)

        made.refresh_from_db()
        document = json.loads(found.document)
        assert made.stage == Stage.FROZEN
        assert standing_freeze(made) == found
        assert found.sha256 == hashlib.sha256(found.document.encode()).hexdigest()
        assert [bid["number"] for bid in document["bids"]] == [1, 2, 3]
        assert {len(bid["standards"]) for bid in document["bids"]} == {2}
        assert [row["outcome"] for row in document["bids"][1]["standards"]] == ["pass", "fail"]
        assert {len(row["judgements"]) for row in document["bids"][0]["standards"]} == {2}
        passed = QualityResult.objects.filter(freeze=found).order_by("bid__number")
        assert list(passed.values_list("bid__number", "passed")) == [(1, True), (2, False), (3, True)]
        failed = ThemeResult.objects.filter(freeze=found, passed=False)
        assert list(failed.values_list("bid__number", "lot")) == [(2, None)]

    def test_a_bid_that_is_out_is_not_in_it(self, world, made):
        Bid.objects.filter(evaluation=made, number=3).update(state=BidState.WITHDRAWN, state_at=timezone.now())

        found = freeze(world, made)

        assert [bid["number"] for bid in json.loads(found.document)["bids"]] == [1, 2]
        assert QualityResult.objects.filter(freeze=found).count() == 2

    def test_the_record_holds_the_hash_and_no_outcome(self, world, made):
        found = freeze(world, made)

        event = Event.objects.get(action="evaluation.freeze.made")
        assert event.data == {"evaluation": made.pk, "number": 1, "sha256": found.sha256, "bids": 3}

    @pytest.mark.parametrize("who", ["max", "eve", "fay", "alice"])
    def test_only_a_moderator_freezes(self, world, made, who):
        with pytest.raises(PermissionDenied):
            freeze(world, made, by=getattr(world, who))

    def test_not_twice(self, world, made):
        freeze(world, made)

        with pytest.raises(Refused, match="only while the evaluation is at “Quality being judged”"):
            freeze(world, made)

    def test_not_without_a_bid(self, world, made):
        Bid.objects.filter(evaluation=made).update(state=BidState.WITHDRAWN, state_at=timezone.now())

        with pytest.raises(Refused, match="no bid left"):
            freeze(world, made)

    def test_judged_for_each_lot_a_failed_theme_ends_that_lot(self, world):
        made = evaluation(world, count=1, lots=("1", "2"), read=False)
        made.framework.policies.quality = "lot"
        made.framework.policies.save()
        [bid] = bids_of(made)
        lots = sorted({part.lot for part in bid.lots.select_related("lot")}, key=lambda lot: lot.number)
        for lot in lots:
            for number in ("1.1", "1.2"):
                outcome = FAIL if (lot.number, number) == ("2", "1.2") else Outcome.PASS
                Settled.objects.create(
                    bid=bid, standard=standard(made, number), lot=lot, outcome=outcome, how="agreed", at=timezone.now()
                )

        found = freeze(world, made)

        assert dict(QualityResult.objects.filter(freeze=found).values_list("lot__number", "passed")) == {
            "1": True,
            "2": False,
        }
        [row] = results_of(found, {}, user=world.ada).page.rows
        assert (row.passed, row.failed) == (False, ["Lot 2"])
        assert totals_of(found, user=world.ada) == Totals(0, 1, 0)
        assert [cell.failed for _, cell in row.cells if cell] == [("Lot 2",)]
        assert checked(found).rows_are_as_frozen


class TestWhatStandsInTheWay:
    def refused(self, world, made) -> str:
        with pytest.raises(Refused) as refusal:
            freeze(world, made)
        return str(refusal.value)

    def test_a_missing_outcome(self, world, made):
        differ_on(made, "1.1")

        assert self.refused(world, made) == "Quality cannot be frozen yet: 3 outcomes are missing"
        assert open_things(made, at=timezone.now()).differ == 3

    def test_an_open_question_until_its_time_is_over(self, world, made):
        now = timezone.now()
        asked = Clarification.objects.create(
            bid=bids_of(made)[0],
            standard=standard(made),
            cure="explain",
            text="Which year?",
            asked_at=now,
            asked_by=world.eve,
            due_at=now + dt.timedelta(days=1),
        )

        assert self.refused(world, made) == "Quality cannot be frozen yet: 1 question to a bidder is open"
        assert freeze(world, made, at=asked.due_at + dt.timedelta(seconds=1))

    def test_an_outcome_that_rests_on_somebody_with_an_interest(self, world, made):
        bid = bids_of(made)[0]
        conflict = interest(made, world.tom, bid)

        assert "2 outcomes rest on somebody with an interest" in self.refused(world, made)
        for number in ("1.1", "1.2"):
            stands = Settled.objects.get(bid=bid, standard__number=number, replaced_at=None)
            agreed(world, bid, standard(made, number), seen=stands.pk, took_part=[world.ada, world.eve])
        assert freeze(world, made)
        assert conflict.mitigated_at is None

    @pytest.mark.parametrize("who", ["ada", "eve"])
    def test_an_outcome_that_was_moderated_by_somebody_with_an_interest(self, world, made, who):
        differ_on(made, "1.1")
        for bid in bids_of(made):
            agreed(world, bid, standard(made), took_part=[world.ada, world.eve])
        conflict = interest(made, getattr(world, who), bids_of(made)[0])
        about = Q(bid=bids_of(made)[0], how="moderated")

        found = clashing_units(made)

        assert list(found.filter(how="moderated")) == list(Settled.objects.filter(about))
        conflict.delete()
        assert list(found.all()) == []

    def test_the_page_counts_it_and_leads_there(self, world, sign_in):
        made = differing(world, count=2, read=False)
        address = reverse("freeze", args=[made.pk])

        page = sign_in(world.ada).get(address).content.decode()
        sent = sign_in(world.ada).post(address, follow=True).content.decode()

        assert "2 outcomes are missing" in page
        assert "2 differences wait" in page
        assert reverse("differences", args=[made.pk]) in page
        assert "Freeze quality</button>" not in page
        assert "Quality cannot be frozen yet: 2 outcomes are missing." in sent

    def test_a_theme_that_nobody_assessed_is_never_frozen(self, world, made, monkeypatch):
        from evaluation.queries import freezes

        differ_on(made, "1.1")
        monkeypatch.setattr(freezes.Open, "is_clear", True)
        monkeypatch.setattr("evaluation.rules.freezing.check_clear", lambda there, bids: None)

        assert self.refused(world, made).startswith("Bid 1 has a standard without an outcome")
        assert Freeze.objects.count() == 0


class TestWorkingItOutAgain:
    def test_it_is_as_frozen(self, world, made):
        found = checked(freeze(world, made))

        assert (found.stored_is_as_frozen, found.rows_are_as_frozen, found.differing) == (True, True, ())

    def test_whatever_happens_to_bids_since(self, world, made):
        frozen = freeze(world, made)
        Bid.objects.filter(evaluation=made, number=1).update(state=BidState.WITHDRAWN, state_at=timezone.now())

        assert checked(frozen).rows_are_as_frozen

    def test_a_changed_document_differs(self, world, made):
        frozen = freeze(world, made)
        Freeze.objects.filter(pk=frozen.pk).update(document=frozen.document.replace('"fail"', '"pass"'))

        found = checked(frozen)

        assert (found.stored_is_as_frozen, found.rows_are_as_frozen) == (False, True)
        assert found.differing == ((bids_of(made)[1].pk, standard(made, "1.2").pk, None),)

    @pytest.mark.parametrize("model", [Settled, Judgement])
    def test_a_changed_row_differs(self, world, made, model):
        frozen, bid = freeze(world, made), bids_of(made)[0]
        fields = {"outcome": "na"} if model is Settled else {"person": world.max}
        model.objects.filter(pk=model.objects.filter(bid=bid, standard=standard(made)).first().pk).update(**fields)

        found = checked(frozen)

        assert (found.stored_is_as_frozen, found.rows_are_as_frozen) == (True, False)
        assert found.differing == ((bid.pk, standard(made).pk, None),)

    @pytest.mark.parametrize("document", ["{", "[]", ""])
    def test_a_document_that_cannot_be_read_differs(self, world, made, document):
        frozen = freeze(world, made)
        Freeze.objects.filter(pk=frozen.pk).update(document=document)

        assert not checked(frozen).stored_is_as_frozen


class TestPages:
    def test_results_by_bid_and_theme(self, world, made, sign_in):
        found = freeze(world, made)

        client = sign_in(world.max)
        page = client.get(reverse("frozen", args=[found.pk])).content.decode()
        first = client.get(reverse("freeze", args=[made.pk])).content.decode()

        assert "Passed: <strong>2</strong>" in first
        assert "Failed: <strong>1</strong>" in first
        themes = Theme.objects.filter(version__framework=made.framework, standards__isnull=False).distinct().count()
        assert page.count("portal-result--failed") == 1
        assert page.count("portal-result--passed") == 3 * themes - 1

    def test_neither_row_nor_number_tells_of_a_bid_that_one_may_not_see(self, world, made, sign_in):
        found, bid = freeze(world, made), bids_of(made)[1]
        interest(made, world.max, bid)
        client = sign_in(world.max)

        pages = [
            client.get(address).content.decode()
            for address in (reverse("frozen", args=[found.pk]), reverse("freeze", args=[made.pk]))
        ]

        assert [bid.provider_name in page for page in pages] == [False, False]
        assert "Failed: <strong>0</strong>" in pages[1]
        assert client.get(reverse("freeze_file", args=[found.pk])).status_code == 403
        check = client.get(reverse("check_freeze", args=[found.pk])).content.decode()
        assert "somebody else must download it" in check
        Freeze.objects.filter(pk=found.pk).update(document=found.document.replace('"fail"', '"pass"'))
        assert bid.provider_name not in client.get(reverse("check_freeze", args=[found.pk])).content.decode()

    def test_the_document_to_take_away(self, world, made, sign_in):
        found = freeze(world, made)

        answer = sign_in(world.max).get(reverse("freeze_file", args=[found.pk]))

        assert hashlib.sha256(answer.content).hexdigest() == found.sha256
        assert f"quality-freeze-{made.pk}-1.json" in answer["Content-Disposition"]

    def test_the_check(self, world, made, sign_in):
        found = freeze(world, made)
        client, address = sign_in(world.fay), reverse("check_freeze", args=[found.pk])

        right = client.get(address).content.decode()
        Settled.objects.filter(bid__number=1, standard__number="1.1").update(outcome="fail")
        wrong = client.get(address).content.decode()

        assert (right.count("As frozen"), wrong.count("As frozen"), wrong.count("Differs")) == (2, 1, 1)
        assert f"{bids_of(made)[0].provider_name}: 1.1" in wrong

    def test_who_judges_reads_none_of_it_whatever_else_they_do(self, world, made, sign_in):
        found = freeze(world, made)
        Appointment.objects.filter(evaluation=made, person=world.max).update(duty=Duty.EVALUATOR)
        client = sign_in(world.max)

        addresses = [reverse("freeze", args=[made.pk]), reverse("frozen", args=[found.pk])]
        addresses.append(reverse("unfreeze", args=[made.pk]))

        assert [client.get(address).status_code for address in addresses] == [403, 403, 403]

    def test_freezing_by_hand(self, world, made, sign_in):
        answer = sign_in(world.ada).post(reverse("freeze", args=[made.pk]), follow=True)

        assert "Results of freeze 1" in answer.content.decode()

    def test_before_the_opening_it_says_when(self, world, sign_in):
        from tests.evaluation.made import preparing

        made = preparing(world)

        page = sign_in(world.ada).get(reverse("freeze", args=[made.pk])).content.decode()

        assert "once applications were opened" in page
