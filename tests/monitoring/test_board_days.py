"""What the board counts beforehand is what the rows say, whatever happens to them in whatever order."""

from __future__ import annotations

import datetime as dt

import pytest

from contracts.models import Kpi
from core.steps import NoTransaction
from monitoring.models import Answer, BoardDay, DailyReport
from monitoring.queries import board as queries
from monitoring.states import DayState
from monitoring.steps import board
from tests.monitoring.board import lines_by_rows, made_up_reports
from tests.monitoring.days import run
from tests.monitoring.made import DAY, NINE, local, made_dues, watched
from tests.monitoring.reported import TOLD, file, filed, quiet_day

EARLY = NINE - dt.timedelta(hours=3)
WEDNESDAY = DAY + dt.timedelta(days=2)


def stands() -> list[tuple]:
    """Each day's state and exceptions."""
    return list(BoardDay.objects.values_list("state", "exceptions"))


@pytest.mark.parametrize("seed", range(3))
def test_lines_are_what_the_rows_say(world, seed):
    made_up_reports(world, seed=seed)
    days = [DAY + dt.timedelta(days=n) for n in range(0, 20, 3)]

    for buyer in (world.larkshire, world.oak_trust):
        for first, last in [(DAY, DAY + dt.timedelta(days=n)) for n in (0, 7, 18)] + [(one, one) for one in days]:
            for today in (last, last + dt.timedelta(days=1), DAY + dt.timedelta(days=30)):
                found = queries.lines_of(buyer, first, last, today=today)
                assert set(found) == lines_by_rows(buyer, first, last, today=today)
    assert set(BoardDay.objects.values_list("state", flat=True)) == set(DayState.values)


def test_a_day_is_missing_until_it_is_filed_and_its_exceptions_are_those_of_the_newest_version(world):
    _, contract = quiet_day(world)
    assert stands() == [(DayState.MISSING, 0)]

    file(world, filed(contract, k1=TOLD, k2=TOLD))
    assert stands() == [(DayState.ON_TIME, 2)]
    assert Answer.objects.filter(open=True).count() == 2

    file(world, filed(contract, k1=TOLD, seen=1, quiet=True))
    assert stands() == [(DayState.ON_TIME, 1)]
    assert Answer.objects.get(open=True).report.version == 2


def test_a_day_is_late_and_a_later_day_mends_what_an_earlier_one_told_in_either_order(world):
    _, contract = quiet_day(world)
    made_dues(contract, day=WEDNESDAY)
    at = local(WEDNESDAY, 16)
    file(world, filed(contract), day=WEDNESDAY, at=at)
    file(world, filed(contract, k1=TOLD), day=DAY, at=at)

    assert stands() == [(DayState.LATE, 1), (DayState.ON_TIME, 0)]
    assert not Answer.objects.filter(open=True).exists()

    file(world, filed(contract, k1=TOLD, seen=1), day=WEDNESDAY, at=at)
    assert sorted(Answer.objects.filter(open=True).values_list("report__day", flat=True)) == [DAY, WEDNESDAY]


def test_what_is_dropped_and_asked_again_is_counted_anew(world):
    watched(world)
    run(DAY, EARLY)

    Kpi.objects.update(from_on="2026-09-01", until_on="2026-10-04")
    run(DAY, EARLY + dt.timedelta(minutes=1))
    assert stands() == [(DayState.NOTHING, 0)]
    assert queries.lines_of(world.larkshire, DAY, DAY, today=DAY) == []

    Kpi.objects.update(until_on=None)
    run(DAY, EARLY + dt.timedelta(minutes=2))
    assert stands() == [(DayState.MISSING, 0)]


def test_steps_want_a_transaction():
    with pytest.raises(NoTransaction):
        board.recount(day=DAY)
    with pytest.raises(NoTransaction):
        board.reopen(report=DailyReport())
