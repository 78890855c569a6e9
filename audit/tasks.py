"""Celery: sealing."""

from celery import shared_task


@shared_task
def seal():
    """Seal what has not been sealed."""
