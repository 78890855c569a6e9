"""Celery: what the calendar brings to referrals. Each may come twice."""

from celery import shared_task
from django.core.cache import cache

from core import clock
from core.access import System
from referrals import running
from referrals.actions import lapsing, sharing
from referrals.permissions import sharing as permissions
from referrals.permissions.enquiries import LAPSE, REMIND

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
def lapse_enquiries():
    """End enquiries that were not answered in time."""
    lapsing.lapse(by=System(LAPSE), at=clock.now())


@shared_task
def remind_of_enquiries():
    """Remind providers of enquiries that end soon."""
    lapsing.remind(by=System(REMIND), at=clock.now())
