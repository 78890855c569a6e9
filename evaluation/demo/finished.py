"""An evaluation told to its end: two people for each verdict, a failed theme, a difference, a question to a bidder, a
price that is too low to be believed, two at the limit, one above it, and an award that is published."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from contracts.actions import signing as contracts
from contracts.models import Contract
from core.calendars import working_day_after
from evaluation.actions import awards, clarifying, freezing, gate, interests, low_prices, opening, panel, prices
from evaluation.actions import judging as judging_actions
from evaluation.actions import moderation as moderation_actions
from evaluation.actions import standstill as standstill_actions
from evaluation.demo.verdicts import judge
from evaluation.models import AwardSet, Bid, Clarification, Evaluation, GateRun, Judgement, LowEnquiry
from evaluation.queries.gate import flags_of
from evaluation.queries.low_prices import all_undecided
from evaluation.states import Cure, Duty, LowDecision, Outcome
from jobs import running
from lots.demo import on, person
from lots.models import Framework, Standard
from providers.demo.past_round import at_that_time

EVALUATORS = ("eve", "tom", "seb")
PANEL = {
    Duty.EVALUATOR: EVALUATORS,
    Duty.MODERATOR: ("ada",),
    Duty.OPENER: ("max", "ada"),
    Duty.APPROVER: ("fay",),
}
OFFICERS = ("max", "ada", "eve", "tom", "seb", "fay")


@dataclass(frozen=True)
class Days:
    """Moments of one evaluation: `day(3)` is ten o'clock on the third working day after its deadline."""

    closes_at: dt.datetime

    def day(self, number: int, hour: int = 10) -> dt.datetime:
        return on(working_day_after(self.closes_at.date(), number), hour)


def officer(name: str) -> User:
    """Somebody of Larkshire Council, read anew: what they may do is remembered on the user object."""
    return person(f"{name}@larkshire.example")


def begun(framework: Framework, *, panel_of=PANEL, at: dt.datetime) -> Evaluation:
    """Begun, with its panel, its rules, and everybody's interests declared."""
    max_ = officer("max")
    made = panel.begin(framework=framework, by=max_, at=at)
    for duty, names in panel_of.items():
        for name in names:
            appointment = panel.appoint(evaluation=made, person=officer(name), duty=duty, by=max_, at=at)
            if duty == Duty.EVALUATOR:
                asked = Standard.objects.filter(theme__version__framework=framework).values_list("pk", flat=True)
                panel.assign(appointment=appointment, standards=list(asked), by=max_, at=at)
    for name in sorted({"max", *(name for names in panel_of.values() for name in names)}):
        interests.declare_before(evaluation=made, has_interest=False, text="", names=[], by=officer(name), at=at)
    return made


def opened(made: Evaluation, days: Days, *, interest: dict[str, tuple[str, str]], panel_of=PANEL) -> Evaluation:
    """Opened by two, with everybody's interests declared again: `interest` is (provider, what it is) by person."""
    with at_that_time(days.day(1)):
        opening.propose(evaluation=made, by=officer("max"))
        opening.open_bids(evaluation=made, by=officer("ada"))
    keys = dict(Bid.objects.filter(evaluation=made).values_list("provider_name", "provider"))
    for name in sorted({"max", *(name for names in panel_of.values() for name in names)}):
        provider, text = interest.get(name, ("", ""))
        chosen = {keys[provider]: text} if provider else {}
        interests.declare_after(
            evaluation=made, has_interest=bool(chosen), chosen=chosen, by=officer(name), at=days.day(1, 14)
        )
    judging_actions.give_out_judging(evaluation=made, by=officer("max"), at=days.day(2))
    return Evaluation.objects.get(pk=made.pk)


def load(framework: Framework) -> Evaluation:
    """Everything, from the panel to the published award."""
    days = Days(framework.closes_at)
    made = begun(framework, at=days.day(1, 8) - dt.timedelta(days=10))
    made = opened(made, days, interest={"eve": ("Dovecote Music", "My brother teaches there.")})
    _ask(made, days)
    judge(made, at=days.day(5))
    _meet(made, days)
    freezing.freeze(evaluation=made, by=officer("ada"), at=days.day(16))
    _check_prices(made, days)
    return _award(made, days)


def _ask(made: Evaluation, days: Days) -> None:
    """One bidder is asked what its answer leaves open, and answers."""
    one = Judgement.objects.filter(
        bid__evaluation=made, bid__provider_name="Ivy Bank Education", standard__safeguarding=False, number=1
    )
    asked = one.order_by("position").select_related("bid__evaluation").first()
    clarifying.ask_bidder(
        judgement=asked,
        evidence_id=None,
        text="You say that everybody is trained each year. Who is it that was not trained this year, and when will "
        "they be?",
        by=officer(asked.person.email.split("@")[0]),
        at=days.day(3),
    )
    question = Clarification.objects.get(bid__evaluation=made, cure__in=list(Cure))
    with at_that_time(days.day(4)):
        clarifying.answer_clarification(
            clarification=question,
            text="Our new tutor began in June. She is booked for the first week of September, and is never alone with "
            "a pupil before.",
            version=None,
            by=person("ivo@ivy.example"),
        )


def _meet(made: Evaluation, days: Days) -> None:
    """The one difference is decided in a meeting."""
    for bid in Bid.objects.filter(evaluation=made).select_related("evaluation"):
        decided = {}
        rows = Judgement.objects.live().filter(bid=bid, locked_at__isnull=False).select_related("standard")
        for row in rows:
            decided.setdefault(row.standard, set()).add(row.outcome)
        for standard, outcomes in decided.items():
            if len(outcomes) > 1:
                moderation_actions.moderate(
                    bid=bid,
                    standard=standard,
                    outcome=Outcome.PASS,
                    reason="The plan is short, but it names who does what by when, and the policy behind it is whole.",
                    met_on=days.day(15).date(),
                    took_part=[row.person for row in rows if row.standard_id == standard.pk],
                    seen=None,
                    by=officer("ada"),
                    at=days.day(15),
                    today=days.day(15).date(),
                )


def _check_prices(made: Evaluation, days: Days) -> None:
    """Opened, the low one asked about and disregarded, worked out, signed."""
    max_, fay = officer("max"), officer("fay")
    opening_ = prices.open_prices(evaluation=made, by=max_, at=days.day(17))
    bid = Bid.objects.select_related("evaluation").get(evaluation=made, provider_name="Linden Arts")
    price = bid.submission.prices.get()
    low_prices.ask_low_price(
        bid=bid,
        price=price,
        text="Your price for a half-day is less than a quarter of what others ask. How do you pay for staff, room and "
        "materials out of it?",
        by=max_,
        at=days.day(17, 14),
    )
    enquiry = LowEnquiry.objects.get(bid=bid)
    with at_that_time(days.day(19)):
        low_prices.answer_low_price(
            enquiry=enquiry,
            text="We hoped for a grant that has not come. At this price we could not pay for two members of staff.",
            by=person("lena@linden.example"),
        )
    low_prices.decide_low_price(
        enquiry=enquiry,
        decision=LowDecision.DISREGARD,
        reason="The bidder says itself that it could not staff the sessions at this price.",
        by=fay,
        at=days.day(20),
    )
    assert not all_undecided(made, opening_.freeze)  # nosec B101  # the demo says what it shows
    gate.ask_run(evaluation=made, why="", by=max_, at=days.day(21))
    _work(days.day(21, 11))
    run = GateRun.objects.select_related("evaluation").get(evaluation=made)
    gate.sign_run(run=run, seen=[flag.kind for flag in flags_of(run)], by=fay, at=days.day(21, 15))


def _award(made: Evaluation, days: Days) -> Evaluation:
    """Proposed, approved, told to everybody, published."""
    award = awards.propose_award(evaluation=made, by=officer("max"), at=days.day(22))
    awards.approve_award(award_set=award, by=officer("fay"), at=days.day(23))
    _work(days.day(23, 11))
    standstill_actions.record_publication(
        award_set=AwardSet.objects.get(pk=award.pk),
        notice_number="099001-2026",
        published_on=days.day(25).date(),
        by=officer("max"),
        at=days.day(25, 15),
    )
    _sign(made, days)
    return Evaluation.objects.get(pk=made.pk)


def _sign(made: Evaluation, days: Days) -> None:
    """Three providers sign once the waiting period is over, and the council signs two of them; the others have not
    answered yet."""
    signed = [
        ("Ash House", "Alice Rowe", "alice@ash-house.example"),
        ("Birch Farm", "Charlie Webb", "charlie@birch-farm.example"),
        ("Ivy Bank Education", "Ivo Lund", "ivo@ivy.example"),
    ]
    for number, (provider, name, email) in enumerate(signed):
        contract = Contract.objects.get(framework=made.framework, supplier__name=provider)
        contracts.sign_contract(contract=contract, name=name, position="Director", by=person(email), at=days.day(36))
        if number < 2:
            with at_that_time(days.day(37)):
                contracts.countersign_contract(contract=contract, by=officer("max"))
    _work(days.day(37, 11))


def _work(at: dt.datetime) -> None:
    """Do the long work that waits, as the workers would have done it then."""
    with at_that_time(at):
        running.sweep(seconds=float("inf"))
