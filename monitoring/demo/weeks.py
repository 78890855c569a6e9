"""Some weeks of registers and daily reports of Ash House, and today: what has begun is marked, and two pupils come for
a session that starts soon."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

from contracts.models import Contract, KpiLine
from contracts.states import Asked, LineKind
from core.access import System
from lots.demo import on, person
from monitoring import running
from monitoring.actions import alarms, registers, reports
from monitoring.actions.reports import Filed
from monitoring.models import Alert, DailyReport, ReportDue, Session
from monitoring.permissions.alerts import SOUND
from monitoring.queries import reports as queries
from monitoring.rules.reporting import Said
from monitoring.states import Mark
from referrals.actions import own_dates
from referrals.models import Placement
from referrals.queries.placing import Part
from referrals.states import AbsenceReason, Runs

SANA, SIAN = "sana@elm-grove.example", "sian@elm-grove.example"
TEACHES = {"Ash House": "bob@ash-house.example", "Birch Farm": "cato@birch-farm.example"}
ENGLAND, DAY, MINUTE = ZoneInfo("Europe/London"), dt.timedelta(days=1), dt.timedelta(minutes=1)
HOUR = 60 * MINUTE
WEEKS = 4
SOON = dt.timedelta(minutes=20)
LATEST = dt.time(23, 45)  # nothing starts later on a day
# Of the reporting days before today, counted back: what was out of the ordinary on each.
MISSED, FORGOTTEN, LATE, EXCEPTION, CORRECTED = 12, 6, 9, 4, 11
# Of all marks, counted from the first: who was late, who was absent and why.
LATE_MARKS = {5, 17, 29}
ABSENT_MARKS = {
    3: AbsenceReason.ILL,
    8: AbsenceReason.REFUSED,
    14: AbsenceReason.APPOINTMENT,
    22: AbsenceReason.TRANSPORT,
    27: AbsenceReason.ILL,
}
QUIET = 40  # behind all of these
WRONG_MARK = 19  # present by mistake, put right some minutes later
BROKEN = Said(
    "exception",
    "A window of the workshop was broken over the weekend, so the workshop stayed shut for the morning",
    "The window is boarded up, and a glazier comes",
)


def first_day(today: dt.date) -> dt.date:
    """The Monday with which the story begins."""
    return today - dt.timedelta(days=today.weekday() + 7 * WEEKS)


def load(contract: Contract, placements: list[Placement], *, first: dt.date, at: dt.datetime, today: dt.date) -> None:
    """Every day since the first, each at its own hours, then today."""
    days = [first + number * DAY for number in range((today - first).days)]
    for day in days:
        running.run_day(day, on(day, 0, 30))
    # Nobody is absent at Birch Farm. It comes first: whatever is not taken when an alarm is sounded is a breach.
    other = Contract.objects.get(framework=contract.framework, supplier__name="Birch Farm")
    for day in _owed(other, today):
        _registers(day, QUIET, contract=other, forgotten=False)
        _file(other, day, on(day, 15, 30), {})
    owed, made = _owed(contract, today), 0
    for back, day in zip(range(len(owed), 0, -1), owed, strict=True):
        made = _registers(day, made, contract=contract, forgotten=back == FORGOTTEN)
        _report(contract, day, back)
    soon(placements, at=at, today=today)
    running.run_day(today, at)
    for session in Session.objects.expected().filter(day=today, starts_at__lte=at):
        _mark(session, Mark.PRESENT, min(at, session.starts_at + 4 * MINUTE))


def _owed(contract: Contract, today: dt.date) -> list[dt.date]:
    rows = ReportDue.objects.filter(contract=contract, day__lt=today).order_by()
    return sorted(set(rows.values_list("day", flat=True)))


def soon(placements: list[Placement], *, at: dt.datetime, today: dt.date) -> None:
    """Two pupils who are not there anyway on that day come for a session of their own that starts within the hour; late
    in the evening, shortly after midnight."""
    starts = at.astimezone(ENGLAND).replace(second=0, microsecond=0) + SOON
    starts += dt.timedelta(minutes=-starts.minute % 5)
    if starts.date() == today and starts.time() > LATEST:
        starts += DAY
    if starts.date() != today:
        starts = starts.replace(hour=0, minute=10)
    day, ends = starts.date(), min(starts + 3 * HOUR, starts.replace(hour=23, minute=59))
    free = [one for one in placements if not one.sessions.filter(weekday=day.weekday()).exists()]
    for placement in free[:2]:
        weekly = placement.sessions.first()
        own_dates.add_dated_session(
            placement=placement,
            seen=placement.revision,
            day=day,
            part=Part(day.weekday(), starts.time(), ends.time(), weekly.site, Runs.DATES),
            reason="A day in the kitchen, agreed with the school",
            over_reason="",
            by=person(SANA),
            at=at,
            today=today,
        )


def _registers(day: dt.date, made: int, *, contract: Contract, forgotten: bool) -> int:
    """The registers of a day; a forgotten one is taken after the alarm. Returns how many marks were made so far."""
    for session in Session.objects.expected().filter(contract=contract, day=day).order_by("starts_at", "pk"):
        made += 1
        at = session.starts_at + (4 + made % 5) * MINUTE
        if forgotten:
            at = session.starts_at + 31 * MINUTE
            _sound(at)
            _answer(session, "Rang Ash House: both groups had begun, and the register was taken at once", at)
            _mark(session, Mark.PRESENT, at + 9 * MINUTE)
        elif made in ABSENT_MARKS:
            _mark(session, Mark.ABSENT, at, reason=ABSENT_MARKS[made])
            _sound(at + 3 * MINUTE)
            _answer(session, "Rang home. It is known there, and somebody is with the pupil", at + 8 * MINUTE)
        elif made in LATE_MARKS:
            _mark(session, Mark.LATE, session.starts_at + 12 * MINUTE)
        else:
            _mark(session, Mark.PRESENT, at)
            if made == WRONG_MARK:
                _mark(session, Mark.LATE, at + 17 * MINUTE, arrived=(on(day, 9, 50).astimezone(ENGLAND)).time())
    return made


def _mark(session: Session, mark: str, at: dt.datetime, **told) -> None:
    registers.mark(
        session=session,
        mark=mark,
        told=told,
        key=uuid.uuid4(),
        waited=dt.timedelta(0),
        by=person(TEACHES[session.provider.name]),
        at=at,
        today=session.day,
    )


def _sound(at: dt.datetime) -> None:
    """What runs by itself, as it would have at that minute."""
    by = System(SOUND)
    alarms.write_breaches(by=by, at=at)
    alarms.tell(by=by, at=at)


def _answer(session: Session, words: str, at: dt.datetime) -> None:
    for alert in Alert.objects.open().filter(session=session)[:1]:
        alarms.acknowledge(alert=alert, done=words, by=person(SIAN), at=at + 2 * MINUTE)


def _report(contract: Contract, day: dt.date, back: int) -> None:
    """What was filed for a day, by its place in the story."""
    if back == MISSED:
        running.remind(on(day, 15, 35))
        running.remind(on(day + DAY, 9, 5))
        return
    at = on(day + DAY, 8, 20) if back == LATE else on(day, 16, 10)
    said = {1: BROKEN} if back == EXCEPTION else {}
    _file(contract, day, at, said)
    if back == CORRECTED:
        words = Said("well", "One more word than yesterday: a parent came to look at the kitchen, accompanied")
        _file(contract, day, at + dt.timedelta(minutes=50), {0: words})


def _file(contract: Contract, day: dt.date, at: dt.datetime, said: dict[int, Said]) -> DailyReport:
    """`said` by the measure's place in the list; elsewhere the tick, with words where the records say something."""
    provider, today = contract.supplier, at.astimezone(ENGLAND).date()
    dues = list(queries.dues_of(provider, day))
    now = queries.day_of(provider, day, dues, at=at, today=today)
    told = {
        one.kpi: Said("well", "It is written down, and the school knows") if now.against[one.kpi] else Said("")
        for one in now.asked
    }
    for number, words in said.items():
        by_on = today + 7 * DAY if words.status == "exception" else None
        told[now.asked[number].kpi] = Said(words.status, words.what, words.action, by_on)
    lines = KpiLine.objects.filter(kpi__contract=contract, kind=LineKind.STANDARD, asked=Asked.TERM)
    return reports.file_report(
        provider=provider,
        day=day,
        filed=Filed(
            quiet=True,
            said=told,
            words=dict.fromkeys(lines.values_list("pk", flat=True), ""),
            still=True,
            seen=now.version,
        ),
        by=person(TEACHES[provider.name]),
        at=at,
        today=today,
    )
