"""How reminders are sent where there is no outbox: the task marks each and sends it itself. Here to be seen losing some
when its worker is killed; the portal has nothing like it."""

from __future__ import annotations

import uuid

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone

from core import clock
from monitoring.models import Reminder
from monitoring.models.own import REPORTS
from monitoring.queries import reminders as queries
from monitoring.queries.terms import terms_of
from monitoring.rules import reminders as rules
from referrals.queries.people import people_of


@shared_task
def remind():
    """Today's reminders, one after the other: mark, then send."""
    at = clock.now()
    today = timezone.localdate(at)
    owed, told = queries.all_owed_today(today), queries.told_today(today)
    people = people_of({one.provider for one in owed}, REPORTS)
    terms = terms_of({one.buyer for one in owed})
    for one in owed:
        kind = rules.of_today([one], told.get(one.provider, ()), terms, today, at)
        if kind is None:
            continue
        Reminder.objects.create(kind=kind, provider_id=one.provider, day=today, written_at=at, run=uuid.uuid4().hex)
        for _, address in people[one.provider]:
            send_mail("Your daily report is due today", "Sign in.", settings.DEFAULT_FROM_EMAIL, [address])
