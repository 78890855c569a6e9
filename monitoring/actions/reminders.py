"""Reminding of daily reports."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from audit import steps as audit
from core import access
from monitoring.permissions import terms as permissions
from monitoring.queries import reminders as queries
from monitoring.queries.terms import terms_of
from monitoring.rules import reminders as rules
from monitoring.rules.reminders import Owed
from monitoring.rules.terms import Terms
from monitoring.states import ReminderKind
from monitoring.steps import reminders as steps
from monitoring.steps.reminders import Told


@transaction.atomic(durable=True)
def remind(*, by, at: dt.datetime, today: dt.date) -> int:
    """Write to everybody to whom something is due at this moment and was not sent: providers about today and about what
    is overdue, contract managers about reports missed in a row. Each reminder is one row, each letter one message,
    however often and beside whom this runs; what was missed and makes no sense any more stays unsent. Only providers
    that teach today are looked at. Returns how many reminders were written."""
    access.require(permissions.can_remind, by, systems=(permissions.REMIND,))
    owed = queries.all_owed_today(today)
    if not owed:
        return 0
    terms = terms_of({one.buyer for one in owed})
    due = [*_to_providers(owed, terms, today, at), *_to_buyers(owed, terms, today, at)]
    told = steps.note(due, run=uuid.uuid4().hex, at=at)
    if not told:
        return 0
    names = queries.all_names({one.provider for one in told})
    references = queries.all_references({one.contract for one in told if one.contract})
    letters = steps.write_letters(told, names=names, references=references, at=at)
    audit.record("monitoring.reminders.written", by=by, data={"reminders": len(told), "letters": letters}, at=at)
    return len(told)


def _to_providers(owed: list[Owed], terms: dict[int, Terms], today: dt.date, at: dt.datetime) -> Iterable[Told]:
    """About today, and about earlier days that nobody was told of yet."""
    told, of_provider = queries.told_today(today), defaultdict(list)
    for one in owed:
        of_provider[one.provider].append(one)
    for provider, rows in of_provider.items():
        kind = rules.of_today(rows, told.get(provider, ()), terms, today, at)
        if kind:
            yield Told(kind, provider, today, sum(one.missing for one in rows))
    earlier = defaultdict(list)
    overdue = queries.all_overdue(of_provider, today)
    terms = terms | terms_of({one.buyer for one in overdue} - set(terms))
    for one in overdue:
        earlier[one.provider].append(one)
    for provider, rows in earlier.items():
        for day in rules.overdue(rows, terms, today, at):
            missing = sum(one.missing for one in rows if one.day == day)
            yield Told(ReminderKind.OVERDUE, provider, day, missing)


def _to_buyers(owed: list[Owed], terms: dict[int, Terms], today: dt.date, at: dt.datetime) -> Iterable[Told]:
    """About agreements whose reports were missed several reporting days in a row."""
    ripe = [one for one in owed if rules.is_open(ReminderKind.ESCALATED, terms[one.buyer], today, at)]
    days = queries.all_days_of({one.contract for one in ripe}, today)
    told = queries.escalated_for(days, today)
    for one in ripe:
        row = rules.missed_in_a_row(days.get(one.contract, []))
        day = rules.escalated(row, told.get(one.contract, []), terms[one.buyer].escalate_after)
        if day:
            yield Told(ReminderKind.ESCALATED, one.provider, day, len(row), one.contract, one.buyer)
