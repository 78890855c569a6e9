"""Celery: what the clock brings to monitoring. Each may come twice."""

from celery import shared_task

from core import clock
from core.access import System
from monitoring import running
from monitoring.actions import concerns
from monitoring.permissions import concerns as watching


@shared_task
def sound_alarms():
    """Breaches of the 30 minutes, whoever is to be told now, and reminders of registers."""
    running.sound_alarms()


@shared_task
def run_days():
    """Write down today's sessions and what is to be reported, and catch up days that were missed."""
    running.run_days(clock.now(), clock.today())


@shared_task
def remind_of_reports():
    """Send the reminders of daily reports that are due and were not sent."""
    running.remind(clock.now())


@shared_task
def escalate_concerns():
    """Write to the councils’ officers about concerns that nobody has received in time."""
    concerns.escalate_concerns(by=System(watching.ESCALATE), at=clock.now(), today=clock.today())


@shared_task
def remove_detail():
    """Empty the concerns that were handed over 28 days ago."""
    concerns.remove_detail(by=System(watching.REMOVE), at=clock.now())
