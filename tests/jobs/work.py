"""Work that does what a test tells it: `plan["do"]` is called with the job and its progress."""

from __future__ import annotations

import os
import time

from django.db import connection

plan: dict = {}
KINDS = {
    "test": {"run": "tests.jobs.work.do", "result": "organisation"},
    "slow": {"run": "tests.jobs.work.slow", "result": "organisation"},
    "gone": {"run": "tests.jobs.work.no_such_work", "result": "no_such_page"},
}


def do(job, progress) -> str:
    """What the test has planned."""
    return plan["do"](job, progress)


def slow(job, progress) -> str:
    """Says which process it is and goes on for as long as the test wants; the second time it is quick."""
    for step in range(600):
        progress(step, 600, f"process {os.getpid()}")
        if job.attempts > 1 or job.about_id == step:
            break
        connection.close()
        time.sleep(0.1)
    return "All of it"
