"""Celery: what the calendar brings to agreements. It may come twice."""

from celery import shared_task

from contracts import permissions
from contracts.actions import signing as actions
from core import access, clock


@shared_task
def settle_agreements():
    """Withdraw or end agreements of which no place is left."""
    actions.settle_agreements(by=access.System(permissions.SETTLES), at=clock.now())
