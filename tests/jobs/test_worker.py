"""A worker as it is run, killed in the middle of a job, and asked to stop in the middle of one."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.utils import timezone

from jobs import tasks
from jobs.models import Job
from jobs.states import State
from tests.jobs import make_job
from tests.outbox.conftest import free_port, silent_server
from tests.outbox.test_faults import environment_of_this_test

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
import sys
import django
django.setup()
from django.conf import settings
from tests.jobs import work
settings.JOBS = work.KINDS
from apframework.celery import app
app.worker_main(["--quiet", "worker", "-Q", "jobs", "-c", "1", "--without-gossip", "--without-mingle",
                 "--loglevel", "ERROR", "-n", sys.argv[1]])
"""


@contextlib.contextmanager
def worker():
    """A worker of the queue `jobs` on this test's database, with the kinds of work that these tests know."""
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER, f"test{os.getpid()}@portal"],
        cwd=settings.BASE_DIR,
        env=environment_of_this_test(0),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def wait_for(job, *states, seconds=40) -> Job:
    """Ask the workers to look until the job is in one of these states, with a word of who does it where it runs."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job.refresh_from_db()
        if job.state in states and (job.state != State.RUNNING or "process" in job.progress):
            return job
        tasks.start_soon()
        time.sleep(0.2)
    raise AssertionError(f"{job.state} after {seconds} seconds")


def test_a_worker_that_is_killed_leaves_a_job_that_is_taken_over(world):
    job = make_job(world, kind="slow")
    with worker():
        wait_for(job, State.RUNNING)
        killed = int(re.search(r"\d+", job.progress).group())
        os.kill(killed, signal.SIGKILL)
        time.sleep(0.5)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (State.RUNNING, 1)

        Job.objects.update(try_at=timezone.now())  # its minute is over
        wait_for(job, State.DONE)

    assert (job.attempts, job.result) == (2, "All of it")
    assert int(re.search(r"\d+", job.progress).group()) != killed


def test_a_worker_that_is_asked_to_stop_ends_what_it_is_at(world):
    job = make_job(world, kind="slow", about_id=20)
    with worker() as process:
        wait_for(job, State.RUNNING)
        os.kill(process.pid, signal.SIGTERM)
        process.wait(30)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.DONE, 1)


TELL = """
import time
import django
django.setup()
from jobs import tasks
began = time.monotonic()
tasks.start_soon()
print(time.monotonic() - began)
"""


def tell_the_workers(port: int) -> float:
    """How long a page waits to tell the workers, with a broker at this port, in seconds."""
    env = environment_of_this_test(0) | {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}
    told = subprocess.run(
        [sys.executable, "-c", TELL], cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=60
    )
    assert "workers not told" in told.stderr
    return float(told.stdout)


def test_nobody_waits_long_for_a_broker_that_is_away_or_says_nothing(db):
    with silent_server() as silent:
        waits = [tell_the_workers(free_port()), tell_the_workers(silent)]

    assert max(waits) < 5
