"""An award to one bidder is taken back: a new decision by two people. What was decided before stays as it was."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from audit import steps as audit
from contracts.steps import agreements
from core import access
from evaluation.models import AwardLine, AwardSet, Bid, Reversal
from evaluation.permissions import awards as permissions
from evaluation.rules import reversals as rules
from evaluation.states import BidState
from evaluation.steps import letters, rows
from lots.models import Framework, Place
from lots.states import EndReason, PlaceState
from lots.steps import letters as place_letters
from lots.steps import places


@transaction.atomic(durable=True)
def propose_reversal(*, line: AwardLine, reason: str, by: User, at: dt.datetime) -> Reversal:
    """Ask that one award is taken back, with the reason that the bidder reads. Raises `Refused`."""
    line = _locked(line, by)
    access.require(permissions.can_take_back, by, line)
    rules.check_line(line.award_set.state, awarded=line.awarded, asked=Reversal.objects.filter(line=line).exists())
    _check_meets(line, by)
    made = Reversal.objects.create(line=line, reason=reason, proposed_at=at, proposed_by=by)
    audit.record("evaluation.reversal.proposed", by=by, at=at, **_of(made, line))
    return made


@transaction.atomic(durable=True)
def confirm_reversal(*, reversal: Reversal, by: User, at: dt.datetime) -> Reversal:
    """Take the award back, as the second person. Its place ends, also with a successor to whom it moved; with the
    provider's last one those that came with it, and its agreement. The provider is told. Raises `Refused`."""
    line = _locked(reversal.line, by)
    reversal = Reversal.objects.locked(reversal.pk)
    reversal.line = line
    access.require(permissions.can_confirm_taking_back, by, reversal)
    rules.check_confirmation(done=reversal.done_at is not None, proposed_by=reversal.proposed_by_id, by=by.pk)
    _check_meets(line, by)
    reversal.done_at, reversal.done_by = at, by
    reversal.save(update_fields=["done_at", "done_by"])
    place = _stands(line)
    if place is not None:
        _end(line.award_set.evaluation.framework, place, reversal, by=by, at=at)
    letters.tell_taken_back(line=line, at=at)
    audit.record("evaluation.reversal.done", by=by, at=at, **_of(reversal, line))
    return reversal


@transaction.atomic(durable=True)
def drop_reversal(*, reversal: Reversal, by: User, at: dt.datetime) -> None:
    """Do not take it back after all: the award stands as it did, and may be asked about again. Raises `Refused` once it
    was taken back."""
    line = _locked(reversal.line, by)
    reversal = Reversal.objects.locked(reversal.pk)
    reversal.line = line
    access.require(permissions.can_see_taking_back, by, reversal)
    rules.check_open(done=reversal.done_at is not None)
    audit.record("evaluation.reversal.dropped", by=by, at=at, **_of(reversal, line))
    reversal.delete()


def _end(framework: Framework, place: Place, reversal: Reversal, *, by: User, at: dt.datetime) -> None:
    provider = place.provider_id
    excluded = reversal.line.bid.state == BidState.EXCLUDED
    reason = EndReason.EXCLUDED if excluded else EndReason.TERMINATED
    places.end_places(rows=[place], reason=reason, note=reversal.reason, by=by, at=at)
    places.balance(framework=framework, providers=[provider], by=by, at=at)
    if not Place.objects.standing().filter(framework=framework, provider=provider).exists():
        agreements.withdraw(framework=framework, supplier=provider, reason=reversal.reason, by=by, at=at)
    if provider != reversal.line.bid.provider_id:
        place_letters.tell(place_letters.ENDED, providers=[provider], about={provider: place}, at=at)


def _stands(line: AwardLine) -> Place | None:
    """The place that came of a line, or the one that it became when it moved; None where it has ended."""
    pk = line.place_id
    while following := Place.objects.filter(came_from=pk).values_list("pk", flat=True).first():
        pk = following
    [place] = places.places_locked([pk])
    return None if place.state == PlaceState.ENDED else place


def _locked(line: AwardLine, by: User) -> AwardLine:
    """The line with its set, under the evaluation's lock."""
    evaluation = rows.locked(AwardSet.objects.values_list("evaluation_id", flat=True).get(pk=line.award_set_id), by=by)
    line = AwardLine.objects.select_related("award_set", "bid").get(pk=line.pk)
    line.award_set.evaluation = evaluation
    return line


def _check_meets(line: AwardLine, by: User) -> None:
    rules.check_meets(Bid.objects.visible_to(by).filter(pk=line.bid_id).exists())


def _of(reversal: Reversal, line: AwardLine) -> dict:
    """What every event of a reversal says of it."""
    return {
        "about": reversal,
        "organisation": line.award_set.evaluation.framework.buyer_id,
        "data": {"bid": line.bid_id, "lot": line.lot_id, "part": line.sub_lot_id},
    }
