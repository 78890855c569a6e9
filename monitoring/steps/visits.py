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
from monitoring.queries import schedules as queries
from monitoring.queries.schedules import ToDo
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
def remind(*, owners: list[int], today: dt.date, at: dt.datetime) -> dict[int, int]:
    """One letter a week to whoever plans an owner's visits, where one is overdue or an action is its own to do; and one
    to the leads of each provider that is to do something. Keys say the week, so that twice is harmless. How many owners
    there are changes no number of reads. Returns how many were written, by owner."""
    due = queries.all_to_do(owners, today)
    letters = [*_to_visitors(owners, due, today, at), *_to_providers(due, today, at)]
    written = outbox.post_many([letter for _, letter in letters], at=at)
    return Counter(owner for owner, letter in letters if letter.key in written)


def _to_visitors(
    owners: list[int], due: list[ToDo], today: dt.date, at: dt.datetime
) -> Iterable[tuple[int, outbox.Letter]]:
    here = queries.all_visitors(owners)
    late = [one.schedule for one in queries.scheduled(queries.all_to_watch(owners), today) if one.missed]
    whose = [(one.owner_id, one.written_by_id) for one in late]
    whose += [(one.owner_id, one.visitor_id or one.planned_by_id) for one in queries.all_not_written(owners, today)]
    whose += [(one.organisation, one.visitor) for one in due if one.whose == Owner.VISITOR]
    counts: Counter[tuple[int, int]] = Counter()
    for owner, person in whose:
        counts.update((owner, pk) for pk in ([person] if person in here[owner] else here[owner]))
    for (owner, pk), number in sorted(counts.items()):
        link = f"{settings.BASE_URL}{reverse('visits', args=[owner])}"
        yield (
            owner,
            outbox.Letter(
                key=f"visits:{owner}:{_week(today)}:{pk}",
                to=here[owner][pk],
                subject="Visits to providers need you",
                body=f"{_many(number)} overdue, or due within a week: visits that were not held or not written down, "
                f"and actions after visits.\n\nSign in to see which:\n{link}\n",
                organisation=owner,
                due_at=max(at, moment(today, FROM)),
            ),
        )


def _to_providers(due: list[ToDo], today: dt.date, at: dt.datetime) -> Iterable[tuple[int, outbox.Letter]]:
    counts = Counter((one.organisation, one.provider) for one in due if one.whose == Owner.PROVIDER)
    leads = leads_of({provider for _, provider in counts})
    for (owner, provider), number in sorted(counts.items()):
        link = f"{settings.BASE_URL}{reverse('visits_had', args=[provider])}"
        for pk, address in leads.get(provider, ()):
            yield (
                owner,
                outbox.Letter(
                    key=f"visit-actions:{provider}:{owner}:{_week(today)}:{pk}",
                    to=address,
                    subject="Actions after a visit are due",
                    body=f"{_many(number)} overdue, or due within a week: what you are to do after a visit.\n\n"
                    f"Sign in to see it and to say that it is done:\n{link}\n",
                    organisation=provider,
                    due_at=max(at, moment(today, FROM)),
                ),
            )


def _many(number: int) -> str:
    return "One thing is" if number == 1 else f"{number} things are"


def _week(today: dt.date) -> str:
    return rules.week_of(today).first.isoformat()
