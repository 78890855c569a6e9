"""Letters about enquiries. They say what happened and where to read more: no pupil, no need, no price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from core.steps import step
from outbox import steps as outbox
from referrals.models import Disclosure, Enquiry
from referrals.models.own import ANSWERS, COMMISSIONS, TEACHES
from referrals.queries.people import people_of


@dataclass(frozen=True)
class Kind:
    """One kind of letter: what its key begins with, its subject, what it says, and the URL name that it leads to."""

    code: str
    subject: str
    says: str
    page: str = "enquiry"


SENT = Kind(
    "enquiry-sent",
    "You have an enquiry about a pupil",
    "{commissioner} asks whether {provider} can take a pupil. Answer by {last_day}.",
)
REMINDED = Kind(
    "enquiry-reminder",
    "An enquiry waits for your answer",
    "{commissioner} has asked {provider} about a pupil. You can answer until the end of {last_day}.",
)
LAPSED = Kind(
    "enquiry-lapsed",
    "The time to answer an enquiry has ended",
    "{provider} did not answer an enquiry of {commissioner} in time, so it has ended.",
)
WITHDRAWN = Kind(
    "enquiry-withdrawn",
    "An enquiry was taken back",
    "{commissioner} has taken back an enquiry to {provider}. You do not need to do anything.",
)
CHOSEN = Kind(
    "enquiry-chosen",
    "Your offer was chosen",
    "{commissioner} has chosen the offer of {provider}. Your staff can now read who the pupil is and what they need.",
)
NOT_CHOSEN = Kind(
    "enquiry-not-chosen",
    "Another provider was chosen",
    "{commissioner} has chosen another provider this time, so {provider} need do nothing more about this enquiry. "
    "Thank you for looking at it.",
)
OFFERED = Kind("offer-made", "A provider has made an offer", "{provider} has made an offer on a referral.", "offers")
DECLINED = Kind(
    "enquiry-declined",
    "A provider cannot take a pupil",
    "{provider} has declined an enquiry on a referral and said why.",
    "offers",
)
NO_ANSWER = Kind(
    "enquiry-no-answer",
    "A provider did not answer in time",
    "{provider} did not answer an enquiry on a referral in time.",
    "offers",
)


def _last_day(enquiry: Enquiry) -> str:
    """`18 September 2026`: the last day on which an enquiry can be answered, in England."""
    day = timezone.localdate(enquiry.lapses_at)
    return f"{day.day} {day:%B %Y}"


@step
def to_providers(kind: Kind, enquiries: Collection[Enquiry], *, at: dt.datetime) -> None:
    """One letter of this kind for each person of each provider who answers enquiries. A second call for the same
    enquiry at the same moment sends nothing."""
    people = people_of({one.provider_id for one in enquiries}, ANSWERS)
    written = [
        _letter(kind, one, to, one.provider_id, one.pk, at) for one in enquiries for to in people[one.provider_id]
    ]
    outbox.post_many(written, at=at)


@step
def to_commissioners(kind: Kind, enquiries: Collection[Enquiry], *, at: dt.datetime) -> None:
    """One letter for whoever asked or wrote the referral, while they still refer for the commissioner; where neither
    does any more, for everybody who does."""
    people = people_of({one.referral.commissioner_id for one in enquiries}, COMMISSIONS)
    written = []
    for one in enquiries:
        all_here = people[one.referral.commissioner_id]
        asked = {one.sent_by_id, one.referral.started_by_id}
        for to in [person for person in all_here if person[0] in asked] or all_here:
            written.append(_letter(kind, one, to, one.referral.commissioner_id, one.referral_id, at))
    outbox.post_many(written, at=at)


@step
def access_ended(disclosures: Collection[Disclosure], *, at: dt.datetime) -> None:
    """Tell the provider's people who met the pupil that they can no longer read about them."""
    people = people_of({one.provider_id for one in disclosures}, TEACHES)
    written = [
        outbox.Letter(
            key=f"disclosure-ended:{one.pk}:{pk}",
            to=address,
            subject="You can no longer read about a pupil",
            body=(
                "Your right to read about a pupil has ended. Destroy or return what you wrote down, as your agreement "
                "to share data says.\n\nSign in to see whom you can read about:\n"
                f"{settings.BASE_URL}{reverse('known_pupils', args=[one.provider_id])}\n"
            ),
            organisation=one.provider_id,
        )
        for one in disclosures
        for pk, address in people[one.provider_id]
    ]
    outbox.post_many(written, at=at)


def _letter(kind: Kind, one: Enquiry, to: tuple[int, str], organisation: int, about: int, at) -> outbox.Letter:
    pk, address = to
    words = {
        "commissioner": one.referral.commissioner.name,
        "provider": one.provider.name,
        "last_day": _last_day(one),
    }
    return outbox.Letter(
        key=f"{kind.code}:{one.pk}:{at.timestamp():.6f}:{pk}",
        to=address,
        subject=kind.subject,
        body=f"{kind.says.format(**words)}\n\nSign in to read more:\n{settings.BASE_URL}"
        f"{reverse(kind.page, args=[about])}\n",
        organisation=organisation,
    )
