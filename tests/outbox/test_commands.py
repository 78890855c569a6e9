"""`manage.py tick` and `manage.py sweep`: everything that beat would start, without any broker."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from outbox import tasks
from outbox.management.commands import tick

pytestmark = pytest.mark.django_db(transaction=True)
ran = []


def works():
    """A step of a tick."""
    ran.append("works")


def fails():
    """A step that breaks."""
    raise ZeroDivisionError("alice@alice.example")


def test_tick_does_everything_once_and_twice_is_harmless(write, tmp_path):
    write()

    call_command("tick", heartbeat=tmp_path / "there" / "tick")
    call_command("tick")

    assert len(mail.outbox) == 1
    assert (tmp_path / "there" / "tick").exists()


def test_what_fails_does_not_keep_the_rest_from_running_and_leaves_no_sign_of_life(settings, tmp_path):
    ran.clear()
    settings.TICK = [f"{__name__}.fails", f"{__name__}.works", "no.such.thing"]

    with pytest.raises(CommandError, match=r"test_commands\.fails, no\.such\.thing"):
        call_command("tick", heartbeat=tmp_path / "tick")

    assert ran == ["works"]
    assert not (tmp_path / "tick").exists()


def test_tick_goes_on_every_minute(settings, monkeypatch):
    ran.clear()
    waits = []

    def sleep(seconds):
        waits.append(round(seconds))
        if len(waits) == 3:
            raise KeyboardInterrupt

    settings.TICK = [f"{__name__}.works"]
    monkeypatch.setattr(tick.time, "sleep", sleep)

    with pytest.raises(KeyboardInterrupt):
        call_command("tick", every=60)

    assert (ran, waits) == (["works"] * 3, [60] * 3)


def test_a_sweep_says_what_it_did(write, capsys):
    write()

    call_command("sweep", "mail")
    call_command("sweep", "mail")

    assert capsys.readouterr().out == "sent: 1\nNothing to do\n"


def test_the_tasks_of_beat_are_the_steps_of_tick(write, settings):
    write()
    tasks.sweep_alarms()
    tasks.sweep_mail()
    tasks.blank()

    assert len(mail.outbox) == 1
    beat = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    of_its_own = {"jobs.tasks.sweep": "jobs.tasks.start_where_no_worker_does"}  # ADR 13
    assert {of_its_own.get(task, task) for task in beat} == set(settings.TICK)
