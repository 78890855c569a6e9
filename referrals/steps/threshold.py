"""The signal that a provider crossed the threshold of an unregistered school: begun, ended, told, over all providers at
once. No pupil and no number leaves it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse

from audit import steps as audit
from core.steps import step
from outbox import steps as outbox
from referrals.models import ThresholdSignal
from referrals.models.signals import WATCHES_THRESHOLD
from referrals.queries import threshold as queries
from referrals.queries.people import people_of


@step
def judge(*, by, at: dt.datetime, today: dt.date, provider: int | None = None) -> int:
    """Hold every provider, or one alone, against the threshold: a signal begins where one crosses it, and ends where it
    no longer does. The authorities that may know are told once for each signal. Returns how many began or ended. Twice
    is harmless."""
    over = queries.over_threshold(today, provider=provider)
    rows = ThresholdSignal.objects.select_for_update(of=("self",)).filter(ended_on=None)
    rows = rows.filter(provider=provider) if provider else rows
    opened = {one.provider_id: one for one in rows.order_by("pk")}
    ended = [one.pk for one in opened.values() if one.provider_id not in over]
    ThresholdSignal.objects.filter(pk__in=ended).update(ended_on=today)
    new = over - set(opened)
    ThresholdSignal.objects.bulk_create(
        [ThresholdSignal(provider_id=one, began_on=today) for one in sorted(new)], ignore_conflicts=True
    )
    _tell(over, at=at, today=today)
    if new or ended:
        data = {"began": len(new), "ended": len(ended)}
        audit.record("referrals.threshold.judged", by=by, data=data, at=at)
    return len(new) + len(ended)


def _tell(over: set[int], *, at: dt.datetime, today: dt.date) -> None:
    """Whoever may know of an open signal is told of it, once."""
    may_know = queries.authorities_of(over, today)
    links = ThresholdSignal.told.through
    letters = []
    for signal in ThresholdSignal.objects.filter(ended_on=None, provider__in=over).select_related("provider"):
        knows = set(links.objects.filter(thresholdsignal=signal).values_list("organisation_id", flat=True))
        new = sorted(may_know[signal.provider_id] - knows)
        links.objects.bulk_create(
            [links(thresholdsignal=signal, organisation_id=one) for one in new], ignore_conflicts=True
        )
        letters += _letters(signal, new)
    outbox.post_many(letters, at=at)


def _letters(signal: ThresholdSignal, authorities: list[int]) -> list[outbox.Letter]:
    people = people_of(authorities, WATCHES_THRESHOLD)
    day = f"{signal.began_on.day} {signal.began_on:%B %Y}"
    return [
        outbox.Letter(
            key=f"threshold:{signal.pk}:{organisation}:{pk}",
            to=address,
            subject="A provider may be an unregistered school",
            body=f"On {day} a provider that is not a registered school crossed the threshold at which it may have to "
            "register as one, counted over everybody who places pupils there.\n\n"
            "Sign in to read which provider, what this means and what to do:\n"
            f"{settings.BASE_URL}{reverse('threshold_warnings', args=[organisation])}\n",
            organisation=organisation,
        )
        for organisation in authorities
        for pk, address in people[organisation]
    ]
