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


@shared_task
def watch_documents():
    """Documents and insurances that ran out propose what follows, and places are held or let go by it."""
    running.watch_documents()


@shared_task
def remind_of_visits():
    """Visits that nobody held in time, and actions after visits: once a week each, to whoever is to act."""
    running.remind_of_visits()


@shared_task
def purge_registers():
    """Remove what registers say of pupils whose own record was removed."""
    running.purge_registers()
