"""Celery: sealing."""

from celery import shared_task

from audit import actions
from core import clock
from core.access import System

BATCHES = 40  # what one run does at most: 200,000 events


@shared_task
def seal():
    """Seal what has not been sealed, a batch at a time; a backlog too large for one run is left to the next."""
    sealed = 0
    for _ in range(BATCHES):
        batch = actions.seal(by=System("audit.seal"), at=clock.now())
        sealed += batch
        if batch < actions.BATCH:
            break
    return sealed
