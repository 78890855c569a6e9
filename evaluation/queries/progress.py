"""How far judging is: how much was given out and locked, by person and by theme. Never what anybody decided, never
which of two judgements exists or waits: a number here is the same whatever the outcomes are."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from evaluation.models import Bid, BidLot, Clarification, Evaluation, Judgement, Settled
from evaluation.states import BidState, Settlement, Slot
from lots.models import Theme
from lots.states import QualityScope


@dataclass(frozen=True)
class Done:
    """A line: whom or what it is about, how many judgements there are, how many were given to somebody, how many are
    locked. `later` are those that come to the person once somebody else has decided first."""

    label: str
    of: int
    given: int
    locked: int
    later: int = 0

    @property
    def percent(self) -> int:
        """Of a hundred, rounded down: a hundred says that everything is locked."""
        return 100 * self.locked // self.of if self.of else 100


@dataclass(frozen=True)
class Progress:
    """Everything together, then line by line. `waiting` are questions that bidders can still answer."""

    whole: Done
    people: list[Done]
    themes: list[Done]
    bids: int
    standards: int
    waiting: int


def progress(evaluation: Evaluation, *, at: dt.datetime) -> Progress:
    """Of everybody, for those who see that judging goes on. Every standard of every bid is judged by two people, also
    where the second is asked only when the first has decided, so the totals tell nothing of decisions."""
    bids = Bid.objects.filter(evaluation=evaluation).counting()
    several = bids.count()
    units = several
    if evaluation.framework.policies.quality == QualityScope.LOT:
        units = BidLot.objects.filter(bid__in=bids.values("pk")).values("bid", "lot").distinct().count()
    themes = list(
        Theme.objects.filter(version__framework=evaluation.framework_id)
        .annotate(count=Count("standards"))
        .order_by("position", "id")
    )
    spared = dict(
        Settled.objects.filter(bid__in=bids.values("pk"), replaced_at=None, how=Settlement.NOT_ASKED)
        .order_by()
        .values_list("standard__theme")
        .annotate(Count("pk"))
    )
    wanted = {theme.pk: 2 * (units * theme.count - spared.get(theme.pk, 0)) for theme in themes}
    rows = list(_counted(Judgement.objects.live().filter(bid__evaluation=evaluation), "person", "person__name"))
    names = {row["person"]: row["person__name"] for row in rows}
    people = [
        Done(name, _sum(mine, "given"), _sum(mine, "given"), _sum(mine, "locked"))
        for person, name in sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0]))
        for mine in [[row for row in rows if row["person"] == person]]
    ]
    lines = [
        Done(str(theme), wanted[theme.pk], _sum(own, "given"), _sum(own, "locked"))
        for theme in themes
        for own in [[row for row in rows if row["standard__theme"] == theme.pk]]
    ]
    whole = Done("Everything", sum(wanted.values()), _sum(rows, "given"), _sum(rows, "locked"))
    asked = Clarification.objects.filter(bid__in=bids.values("pk"), answered_at=None, due_at__gte=at)
    return Progress(whole, people, lines, several, sum(theme.count for theme in themes), asked.count())


def own_progress(evaluation: Evaluation, *, user) -> Progress:
    """One's own alone, theme by theme: an evaluator learns nothing of how far the others are."""
    met = Bid.objects.visible_to(user).filter(evaluation=evaluation).order_by().values("pk")
    rows = list(_counted(Judgement.objects.live().filter(bid__in=met, person=user)))
    themes = Theme.objects.filter(version__framework=evaluation.framework_id).order_by("position", "id")
    lines = [
        Done(str(theme), own["given"], own["given"], own["locked"], own["later"])
        for theme in themes
        for own in rows
        if own["standard__theme"] == theme.pk
    ]
    given = _sum(rows, "given")
    whole = Done("Everything that is yours", given, given, _sum(rows, "locked"), _sum(rows, "later"))
    return Progress(whole, [], lines, 0, 0, 0)


def _counted(rows, *by: str):
    """Judgements of bids that are in the evaluation, counted by theme and by whatever else."""
    return (
        rows.filter(bid__state=BidState.IN)
        .order_by()
        .values(*by, "standard__theme")
        .annotate(
            given=Count("pk"),
            locked=Count("pk", filter=Q(locked_at__isnull=False)),
            later=Count("pk", filter=Q(slot=Slot.LATER)),
        )
    )


def _sum(rows, name: str) -> int:
    return sum(row[name] for row in rows)
