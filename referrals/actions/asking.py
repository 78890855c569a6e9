"""Providers are asked whether they can take a pupil."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from core import access
from lots.rules.refusals import Refused
from lots.steps.places import places_locked
from referrals.models import Enquiry, Referral
from referrals.permissions import enquiries as permissions
from referrals.queries import enquiries as queries
from referrals.queries import sealed
from referrals.queries.referrals import need_of
from referrals.queries.sharing import terms_of
from referrals.rules.answering import last_moment
from referrals.states import ReferralState
from referrals.steps import enquiries as steps
from referrals.steps import enquiry_letters as letters
from referrals.steps import referrals as referring


@transaction.atomic(durable=True)
def ask_providers(*, referral: Referral, places: Collection[int], by: User, at: dt.datetime) -> list[Enquiry]:
    """Send an enquiry to the provider of each of these places (keys), with the anonymised need as it stands now, sealed
    in each. They can answer for as many working days as the commissioner gives (`Terms.answer_days`). Whole or not at
    all. Raises `Refused`, where a place is no longer offered or was asked already."""
    places_locked(places)
    referral = Referral.objects.locked(referral.pk)
    forget_roles(by)
    access.require(permissions.can_ask, by, referral)
    if not places:
        raise Refused("Select at least one provider", field="places")
    if referral.state not in {ReferralState.READY, ReferralState.ENQUIRING}:
        raise Refused("This referral is not ready to send. Check its answers first, or look at what became of it")
    found = list(queries.all_to_ask(referral, at=at).filter(pk__in=places))
    if len(found) != len(set(places)):
        raise Refused(
            "One of the providers that you chose can no longer be asked, so nobody was asked. Look at the list again",
            field="places",
        )
    need = need_of(referral)
    rows = _sent(referral, found, need, by, at)
    steps.record_each(rows, "sent", by=by, at=at)
    referring.move(referral=referral, to=ReferralState.ENQUIRING, at=at)
    letters.to_providers(letters.SENT, rows, at=at)
    return rows


def _sent(referral: Referral, places, need, by: User, at: dt.datetime) -> list[Enquiry]:
    lapses_at = last_moment(at, terms_of(referral.commissioner_id).answer_days)
    rows = [
        Enquiry(referral=referral, place=place, provider=place.provider, sent_at=at, sent_by=by, lapses_at=lapses_at)
        for place in places
    ]
    Enquiry.objects.bulk_create(rows)
    for row in rows:
        row.need = sealed.sealed_need(row, need)  # under its own key, which it has only now
    Enquiry.objects.bulk_update(rows, ["need"])
    return rows
