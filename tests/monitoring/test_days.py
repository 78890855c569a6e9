"""The sessions of a day and what is to be reported for it, as the database is asked for them."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Closure
from audit.models import Event
from contracts.models import Contract, Kpi
from core.access import Denied, System
from core.steps import NoTransaction
from lots.rules.refusals import Refused
from monitoring.actions import days as actions
from monitoring.actions.days import Written
from monitoring.models import DayRun, ReportDay, ReportDue, Session
from monitoring.rules import calendar as rules
from monitoring.steps import sessions
from referrals.models import Pause, Placement
from tests.monitoring.days import FIRST, LAST, by_rule, by_sql, made_up_world, run
from tests.monitoring.made import DAY, NINE, STARTS, made_report, watched

EARLY = NINE - dt.timedelta(hours=3)
LUNCH = NINE + dt.timedelta(hours=3)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def placement(world):
    return watched(world)


def dues() -> list[tuple]:
    """Number of the KPI, and whether it is asked no more."""
    return list(ReportDue.objects.order_by("kpi__number").values_list("kpi__number", "dropped_at"))


def still(number: int = 5) -> list[tuple]:
    return [(n, None) for n in range(1, number + 1)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_database_gives_exactly_the_sessions_of_the_rule(world, seed):
    made_up_world(world, seed=seed, placements=120)
    days = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]

    written, expected = by_sql(days), by_rule(days)

    assert written == expected
    assert len(expected) > 1500  # enough cases to mean something


def test_a_pass_costs_the_same_number_of_statements_for_any_number_of_placements(world, placement):
    with CaptureQueriesContext(connection) as one:
        run(DAY, EARLY)
    made_up_world(world, seed=4, placements=20)
    with CaptureQueriesContext(connection) as many:
        run(DAY + dt.timedelta(days=2), EARLY + dt.timedelta(days=2))

    assert Session.objects.count() > 3
    assert len(many) == len(one) <= 20


def test_a_session_is_written_with_its_parties_and_england_s_time(world, placement):
    run(DAY, EARLY)

    row = Session.objects.get()
    contract = Contract.objects.get()
    assert (row.placement, row.provider, row.commissioner) == (placement, world.ash_house, world.elm_grove)
    assert (row.contract, row.weekly.weekday, row.site.name) == (contract, 0, "Workshop")
    assert (row.starts_at.isoformat(), row.ends_at.isoformat()) == (
        "2026-10-05T08:30:00+00:00",
        "2026-10-05T13:30:00+00:00",
    )
    assert (row.day, row.state, row.mark, bytes(row.note), row.caught_up) == (DAY, "expected", "", b"", False)
    assert dues() == still()
    due = ReportDue.objects.first()
    assert (due.provider, due.buyer, due.contract, due.made_at) == (world.ash_house, world.larkshire, contract, EARLY)
    event = Event.objects.get(action="monitoring.day.written")
    assert event.data == {"sessions": 1, "called_off": 0, "set_right": 0, "dues": 5, "dropped": 0, "asked_again": 0}


def test_the_day_after_the_clocks_change_starts_an_hour_later_in_utc(placement):
    day = dt.date(2026, 10, 26)

    run(day, dt.datetime(2026, 10, 26, 6, tzinfo=dt.UTC))

    assert Session.objects.get().starts_at.isoformat() == "2026-10-26T09:30:00+00:00"


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({}, 1),
        ({"state": "assurance", "live_at": None}, 0),
        ({"live_at": NINE}, 1),
        ({"live_at": NINE + 30 * MINUTE}, 1),
        ({"live_at": NINE + 31 * MINUTE}, 0),
        ({"live_at": NINE + 31 * MINUTE, "route": "legacy"}, 1),
        ({"ended_on": DAY}, 1),
        ({"ended_on": DAY - dt.timedelta(days=1)}, 0),
    ],
)
def test_sessions_begin_when_everything_is_in_place_and_end_with_the_last_day(placement, fields, found):
    if fields.get("route"):
        fields = fields | {"place": None, "outside_reason": "Before the portal"}
    Placement.objects.update(**fields)

    run(DAY, EARLY)

    assert Session.objects.count() == found


@pytest.mark.parametrize(
    ("fields", "owed"),
    [
        ({}, True),
        ({"state": "signed", "countersigned_at": None}, False),
        ({"state": "ended", "ended_at": NINE}, False),
        ({"state": "ended", "ended_at": LUNCH}, True),
        ({"countersigned_at": LUNCH}, False),
    ],
)
def test_a_report_is_owed_under_an_agreement_that_is_in_force_when_the_session_starts(placement, fields, owed):
    Contract.objects.update(**fields)

    run(DAY, EARLY)

    assert (Session.objects.count(), ReportDue.objects.exists()) == (1, owed)


def test_a_spot_placement_has_sessions_and_no_reports(placement):
    Placement.objects.update(route="spot", place=None, outside_reason="Nobody else")

    run(DAY, EARLY)

    assert (Session.objects.get().contract, ReportDue.objects.count(), ReportDay.objects.count()) == (None, 0, 0)


def test_a_second_pass_changes_nothing_and_is_not_in_the_record(placement):
    run(DAY, EARLY)

    assert run(DAY, EARLY + MINUTE) == Written()
    assert Event.objects.filter(action="monitoring.day.written").count() == 1
    assert DayRun.objects.get().checked_at == EARLY + MINUTE


def test_a_closure_calls_sessions_off_and_its_removal_brings_them_back(world, placement):
    run(DAY, EARLY)
    closure = Closure.objects.create(organisation=world.ash_house, reason="Snow", starts_on=DAY, ends_on=DAY)

    assert run(DAY, EARLY + MINUTE) == Written(called_off=1, dropped=5)
    row = Session.objects.get()
    assert (row.state, row.cancelled_at, ReportDay.objects.count()) == ("cancelled", EARLY + MINUTE, 0)
    assert {one for _, one in dues()} == {EARLY + MINUTE}

    closure.delete()
    assert run(DAY, EARLY + 2 * MINUTE) == Written(set_right=1, asked_again=5)
    assert (Session.objects.get().cancelled_at, dues()) == (None, still())


@pytest.mark.parametrize(
    "happens",
    [
        lambda placement: Placement.objects.update(ended_on=DAY - dt.timedelta(days=1), state="ended"),
        lambda placement: Pause.objects.create(placement=placement, from_on=DAY, reason="Ill", written_at=NINE),
        lambda placement: placement.sessions.update(until_on=DAY - dt.timedelta(days=1)),
        lambda placement: placement.sessions.all().delete(),
    ],
)
def test_what_has_begun_keeps_its_history(placement, happens):
    run(DAY, EARLY)
    happens(placement)

    assert run(DAY, LUNCH) == Written()
    assert (Session.objects.get().state, dues()) == ("expected", still())

    assert run(DAY, EARLY) == Written(called_off=1, dropped=5)


def test_a_session_that_is_marked_stays(placement):
    run(DAY, EARLY)
    Session.objects.update(mark="absent", reason="ill", marked_at=EARLY)
    Placement.objects.update(state="cancelled")

    assert run(DAY, EARLY + MINUTE) == Written()


@pytest.mark.parametrize(("looked_at", "caught_up"), [(STARTS - MINUTE, False), (STARTS + MINUTE, True)])
def test_nobody_is_blamed_for_a_session_that_was_not_known_when_it_started(world, placement, looked_at, caught_up):
    closure = Closure.objects.create(organisation=world.ash_house, reason="Snow", starts_on=DAY, ends_on=DAY)
    run(DAY, looked_at)
    closure.delete()

    run(DAY, LUNCH)

    assert Session.objects.get().caught_up == caught_up


def test_a_session_cancelled_in_time_stays_cancelled_once_its_start_has_passed(world, placement):
    run(DAY, EARLY)
    closure = Closure.objects.create(organisation=world.ash_house, reason="Snow", starts_on=DAY, ends_on=DAY)
    run(DAY, EARLY + MINUTE)
    closure.delete()

    assert run(DAY, LUNCH) == Written()


def test_a_session_of_a_day_whose_first_pass_comes_late_is_no_surprise_to_anybody(placement):
    run(DAY, LUNCH)

    assert not Session.objects.get().caught_up


def test_a_week_that_changes_in_the_middle_of_the_day_is_followed(world, placement):
    run(DAY, EARLY)
    old = placement.sessions.get(weekday=0)
    old.until_on = DAY - dt.timedelta(days=1)
    old.save()
    new = placement.sessions.create(weekday=0, starts=old.starts, ends=dt.time(12), from_on=DAY)

    assert run(DAY, EARLY + MINUTE) == Written(set_right=1)
    row = Session.objects.get()
    assert (row.weekly, row.site, row.ends_at) == (new, None, NINE + dt.timedelta(hours=3))

    new.delete()
    placement.sessions.create(weekday=0, starts=dt.time(13), ends=dt.time(15), from_on=DAY)
    assert run(DAY, EARLY + 2 * MINUTE) == Written(sessions=1, called_off=1)


def test_an_agreement_signed_in_the_morning_is_reported_on_for_what_starts_after(placement):
    Contract.objects.update(state="signed", countersigned_at=None)
    run(DAY, EARLY)

    Contract.objects.update(state="in_force", countersigned_at=EARLY + MINUTE)
    assert run(DAY, EARLY + 2 * MINUTE) == Written(set_right=1, dues=5)


def test_a_kpi_that_is_removed_keeps_its_history_and_one_that_was_reported_stays(placement):
    run(DAY, EARLY)
    kpis = list(Kpi.objects.all())
    made_report(Contract.objects.get(), day=DAY)
    ReportDue.objects.filter(kpi=kpis[1]).update(report=None)
    Kpi.objects.filter(pk__in=[kpis[0].pk, kpis[1].pk]).update(from_on="2026-09-01", until_on="2026-10-04")

    assert run(DAY, LUNCH) == Written(dropped=1)
    assert dues() == [(1, None), (2, LUNCH), (3, None), (4, None), (5, None)]


def test_an_interval_is_counted_in_reporting_days_and_not_in_days(placement):
    contract = Contract.objects.get()
    contract.kpis.all().update(days=3)
    day = dt.date(2026, 9, 28)
    while day < dt.date(2026, 10, 31):
        run(day, dt.datetime.combine(day, dt.time(5), tzinfo=dt.UTC))
        day += dt.timedelta(days=1)

    taught = list(ReportDay.objects.order_by("day").values_list("day", flat=True))
    found = sorted(set(ReportDue.objects.values_list("day", flat=True)))
    assert len(taught) == 10
    assert found == [one for one in taught if rules.is_due(one, taught, every=3, from_on=contract.starts_on)]
    assert found == taught[::3]


def test_a_day_before_today_is_marked_as_caught_up(placement):
    run(DAY, NINE + dt.timedelta(days=1))

    assert Session.objects.get().caught_up
    assert set(ReportDue.objects.values_list("caught_up", flat=True)) == {True}
    assert DayRun.objects.get().caught_up


def test_only_the_portal_runs_a_day_and_none_that_is_to_come(world):
    with pytest.raises(Denied):
        actions.run_day(day=DAY, by=world.olu, at=NINE)
    with pytest.raises(Denied):
        actions.run_day(day=DAY, by=System("monitoring.other"), at=NINE)
    with pytest.raises(Refused, match="still to come"):
        run(DAY + dt.timedelta(days=1), NINE)


def test_steps_want_a_transaction():
    with pytest.raises(NoTransaction):
        sessions.keep_up_sessions(day=DAY, at=NINE, looked_at=NINE, caught_up=False)
