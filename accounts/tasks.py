"""Celery: housekeeping."""

from celery import shared_task

from accounts.actions import look_alikes, sign_in
from core import access, clock


@shared_task
def tidy():
    """Remove kept answers and sessions that have run out, and accounts that nobody confirmed; compare new providers."""
    by, at = access.System("accounts.tidy"), clock.now()
    sign_in.tidy(by=by, at=at)
    sign_in.close_never_confirmed(by=by, at=at)
    look_alikes.compare_new_providers(by=by, at=at)
