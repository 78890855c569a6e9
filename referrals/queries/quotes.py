"""Quotes for the catch-all lot: which places can quote, and what was written down. Nothing here names a pupil."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Organisation
from lots.models import Place
from lots.queries.call_off import all_usable_by
from lots.states import PlaceState
from referrals.models import Quote, Referral


def places_for(commissioner: Organisation) -> QuerySet[Place]:
    """The active places on catch-all lots of frameworks that the commissioner may use."""
    rows = Place.objects.filter(framework__in=all_usable_by(commissioner), lot__is_auto=True)
    rows = rows.filter(state=PlaceState.ACTIVE, held_at=None)
    return rows.select_related("provider", "lot", "framework").order_by("provider__name", "id")


def of_referral(referral: Referral, *, user) -> list[Quote]:
    """What was quoted for a referral, the newest first."""
    return list(Quote.objects.visible_to(user).filter(referral=referral).order_by("-pk"))
