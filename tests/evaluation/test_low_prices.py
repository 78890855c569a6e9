"""An unusually low price: asked about, answered by its bidder, decided by somebody else; only then an average."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import Event
from evaluation.actions import low_prices as actions
from evaluation.models import Bid, Conflict, GateRun, LowEnquiry
from evaluation.queries.low_prices import shown_for
from evaluation.states import BidState, RunState
from lots.rules.refusals import Refused
from outbox.models import Message
from providers.models import BidPrice
from tests.evaluation import pricing
from tests.evaluation.made import AT, DAY, bids_of
from tests.evaluation.pricing import ask, ask_run, decide, opened, price_of, sign, when

SAYS = "Our hall is free, and two of us are volunteers."


@pytest.fixture
def made(world):
    """10, 45, 46 and 48 pounds: Ash House's is unusually low."""
    return opened(world, prices=pricing.LOW)


def answer(enquiry: LowEnquiry, by, text: str = SAYS) -> LowEnquiry:
    """Within its time."""
    with time_machine.travel(enquiry.due_at - DAY, tick=False):
        return actions.answer_low_price(enquiry=enquiry, text=text, by=by)


class TestTheWholeWay:
    def test_kept_it_pulls_the_average_down(self, world, made):
        """The limit is 44.70, and three ordinary bids fail: whoever signs has seen why."""
        with pytest.raises(Refused, match="1 unusually low price has no decision yet"):
            ask_run(made, world.max)

        decide(ask(made, world.max), world.fay)
        run = ask_run(made, world.max)

        assert [one.passes for one in run.results.order_by("price")] == [True, False, False, False]
        with pytest.raises(Refused, match="Confirm"):
            sign(run, world.fay, seen=[])
        assert sign(run, world.fay, seen=["low"]).state == RunState.SIGNED

    def test_disregarded_it_is_out_for_the_lot_and_the_others_pass(self, world, made):
        decide(ask(made, world.max), world.fay, "disregard", "They did not answer.")

        run = ask_run(made, world.max)

        rows = run.results.order_by("price").values_list("counts", "passes")
        assert list(rows) == [(False, False), (True, True), (True, True), (True, True)]
        assert sign(run, world.fay, seen=["disregarded"]).state == RunState.SIGNED

    def test_one_that_is_gone_can_show_another(self, world):
        """1 and 5 beside 48 and 50: without the 1, the 5 stands out still and waits for its own decision."""
        made = opened(world, prices=(100, 500, 4800, 5000))
        assert [one.low.pence for one in shown_for(made, made.freezes.get(), user=world.max)] == [100, 500]

        decide(ask(made, world.max, 1), world.fay, "disregard")

        with pytest.raises(Refused, match="1 unusually low price has no decision yet"):
            ask_run(made, world.max)

    def test_what_happened_is_kept_without_price_bidder_or_decision(self, world, made):
        decide(answer(ask(made, world.max, at=when(made)), world.alice), world.fay)

        events = Event.objects.filter(action__startswith="evaluation.low_price").order_by("pk")
        assert [(one.action.rpartition(".")[2], one.data) for one in events] == [
            ("asked", {"evaluation": made.pk}),
            ("answered", {"evaluation": made.pk}),
            ("decided", {"evaluation": made.pk}),
        ]


class TestAsking:
    def test_the_bidders_leads_get_a_letter_that_does_not_say_what(self, world, made):
        at = dt.datetime(2026, 4, 2, 9, tzinfo=dt.UTC)
        enquiry = ask(made, world.max, at=at)

        letter = Message.objects.get(key=f"low-price:{enquiry.pk}:{world.alice.pk}")
        # Good Friday, Easter Monday and the weekend between are no working days.
        assert enquiry.due_at == dt.datetime(2026, 4, 9, 16, tzinfo=dt.UTC)
        assert (letter.to, letter.subject, letter.discreet) == (
            world.alice.email,
            "A message about your account",
            True,
        )

    def test_whoever_judges_approves_or_is_elsewhere_asks_nothing(self, world, made):
        for person in (world.ada, world.eve, world.fay, world.alice):
            with pytest.raises(PermissionDenied):
                ask(made, person)

    def test_nobody_asks_a_bidder_in_whom_they_have_an_interest(self, world, made):
        Conflict.objects.create(
            evaluation=made, person=world.max, provider=world.ash_house, text="A cousin", noted_at=AT
        )

        with pytest.raises(PermissionDenied):
            ask(made, world.max)
        [low] = shown_for(made, made.freezes.get(), user=world.max)
        assert (low.bid, low.price, low.enquiry, low.waits) == (None, None, None, True)

    def test_once_and_only_while_prices_are_open_and_the_bid_is_in(self, world, made):
        enquiry = ask(made, world.max)
        with pytest.raises(Refused, match="asked about this price already"):
            ask(made, world.max)
        decide(enquiry, world.fay)
        with pytest.raises(Refused, match="asked about and decided"):
            ask(made, world.max)
        sign(ask_run(made, world.max), world.fay)
        with pytest.raises(Refused, match="only while the evaluation is at “Prices opened”"):
            ask(made, world.max, 2)

    def test_not_a_bid_that_has_left_and_not_another_bids_price(self, world, made):
        Bid.objects.filter(number=1).update(state=BidState.WITHDRAWN, state_at=AT)
        with pytest.raises(Refused, match="no longer in the evaluation"):
            ask(made, world.max)

        (_, price), bid = price_of(made, 3), bids_of(made)[1]
        with pytest.raises(BidPrice.DoesNotExist):
            actions.ask_low_price(bid=bid, price=price, text="?", by=world.max, at=when(made))


class TestAnswering:
    def test_its_lead_answers_once_in_time(self, world, made):
        enquiry = answer(ask(made, world.max, at=when(made)), world.alice)

        assert (enquiry.answer, enquiry.answered_by) == (SAYS, world.alice)
        with pytest.raises(Refused, match="answered already"):
            answer(enquiry, world.alice)

    def test_nobody_else(self, world, made):
        enquiry = ask(made, world.max, at=when(made))

        for person in (world.bob, world.charlie, world.max, world.olu):
            with pytest.raises(PermissionDenied):
                answer(enquiry, User.objects.get(pk=person.pk))

    def test_not_after_its_time_by_the_databases_clock(self, world, made):
        enquiry = ask(made, world.max)

        with pytest.raises(Refused, match="The time to answer this question is over"):
            actions.answer_low_price(enquiry=enquiry, text=SAYS, by=world.alice)

        assert not LowEnquiry.objects.get().answered_at

    def test_not_once_it_is_decided_or_replaced(self, world, made):
        enquiry = ask(made, world.max, at=when(made))
        LowEnquiry.objects.update(replaced_at=AT)

        with pytest.raises(Refused, match="no longer needs an answer"):
            answer(enquiry, world.alice)


class TestDeciding:
    def test_not_before_the_answer_or_the_end_of_its_time(self, world, made):
        enquiry = ask(made, world.max, at=when(made))

        with pytest.raises(Refused, match="The bidder can still answer"):
            actions.decide_low_price(enquiry=enquiry, decision="keep", reason="So", by=world.fay, at=when(made))

        answer(enquiry, world.alice)
        actions.decide_low_price(enquiry=enquiry, decision="keep", reason="So", by=world.fay, at=when(made))
        assert LowEnquiry.objects.get().decision == "keep"

    def test_not_by_who_asked_even_as_an_approver(self, world, made):
        enquiry = ask(made, world.max)
        LowEnquiry.objects.update(asked_by=world.fay)

        with pytest.raises(Refused, match="You asked the bidder"):
            decide(enquiry, world.fay)

    def test_not_by_whoever_runs_it_or_judges(self, world, made):
        enquiry = ask(made, world.max)

        for person in (world.max, world.ada, world.eve, world.alice):
            with pytest.raises(PermissionDenied):
                decide(enquiry, person)

    def test_a_choice_is_made(self, world, made):
        with pytest.raises(Refused, match="Choose whether") as refusal:
            decide(ask(made, world.max), world.fay, "maybe")

        assert refusal.value.field == "decision"

    def test_decided_anew_the_earlier_decision_stays_and_runs_count_no_longer(self, world, made):
        first = decide(ask(made, world.max), world.fay, "keep")
        run = ask_run(made, world.max)

        second = decide(first, world.fay, "disregard", "What they sent was not so.")

        earlier = LowEnquiry.objects.get(replaced_at__isnull=False)
        assert (earlier.decision, earlier.reason) == ("keep", pricing.REASON)
        assert (second.decision, second.text, LowEnquiry.objects.count()) == ("disregard", earlier.text, 2)
        assert GateRun.objects.get(pk=run.pk).void_reason == "An unusually low price was decided"
        with pytest.raises(Refused, match="This question was replaced"):
            decide(earlier, world.fay)

    def test_not_once_a_run_is_signed(self, world, made):
        enquiry = decide(ask(made, world.max), world.fay)
        sign(ask_run(made, world.max), world.fay)

        with pytest.raises(Refused, match="It is at “Price check signed”"):
            decide(enquiry, world.fay)
