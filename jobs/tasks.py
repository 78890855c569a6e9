"""Celery: doing long work, and watching over the portal itself. A message only says that there is some; each may come
twice, late or never."""

from __future__ import annotations

import http.client
import logging
import subprocess  # nosec B404 - to start our own command
import sys
import urllib.error
import urllib.request

from celery import shared_task
from django.conf import settings

from core import clock
from core.access import System
from jobs import actions, queries, rules, running
from jobs.states import Sign

log = logging.getLogger("portal.jobs")
WATCH = System("jobs.watch")
WATCH_SECONDS = 5  # how long the pages are waited for
# Somebody waits for the page: a broker that does not answer within a second is left to beat.
IMPATIENT = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
}


@shared_task
def sweep():
    """Do the jobs that wait, and those that a worker left behind."""
    running.sweep()


def start_soon() -> None:
    """Tell the workers now that there is a job, instead of at beat's next round. Called by a view once its action is
    through; without a broker nothing is lost."""
    try:
        with sweep.app.connection_for_write(connect_timeout=1) as connection:
            connection.transport_options = connection.transport_options | IMPATIENT
            sweep.apply_async(connection=connection, expires=10, retry=False)
    except Exception as error:
        # Whatever stands between us and the broker raises errors of its own. Beat asks again within seconds.
        log.warning("workers not told", extra={"why": type(error).__name__})


def start_where_no_worker_does() -> None:
    """What the tick does for jobs: where one has been left for two minutes and no worker is at any, start a process of
    its own that does them, and do not wait for it: alarms and mail come first, every minute."""
    if queries.all_left_behind(at=clock.now()):
        log.warning("no worker takes up jobs")
        command = [sys.executable, "manage.py", "run_jobs"]
        subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)  # nosec B603 - no part is from outside


@shared_task
def watch():
    """Give the portal's sign of life, and ask whether its pages answer. What the demo shows is switched on and off as
    people like, which is no outage."""
    if settings.DEMO:
        return
    actions.note_sign(what=Sign.PORTAL, well=True, by=WATCH)
    if settings.WATCH_URL:
        actions.note_sign(what=Sign.WEB, well=_pages_answer(settings.WATCH_URL), by=WATCH)


def _pages_answer(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=WATCH_SECONDS) as answer:  # nosec B310 - the portal's own address
            return rules.pages_answer(answer.read(100_000))
    except urllib.error.HTTPError as red:
        with red:
            return rules.pages_answer(red.read(100_000))
    except (OSError, http.client.HTTPException, ValueError) as error:
        log.warning("pages do not answer", extra={"why": type(error).__name__})
        return False
