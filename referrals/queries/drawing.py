"""What placements draw from a framework's value, summed by the database. Net pence; no pupil."""

from __future__ import annotations

from django.db.models import Count, Q, Sum

from lots.models import Framework, Lot
from referrals.models import Placement
from referrals.rules.drawing import Drawn
from referrals.states import PlacementState

# A draft draws nothing, and what was cancelled gives back what it drew. An early end or a change of hours rewrites
# `total_pence`, so that what is not charged is given back with it.
DRAWS = ~Q(state__in=[PlacementState.DRAFT, PlacementState.CANCELLED])


def of_framework(framework: Framework) -> Drawn:
    """What is drawn from the framework as a whole."""
    rows = Placement.objects.filter(DRAWS, framework=framework)
    return Drawn("the framework", framework.net_pence, rows.aggregate(all=Sum("total_pence"))["all"] or 0)


def of_lot(lot: Lot) -> Drawn:
    """What is drawn from one lot."""
    rows = Placement.objects.filter(DRAWS, lot=lot)
    return Drawn(f"Lot {lot.number}", lot.net_pence, rows.aggregate(all=Sum("total_pence"))["all"] or 0)


def of_place(place) -> list[Drawn]:
    """What a placement on this place draws from: its lot, then its framework. Whoever decides by it holds the
    framework's lock."""
    return [of_lot(place.lot), of_framework(place.framework)]


def by_lot(framework: Framework) -> list[tuple[Lot, Drawn, int]]:
    """Each lot with what is drawn from it and the number of its placements, in one query."""
    draws = Q(placements__isnull=False) & ~Q(placements__state__in=[PlacementState.DRAFT, PlacementState.CANCELLED])
    rows = Lot.objects.filter(framework=framework).annotate(
        pence=Sum("placements__total_pence", filter=draws), number_placed=Count("placements", filter=draws)
    )
    return [
        (lot, Drawn(f"Lot {lot.number}", lot.net_pence, lot.pence or 0), lot.number_placed)
        for lot in rows.order_by("position", "id")
    ]
