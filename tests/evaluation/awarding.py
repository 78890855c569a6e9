"""Awards for tests: `checked(world)` is an evaluation whose price check is signed, from which one is proposed (by Max)
and approved (by Fay) through the actions; `told` says that its letters were sent."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.models import User
from evaluation.actions import awards as actions
from evaluation.models import AwardLine, AwardSet, Evaluation, Letter
from evaluation.states import LetterKind
from lots.models import Framework, Place, Policies
from tests.evaluation.further import run
from tests.evaluation.made import evaluation


def checked(world, *, count: int = 2, fails=(), framework=None, **words) -> Evaluation:
    """With a signed run; submissions hold no document."""
    made = evaluation(world, count=count, framework=framework, read=False, **words)
    run(made, world, fails=fails)
    return fresh(made)


def limited(made: Evaluation, *, most: int | None = None, lots: int | None = None, rule: str = "") -> Evaluation:
    """With these limits and this published rule."""
    Framework.objects.filter(pk=made.framework_id).update(max_participants=most, max_lots=lots)
    Policies.objects.filter(framework=made.framework_id).update(over_limit_rule=rule)
    return fresh(made)


def fresh(made: Evaluation) -> Evaluation:
    """As it is now."""
    return Evaluation.objects.select_related("framework__policies", "framework__buyer").get(pk=made.pk)


def somebody(person) -> User:
    """The same person at another browser."""
    return User.objects.get(pk=person.pk)


def propose(made: Evaluation, world, **words) -> AwardSet:
    return actions.propose_award(evaluation=made, **{"by": somebody(world.max), "at": timezone.now()} | words)


def approve(award: AwardSet, world, **words) -> AwardSet:
    return actions.approve_award(award_set=award, **{"by": somebody(world.fay), "at": timezone.now()} | words)


def awarded(world, **words) -> AwardSet:
    """An award that was approved, with its places."""
    return approve(propose(checked(world, **words), world), world)


def told(award: AwardSet, at: dt.datetime | None = None) -> AwardSet:
    """Every letter was made, as far as rows can say, and sent."""
    Letter.objects.filter(award_set=award).update(sent_at=at or timezone.now())
    assert Letter.objects.filter(award_set=award, kind=LetterKind.SUMMARY).exists()
    return award


def says(award: AwardSet) -> dict[tuple[int, str, str], str]:
    """What a set says, by number of the bid, lot and part: nothing for what is awarded, else the cause."""
    rows = AwardLine.objects.filter(award_set=award).values_list(
        "bid__number", "lot__number", "sub_lot__letter", "cause"
    )
    return {(number, lot, letter or ""): cause for number, lot, letter, cause in rows}


def places(made: Evaluation) -> list[tuple[str, str, str, str]]:
    """Every place: provider, lot, part, state."""
    rows = Place.objects.filter(framework=made.framework_id).order_by(
        "provider__name", "lot__number", "sub_lot__letter"
    )
    names = ["provider__name", "lot__number", "sub_lot__letter", "state"]
    return [(name, lot, letter or "", state) for name, lot, letter, state in rows.values_list(*names)]
