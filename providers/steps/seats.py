"""Free places that a call-off takes and gives back, and the reminder to confirm them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from functools import reduce
from operator import or_

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from audit import steps as audit
from core.steps import step
from lots.models import Place
from lots.queries.places import leads_of
from outbox import steps as outbox
from providers.models import Seats
from providers.rules import seats as rules

Halves = Collection[tuple[int, int, str]]  # (id of the site, weekday, half)


@step
def take(*, place: Place, halves: Halves, by, at: dt.datetime) -> None:
    """Take one free place from each half of a day that a timetable touches, or none at all. Raises `Refused` where one
    of them is full, was never stated or is at a site that was closed. Statements that are old are taken from too: the
    provider has offered."""
    rows = list(_locked(_of(place, halves).filter(site__closed_at=None)))
    rules.check_free({_key(row): row.free for row in rows}, halves)
    Seats.objects.filter(pk__in=[row.pk for row in rows]).update(free=F("free") - 1)
    _record("providers.seats.taken", place, rows, by, at)


@step
def give_back(*, place: Place, halves: Halves, by, at: dt.datetime) -> None:
    """Give back what `take` took. When a provider confirmed stays as it was: that is its own word."""
    rows = list(_locked(_of(place, halves)))
    Seats.objects.filter(pk__in=[row.pk for row in rows]).update(free=F("free") + 1)
    _record("providers.seats.given_back", place, rows, by, at)


def _of(place: Place, halves: Halves) -> QuerySet[Seats]:
    """The rows of these halves."""
    wanted = reduce(or_, [Q(site=site, weekday=weekday, half=half) for site, weekday, half in halves], Q(pk=None))
    return Seats.objects.filter(wanted, provider=place.provider_id, lot=place.lot_id, sub_lot=place.sub_lot_id)


def _locked(rows: QuerySet[Seats]) -> QuerySet[Seats]:
    """In the order of their keys, so that two call-offs never wait for each other."""
    return rows.order_by("pk").select_for_update(of=("self",))


def _key(row: Seats) -> tuple[int, int, str]:
    return row.site_id, row.weekday, row.half


def _record(action: str, place: Place, rows: list[Seats], by, at: dt.datetime) -> None:
    data = {"seats": [row.pk for row in rows]}
    audit.record(action, by=by, about=place, organisation=place.provider_id, data=data, at=at)


@step
def remind(*, silent: Mapping[int, dt.datetime], at: dt.datetime) -> int:
    """Write to the leads of each provider, given with the moment of its oldest confirmation; once for each time of
    `rules.REMIND_DAYS` without a word. Returns how many letters this call wrote."""
    letters = []
    for provider, people in leads_of(silent).items():
        confirmed_at = silent[provider]
        weeks = rules.weeks_silent(confirmed_at, at)
        subject, says = rules.letter(weeks)
        link = f"{settings.BASE_URL}{reverse('free_places', args=[provider])}"
        letters += [
            outbox.Letter(
                key=f"free-places:{provider}:{confirmed_at:%Y%m%dT%H%M%S}:{weeks}:{pk}",
                to=to,
                subject=subject,
                body=f"{says}\n\nSign in to confirm or change them: {link}\n",
                organisation=provider,
            )
            for pk, to in people
        ]
    return len(outbox.post_many(letters, at=at))
