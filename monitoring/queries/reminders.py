"""What nobody was reminded of yet: a number of statements that does not grow with what is owed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Organisation
from contracts.models import Contract
from core.calendars import ONE_DAY
from monitoring.models import Reminder, ReportDay, ReportDue
from monitoring.rules.reminders import LOOK_BACK_DAYS, Owed
from monitoring.states import ReminderKind

KEYS = ("provider", "buyer", "contract", "day")


def all_asked() -> QuerySet[ReportDue]:
    """What is to be reported, whether it was or not: neither dropped, nor first written down after its day."""
    return ReportDue.objects.filter(dropped_at=None, caught_up=False).order_by()


def all_owed_today(today: dt.date) -> list[Owed]:
    """Each agreement under which a provider teaches today, with what it still asks for today, by provider."""
    asked = all_asked().filter(day=today, report=None).values_list("contract").annotate(missing=Count("pk"))
    missing = dict(asked)
    taught = ReportDay.objects.filter(day=today).order_by("contract__supplier", "contract")
    rows = taught.values_list("contract__supplier", "contract__buyer", "contract")
    return [Owed(*row, today, missing.get(row[-1], 0)) for row in rows]


def told_today(today: dt.date) -> dict[int, set[str]]:
    """Which kinds of reminder about today went to each provider."""
    found = defaultdict(set)
    for provider, kind in Reminder.objects.filter(day=today, contract=None).values_list("provider", "kind"):
        found[provider].add(kind)
    return found


def all_overdue(providers: Iterable[int], today: dt.date) -> list[Owed]:
    """What these providers did not report for earlier days, and were not told of yet."""
    told = Reminder.objects.filter(
        kind=ReminderKind.OVERDUE, contract=None, provider=OuterRef("provider"), day=OuterRef("day")
    )
    rows = all_asked().filter(report=None, provider__in=set(providers), **_before(today))
    rows = rows.filter(~Exists(told)).values_list(*KEYS).annotate(missing=Count("pk"))
    return [Owed(*row) for row in rows]


def all_days_of(contracts: Iterable[int], today: dt.date) -> dict[int, list[tuple[dt.date, int]]]:
    """Of these agreements, those for which anything is missing: each day before today that was asked for, with
    on how many measures nothing was reported, in order."""
    ours = set(contracts)
    wanting = all_asked().filter(contract__in=ours, report=None, **_before(today)).values_list("contract").distinct()
    rows = all_asked().filter(contract__in={pk for (pk,) in wanting}, **_before(today)).values_list("contract", "day")
    found = defaultdict(list)
    for contract, day, missing in rows.annotate(missing=Count("pk", filter=Q(report=None))).order_by("contract", "day"):
        found[contract].append((day, missing))
    return found


def escalated_for(contracts: Iterable[int], today: dt.date) -> dict[int, list[dt.date]]:
    """The days for which the managers of these agreements were told before."""
    found = defaultdict(list)
    rows = Reminder.objects.filter(kind=ReminderKind.ESCALATED, contract__in=set(contracts), **_before(today))
    for contract, day in rows.values_list("contract", "day"):
        found[contract].append(day)
    return found


def all_names(organisations: Iterable[int]) -> dict[int, str]:
    """What these organisations are called."""
    return dict(Organisation.objects.filter(pk__in=set(organisations)).values_list("pk", "name"))


def all_references(contracts: Iterable[int]) -> dict[int, str]:
    """What these agreements are called."""
    return dict(Contract.objects.filter(pk__in=set(contracts)).values_list("pk", "reference"))


def _before(today: dt.date) -> dict[str, dt.date]:
    """The days before a day in which anybody is still reminded."""
    return {"day__gte": today - LOOK_BACK_DAYS * ONE_DAY, "day__lt": today}
