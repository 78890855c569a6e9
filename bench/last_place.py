"""The last free place at a provider, and fifty call-offs by two schools at once: one wins, the others are told."""

from __future__ import annotations

import time

from django.db import connection

from lots.rules.refusals import Refused
from providers.models import Seats
from referrals.models import Placement, PlacementPaper
from tests.patience import found_by
from tests.providers.seats import made_seats
from tests.referrals.called_off import by_two_schools, sign

CLIENTS, ROUNDS = 50, 20


def last_place(world, tell, kept: list[dict], *, clients: int = CLIENTS, rounds: int = ROUNDS) -> None:
    """Each round must have one winner and nobody without an answer. SQLite has one writer, so nothing to show."""
    if connection.vendor != "postgresql":
        return
    place, rows = by_two_schools(world, clients)
    made_seats(place, rows[0][0].sessions.first().site)
    placements = [one.pk for one, _ in rows]
    waits = []
    for _ in range(rounds):
        Seats.objects.filter(lot=place.lot).update(free=1)
        Placement.objects.filter(pk__in=placements).update(state="draft", agreed_at=None)
        PlacementPaper.objects.filter(placement__in=placements).update(party_signed_at=None, party_signed_by=None)
        began = time.perf_counter()
        found = found_by(*[lambda one=one, who=who: sign(one, who) for one, who in rows])
        waits.append(time.perf_counter() - began)
        won = sum(isinstance(one, PlacementPaper) for one in found)
        told = sum(isinstance(one, Refused) for one in found)
        if (won, told) != (1, clients - 1):
            raise RuntimeError(f"{won} won and {told} were told, of {clients}")
    slowest = max(waits)
    tell(f"The last free place, {clients} call-offs at once, {rounds} rounds: one winner each, at most {slowest:.1f} s")
    kept.append({"work": "last_place", "clients": clients, "rounds": rounds, "slowest_seconds": round(slowest, 2)})
