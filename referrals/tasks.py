"""Celery: what the calendar brings to referrals. Each may come twice."""

from celery import shared_task
from django.core.cache import cache

from core import clock
from core.access import System
from referrals import running
from referrals.actions import assurance, events, lapsing, reviewing, sharing, threshold
from referrals.permissions import assurance as starting
from referrals.permissions import events as watching
from referrals.permissions import reviews
from referrals.permissions import sharing as permissions
from referrals.permissions.enquiries import LAPSE, REMIND

HOUR = 3600


def _not_again_for(seconds: int, name: str, act) -> None:
    """Do it, unless it was done so little ago: `manage.py tick` comes by every minute. What failed is tried again."""
    if not cache.add(name, True, seconds):
        return
    try:
        act()
    except Exception:
        cache.delete(name)
        raise


@shared_task
def tell_of_sharing():
    """Tell both sides of agreements to share data that end, once an hour."""
    by = System(permissions.WATCH)
    _not_again_for(
        HOUR - 60, "referrals.told", lambda: sharing.tell_of_sharing(by=by, at=clock.now(), today=clock.today())
    )


@shared_task
def purge():
    """Remove what is known of pupils who are 25, once a day."""
    _not_again_for(23 * HOUR, "referrals.purged", running.purge_all)


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


@shared_task
def lapse_enquiries():
    """End enquiries that were not answered in time."""
    lapsing.lapse(by=System(LAPSE), at=clock.now())


@shared_task
def remind_of_enquiries():
    """Remind providers of enquiries that end soon."""
    lapsing.remind(by=System(REMIND), at=clock.now())
