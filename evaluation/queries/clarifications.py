"""Questions to bidders: what was asked about one standard, what can be asked, and of which somebody must be told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from core import clock
from evaluation.models import Appointment, Bid, BidLot, Clarification, Judgement
from evaluation.queries.panel import cures_of
from evaluation.rules import clarifying as rules
from evaluation.states import BidState, Cure, Duty
from lots.models import Evidence, Lot, Standard


def about(bid: Bid, standard_id: int, *, user, at: dt.datetime | None = None) -> list[Clarification]:
    """What was asked about a standard of a bid, as far as the person may know of it, oldest first; each with `lapsed`.
    One query."""
    at = at or clock.now()
    rows = Clarification.objects.visible_to(user).filter(bid=bid, standard=standard_id)
    found = list(rows.select_related("version__item", "evidence").order_by("asked_at", "pk"))
    for one in found:
        one.lapsed = one.answered_at is None and one.due_at < at
    return found


def last_unanswered(bid_id: int, standard_id: int, lot_id: int | None, judgement: Judgement | None):
    """The question without an answer that was asked from this judgement; without one, by moderators about the same
    standard and lot. None where there is none."""
    rows = Clarification.objects.filter(bid=bid_id, standard=standard_id, lot=lot_id, answered_at=None)
    return rows.filter(judgement=judgement).order_by("-due_at").first()


@dataclass(frozen=True)
class Choice:
    """Something that a bidder can be asked about: a piece of evidence, or what was written to the standard (None).
    `cure` is what may be sent."""

    evidence: int | None
    title: str
    cure: Cure

    @property
    def may_send(self) -> str:
        """In words."""
        return rules.MAY_SEND[self.cure]


def choices(evaluation, standard_id: int) -> list[Choice]:
    """What a bidder can be asked about, with what may be sent for each. Two queries."""
    cures = cures_of(evaluation)
    rows = Evidence.objects.filter(standard=standard_id).order_by("position", "pk")
    return [
        Choice(None, "The standard as a whole, or what the bidder wrote", rules.cure_of(None, cures)),
        *(Choice(one.pk, one.title, rules.cure_of(one.kind, cures)) for one in rows),
    ]


def standard_of(bid: Bid, standard_id: int) -> Standard | None:
    """A standard against which this bid is judged."""
    rows = Standard.objects.filter(theme__version__framework=bid.evaluation.framework_id)
    return rows.filter(pk=standard_id).first()


def lot_of(bid: Bid, lot_id: int) -> Lot | None:
    """A lot that the bid is for."""
    return Lot.objects.filter(pk=lot_id, pk__in=BidLot.objects.filter(bid=bid).values("lot")).first()


def all_to_remind(at: dt.datetime) -> QuerySet[Clarification]:
    """Open questions whose end may be near enough for a reminder; the rule says which."""
    return _waiting().filter(due_at__gte=at, asked_at__lt=at).order_by("pk")


def all_lapsed(at: dt.datetime) -> QuerySet[Clarification]:
    """Questions whose time passed lately without an answer."""
    return _waiting().filter(due_at__lt=at, due_at__gte=at - rules.TOLD_FOR).order_by("pk")


def _waiting() -> QuerySet[Clarification]:
    rows = Clarification.objects.filter(answered_at=None, bid__state=BidState.IN)
    return rows.select_related("bid__evaluation__framework__buyer", "bid__provider")


def to_be_told(clarification: Clarification) -> list[tuple[int, str]]:
    """(key, address) of who waits for the answer: whoever asked, and whoever has taken the judgement over since; as far
    as they are on the panel and may still see the bid."""
    keys = {clarification.asked_by_id}
    if clarification.judgement_id:
        asked_from = Judgement.objects.get(pk=clarification.judgement_id)
        same = Judgement.objects.live().filter(
            bid=asked_from.bid_id, standard=asked_from.standard_id, lot=asked_from.lot_id, number=asked_from.number
        )
        keys |= set(same.values_list("person", flat=True))
    duties = Appointment.objects.live().filter(
        evaluation=clarification.bid.evaluation_id, duty__in=[Duty.EVALUATOR, Duty.MODERATOR]
    )
    people = User.objects.filter(pk__in=keys & set(duties.values_list("person", flat=True)), is_active=True)
    met = (one for one in people.order_by("pk") if Bid.objects.visible_to(one).filter(pk=clarification.bid_id).exists())
    return [(one.pk, one.email) for one in met]
