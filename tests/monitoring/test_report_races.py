"""Two people file the first version of a day's report at the same moment. Without the lock on what is due both write
version 1, and one gets the database's error in place of a sentence; with it the second is told."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from audit.models import Event
from monitoring.models import DailyReport, ReportDue
from monitoring.models.reports import ReportDueQuerySet
from monitoring.rules import reporting as rules
from monitoring.rules.reporting import Meanwhile, Said
from tests.cast import make_world
from tests.monitoring.reported import TOLD, file, filed, quiet_day
from tests.patience import be_patient, found_by

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS, CLIENTS = 5, 8


@pytest.fixture
def world(transactional_db):
    return make_world()


def both(world) -> list:
    """Alice and Bob file what each thinks of the first KPI."""
    _, contract = quiet_day(world)
    hers, his = filed(contract, k1=TOLD), filed(contract, k1=Said("well", "A calm day"))
    return found_by(lambda: file(world, hers), lambda: file(world, his, by=world.bob))


def test_without_the_lock_both_write_the_first_version(world, monkeypatch, meet):
    monkeypatch.setattr(ReportDueQuerySet, "all_locked", lambda self: self.order_by("pk"))
    be_patient(monkeypatch)
    meet(rules, "check_said")

    found = both(world)

    assert {type(one) for one in found} == {DailyReport, IntegrityError}


@pytest.mark.parametrize("go", range(ROUNDS))
def test_the_second_is_told(world, meet, go):
    meet(rules, "check_said")

    found = both(world)

    assert {type(one) for one in found} == {DailyReport, Meanwhile}
    report = DailyReport.objects.get()
    assert (report.version, report.answers.count()) == (1, 5)
    assert set(ReportDue.objects.values_list("report", flat=True)) == {report.pk}
    assert Event.objects.filter(action="monitoring.report.filed").count() == 1


@pytest.mark.parametrize("go", range(ROUNDS))
def test_eight_clicks_of_one_person_file_once(world, go):
    _, contract = quiet_day(world)
    what = filed(contract, k1=TOLD)

    found = found_by(*[lambda: file(world, what)] * CLIENTS)

    assert {type(one) for one in found} == {DailyReport}
    assert len({one.pk for one in found}) == DailyReport.objects.count() == 1
