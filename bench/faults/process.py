"""A process of the portal whose clock was moved: `python -m bench.faults.process worker|beat|naive-beat|ticks ...`.

`MOVED_SECONDS` in the environment says by how much. Beat asks every half second here instead of every ten or sixty, so
that what is killed is at work.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time

OURS = ("monitoring.tasks.remind_of_reports", "outbox.tasks.sweep_alarms", "outbox.tasks.sweep_mail")
NAIVE = ("bench.faults.naive.remind",)
OFTEN = 0.5  # seconds


def main() -> None:
    """Set the portal up, move its clock, and be what was asked for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apframework.settings")
    import django

    django.setup()
    what, *more = sys.argv[1:]
    move(float(os.environ["MOVED_SECONDS"]))
    {"worker": worker, "beat": beat, "naive-beat": beat_naively, "ticks": ticks}[what](*more)


def move(seconds: float) -> None:
    """From now on the portal's clock is so far away from this computer's."""
    from core import clock

    clock._offset = lambda: dt.timedelta(seconds=seconds)


def worker(queues: str, name: str) -> None:
    """A worker as it is run, which also knows the naive way."""
    from apframework.celery import app
    from bench.faults import naive  # noqa: F401

    options = ["-Q", queues, "-c", "1", "-n", name, "--without-gossip", "--without-mingle", "--loglevel", "CRITICAL"]
    app.worker_main(["--quiet", "worker", *options])


def beat(schedule: str, tasks: tuple[str, ...] = OURS) -> None:
    """Beat as it is run, more often."""
    from apframework.celery import app

    app.conf.beat_schedule = {name: {"task": name, "schedule": OFTEN, "options": {"expires": 5}} for name in tasks}
    app.conf.beat_max_loop_interval = OFTEN
    app.start(["--quiet", "beat", "--schedule", schedule, "--pidfile", "", "--loglevel", "CRITICAL"])


def beat_naively(schedule: str) -> None:
    """Beat that starts the task which sends by itself."""
    beat(schedule, NAIVE)


def ticks(*minutes: str) -> None:
    """`manage.py tick` at so many minutes after the moved clock's moment, each begun on its minute."""
    from django.core.management import call_command

    moved, began = float(os.environ["MOVED_SECONDS"]), time.monotonic()
    for minute in minutes:
        move(moved + 60 * float(minute) - (time.monotonic() - began))
        call_command("tick")


if __name__ == "__main__":
    main()
