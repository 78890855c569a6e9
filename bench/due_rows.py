"""A day's sessions and due rows for very many placements, beside the bare statements that write as many rows.

The floor is what any way of doing it must do: one `INSERT … SELECT … ON CONFLICT DO NOTHING` for the sessions (the week
joined with its placements, by weekday and days alone: no calendars, no pauses, no agreement looked up) and one for the
due rows (the KPIs of every agreement with a session that day: no intervals, nothing dropped). Ours is the whole action:
the lock, both halves, calendars, what is called off, set right and dropped, reporting days, the record. The due rows
are also measured by themselves, and theirs is the budget: 1.25 times the floor, and half of the first pass for a second
one that finds everything there.

One task does a day, however many placements there are: the same action that is measured here."""

from __future__ import annotations

import datetime as dt
import gc
import time
from collections.abc import Callable
from statistics import median

from django.db import connection, transaction

from accounts.models import Closure, Organisation, TermDates
from accounts.states import OrganisationKind
from bench.page import AT, in_chunks
from contracts.models import Contract, Kpi
from contracts.states import ContractState
from core.access import System
from monitoring.actions import days as actions
from monitoring.actions.days import Written
from monitoring.models import DayRun, ReportDay, ReportDue, Session
from monitoring.permissions.days import RUN
from monitoring.queries.sql import plain
from monitoring.rules.times import moment
from monitoring.steps import days as steps
from referrals.models import Placement, Pupil, WeeklySession
from referrals.states import NoUpn, PlacementState, Route
from tests.patience import found_by
from tests.referrals.made import made_place

DAY = dt.date(2026, 10, 7)  # a Wednesday
EARLY = dt.datetime(2026, 10, 7, 4, 0, tzinfo=dt.UTC)
EACH = 20  # pupils at a provider
KPIS = 5
SCHOOLS = 200
CLIENTS = 4
_BARE_SESSIONS = """
INSERT INTO monitoring_session (placement_id, weekly_id, provider_id, commissioner_id, contract_id, site_id, day,
    starts_at, ends_at, state, caught_up, mark, reason, note, entries_made)
SELECT placement.id, weekly.id, placement.provider_id, placement.commissioner_id, %(contract)s, weekly.site_id, %(day)s,
       %(starts)s, %(ends)s, 'expected', %(no)s, '', '', %(nothing)s, 0
FROM referrals_weeklysession weekly JOIN referrals_placement placement ON placement.id = weekly.placement_id
WHERE weekly.weekday = 2 AND weekly.from_on <= %(day)s AND (weekly.until_on IS NULL OR weekly.until_on >= %(day)s)
  AND placement.state = 'live' AND placement.starts_on <= %(day)s AND placement.ends_on >= %(day)s
ON CONFLICT DO NOTHING
"""
_BARE_DUES = """
INSERT INTO monitoring_reportdue (kpi_id, contract_id, provider_id, buyer_id, day, made_at, caught_up, late)
SELECT kpi.id, contract.id, contract.supplier_id, contract.buyer_id, %(day)s, %(at)s, %(no)s, %(no)s
FROM contracts_kpi kpi JOIN contracts_contract contract ON contract.id = kpi.contract_id
WHERE kpi.from_on <= %(day)s AND kpi.contract_id IN (
    SELECT contract_id FROM monitoring_session WHERE day = %(day)s AND state = 'expected'
)
ON CONFLICT DO NOTHING
"""


def run_days(world, number: int, rounds: int, tell: Callable[[str], None], kept: list) -> None:
    """So many placements, ours and the bare statements in turn; medians of a few rounds, the first of which only warms
    up. Raises RuntimeError where a row is missing or there twice."""
    _placements(world, number)
    _vacuum()
    found: dict[str, list[float]] = {}
    for _ in range(min(rounds, 3) + 1):
        for name, spent in _one_round(number).items():
            found.setdefault(name, []).append(spent)
    spent = {name: median(times[1:]) for name, times in found.items()}
    dues = number // EACH * KPIS
    for what, count, ours, floor, budget in (
        ("a day's due rows", dues, "dues", "bare dues", 1.25),
        ("a day's due rows, second pass", dues, "dues again", "dues", 0.5),
        ("a day: sessions and due rows", number, "day", "bare", None),
        ("a day, second pass", number, "day again", "day", 0.5),
    ):
        ratio = spent[ours] / spent[floor]
        told = f" (budget {budget})" if budget else ""
        kept.append(
            {"work": what, "number": count, "wall_s": spent[ours], "bare_s": spent[floor], "ratio": ratio,
             "budget": budget}
        )  # fmt: skip
        tell(f"{what:<44}{count:>9,}{spent[ours]:>9.2f} s{spent[floor]:>9.2f} s floor{ratio:>7.2f}{told}")
    if connection.vendor == "postgresql":
        _at_once(number, tell, kept)
    _forget()


def _one_round(number: int) -> dict[str, float]:
    spent = {}
    with_contract = Contract.objects.order_by("pk").values_list("pk", flat=True).first()
    values = {
        "day": DAY, "at": EARLY, "no": False, "nothing": b"", "contract": with_contract,
        "starts": moment(DAY, dt.time(9, 30)), "ends": moment(DAY, dt.time(14, 30)),
    }  # fmt: skip
    _forget()
    spent["bare sessions"] = _clocked(lambda: _bare(_BARE_SESSIONS, values))
    _forget()
    spent["day"] = _clocked(_run)
    spent["day again"] = _clocked(_run)
    _check(number)
    _empty(ReportDue, ReportDay)
    spent["bare dues"] = _clocked(lambda: _bare(_BARE_DUES, values))
    _empty(ReportDue)
    spent["dues"] = _clocked(_dues)
    spent["dues again"] = _clocked(_dues)
    _check(number)
    spent["bare"] = spent["bare sessions"] + spent["bare dues"]
    return spent


def _run() -> Written:
    return actions.run_day(day=DAY, by=System(RUN), at=EARLY)


@transaction.atomic
def _dues() -> None:
    steps.write_dues(day=DAY, at=EARLY, caught_up=False)


def _bare(sql: str, values: dict) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, plain(values))


def _clocked(work: Callable[[], object]) -> float:
    """SQLite works in this process, so that its processor time is what it costs whatever else runs here; PostgreSQL is
    waited for."""
    gc.collect()
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    began = clock()
    work()
    return clock() - began


def _at_once(number: int, tell: Callable[[str], None], kept: list) -> None:
    """Several passes over one day at the same moment, each on a connection of its own."""
    _forget()
    began = time.perf_counter()
    found = found_by(*[_run] * CLIENTS)
    spent = time.perf_counter() - began
    if sum(one != Written() for one in found) != 1:
        raise RuntimeError(f"Of {CLIENTS} passes at once not exactly one wrote: {found}")
    _check(number)
    kept.append({"work": "a day, four passes at once", "number": number, "wall_s": spent})
    tell(f"{'a day, four passes at once, one set of rows':<44}{number:>9,}{spent:>9.2f} s")


def _check(number: int) -> None:
    dues = number // EACH * KPIS
    if (Session.objects.count(), ReportDue.objects.filter(dropped_at=None).count()) != (number, dues):
        raise RuntimeError(f"{Session.objects.count():,} sessions and {ReportDue.objects.count():,} due rows")


def _forget() -> None:
    """What the next round shall not find."""
    _empty(ReportDue, ReportDay, Session, DayRun)


def _empty(*models) -> None:
    for model in models:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
    _vacuum()


def _vacuum() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and not connection.in_atomic_block:
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("ANALYZE")


def _placements(world, number: int) -> None:
    """So many live placements of 200 schools at providers with twenty pupils each, with a session every weekday; half
    of the schools have terms of their own, every fifth was closed for a day of the week before."""
    place = made_place(world)
    framework = place.framework
    many = max(1, number // EACH)

    def firm(n):
        name = f"Due {n:06}"
        return Organisation(kind=OrganisationKind.PROVIDER, name=name, name_key=name.lower(), compared_at=AT)

    def school(n):
        name = f"Many {n:06}"
        return Organisation(
            kind=OrganisationKind.SCHOOL, name=name, name_key=name.lower(), urn=str(700_000 + n), la_code="871",
            compared_at=AT,
        )  # fmt: skip

    firms, schools = in_chunks(Organisation, 0, many, firm), in_chunks(Organisation, 0, SCHOOLS, school)
    day = dt.timedelta(days=1)
    TermDates.objects.bulk_create(
        TermDates(organisation=one, name="Autumn", starts_on=DAY - 30 * day, ends_on=DAY + 60 * day)
        for one in schools[::2]
    )
    Closure.objects.bulk_create(
        Closure(organisation=one, reason="INSET", starts_on=DAY - 7 * day, ends_on=DAY - 7 * day)
        for one in schools[::5]
    )
    contracts = in_chunks(Contract, 0, many, lambda n: Contract(
        buyer=framework.buyer, supplier=firms[n], framework=framework, reference=f"DUE-{n}", title="Agreement",
        state=ContractState.IN_FORCE, document="{}", sha256="0" * 64, offered_at=AT, signed_at=AT, countersigned_at=AT,
    ))  # fmt: skip
    in_chunks(Kpi, 0, many * KPIS, lambda n: Kpi(
        contract=contracts[n // KPIS], number=1 + n % KPIS, title=f"Measure {n % KPIS}", from_on=DAY - 30 * day,
        written_at=AT,
    ))  # fmt: skip
    pupil = Pupil.objects.create(
        commissioner=world.elm_grove, first_names="Made Up", last_name="Pupil", name_key="made up pupil",
        born_on=dt.date(2012, 5, 4), no_upn_reason=NoUpn.ASKED_FOR, added_at=AT, changed_at=AT,
    )  # fmt: skip
    placements = in_chunks(Placement, 0, many * EACH, lambda n: Placement(
        pupil=pupil, commissioner=world.elm_grove, contracting_party=world.elm_grove, home_school=schools[n % SCHOOLS],
        provider=firms[n // EACH], route=Route.FRAMEWORK, framework=framework, place=place, lot=place.lot, unit="hour",
        pence=45_00, units=12_000, total_pence=45_00 * 120, state=PlacementState.LIVE, starts_on=DAY - 30 * day,
        ends_on=DAY + 60 * day, made_at=AT, agreed_at=AT, live_at=AT,
    ))  # fmt: skip
    in_chunks(WeeklySession, 0, 5 * len(placements), lambda n: WeeklySession(
        placement=placements[n // 5], weekday=n % 5, starts=dt.time(9, 30), ends=dt.time(14, 30),
        from_on=DAY - 30 * day,
    ))  # fmt: skip
