"""Celery: what the calendar brings to providers. Each may come twice."""

from celery import shared_task

from core import access, clock
from providers.actions import expiry, rounds, seats
from providers.actions import profiles as profile_actions
from providers.permissions import profiles
from providers.permissions import seats as seat_permissions
from providers.queries.rounds import all_withdrawals_not_told


@shared_task
def tell_of_expiry():
    """Tell providers of documents and insurances that run out."""
    expiry.tell_of_expiry(by=access.System(profiles.EXPIRY), at=clock.now(), today=clock.today())


@shared_task
def tell_of_withdrawals():
    """Tell followers of frameworks that were withdrawn."""
    by = access.System("providers.tell_of_withdrawals")
    for framework in all_withdrawals_not_told():
        rounds.tell_of_withdrawal(framework=framework, by=by, at=clock.now())


@shared_task
def remind_of_free_places():
    """Remind providers to confirm their free places."""
    seats.remind_of_seats(by=access.System(seat_permissions.REMINDERS), at=clock.now())


@shared_task
def place_sites():
    """Follow the list of postcodes."""
    profile_actions.place_sites(by=access.System(profiles.PLACING), at=clock.now())
