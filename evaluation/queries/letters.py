"""Reads of letters: who gets which, how far they are, and which of them a share of the work makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from evaluation.models import AwardLine, AwardSet, Evaluation, Letter
from evaluation.rules import letters as rules
from evaluation.states import LetterKind, SetState
from jobs.models import Job

KIND = "evaluation.letters"  # of the jobs that make them


def kinds_for(award_set: AwardSet) -> dict[int, tuple[LetterKind, ...]]:
    """The letters that an award set brings, by bid. An award after the first one brings letters to those to whom it
    says something new: whoever got the same answer before is not sent it again."""
    rows = AwardLine.objects.filter(award_set=award_set).order_by("bid", "lot", "sub_lot")
    rows = list(rows.values_list("bid", "bid__state", "lot", "sub_lot", "awarded", "cause"))
    before = _last_causes(award_set)
    awarded, state, is_new = defaultdict(bool), {}, set()
    for bid, bid_state, lot, sub_lot, is_awarded, cause in rows:
        state[bid] = bid_state
        awarded[bid] |= is_awarded
        if before.get((bid, lot, sub_lot)) != cause:
            is_new.add(bid)
    return {bid: rules.kinds_of(state[bid], awarded=awarded[bid]) for bid in sorted(is_new)}


def _last_causes(award_set: AwardSet) -> dict[tuple[int, int, int | None], str]:
    """What the awards before this one said last of each part: its cause, empty where it was awarded."""
    rows = AwardLine.objects.filter(
        award_set__evaluation=award_set.evaluation_id,
        award_set__state=SetState.APPROVED,
        award_set__number__lt=award_set.number,
    )
    rows = rows.order_by("award_set__number").values_list("bid", "lot", "sub_lot", "cause")
    return {(bid, lot, sub_lot): cause for bid, lot, sub_lot, cause in rows}


def all_in_share(anchor: int) -> list[Letter]:
    """The letters that the job about this one makes and that are not made yet: its own and those after it, by key, up
    to where the next share begins. Every letter of a set is written down before the first is made. For the job."""
    letter = Letter.objects.get(pk=anchor)
    keys = list(Letter.objects.filter(award_set=letter.award_set_id).order_by("pk").values_list("pk", flat=True))
    start = keys.index(anchor)
    rows = Letter.objects.filter(pk__in=keys[start : start + rules.size_of_share(len(keys))], made_at=None)
    return list(rows.select_related("bid__provider", "bid__submission", "award_set").order_by("pk"))


def anchors_of(award_set: AwardSet) -> list[int]:
    """The first letter of each share in which something is left to make."""
    rows = Letter.objects.filter(award_set=award_set).order_by("pk").values_list("pk", "made_at")
    rows = list(rows)
    size = rules.size_of_share(len(rows))
    shares = [rows[start : start + size] for start in range(0, len(rows), size)]
    return [share[0][0] for share in shares if any(made_at is None for _, made_at in share)]


def all_set_of(anchor: int) -> AwardSet:
    """The set of a letter. For the job."""
    return AwardSet.objects.select_related("run__opening", "evaluation__framework__policies").get(letters=anchor)


def letters_of(evaluation: Evaluation, *, user) -> QuerySet[Letter]:
    """Letters about bids that the person meets: none to a bidder in whom they have an interest."""
    rows = Letter.objects.visible_to(user).filter(award_set__evaluation=evaluation)
    return rows.only(
        "kind", "made_at", "sent_at", "read_at", "award_set__number", "bid__provider_name", "bid__provider__name",
        "bid__evaluation__framework__buyer", "file__size",
    )  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """How many letters of one kind there are, and how far they are."""

    label: str
    letters: int
    made: int
    sent: int
    read: int


def tallies(evaluation: Evaluation, *, user) -> list[Tally]:
    """By kind, of the letters that the person may see."""
    rows = Letter.objects.visible_to(user).filter(award_set__evaluation=evaluation).select_related(None).order_by()
    counts = {name: Count("pk", filter=Q(**{f"{name}_at__isnull": False})) for name in ("made", "sent", "read")}
    found = {row["kind"]: row for row in rows.values("kind").annotate(letters=Count("pk"), **counts)}
    return [
        Tally(kind.label, *(found[kind][name] for name in ("letters", "made", "sent", "read")))
        for kind in LetterKind
        if kind in found
    ]


def jobs_of(evaluation: Evaluation) -> list[Job]:
    """The latest job of each share of letters that are not made. It tells of no bidder. One query."""
    left = Letter.objects.filter(award_set__evaluation=evaluation)
    sets = left.filter(made_at=None).values("award_set")
    rows = Job.objects.filter(kind=KIND, about_id__in=Letter.objects.filter(award_set__in=sets).values("pk"))
    return list({job.about_id: job for job in rows.order_by("pk")}.values())


def sets_unmade(evaluation: Evaluation) -> list[AwardSet]:
    """Approved sets of which letters are not made or not sent, in their order."""
    rows = AwardSet.objects.filter(evaluation=evaluation, state=SetState.APPROVED, letters__sent_at=None)
    return list(rows.filter(letters__isnull=False).distinct().order_by("number"))


def letters_to(bids: Collection[int], *, user) -> list[Letter]:
    """The letters that a bidder was sent, newest first."""
    rows = Letter.objects.visible_to(user).filter(bid__in=bids, sent_at__isnull=False)
    return list(rows.order_by("-sent_at", "kind", "pk"))
