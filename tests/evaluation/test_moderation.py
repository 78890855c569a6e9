"""Differences: who finds which, what a meeting agrees, and that what the two decided stays."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from evaluation.models import Appointment, Bid, Judgement, Settled
from evaluation.queries.differences import differences_of
from evaluation.states import BidState, Duty, Outcome, Settlement, Stage
from lots.rules.refusals import Refused
from tests.evaluation import moderated
from tests.evaluation.documents import standards_of
from tests.evaluation.made import bids_of, evaluation, given
from tests.evaluation.moderated import FAIL, PASS, agreed, differ_on, differing, interest, locked, standard


@pytest.fixture
def made(world):
    return differing(world, count=2)


def found(made, who) -> list[tuple[int, str]]:
    rows = differences_of(made, user=who).order_by("bid__number", "standard__number")
    return [(row.bid.number, row.standard.number) for row in rows]


class TestFinding:
    def test_what_both_locked_differently_is_found(self, world, made):
        assert found(made, world.ada) == [(1, "1.1"), (2, "1.1")]

    def test_not_while_one_of_them_is_open(self, world, made):
        Judgement.objects.filter(bid__number=1, standard__number="1.1", number=2).update(locked_at=None)

        assert found(made, world.ada) == [(2, "1.1")]

    def test_not_of_a_bid_that_is_out_or_that_the_moderator_may_not_see(self, world, made):
        first, second = bids_of(made)
        Bid.objects.filter(pk=first.pk).update(state=BidState.WITHDRAWN, state_at=timezone.now())
        interest(made, world.ada, second)

        assert found(made, world.ada) == []

    def test_an_outcome_that_rests_on_somebody_with_an_interest_is_found_though_they_agreed(self, world, made):
        interest(made, world.tom, bids_of(made)[0])

        assert found(made, world.ada) == [(1, "1.1"), (1, "1.2"), (2, "1.1")]

    def test_a_judgement_that_nobody_settles_with_is_nobody_elses(self, world):
        made = evaluation(world, count=1, read=False)
        given(made, world)
        locked(made, bids_of(made)[0], standard(made), FAIL, None)

        assert found(made, world.ada) == []

    def test_the_list_in_a_browser(self, world, made, sign_in):
        agreed(world, bids_of(made)[0], standard(made))
        client, address = sign_in(world.ada), reverse("differences", args=[made.pk])

        waiting, done, every, theme = (
            client.get(f"{address}{query}").content.decode()
            for query in ("", "?state=decided", f"?state=all&judge={world.tom.pk}", "?theme=nonsense")
        )

        assert [page.count("Eve: ") for page in (waiting, done, every, theme)] == [1, 1, 2, 1]
        assert "Decided</strong>" in done


class TestDeciding:
    def test_the_outcome_stands_and_everything_else_stays(self, world, made):
        [bid, _] = bids_of(made)
        before = list(Judgement.objects.filter(bid=bid).order_by("pk").values())

        agreed(world, bid, standard(made), FAIL, reason="It is out of date.")

        row = Settled.objects.get(bid=bid, standard__number="1.1")
        assert (row.outcome, row.how, row.by, row.reason) == (FAIL, "moderated", world.ada, "It is out of date.")
        assert set(row.meeting.took_part.all()) == {world.ada, world.eve, world.tom}
        assert row.meeting.met_on == timezone.localdate()
        assert list(Judgement.objects.filter(bid=bid).order_by("pk").values()) == before

    def test_the_record_names_people_and_no_outcome(self, world, made):
        agreed(world, bids_of(made)[0], standard(made), FAIL)

        event = Event.objects.get(action="evaluation.difference.moderated")
        assert event.data["took_part"] == sorted(one.pk for one in (world.ada, world.eve, world.tom))
        assert "fail" not in str(event.data)

    def test_it_can_be_decided_anew_and_both_stay(self, world, made):
        [bid, _] = bids_of(made)
        first = agreed(world, bid, standard(made), FAIL)

        second = agreed(world, bid, standard(made), Outcome.NOT_APPLICABLE, seen=first.pk)

        first.refresh_from_db()
        assert (first.outcome, first.replaced_at is not None) == (FAIL, True)
        assert Settled.objects.get(bid=bid, standard=standard(made), replaced_at=None) == second

    def test_nobody_writes_over_a_decision_that_they_have_not_read(self, world, made):
        [bid, _] = bids_of(made)
        agreed(world, bid, standard(made), FAIL)

        with pytest.raises(Refused, match="A colleague decided this"):
            agreed(world, bid, standard(made), PASS)

    def test_an_outcome_that_rests_on_somebody_with_an_interest(self, world, made):
        [bid, _] = bids_of(made)
        interest(made, world.tom, bid)
        stands = Settled.objects.get(bid=bid, standard=standard(made, "1.2"))

        agreed(world, bid, standard(made, "1.2"), FAIL, seen=stands.pk, took_part=[world.ada, world.eve])

        assert Settled.objects.get(bid=bid, standard__number="1.2", replaced_at=None).outcome == FAIL

    def test_nobody_with_an_interest_takes_part(self, world, made):
        [bid, _] = bids_of(made)
        interest(made, world.tom, bid)

        with pytest.raises(Refused, match="Choose people who are on the panel"):
            agreed(world, bid, standard(made))

    def test_what_somebody_with_an_interest_helped_to_decide_waits_again(self, world, made, sign_in):
        [bid, _] = bids_of(made)
        first = agreed(world, bid, standard(made), FAIL)
        interest(made, world.tom, bid)

        page = sign_in(world.ada).get(reverse("differences", args=[made.pk])).content.decode()
        agreed(world, bid, standard(made), PASS, seen=first.pk, took_part=[world.ada, world.eve])
        done = sign_in(world.ada).get(reverse("differences", args=[made.pk]) + "?state=decided").content.decode()

        assert page.count("An interest to deal with") == 2  # and 1.2, on which Tom agreed
        assert done.count("Decided</strong>") == 1

    def test_what_both_agree_on_is_not_moderated(self, world, made):
        [bid, _] = bids_of(made)

        with pytest.raises(Refused, match="agrees"):
            agreed(world, bid, standard(made, "1.2"))

    def test_not_by_a_moderator_who_judged_it(self, world, made):
        [bid, _] = bids_of(made)
        Judgement.objects.filter(bid=bid, standard__number="1.1", number=1).update(person=world.ada)

        with pytest.raises(Refused, match="You judged this standard"):
            agreed(world, bid, standard(made))

    @pytest.mark.parametrize("who", ["eve", "max", "fay", "alice", "ines"])
    def test_by_nobody_else(self, world, made, who):
        with pytest.raises(PermissionDenied):
            agreed(world, bids_of(made)[0], standard(made), by=getattr(world, who))

    def test_not_by_a_moderator_with_an_interest_even_one_noted_meanwhile(self, world, made):
        [bid, _] = bids_of(made)
        interest(made, world.ada, bid)

        with pytest.raises(PermissionDenied):
            agreed(world, bid, standard(made))

    def test_not_once_quality_is_frozen(self, world, made):
        for bid in bids_of(made):
            agreed(world, bid, standard(made))
        moderated.freeze(world, made)

        with pytest.raises(Refused, match="only while the evaluation is at “Quality being judged”"):
            agreed(world, bids_of(made)[0], standard(made))


class TestThePage:
    def typed(self, world, **words) -> dict:
        day = timezone.localdate()
        return {
            "outcome": "pass",
            "reason": "Page 3 covers it.",
            "met_on_0": day.day,
            "met_on_1": day.month,
            "met_on_2": day.year,
            "took_part": [world.eve.pk, world.tom.pk, world.ada.pk],
            "seen": "",
        } | words

    def test_both_sides_and_what_the_bidder_said(self, world, made, sign_in):
        differ_on(made, "1.2")
        [bid, _] = bids_of(made)

        page = sign_in(world.ada).get(reverse("moderate", args=[bid.pk, standard(made, "1.2").pk])).content.decode()

        for words in ("Eve read the policy.", "Tom read the policy.", "We meet standard 1.2.", "Safeguarding policy"):
            assert words in page

    def test_saving(self, world, made, sign_in):
        [bid, _] = bids_of(made)
        address = reverse("moderate", args=[bid.pk, standard(made).pk])

        answer = sign_in(world.ada).post(address, self.typed(world))

        assert answer.url == reverse("differences", args=[made.pk])
        assert Settled.objects.get(bid=bid, standard=standard(made)).how == Settlement.MODERATED

    def test_what_was_typed_is_kept_when_a_colleague_was_first(self, world, made, sign_in):
        [bid, _] = bids_of(made)
        address, client = reverse("moderate", args=[bid.pk, standard(made).pk]), sign_in(world.ada)
        first = agreed(world, bid, standard(made), FAIL)

        page = client.post(address, self.typed(world)).content.decode()
        again = client.post(address, self.typed(world, seen=str(first.pk)))

        assert "A colleague decided this standard while you were writing" in page
        assert "Page 3 covers it." in page
        assert f'name="seen" value="{first.pk}"' in page
        assert again.status_code == 302

    def test_a_wrong_day_and_a_meeting_of_one_are_told_at_their_fields(self, world, made, sign_in):
        [bid, _] = bids_of(made)
        address = reverse("moderate", args=[bid.pk, standard(made).pk])
        year = timezone.localdate().year + 1

        late = sign_in(world.ada).post(address, self.typed(world, met_on_2=year)).content.decode()
        alone = sign_in(world.ada).post(address, self.typed(world, took_part=[world.ada.pk])).content.decode()

        assert "The meeting cannot be in the future" in late
        assert "at least two people" in alone

    def test_where_nothing_can_be_decided_the_page_says_why(self, world, made, sign_in):
        [bid, _] = bids_of(made)
        address = reverse("moderate", args=[bid.pk, standard(made, "1.2").pk])

        page = sign_in(world.ada).get(address).content.decode()
        sent = sign_in(world.ada).post(address, self.typed(world)).content.decode()

        assert "so there is nothing to decide" in page
        assert "Save what was agreed" not in page
        assert "Page 3 covers it." in sent

    def test_a_strangers_standard_or_bid_is_not_found(self, world, made, sign_in):
        [bid, other] = bids_of(made)
        interest(made, world.ada, other)
        client, about = sign_in(world.ada), standard(made).pk

        found = [
            client.get(address).status_code
            for address in (
                reverse("moderate", args=[bid.pk, 10**9]),
                reverse("moderate", args=[bid.pk, about]) + "?lot=1",
                reverse("moderate", args=[bid.pk, about]) + "?lot=٣",
                reverse("moderate", args=[other.pk, about]),
            )
        ]

        assert found == [404, 200, 200, 404]


def test_quality_for_each_lot_is_moderated_for_each_lot(world, sign_in):
    made = evaluation(world, count=1, lots=("1", "2"))
    made.framework.policies.quality = "lot"
    made.framework.policies.save()
    [bid] = bids_of(made)
    lots = sorted({part.lot for part in bid.lots.select_related("lot")}, key=lambda lot: lot.number)
    about = standards_of(made.framework)[0]
    Judgement.objects.bulk_create(
        Judgement(bid=bid, standard=about, lot=lot, person=person, number=number, slot="blind", position=1)
        for lot in lots
        for number, person in enumerate((world.eve, world.tom), start=1)
    )
    for lot in lots:
        locked(made, bid, about, PASS, FAIL, lot=lot)
    agreed(world, bid, about, FAIL, lot=lots[1])

    assert [row.lot for row in differences_of(made, user=world.ada).filter(how=None)] == [lots[0]]
    client, address = sign_in(world.ada), reverse("moderate", args=[bid.pk, about.pk])
    assert client.get(address).status_code == 404
    assert "What the meeting agreed" in client.get(f"{address}?lot={lots[0].pk}").content.decode()


def test_who_was_moderator_is_none_any_more(world):
    made = differing(world)
    Appointment.objects.filter(evaluation=made, person=world.ada, duty=Duty.MODERATOR).update(
        ended_at=timezone.now() - dt.timedelta(hours=1)
    )

    with pytest.raises(PermissionDenied):
        agreed(world, bids_of(made)[0], standard(made))
    assert made.stage == Stage.JUDGING
