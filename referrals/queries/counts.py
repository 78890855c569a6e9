"""Figures of a commissioner's placements. Keys of pupils are counted and leave this file as a number."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from accounts.states import OrganisationKind, Role
from referrals.models import Placement
from referrals.models.own import COMMISSIONS, HOLDS_BUDGET, where
from referrals.queries.running import last_day_of, sessions_between
from referrals.rules import counts as rules
from referrals.rules.counts import By, Figures
from referrals.states import PlacementState

# Who answers a question about figures.
COUNTS = frozenset(COMMISSIONS | HOLDS_BUDGET | {Role.ADMIN, Role.CONTRACTS, Role.FINANCE, Role.PROCUREMENT})
BEGUN = (PlacementState.LIVE, PlacementState.PAUSED, PlacementState.ENDED)
NOT_ON_A_LINE = "Bought outside a framework"
NOT_WRITTEN = "Not written down"


def of_commissioner(organisation: Organisation, first: dt.date, last: dt.date, *, user) -> QuerySet[Placement]:
    """The placements that ran on a day from `first` to `last`; a trust's with those of the schools that are listed for
    the person. The door has asked who counts."""
    ours = Q(commissioner=organisation)
    if organisation.kind == OrganisationKind.TRUST:
        ours |= Q(commissioner__parent=organisation, commissioner__in=where(user, COUNTS))
    rows = Placement.objects.filter(ours, state__in=BEGUN, starts_on__lte=last, ends_on__gte=first)
    rows = rows.filter(Q(ended_on=None) | Q(ended_on__gte=first))
    return rows.select_related("provider", "commissioner", "home_school", "line").order_by("pk")


def figures(
    rows: QuerySet[Placement], by: str, first: dt.date, last: dt.date, *, with_sessions: bool = True
) -> tuple[list[Figures], Figures]:
    """A line for each provider, mode, size, payer or reason, by its name, and the whole. A placement whose payers
    changed stands with each of them. How many placements there are changes no number of
    queries. A picture needs no sessions, which take the longest to count."""
    placements = list(rows.prefetch_related("shares__funder") if by == By.FUNDER else rows)
    taken = sessions_between(placements, first, last) if with_sessions else []
    sessions = Counter(one.placement.pk for one in taken)
    lines: dict[str, list[tuple[Placement, int]]] = defaultdict(list)
    whole = []
    for placement in placements:
        days = _days(placement, first, last)
        whole.append((placement, rules.share_of(placement.total_pence, days, _all_days(placement))))
        for label, pence in _lines(placement, by, first, last):
            lines[label].append((placement, pence))
    found = [_summed(label, held, sessions) for label, held in lines.items()]
    return sorted(found, key=lambda one: one.label.casefold()), _summed("All", whole, sessions)


def _summed(label: str, held: list[tuple[Placement, int]], sessions: Counter) -> Figures:
    placements = {one.pk for one, _ in held}
    return Figures(
        label=label,
        placements=len(placements),
        pupils=len({one.pupil_id for one, _ in held}),
        sessions=sum(sessions[pk] for pk in placements),
        pence=sum(pence for _, pence in held),
    )


def _lines(placement: Placement, by: str, first: dt.date, last: dt.date) -> Iterator[tuple[str, int]]:
    """Under which lines a placement stands, with the pence that it comes to there."""
    if by == By.FUNDER:
        for one in placement.shares.all():
            first_day, last_day = max(first, one.from_on), min(last, one.until_on or last)
            if days := _days(placement, first_day, last_day):
                yield (
                    one.funder.name,
                    rules.share_of(placement.total_pence, days, _all_days(placement), one.share),
                )
    else:
        days = _days(placement, first, last)
        yield _label(placement, by), rules.share_of(placement.total_pence, days, _all_days(placement))


def _label(placement: Placement, by: str) -> str:
    if by == By.PROVIDER:
        return placement.provider.name
    if by == By.REASON:
        return placement.get_reason_display() or NOT_WRITTEN
    if placement.line is None:
        return NOT_ON_A_LINE
    return placement.line.get_mode_display() if by == By.MODE else placement.line.get_group_display()


def _days(placement: Placement, first: dt.date, last: dt.date) -> int:
    return rules.days_both(first, last, (placement.starts_on, last_day_of(placement)))


def _all_days(placement: Placement) -> int:
    return max(1, (last_day_of(placement) - placement.starts_on).days + 1)
