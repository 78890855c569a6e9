"""The clock: aware, in England's day, and moved only in the demo."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from core import clock


@time_machine.travel(dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC), tick=False)
def test_half_past_eleven_in_summer_utc_is_tomorrow_in_england():
    assert clock.today() == dt.date(2026, 7, 1)
    assert clock.now() == dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)


@time_machine.travel(dt.datetime(2026, 4, 20, 10, 58, tzinfo=dt.UTC), tick=False)
@pytest.mark.parametrize(
    ("demo", "offset", "hour"), [(True, "3600", 11), (True, "rubbish", 10), (True, "9" * 400, 10), (False, "3600", 10)]
)
def test_only_the_demo_reads_its_offset(settings, tmp_path, demo, offset, hour):
    settings.DEMO, settings.DEMO_CLOCK_FILE = demo, tmp_path / "clock"
    settings.DEMO_CLOCK_FILE.write_text(offset)

    assert clock.now().hour == hour


def test_without_the_file_the_demo_runs_on_time(settings, tmp_path):
    settings.DEMO, settings.DEMO_CLOCK_FILE = True, tmp_path / "none"

    assert abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


@pytest.mark.django_db
def test_the_databases_clock_agrees_with_ours_and_is_aware():
    assert abs(clock.database_now() - clock.now()) < dt.timedelta(seconds=5)


@pytest.mark.parametrize(
    ("typed", "ahead"),
    [
        (["35m"], dt.timedelta(minutes=35)),
        (["+2h", "1d"], dt.timedelta(hours=26)),
        (["1d", "now"], dt.timedelta(0)),
    ],
)
def test_the_demos_clock_is_moved_on(settings, tmp_path, capsys, typed, ahead):
    settings.DEMO, settings.DEMO_CLOCK_FILE = True, tmp_path / "clock"
    for one in typed:
        call_command("demo_clock", one)

    assert abs(clock.now() - timezone.now() - ahead) < dt.timedelta(seconds=5)
    assert "In the demo it is now" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("demo", "typed", "words"),
    [(False, "1d", "MODE=demo only"), (True, "soon", "35m, 2h or 1d"), (True, "99999d", "more than ten years")],
)
def test_the_demos_clock_stays_where_it_is(settings, tmp_path, demo, typed, words):
    settings.DEMO, settings.DEMO_CLOCK_FILE = demo, tmp_path / "clock"

    with pytest.raises(CommandError, match=words):
        call_command("demo_clock", typed)
    assert not settings.DEMO_CLOCK_FILE.exists()
