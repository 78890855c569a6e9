"""What there is to judge: one's own queue, what two people decided once both have, and what is not settled."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from evaluation.models import Bid, BidLot, Clarification, Evaluation, Judgement, Settled
from evaluation.rules.judging import Verdict
from evaluation.states import BidState, Settlement, Slot
from lots.models import Standard, Theme
from lots.states import QualityScope
from providers.models import SubmittedVersion


@dataclass(frozen=True)
class Counts:
    """Outcomes of an evaluation: one for each bid that is in it and each standard (and lot, where the policy judges
    quality for each). `differ` are those where both have locked and say different things, `waiting` those that a
    bidder was asked about and can still answer, `without` those that fewer than two people were given. For people who
    moderate or run the evaluation: an evaluator would learn from `waiting` that a colleague asked."""

    asked: int
    unsettled: int
    differ: int
    waiting: int
    without: int


def unsettled_counts(evaluation: Evaluation, *, at: dt.datetime | None = None) -> Counts:
    """How much is not settled. With `at` questions count as waiting only until their time is over. Six queries,
    whatever the size."""
    bids = Bid.objects.filter(evaluation=evaluation).counting()
    standards = Standard.objects.filter(theme__version__framework=evaluation.framework_id).count()
    if evaluation.framework.policies.quality == QualityScope.LOT:
        several = BidLot.objects.filter(bid__in=bids.values("pk")).values("bid", "lot").distinct().count()
    else:
        several = bids.count()
    settled = Settled.objects.filter(_in(evaluation), replaced_at=None).count()
    firsts = Judgement.objects.live().filter(_in(evaluation), ~Exists(_settled()), number=1)
    both = firsts.filter(Exists(_other()))
    differ = firsts.filter(Exists(_other().exclude(outcome=OuterRef("outcome")).filter(locked_at__isnull=False)))
    open_ones = Clarification.objects.filter(_in(evaluation), answered_at=None)
    if at is not None:
        open_ones = open_ones.filter(due_at__gte=at)
    asked = several * standards
    return Counts(
        asked=asked,
        unsettled=asked - settled,
        differ=differ.filter(locked_at__isnull=False).count(),
        waiting=open_ones.values("bid", "standard", "lot").distinct().count(),
        without=asked - settled - both.count(),
    )


def not_asked_count(evaluation: Evaluation) -> int:
    """How many outcomes stand because the standard was not asked of that bidder."""
    return Settled.objects.filter(_in(evaluation), replaced_at=None, how=Settlement.NOT_ASKED).count()


def differing(evaluation: Evaluation) -> QuerySet[Judgement]:
    """The first judgement of each pair where both have locked, differ, and nothing is settled. For moderators: narrow
    it by the bids that the person may see."""
    differ = _other().exclude(outcome=OuterRef("outcome")).filter(locked_at__isnull=False)
    firsts = Judgement.objects.live().filter(_in(evaluation), ~Exists(_settled()), number=1, locked_at__isnull=False)
    return firsts.filter(Exists(differ))


def sides(bid, standard_id: int, lot_id: int | None) -> list[Judgement]:
    """Both judgements of one standard, once both are locked; else nothing at all. For whoever may see the bid."""
    rows = Judgement.objects.live().filter(bid=bid, standard=standard_id, lot=lot_id)
    found = list(rows.select_related("person", "version__item").order_by("number"))
    return found if len(found) == 2 and all(one.locked_at for one in found) else []


def first_decision(judgement: Judgement) -> Judgement | None:
    """What a second reader reads: the first decision, which is locked. None where the two judge blind."""
    if judgement.slot != Slot.READER:
        return None
    return (
        Judgement.objects.live()
        .filter(bid=judgement.bid_id, standard=judgement.standard_id, lot=judgement.lot_id, number=1)
        .filter(locked_at__isnull=False)
        .select_related("version__item")
        .first()
    )


def queue(evaluation: Evaluation, *, user) -> QuerySet[Judgement]:
    """Everything that the person was given in this evaluation, without what is sealed in the bids. Bids are looked up
    for each row, here and in what narrows it, not joined to be filtered: else SQLite reads every bid before the first
    row."""
    of_it = Bid.objects.filter(pk=OuterRef("bid"), evaluation=evaluation)
    rows = Judgement.objects.visible_to(user).filter(Exists(of_it))
    return rows.select_related(None).select_related("bid", "standard__theme", "lot")


def themes_of(evaluation: Evaluation) -> list[Theme]:
    """The themes of its standards, in their order."""
    return list(Theme.objects.filter(version__framework=evaluation.framework_id).order_by("position", "id"))


def to_do(rows: QuerySet[Judgement], at: dt.datetime) -> QuerySet[Judgement]:
    """Not locked, and no answer of the bidder is waited for."""
    asked = _open_questions(at).filter(judgement=OuterRef("pk"))
    return rows.filter(~Exists(asked), Exists(_bid_in()), locked_at=None)


def waiting(rows: QuerySet[Judgement], at: dt.datetime) -> QuerySet[Judgement]:
    """Not locked, and the person asked the bidder, who can still answer. It begins at the questions, which are few."""
    asked = _open_questions(at).filter(judgement__isnull=False)
    return rows.filter(Exists(_bid_in()), pk__in=asked.values("judgement"), locked_at=None)


def locked(rows: QuerySet[Judgement], at: dt.datetime | None = None) -> QuerySet[Judgement]:
    """Decided."""
    return rows.filter(locked_at__isnull=False)


def next_of(evaluation: Evaluation, *, user, at: dt.datetime, after: int = -1) -> Judgement | None:
    """The next one to judge in the order of the queue, after this position; at the end from the beginning again."""
    rows = to_do(queue(evaluation, user=user), at).order_by("position", "id")
    return rows.filter(position__gt=after).first() or rows.first()


def due_of(judgement: Judgement) -> dt.datetime | None:
    """Until when the bidder can answer what was asked from this judgement; None where nothing is open."""
    rows = Clarification.objects.filter(judgement=judgement.pk, answered_at=None)
    return rows.values_list("due_at", flat=True).first()


def verdict_of(judgement: Judgement) -> Verdict:
    """What is saved."""
    return Verdict(judgement.outcome, judgement.reason, judgement.version_id, judgement.pages)


def is_evidence(bid: Bid, version_id: int) -> bool:
    """Whether a document was submitted with the bid, or sent with an answer about it."""
    submitted = SubmittedVersion.objects.filter(submission=bid.submission_id, version=version_id)
    answered = Clarification.objects.filter(bid=bid, version=version_id, answered_at__isnull=False)
    return submitted.exists() or answered.exists()


def _in(evaluation: Evaluation) -> Q:
    return Q(bid__evaluation=evaluation, bid__state=BidState.IN)


def _same(rows: QuerySet) -> QuerySet:
    """Rows about the same bid, standard and lot as the outer one."""
    same_lot = Q(lot=OuterRef("lot")) | Q(lot__isnull=True)
    return rows.filter(same_lot, bid=OuterRef("bid"), standard=OuterRef("standard"))


def _settled() -> QuerySet[Settled]:
    return _same(Settled.objects.filter(replaced_at=None))


def _other() -> QuerySet[Judgement]:
    return _same(Judgement.objects.live().filter(number=2))


def _bid_in() -> QuerySet[Bid]:
    return Bid.objects.counting().filter(pk=OuterRef("bid"))


def _open_questions(at: dt.datetime) -> QuerySet[Clarification]:
    return Clarification.objects.filter(answered_at=None, due_at__gte=at)
