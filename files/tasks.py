"""Celery: the scan, the drawing of pages, and the store's sweep. Each may come twice. `manage.py tick` calls them
without any broker."""

from celery import shared_task
from django.core.cache import cache

from core import clock
from files import running

SWEPT, NOT_AGAIN_FOR = "files.swept", 23 * 3600


@shared_task
def scan():
    """Scan what came in."""
    running.scan_all()


@shared_task
def draw_pages():
    """Draw the pages that somebody asked to look at."""
    running.draw_all()


@shared_task
def sweep_store():
    """Remove from the store what belongs to nothing: once a day, however often this is called, because the whole store
    is listed for it."""
    if cache.add(SWEPT, True, NOT_AGAIN_FOR):
        try:
            running.sweep_store(at=clock.now())
        except Exception:
            cache.delete(SWEPT)  # a store that was away is swept as soon as it is back
            raise
