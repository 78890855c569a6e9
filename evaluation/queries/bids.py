"""The list of bids and one bid, as the panel meets them: never before somebody has declared, never one of a bidder in
which they have an interest, never with prices."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import (
    Aggregate,
    Count,
    Exists,
    F,
    Field,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from evaluation.models import Bid, BidLot, Evaluation, Judgement, Settled
from evaluation.states import BidState
from lots.models import Lot, Standard
from lots.states import QualityScope

_STATES = dict(BidState.choices)


class _Parts(Aggregate):
    """The lots and parts of a bid as one text, in no order: position|number|letter|complete, a comma between them."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    arg_joiner = " || '|' || "
    arity = 4
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def _of_bid(rows: QuerySet, found: Combinable, field: Field | None = None) -> Subquery:
    """What this makes of the rows of a bid. They are found by their bid alone, so that the index of bids is taken and
    not one of people, and a bid costs the same among ten thousand."""
    several = rows.filter(bid=OuterRef("pk")).order_by().values("bid").annotate(n=found).values("n")
    return Subquery(several, output_field=field or IntegerField())


# The same for every page, so worked out once.
_PARTS = _of_bid(
    BidLot.objects.all(),
    _Parts("lot__position", "lot__number", Coalesce("sub_lot__letter", Value("")), "complete"),
    TextField(),
)
_STAND = _of_bid(Settled.objects.filter(replaced_at=None), Count("pk"))
_LOTS = _of_bid(BidLot.objects.all(), Count("lot", distinct=True))
_PACK = 10_000  # two numbers in one: nobody is given as many judgements of one bid


def bids_of(evaluation: Evaluation, *, user, shows: str = "") -> QuerySet[Bid]:
    """The bids that this person may see, with what a list shows of each: the parts that it is for, and how far it is.
    `shows` is "own" for what the person was given and has decided, "all" for outcomes that stand, of how many; empty
    for neither. All of it in the one query of the page; `described` reads it."""
    rows = Bid.objects.visible_in(evaluation, user)
    rows = rows.only("number", "provider_name", "state", "evaluation_id", "provider_id")
    if shows == "own":
        given = Q(person=user.pk, ended_at=None)
        both = Count("pk", filter=given) * _PACK + Count("locked_at", filter=given)
        return rows.annotate(named=_PARTS, own=_of_bid(Judgement.objects.all(), both))
    if not shows:
        return rows.annotate(named=_PARTS)
    needed: Combinable = Subquery(
        Standard.objects.filter(theme__version__framework=evaluation.framework_id)
        .order_by()
        .values("theme__version__framework")
        .annotate(n=Count("pk"))
        .values("n"),
        output_field=IntegerField(),
    )
    if evaluation.framework.policies.quality == QualityScope.LOT:
        needed = needed * _LOTS
    return rows.annotate(named=_PARTS, stand=_STAND, needed=needed)


@dataclass(frozen=True)
class Described:
    """A row of the list in words. `parts` are those that it is for; `whole` says that all of it is complete."""

    parts: str
    whole: bool
    state: str
    progress: str


def described(bid: Bid) -> Described:
    """What `bids_of` found of one bid."""
    parts, whole = parts_in(bid.named)
    if hasattr(bid, "own"):
        given, decided = divmod(bid.own or 0, _PACK)
        progress = f"{decided} of {given}"
    else:
        progress = f"{bid.stand or 0} of {bid.needed or 0}" if hasattr(bid, "needed") else ""
    return Described("; ".join(parts), whole, _STATES[bid.state], progress)


def lots_of(evaluation: Evaluation) -> list[Lot]:
    """What can be bid for."""
    return list(Lot.objects.filter(framework=evaluation.framework_id, is_auto=False).only("number", "title"))


def for_lot(rows: QuerySet[Bid], lot: int) -> QuerySet[Bid]:
    """Those for this lot, or for a part of it."""
    return rows.filter(Exists(BidLot.objects.filter(bid=OuterRef("pk"), lot=lot)))


def own(rows: QuerySet[Bid], user, *, done: bool) -> QuerySet[Bid]:
    """Those of which this person was given something to judge: all of it decided, or not."""
    mine = Judgement.objects.live().filter(bid=OuterRef("pk"), person=user)
    waiting = Exists(mine.filter(locked_at=None))
    return rows.filter(Exists(mine), ~waiting) if done else rows.filter(waiting)


def settled(rows: QuerySet[Bid], *, done: bool) -> QuerySet[Bid]:
    """Of rows that say how many outcomes stand, those with all of them, or the others."""
    rows = rows.annotate(known=Coalesce("stand", 0), asked=Coalesce("needed", 0))
    return rows.filter(known__gte=F("asked")) if done else rows.filter(known__lt=F("asked"))


def parts_in(named: str | None) -> tuple[list[str], bool]:
    """What a row of the list is for, in words and in the order of the lots: "Lot 1 (B, C)"; and whether all of it is
    complete."""
    found: dict[tuple[int, str], list[str]] = {}
    whole = True
    for one in (named or "").split(","):
        if one:
            position, number, letter, complete = one.split("|")
            found.setdefault((int(position), number), []).append(letter)
            whole &= complete in {"true", "1"}
    return [_lot(number, sorted(letters)) for (_, number), letters in sorted(found.items())], whole


def rows_of(bid: Bid) -> list[BidLot]:
    """The lots and parts of one bid, with what is missing in each."""
    return list(
        BidLot.objects.filter(bid=bid).select_related("lot", "sub_lot").order_by("lot__position", "lot", "sub_lot")
    )


def _lot(number: str, letters: list[str]) -> str:
    named = ", ".join(letter for letter in letters if letter)
    return f"Lot {number} ({named})" if named else f"Lot {number}"
