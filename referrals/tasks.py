"""Celery: what the calendar brings to referrals. Each may come twice."""

from celery import shared_task
from django.core.cache import cache

from core import clock
from core.access import System
from referrals import running
from referrals.actions import assurance, events, reviewing, sharing, threshold
from referrals.permissions import assurance as starting
from referrals.permissions import events as watching
from referrals.permissions import reviews
from referrals.permissions import sharing as permissions

PURGED, NOT_AGAIN_FOR = "referrals.purged", 23 * 3600


@shared_task
def tell_of_sharing():
    """Tell both sides of agreements to share data that end."""
    sharing.tell_of_sharing(by=System(permissions.WATCH), at=clock.now(), today=clock.today())


@shared_task
def purge():
    """Remove what is known of pupils who are 25: once a day, however often this is called."""
    if cache.add(PURGED, True, NOT_AGAIN_FOR):
        try:
            running.purge_all()
        except Exception:
            cache.delete(PURGED)
            raise


@shared_task
def remind_of_assurance():
    """Write to whoever signed for an emergency start, then to the leads, while something put off is late."""
    assurance.remind_of_assurance(by=System(starting.REMIND), at=clock.now(), today=clock.today())


@shared_task
def keep_up_placements():
    """Pauses that begin or are over, last days that have passed, providers that have read for long enough."""
    running.keep_up_placements()


@shared_task
def watch_providers():
    """Suspensions ask for decisions about placed pupils, and commissioners are told what has changed at providers."""
    running.watch_providers()


@shared_task
def remind_of_decisions():
    """Write to whoever decides, and to contract managers, while decisions about placed pupils are late."""
    events.remind_of_decisions(by=System(watching.WATCH), at=clock.now(), today=clock.today())


@shared_task
def remind_of_reviews():
    """Plan reviews that are missing, and write to the leads about those that are near or late."""
    reviewing.remind_of_reviews(by=System(reviews.REMIND), at=clock.now(), today=clock.today())


@shared_task
def judge_threshold():
    """Hold every provider against the threshold of an unregistered school."""
    threshold.judge_threshold(by=System(reviews.JUDGE), at=clock.now(), today=clock.today())
