"""Celery: sweeping the outbox, and forgetting. Each may come twice. `manage.py tick` calls them without any broker."""

from celery import shared_task

from core import clock
from core.access import System
from outbox import actions, delivery
from outbox.states import Queue


@shared_task
def sweep_alarms():
    """Send the alarms that are due. It stops after 25 seconds: beat starts another every ten, so that while mail is
    slow three are under way, and one of the worker's four places stays free for whatever raises alarms."""
    delivery.sweep(Queue.ALARMS, seconds=25)


@shared_task
def sweep_mail():
    """Send the mail that is due."""
    delivery.sweep(Queue.MAIL)


@shared_task
def blank():
    """Blank what nobody needs to read any more."""
    actions.blank_old_messages(by=System("outbox.blank"), at=clock.now())
