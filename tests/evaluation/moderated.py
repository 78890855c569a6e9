"""Differences, freezes and appeals for tests. Ada moderates, Max runs the evaluation; Eve and Tom judged."""

from __future__ import annotations

from django.utils import timezone

from evaluation.actions import appeals, freezing, moderation
from evaluation.models import Appeal, Bid, Conflict, Evaluation, Freeze, Judgement, Settled
from evaluation.states import AppealState, Outcome
from lots.models import Lot, Standard
from tests.evaluation.documents import standards_of
from tests.evaluation.made import DAY, bids_of, evaluation, judged

PASS, FAIL = Outcome.PASS, Outcome.FAIL


def standard(made: Evaluation, number: str = "1.1") -> Standard:
    """A standard of its framework by number."""
    return next(one for one in standards_of(made.framework) if one.number == number)


def locked(made: Evaluation, bid: Bid, about: Standard, *outcomes: str, lot: Lot | None = None) -> None:
    """Eve and Tom locked these of one standard; None leaves one open. Nothing is settled."""
    rows = Judgement.objects.filter(bid=bid, standard=about, lot=lot).order_by("number")
    at = made.fixed_at + DAY / 4
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome:
            row.outcome, row.reason, row.pages = outcome, f"{row.person.name} read the policy.", "2"
            row.saved_at = row.locked_at = at
            row.save()


def differing(world, *, count: int = 1, **words) -> Evaluation:
    """Everything is settled but 1.1, on which Eve and Tom differ for every bid."""
    made = judged(evaluation(world, count=count, **words), world)
    return differ_on(made, "1.1")


def differ_on(made: Evaluation, *numbers: str) -> Evaluation:
    """Eve and Tom differ on these for every bid, and nobody has settled them."""
    for number in numbers:
        about = standard(made, number)
        Settled.objects.filter(bid__evaluation=made, standard=about).delete()
        for bid in bids_of(made):
            locked(made, bid, about, PASS, FAIL)
    return made


def interest(made: Evaluation, person, bid: Bid) -> Conflict:
    """Somebody has an interest in this bidder that nobody has dealt with."""
    return Conflict.objects.create(
        evaluation=made, person=person, provider=bid.provider, text="A cousin works there", noted_at=timezone.now()
    )


def agreed(world, bid: Bid, about: Standard, outcome: str = PASS, **words) -> Settled:
    """Ada writes down what the three agreed today."""
    now = timezone.now()
    given_ = {
        "bid": bid,
        "standard": about,
        "outcome": outcome,
        "reason": "The policy covers it on page 3.",
        "met_on": timezone.localdate(now),
        "took_part": [world.ada, world.eve, world.tom],
        "seen": None,
        "by": world.ada,
        "at": now,
        "today": timezone.localdate(now),
    }
    return moderation.moderate(**(given_ | words))


def freeze(world, made: Evaluation, **words) -> Freeze:
    """Ada freezes quality."""
    return freezing.freeze(**({"evaluation": made, "by": world.ada, "at": timezone.now()} | words))


def noted(world, bid: Bid, about: Standard, **words) -> Appeal:
    """Max notes that a bidder appeals."""
    now = timezone.now()
    given_ = {
        "bid": bid,
        "standard": about,
        "text": "You overlooked annex B.",
        "received_on": timezone.localdate(now),
        "by": world.max,
        "at": now,
        "today": timezone.localdate(now),
    }
    return appeals.note_appeal(**(given_ | words))


def upheld(world, appeal: Appeal, outcome: str = PASS, **words) -> Appeal:
    """Ada upholds it."""
    given_ = {
        "appeal": appeal,
        "decision": AppealState.UPHELD,
        "outcome": outcome,
        "reason": "Annex B shows it.",
        "by": world.ada,
        "at": timezone.now(),
    }
    return appeals.decide_appeal(**(given_ | words))
