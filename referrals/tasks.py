"""Celery: what the calendar brings to referrals. Each may come twice."""

from celery import shared_task
from django.core.cache import cache

from core import clock
from core.access import System
from referrals import running
from referrals.actions import lapsing, sharing
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
def lapse_enquiries():
    """End enquiries that were not answered in time."""
    lapsing.lapse(by=System(LAPSE), at=clock.now())


@shared_task
def remind_of_enquiries():
    """Remind providers of enquiries that end soon."""
    lapsing.remind(by=System(REMIND), at=clock.now())
