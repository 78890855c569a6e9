"""A provider's daily report is filed, and corrected by further versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.models import Organisation, User
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from monitoring.models import Answer, DailyReport, ReportDue, StandingAnswer
from monitoring.permissions import reports as permissions
from monitoring.queries import reports as queries
from monitoring.queries.terms import terms_of
from monitoring.rules import reporting as rules
from monitoring.rules import standing
from monitoring.rules.reporting import Said
from monitoring.states import Status
from monitoring.steps import board


@dataclass(frozen=True)
class Filed:
    """What somebody filled in. `said` is by KPI, `words` by the line that stands for all of its wording; `seen` is the
    version that the page showed, 0 for none."""

    quiet: bool
    said: Mapping[int, Said]
    words: Mapping[int, str]
    still: bool
    seen: int


@transaction.atomic(durable=True)
def file_report(
    *, provider: Organisation, day: dt.date, filed: Filed, by: User, at: dt.datetime, today: dt.date
) -> DailyReport:
    """File what a provider says of a day, as the next version. The version that first answers a KPI meets what was due,
    late or in time by its buyer's cut-off, and no later one changes that. The same sent twice is filed once. Raises
    `Refused`."""
    dues = list(queries.dues_of(provider, day).all_locked())
    provider = Organisation.objects.get(pk=provider.pk)
    forget_roles(by)
    access.require(permissions.can_report, by, provider)
    rules.check_day(day, today, len(dues))
    now = queries.day_of(provider, day, dues, at=at, today=today)
    if filed.seen != now.version and _is_same(filed, now, by):
        return now.before
    rules.check_seen(filed.seen, now.version)
    said = rules.check_said(now.asked, filed.said, against=now.against, before=now.said, quiet=filed.quiet, today=today)
    words = standing.check_standing(now.lines, filed.words, filed.still)
    rules.check_names(_texts(said, filed.words), queries.people_of_day(provider, day))
    missing = now.missing
    if now.before and not missing and (said, words) == (now.said, now.stood):
        raise Refused("Nothing is different from what was filed. Change something, or leave it as it is")
    late = _late(missing, day, at)
    report = DailyReport.objects.create(
        provider=provider,
        day=day,
        version=now.version + 1,
        quiet=rules.is_quiet(filed.quiet, said.values()),
        late=bool(late),
        figures={str(buyer): one.kept() for buyer, one in now.figures.items()},
        filed_at=at,
        filed_by=by,
    )
    _write(report, said, words, today)
    ReportDue.objects.filter(pk__in=[due.pk for due in missing]).update(report=report)
    ReportDue.objects.filter(pk__in=late).update(late=True)
    board.recount(day=day, provider=provider)
    board.reopen(report=report)
    data = {
        "version": report.version,
        "exceptions": sum(one.status == Status.EXCEPTION for one in said.values()),
        "changed": len(rules.changed(now.said, said)) if now.before else 0,
        "late": bool(late),
    }
    event = "monitoring.report.corrected" if now.before else "monitoring.report.filed"
    audit.record(event, by=by, about=report, organisation=provider, data=data, at=at)
    return report


def _is_same(filed: Filed, now: queries.Day, by: User) -> bool:
    """The person's own report, sent once more by a second click."""
    if now.before is None or now.before.filed_by_id != by.pk or filed.seen != now.version - 1:
        return False
    words = {key: filed.words.get(line.key, "") for line in now.lines for key in line.lines}
    given = {one.kpi: filed.said.get(one.kpi) for one in now.asked}
    whole = {kpi: replace(one, status=one.status or Status.WELL) for kpi, one in given.items() if one}
    return (whole, words) == (now.said, now.stood)


def _texts(said: Mapping[int, Said], words: Mapping[int, str]):
    for kpi, one in said.items():
        yield f"what_{kpi}", one.what
        yield f"action_{kpi}", one.action
    for line, text in words.items():
        yield f"changed_{line}", text


def _late(missing: list[ReportDue], day: dt.date, at: dt.datetime) -> list[int]:
    terms = terms_of({due.buyer_id for due in missing})
    return [due.pk for due in missing if rules.is_late_due(day, due.made_at, terms[due.buyer_id].cut_off, at)]


def _write(report: DailyReport, said: Mapping[int, Said], words: Mapping[int, str], today: dt.date) -> None:
    Answer.objects.bulk_create(
        Answer(report=report, kpi_id=kpi, status=one.status, what=one.what, action=one.action, action_by_on=one.by_on)
        for kpi, one in said.items()
    )
    StandingAnswer.objects.bulk_create(
        StandingAnswer(
            line_id=line, report=report, provider=report.provider, still=not text, words=text, answered_on=today
        )
        for line, text in words.items()
    )
