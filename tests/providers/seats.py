"""Free places for tests, as rows."""

from __future__ import annotations

import datetime as dt

from lots.models import Place
from providers.models import Seats, Site
from providers.rules.seats import WEEK

AT = dt.datetime(2026, 9, 14, 9, 0, tzinfo=dt.UTC)  # a Monday


def made_seats(place: Place, site: Site, *, free: int = 1, halves=WEEK, confirmed_at=AT) -> list[Seats]:
    """The provider states so many free places on these halves of the week."""
    return Seats.objects.bulk_create(
        Seats(
            provider=place.provider, site=site, lot=place.lot, sub_lot=place.sub_lot, weekday=weekday, half=half,
            free=free, confirmed_at=confirmed_at,
        )
        for weekday, half in halves
    )  # fmt: skip
