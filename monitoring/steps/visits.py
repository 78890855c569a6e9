"""Letters about visits that nobody held in time and actions that are due. They name no pupil, and nothing that is
planned."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from core.steps import step
from lots.queries.places import leads_of
from monitoring.models import Finding, Visit, VisitAction
from monitoring.queries import visits as queries
from monitoring.rules import visits as rules
from monitoring.rules.times import moment
from monitoring.rules.visits import Written
from monitoring.states import Owner
from outbox import steps as outbox

FROM = dt.time(8)  # no letter leaves earlier


@step
def write_rows(*, visit: Visit, written: Written) -> None:
    """Findings and actions as the form says them, in the place of those that were saved before. The caller holds the
    visit, which is still planned."""
    visit.findings.all().delete()
    visit.actions.all().delete()
    Finding.objects.bulk_create(
        Finding(
            visit=visit,
            standard_id=one.standard,
            number=one.number,
            title=one.title,
            found=one.found,
            words=one.words,
        )
        for one in written.findings
    )
    VisitAction.objects.bulk_create(
        VisitAction(visit=visit, what=one.what, owner=one.owner, due_on=one.due_on) for one in written.actions
    )


@step
def remind(*, owner: int, today: dt.date, at: dt.datetime) -> int:
    """One letter a week to whoever plans an owner's visits, where one is overdue or an action is its own to do; and one
    to the leads of each provider that is to do something. Keys say the week, so that twice is harmless. Returns how
    many were written."""
    letters = [*_to_visitors(owner, today, at), *_to_providers(owner, today, at)]
    return len(outbox.post_many(letters, at=at))


def _to_visitors(owner: int, today: dt.date, at: dt.datetime) -> Iterable[outbox.Letter]:
    here = queries.visitors_of(owner)
    counts: Counter[int] = Counter()
    late = [
        one.schedule.written_by_id for one in queries.scheduled(queries.schedules_to_watch(owner), today) if one.missed
    ]
    late += [one.visitor_id or one.planned_by_id for one in queries.not_written([owner], today)]
    late += [visitor for _, whose, visitor in queries.to_do(owner, today) if whose == Owner.VISITOR]
    for person in late:
        counts.update([person] if person in here else list(here))
    link = f"{settings.BASE_URL}{reverse('visits', args=[owner])}"
    for pk, number in sorted(counts.items()):
        yield outbox.Letter(
            key=f"visits:{owner}:{_week(today)}:{pk}",
            to=here[pk],
            subject="Visits to providers need you",
            body=f"{_many(number)} overdue, or due within a week: visits that were not held or not written down, and "
            f"actions after visits.\n\nSign in to see which:\n{link}\n",
            organisation=owner,
            due_at=max(at, moment(today, FROM)),
        )


def _to_providers(owner: int, today: dt.date, at: dt.datetime) -> Iterable[outbox.Letter]:
    counts = Counter(provider for provider, whose, _ in queries.to_do(owner, today) if whose == Owner.PROVIDER)
    for provider, people in leads_of(counts).items():
        link = f"{settings.BASE_URL}{reverse('visits_had', args=[provider])}"
        for pk, address in people:
            yield outbox.Letter(
                key=f"visit-actions:{provider}:{owner}:{_week(today)}:{pk}",
                to=address,
                subject="Actions after a visit are due",
                body=f"{_many(counts[provider])} overdue, or due within a week: what you are to do after a visit.\n\n"
                f"Sign in to see it and to say that it is done:\n{link}\n",
                organisation=provider,
                due_at=max(at, moment(today, FROM)),
            )


def _many(number: int) -> str:
    return "One thing is" if number == 1 else f"{number} things are"


def _week(today: dt.date) -> str:
    return rules.week_of(today).first.isoformat()
