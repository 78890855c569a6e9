"""Telling whoever answers, and reminding a provider of a register: messages in the outbox, written in one transaction
with what they are about, so that none is lost and none doubled."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from accounts.models import Membership
from accounts.states import Role
from core.steps import step
from monitoring.models import Alert, AlertTold, Session
from monitoring.queries import alerts as queries
from monitoring.queries.rungs import rungs_of
from monitoring.rules import alarms as rules
from monitoring.rules.alarms import Person, Rung
from monitoring.states import Whom
from outbox import steps as outbox
from outbox.states import Channel, Mode, Queue
from referrals.models.own import TEACHES

AT_ONCE = 200
_ALARM = {"queue": Queue.ALARMS, "mode": Mode.SEND_FIRST}


@dataclass(frozen=True)
class Heap:
    """What one person is told at one moment: one message, however many pupils it is about."""

    person: Person
    whom: Whom
    organisation: int
    skipped: bool


@step
def tell(*, at: dt.datetime) -> tuple[int, int]:
    """Take up to `AT_ONCE` alerts whose moment has come and that nobody else holds, and tell the next rung of each.
    Returns how many alerts were taken, and how many messages were written. Seven statements read, whatever their
    number."""
    rows = Alert.objects.to_tell(at).select_related("commissioner")
    alerts = list(rows.select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    if not alerts:
        return 0, 0
    rungs = rungs_of({one.commissioner_id: one.commissioner for one in alerts}.values(), at)
    before, heaps, rows = queries.told_before(alerts), defaultdict(list), []
    for alert in alerts:
        rung, was_told = rules.next_rung(rungs[alert.commissioner_id], before[alert.pk]), alert.told_at is not None
        alert.tell_at = rules.next_tell_at(found=rung is not None, was_told=was_told, at=at)
        if rung is None:
            continue
        skipped = rung.whom == Whom.DSL and not was_told
        alert.rung, alert.told_at = alert.rung + 1, alert.told_at or at
        alert.reached_authority_id = rung.authority or alert.reached_authority_id
        for person in rung.people:
            heaps[Heap(person, rung.whom, rung.authority or alert.commissioner_id, skipped)].append(alert)
            rows.append(_told(alert, rung, person, at))
    AlertTold.objects.bulk_create(rows, batch_size=500)
    Alert.objects.bulk_update(alerts, ["tell_at", "told_at", "rung", "reached_authority"], batch_size=AT_ONCE)
    return len(alerts), len(outbox.post_many(_letters(heaps), at=at))


def _told(alert: Alert, rung: Rung, person: Person, at: dt.datetime) -> AlertTold:
    return AlertTold(alert=alert, rung=alert.rung, whom=rung.whom, cover_id=person.cover, user_id=person.user, at=at)


def _letters(heaps: Mapping[Heap, list[Alert]]) -> list[outbox.Letter]:
    """An email to whoever has an account and a text to whoever has a mobile. Each is called by the first of its alerts,
    which is told each person once."""
    letters = []
    for heap, alerts in heaps.items():
        first, person = min(alerts, key=lambda one: one.pk), heap.person
        kinds = list({one.session_id: one.kind for one in alerts}.values())  # two alerts about one session: one pupil
        subject, says = rules.letter(kinds, skipped=heap.skipped, whom=heap.whom)
        url = f"{settings.BASE_URL}{reverse('alerts', args=[heap.organisation])}"
        key = f"alert:{first.pk}:{first.rung}:{person.key}"
        if person.email:
            body = f"{says}\n\n{url}\n\n{rules.UNLESS_ANSWERED}\n"
            letters.append(
                outbox.Letter(
                    key=key, to=person.email, subject=subject, body=body, organisation=heap.organisation, **_ALARM
                )
            )
        if person.mobile:
            body = f"{subject}. {rules.SIGN_IN if person.email else rules.ASK_COLLEAGUE}: {url}"
            letters.append(
                outbox.Letter(
                    key=f"{key}:text",
                    to=person.mobile,
                    body=body,
                    channel=Channel.TEXT,
                    organisation=heap.organisation,
                    **_ALARM,
                )
            )
    return letters


@step
def nudge(*, at: dt.datetime) -> tuple[int, int]:
    """Remind providers of registers that are not taken after 20 minutes: one letter to each of their people for each
    site and start, however many pupils. Returns how many sessions, and how many letters. It goes as mail: reminders to
    a hundred providers must not stand before an alarm."""
    fields = ("pk", "provider_id", "site_id", "starts_at")
    rows = list(queries.to_nudge(at).select_for_update(skip_locked=True).values_list(*fields)[:AT_ONCE])
    if not rows:
        return 0, 0
    Session.objects.filter(pk__in=[pk for pk, *_ in rows]).update(nudged_at=at)
    counts: dict[tuple, int] = defaultdict(int)
    for _, *place in rows:
        counts[tuple(place)] += 1
    people, letters = _teachers({provider for provider, *_ in counts}), []
    for (provider, site, starts_at), number in counts.items():
        subject, says = rules.nudge(number)
        url = f"{settings.BASE_URL}{reverse('registers', args=[provider])}"
        for user, to in people[provider]:
            key = f"nudge:{provider}:{site or 0}:{starts_at:%Y%m%dT%H%M}:{user}"
            letters.append(
                outbox.Letter(key=key, to=to, subject=subject, body=f"{says}\n\n{url}\n", organisation=provider)
            )
    return len(rows), len(outbox.post_many(letters, at=at))


def _teachers(providers: set[int]) -> dict[int, list[tuple[int, str]]]:
    """(id, address) of those who take registers at each provider; of its leads where nobody else is there."""
    found: dict[int, dict[bool, dict[int, str]]] = defaultdict(lambda: {True: {}, False: {}})
    rows = Membership.objects.live().filter(organisation__in=providers, role__in=[*TEACHES, Role.PROVIDER_LEAD])
    for provider, role, user, address in rows.values_list("organisation_id", "role", "user_id", "user__email"):
        found[provider][role in TEACHES][user] = address
    return defaultdict(list, {key: sorted((held[True] or held[False]).items()) for key, held in found.items()})
