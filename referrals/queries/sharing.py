"""Reads about agreements to share data, and how a commissioner works."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from accounts.models import Organisation
from accounts.states import OrganisationKind
from lots.models import Place
from referrals.models import Disclosure, SharingAgreement, Terms


def in_force(
    commissioner: Organisation | int, provider: Organisation | int, day: dt.date, *, locked: bool = False
) -> SharingAgreement | None:
    """The agreement under which this commissioner may tell this provider who a pupil is, on a day in England; None
    where there is none, and then nobody is told. Of several, the one that lasts longest. `locked` holds it until the
    transaction ends: whoever gives identity asks so, after all other locks, because an agreement can be ended at the
    same moment."""
    rows = SharingAgreement.objects.in_force_on(day).filter(
        commissioner=getattr(commissioner, "pk", commissioner), provider=getattr(provider, "pk", provider)
    )
    if locked:
        rows = rows.select_for_update(of=("self",)).order_by("pk")
    return max(rows, key=lambda one: (one.ends_on or dt.date.max, one.pk), default=None)


def terms_of(commissioner: Organisation | int) -> Terms:
    """How a commissioner works: what it wrote down, or else the defaults, in a row that is not saved."""
    pk = getattr(commissioner, "pk", commissioner)
    return Terms.objects.filter(commissioner=pk).select_related("changed_by").first() or Terms(commissioner_id=pk)


def agreements_of(organisation: Organisation, *, user) -> QuerySet[SharingAgreement]:
    """An organisation's agreements, given or received."""
    rows = SharingAgreement.objects.visible_to(user)
    side = "provider" if organisation.kind == "provider" else "commissioner"
    return rows.filter(**{side: organisation}).defer("purposes", "end_reason")


def may_be_shared_with(*, number: str = "") -> QuerySet[Organisation]:
    """The providers that are on a framework now, by name: who is on one is public. One that is on none, with which a
    placement outside a framework is agreed, is found by whoever knows its register's number (`number`)."""
    there = Place.objects.standing().filter(active_from__isnull=False)
    numbered = Q(ukprn=number) | Q(companies_house=number) | Q(charity_number=number) | Q(urn=number)
    wanted = Q(pk__in=there.values("provider")) | (numbered if number else Q(pk__in=[]))
    rows = Organisation.objects.filter(wanted, kind=OrganisationKind.PROVIDER, is_open=True)
    return rows.order_by("name", "id")


def known_between(agreement: SharingAgreement) -> int:
    """On how many referrals the provider of an agreement knows a pupil of its commissioner at this moment, under
    whichever agreement between the two."""
    rows = Disclosure.objects.in_force().filter(referral__commissioner=agreement.commissioner_id)
    return rows.filter(provider=agreement.provider_id).count()


def another_in_force(agreement: SharingAgreement, day: dt.date) -> SharingAgreement | None:
    """Another agreement between the same two that is in force on a day."""
    rows = SharingAgreement.objects.in_force_on(day).exclude(pk=agreement.pk)
    return rows.filter(commissioner=agreement.commissioner_id, provider=agreement.provider_id).first()
