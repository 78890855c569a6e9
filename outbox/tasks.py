"""Celery: sweeping the outbox."""

from celery import shared_task


@shared_task
def sweep_alarms():
    """Send the alarms that are due."""


@shared_task
def sweep_mail():
    """Send the mail that is due."""
