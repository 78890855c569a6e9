"""Whom a chosen provider may know, and what it reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Organisation
from referrals.models import Disclosure, Offer, Referral, ReferralFile, SharingAgreement
from referrals.queries import sealed
from referrals.queries.offers import choice_of, standing_offer
from referrals.rules.content import Content
from referrals.rules.private import Private


def under_agreement(rows: QuerySet[Disclosure], day: dt.date) -> QuerySet[Disclosure]:
    """Those not ended, while an agreement to share data between the two is in force on a day: the one that it was
    given under, or one that followed it."""
    standing = SharingAgreement.objects.in_force_on(day).filter(
        commissioner=OuterRef("referral__commissioner"), provider=OuterRef("provider")
    )
    return rows.in_force().filter(Exists(standing))


def known_to(provider: Organisation, *, user, today: dt.date) -> QuerySet[Disclosure]:
    """Whom a provider's people may know today."""
    rows = Disclosure.objects.visible_to(user).filter(provider=provider)
    return under_agreement(rows, today)


def is_known(disclosure: Disclosure, *, today: dt.date) -> bool:
    """Whether the right to know holds today: not ended, and its agreement in force."""
    return under_agreement(Disclosure.objects.filter(pk=disclosure.pk), today).exists()


def who_knows(referral: Referral, *, today: dt.date) -> Disclosure | None:
    """The right to know the pupil of a referral that holds today."""
    return under_agreement(referral.disclosures.select_related("provider"), today).first()


@dataclass(frozen=True)
class Known:
    """What the chosen provider reads of a pupil."""

    private: Private
    content: Content
    documents: list[ReferralFile]
    offer: Offer | None


def known(disclosure: Disclosure) -> Known:
    """What is sealed, opened, with the documents and the offer. The door has asked who reads it (`audit.reads`)."""
    referral = disclosure.referral
    choice = choice_of(referral)
    return Known(
        private=sealed.private_of(referral.pupil),
        content=sealed.content_of(referral),
        documents=list(referral.documents.filter(removed_at=None).select_related("file")),
        offer=standing_offer(choice.offer.enquiry) if choice else None,
    )


def document_of(disclosure: Disclosure, pk: int) -> ReferralFile | None:
    """A document of the referral that the provider may read."""
    rows = disclosure.referral.documents.filter(removed_at=None).select_related("file")
    return rows.filter(pk=pk).first()
