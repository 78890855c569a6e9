"""Celery: what the calendar does to places."""

from celery import shared_task

from core import access, clock
from lots.actions import places


@shared_task
def commence_places():
    """Make active the places whose time has come."""
    places.commence_places(by=access.System("lots.commence_places"), at=clock.now())
