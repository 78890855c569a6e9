"""A day is counted while somebody else writes what is counted. Without the lock whoever comes second counts what was
there before; with it both are counted."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from contracts.models import Contract
from monitoring.models import Answer, BoardDay, ReportDue
from monitoring.states import DayState
from monitoring.steps import board
from tests.cast import make_world
from tests.monitoring.made import DAY, local, made_dues, made_report, watched
from tests.monitoring.reported import TOLD, file, filed
from tests.patience import found_by

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
WEDNESDAY = DAY + dt.timedelta(days=2)
AT = local(WEDNESDAY, 16)


@pytest.fixture
def contract(transactional_db):
    world = make_world()
    watched(world)
    contract = Contract.objects.get()
    contract.world = world
    for day in (DAY, WEDNESDAY):
        made_dues(contract, day=day)
    return contract


def asked_again_while_it_is_filed(contract) -> int:
    """A pass asks a measure again, and has not ended when the others are reported on."""
    last = ReportDue.objects.filter(day=DAY).order_by("pk").last()
    ReportDue.objects.filter(pk=last.pk).update(dropped_at=AT)
    what = filed(contract)

    def asks():
        with transaction.atomic():
            ReportDue.objects.filter(pk=last.pk).update(dropped_at=None)
            board.recount(day=DAY)
            time.sleep(1)

    def files():
        time.sleep(0.3)
        return file(contract.world, what, at=AT)

    found_by(asks, files)
    return BoardDay.objects.get(day=DAY).state


def told_while_a_later_day_is_filed(contract) -> bool:
    """Wednesday's report says that all is well, and is not yet there when Monday's is filed."""
    what = filed(contract, k1=TOLD)

    def mends():
        with transaction.atomic():
            made_report(contract, day=WEDNESDAY)
            time.sleep(1)

    def tells():
        time.sleep(0.3)
        return file(contract.world, what, at=AT)

    found_by(mends, tells)
    return Answer.objects.get(status="exception").open


def test_without_the_lock_a_day_is_counted_as_it_was(contract, monkeypatch):
    for name in ("_WRITE", "_HOLD"):  # what writes a row that is there waits for it too
        monkeypatch.setattr(board, name, "SELECT 1")

    assert asked_again_while_it_is_filed(contract) == DayState.LATE


def test_a_day_is_counted_as_both_left_it(contract):
    assert asked_again_while_it_is_filed(contract) == DayState.MISSING


def test_without_the_lock_what_is_mended_stays_open(contract, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)

    assert told_while_a_later_day_is_filed(contract)


def test_what_a_later_day_mends_is_closed(contract):
    assert not told_while_a_later_day_is_filed(contract)
