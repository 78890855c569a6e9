"""Celery: what the calendar brings to evaluations. Each may come twice."""

from celery import shared_task

from core import access, clock
from evaluation.actions import clarifying
from evaluation.permissions.clarifying import DRAW, TELL


@shared_task
def tell_of_questions():
    """Remind bidders of questions whose time ends, and tell whoever asked of those that were not answered."""
    clarifying.tell_of_questions(by=access.System(TELL), at=clock.now())


@shared_task
def want_pages():
    """Have the pages of what was submitted drawn, where quality is judged."""
    clarifying.want_pages(by=access.System(DRAW), at=clock.now())
