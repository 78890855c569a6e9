"""Differences between two judgements, and one of them with everything that a moderator needs to decide it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from accounts.models import User
from evaluation.models import Appointment, Bid, Conflict, Evaluation, Judgement, Settled
from evaluation.queries.freezes import clashing_judgements, clashing_units, same_unit
from evaluation.queries.judging import sides
from evaluation.states import BidState, Duty, Settlement
from lots.models import Lot, Standard, Theme

# What a list of differences is put in order by: bid by bid, and in it as the standards stand.
ORDER = ("bid__number", "standard__theme__position", "standard__theme_id", "standard__position", "id")


def differences_of(evaluation: Evaluation, *, user) -> QuerySet[Judgement]:
    """The first judgement of everything that was, is or shall be moderated, among bids that this person may see: both
    have locked and differ, or the outcome rests on somebody with an interest in the bidder that was not mitigated. Each
    row knows the second judgement (`other_outcome`, `other_name`), how the outcome that stands came about (`how`),
    whether that rests on somebody with an interest (`clashes`), and whether the person judged it too (`is_mine`), for
    they do not moderate it then. A judgement that its colleague has not locked is nowhere in it."""
    bids = Bid.objects.visible_to(user).filter(state=BidState.IN).order_by().values("pk")
    locked = Judgement.objects.live().filter(same_unit(), locked_at__isnull=False)
    second = locked.filter(number=2)
    standing = Settled.objects.filter(same_unit(), replaced_at=None)
    differ = Exists(second.exclude(outcome=OuterRef("outcome"))) & ~Exists(standing.exclude(how=Settlement.MODERATED))
    clashes = Exists(clashing_units(evaluation).filter(same_unit()))
    moderated = Exists(standing.filter(how=Settlement.MODERATED))
    differ |= moderated | clashes
    return (
        Judgement.objects.live()
        .filter(differ, bid__evaluation=evaluation, bid__in=bids, number=1, locked_at__isnull=False)
        .annotate(
            other_outcome=Subquery(second.values("outcome")[:1]),
            other_name=Subquery(second.values("person__name")[:1]),
            how=Subquery(standing.values("how")[:1]),
            clashes=clashes,
            is_mine=Exists(Judgement.objects.filter(same_unit(), person=user, saved_at__isnull=False)),
        )
        .select_related("bid", "standard__theme", "lot", "person")
    )


def is_decided(evaluation: Evaluation) -> Q:
    """Of a row of that list: it was decided in moderation, by people without an interest in the bidder."""
    moderated = Settled.objects.filter(same_unit(), replaced_at=None, how=Settlement.MODERATED)
    return Q(Exists(moderated)) & ~Q(Exists(clashing_units(evaluation).filter(same_unit())))


def narrowed_by(evaluation: Evaluation) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Themes and evaluators, each as (key, name), by which a list of differences is narrowed. One query for both."""
    appointed = Appointment.objects.filter(evaluation=evaluation, duty=Duty.EVALUATOR).values("person")
    themes = Theme.objects.filter(version__framework=evaluation.framework_id).order_by()
    themes = themes.annotate(is_theme=Value(1), said=Concat("number", Value(" "), "title"))
    judges = (
        User.objects.filter(pk__in=appointed).order_by().annotate(is_theme=Value(0), position=Value(0), said=F("name"))
    )
    names = "is_theme", "position", "said", "pk"
    found = sorted(themes.values_list(*names).union(judges.values_list(*names)))
    return [(str(pk), said) for is_theme, _, said, pk in found if is_theme], [
        (str(pk), said) for is_theme, _, said, pk in found if not is_theme
    ]


@dataclass(frozen=True)
class Case:
    """One standard of one bid in moderation. `sides` are the judgements of all who judge it, empty while one of them
    has not locked; `history` every outcome that stood, the last one first, with its meeting; `clashes` says that one
    who judged has an interest in the bidder that was not mitigated."""

    bid: Bid
    standard: Standard
    lot: Lot | None
    sides: list[Judgement]
    history: list[Settled]
    has_judged: bool
    clashes: bool

    @property
    def stands(self) -> Settled | None:
        return next((one for one in self.history if one.replaced_at is None), None)

    @property
    def title(self) -> str:
        return f"{self.standard.number} {self.standard.title}"


def case_of(bid: Bid, standard: Standard, lot: Lot | None, *, user) -> Case:
    """Everything about one standard of one bid that this person may see."""
    lot_id = lot.pk if lot else None
    mine, clashes = _judges(bid, standard.pk, lot_id, user)
    return Case(
        bid=bid,
        standard=standard,
        lot=lot,
        sides=sides(bid, standard.pk, lot_id),
        history=history_of(bid.pk, standard.pk, lot_id),
        has_judged=mine,
        clashes=clashes,
    )


def _judges(bid: Bid, standard_id: int, lot_id: int | None, user) -> tuple[bool, bool]:
    """Whether this person has judged it, even if somebody took it over since; and whether anybody who judged it has an
    interest in the bidder that was not mitigated."""
    clashing = clashing_judgements(bid.evaluation).filter(pk=OuterRef("pk"))
    rows = Judgement.objects.filter(bid=bid, standard=standard_id, lot=lot_id, saved_at__isnull=False)
    found = list(rows.annotate(clashes=Exists(clashing)).values_list("person", "clashes"))
    return any(person == user.pk for person, _ in found), any(clashes for _, clashes in found)


def history_of(bid_id: int, standard_id: int, lot_id: int | None) -> list[Settled]:
    """Every outcome that stood, the last one first."""
    rows = Settled.objects.filter(bid=bid_id, standard=standard_id, lot=lot_id)
    return list(rows.select_related("by", "meeting").prefetch_related("meeting__took_part").order_by("-pk"))


def has_settled(user, bid_id: int, standard_id: int, lot_id: int | None) -> bool:
    """This person decided it in moderation or on an appeal, or took part in a meeting about it."""
    rows = Settled.objects.filter(bid=bid_id, standard=standard_id, lot=lot_id)
    return rows.filter(Q(by=user) | Q(meeting__took_part=user)).exists()


def standard_of(evaluation: Evaluation, pk: int) -> Standard | None:
    """A standard of this evaluation's framework."""
    rows = Standard.objects.filter(theme__version__framework=evaluation.framework_id)
    return rows.select_related("theme").filter(pk=pk).first()


def lot_of(bid: Bid, text: str) -> Lot | None:
    """The lot that a page names, if it was bid for."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return Lot.objects.filter(pk=int(text), pk__in=bid.lots.values("lot")).first()


def opened_on(evaluation: Evaluation) -> dt.date:
    """The day of the opening, in England."""
    return timezone.localdate(evaluation.fixed_at)


def panel_of(bid: Bid, also: Iterable[int] = ()) -> list[User]:
    """Who can take part in a meeting about a bid: evaluators and moderators of the moment, and whoever else judged, but
    nobody with an interest in the bidder that was not mitigated."""
    appointed = Appointment.objects.live().filter(
        evaluation=bid.evaluation_id, duty__in=[Duty.EVALUATOR, Duty.MODERATOR]
    )
    blocked = Conflict.objects.blocking().filter(evaluation=bid.evaluation_id, provider=bid.provider_id)
    people = User.objects.filter(Q(pk__in=appointed.values("person")) | Q(pk__in=list(also)))
    return list(people.exclude(pk__in=blocked.values("person")).order_by("name", "pk"))
