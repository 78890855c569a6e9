"""Writing reminders down and their letters: each exactly once, whatever runs beside it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from core.steps import step
from monitoring.models import Reminder
from monitoring.models.own import DECIDES, MANAGES, REPORTS
from monitoring.rules import letters
from monitoring.states import ReminderKind
from outbox import steps as outbox
from referrals.queries.people import people_of


@dataclass(frozen=True)
class Told:
    """A reminder to be written: of a provider and day, or of an agreement whose buyer is told. `number` is what its
    letter counts: measures to report on, or days that were missed."""

    kind: ReminderKind
    provider: int
    day: dt.date
    number: int
    contract: int | None = None
    buyer: int | None = None

    @property
    def key(self) -> tuple:
        return (self.kind, self.provider, self.contract, self.day)


@step
def note(told: Iterable[Told], *, run: str, at: dt.datetime) -> list[Told]:
    """Write reminders down, whoever else writes the same at this moment. Returns those that this pass wrote, and for
    which it alone sends letters. `run` is this pass's own."""
    told = list(told)
    rows = [
        Reminder(kind=one.kind, provider_id=one.provider, contract_id=one.contract, day=one.day, written_at=at, run=run)
        for one in sorted(told, key=lambda one: (one.kind, one.provider, one.contract or 0, one.day))
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    ours = set(Reminder.objects.filter(run=run).values_list("kind", "provider", "contract", "day"))
    return [one for one in told if one.key in ours]


@step
def write_letters(told: Iterable[Told], *, names: dict[int, str], references: dict[int, str], at: dt.datetime) -> int:
    """One letter to each person who reports for a provider, however many days, agreements and measures it is about; for
    an agreement, to whoever manages it, else to whoever decides. A letter holds no pupil and no count of anything but
    what is missing. Returns how many were written."""
    to_providers, to_buyers = defaultdict(list), []
    for one in told:
        if one.contract is None:
            to_providers[one.provider, one.kind].append(one)
        else:
            to_buyers.append(one)
    reporters = people_of({provider for provider, _ in to_providers}, REPORTS)
    written = []
    for (provider, kind), rows in to_providers.items():
        link = _link("daily_report", provider) + _day_of(kind, rows)
        words = letters.to_provider(kind, names[provider], [(one.day, one.number) for one in rows], link)
        key = f"reminder:{kind}:{provider}:{max(one.day for one in rows).isoformat()}"
        written += _letters(key, words, reporters[provider], provider)
    managers, deciders = _two(people_of, {one.buyer for one in to_buyers})
    for one in to_buyers:
        link = _link("board_of", one.buyer, one.provider)
        words = letters.to_manager(names[one.provider], references[one.contract], one.number, link)
        key = f"reminder:{one.kind}:{one.contract}:{one.day.isoformat()}"
        written += _letters(key, words, managers[one.buyer] or deciders[one.buyer], one.buyer)
    return len(outbox.post_many(written, at=at))


def _two(found, buyers: set[int]):
    """Who manages and who decides, by buyer; nobody is asked for where no buyer is told."""
    return (found(buyers, MANAGES), found(buyers, DECIDES)) if buyers else ({}, {})


def _day_of(kind: str, rows: list[Told]) -> str:
    """The report of today is the page's own; an overdue one is opened at its first day."""
    return f"?day={min(one.day for one in rows).isoformat()}" if kind == ReminderKind.OVERDUE else ""


def _letters(key: str, words: letters.Words, people: list[tuple[int, str]], organisation: int) -> list[outbox.Letter]:
    return [
        outbox.Letter(key=f"{key}:{pk}", to=to, subject=words.subject, body=words.body, organisation=organisation)
        for pk, to in people
    ]


def _link(name: str, *args: int) -> str:
    """The address of a page, or the portal's own where there is no such page."""
    try:
        return f"{settings.BASE_URL}{reverse(name, args=args)}"
    except NoReverseMatch:
        return f"{settings.BASE_URL}/"
