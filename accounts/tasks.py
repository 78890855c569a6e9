"""Celery: housekeeping."""

from celery import shared_task


@shared_task
def tidy():
    """Remove what has run out."""
