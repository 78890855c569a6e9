"""Letters about agreements to share data. They name the two organisations and a day, nothing else."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.conf import settings
from django.urls import reverse

from accounts.models import Membership
from core.steps import step
from lots.queries.places import leads_of
from outbox import steps as outbox
from referrals.models import SharingAgreement
from referrals.models.own import COMMISSIONS
from referrals.permissions.sharing import WRITES_AGREEMENTS
from referrals.rules import sharing as rules


@step
def tell_added(*, agreement: SharingAgreement, at: dt.datetime) -> None:
    """The provider's leads learn that it was written down, so that they can say if it is wrong."""
    says = (
        f"{agreement.commissioner.name} has written down an agreement to share pupil data with "
        f"{agreement.provider.name}, from {_day(agreement.starts_on)}. Read it and tell them if something in it is "
        "wrong."
    )
    people = leads_of([agreement.provider_id])[agreement.provider_id]
    subject = "An agreement to share data was written down"
    letters = _letters("sharing-added", agreement, people, agreement.provider_id, subject, says)
    outbox.post_many(letters, at=at)


@step
def tell_ended(*, agreement: SharingAgreement, lost: int, at: dt.datetime) -> None:
    """Both sides learn that it was ended; the commissioner, on how many referrals the provider no longer knows the
    pupil."""
    says = (
        f"The agreement to share pupil data between {agreement.commissioner.name} and {agreement.provider.name} was "
        "ended."
    )
    subject = "An agreement to share data was ended"
    ours = says
    if lost:
        referrals = "1 referral" if lost == 1 else f"{lost:,} referrals"
        ours += (
            f"\n\nThe provider was chosen on {referrals}. From now on it cannot read who the pupil is. Choose another "
            "provider, or write down a new agreement and choose this one again."
        )
    commissioner, provider = agreement.commissioner_id, agreement.provider_id
    people = _writers([commissioner], WRITES_AGREEMENTS | (COMMISSIONS if lost else frozenset()))[commissioner]
    letters = _letters("sharing-ended", agreement, people, commissioner, subject, ours)
    letters += _letters("sharing-ended", agreement, leads_of([provider])[provider], provider, subject, says)
    outbox.post_many(letters, at=at)


@step
def tell_of_ends(*, today: dt.date, at: dt.datetime) -> int:
    """Tell both sides of every agreement that ends in 90, 60, 30, 7 or 0 days and that no other follows, each person
    once for each threshold. Returns how many letters were written."""
    ending = _ending(today)
    commissioners = _writers({one.commissioner_id for one in ending}, WRITES_AGREEMENTS)
    providers = leads_of({one.provider_id for one in ending})
    letters: list[outbox.Letter] = []
    for one in ending:
        days = rules.days_told(one.ends_on, today)
        subject, says = _says(one, today)
        key = f"sharing-ends:{one.ends_on:%Y%m%d}:{days}"
        for organisation, people in ((one.commissioner_id, commissioners), (one.provider_id, providers)):
            letters += _letters(key, one, people[organisation], organisation, subject, says)
    return len(outbox.post_many(letters, at=at))


def _ending(today: dt.date) -> list[SharingAgreement]:
    """Agreements that end about now and that no other follows without a gap."""
    first, last = today - dt.timedelta(days=rules.CAUGHT_UP), today + dt.timedelta(days=max(rules.TOLD))
    standing = SharingAgreement.objects.filter(ended_at=None)
    rows = standing.filter(ends_on__gte=first, ends_on__lte=last, commissioner__is_open=True, provider__is_open=True)
    rows = list(rows.select_related("commissioner", "provider").defer("purposes").order_by("pk"))
    others = standing.filter(commissioner__in={one.commissioner_id for one in rows})
    others = list(others.values_list("commissioner_id", "provider_id", "starts_on", "ends_on"))

    def followed(one: SharingAgreement) -> bool:
        pair, next_day = (one.commissioner_id, one.provider_id), one.ends_on + dt.timedelta(days=1)
        return any(
            (commissioner, provider) == pair and starts_on <= next_day and (ends_on is None or ends_on > one.ends_on)
            for commissioner, provider, starts_on, ends_on in others
        )

    return [one for one in rows if not followed(one)]


def _says(agreement: SharingAgreement, today: dt.date) -> tuple[str, str]:
    between = f"The agreement to share pupil data between {agreement.commissioner.name} and {agreement.provider.name}"
    after = "the provider can no longer read who any pupil is, and is told of no new one."
    if agreement.ends_on < today:
        return (
            "An agreement to share data has run out",
            f"{between} ran out on {_day(agreement.ends_on)}. Until a new one is written down, {after}",
        )
    return (
        "An agreement to share data ends",
        f"{between} ends on {_day(agreement.ends_on)}. After that day, unless a new one is written down, {after}",
    )


def _letters(key: str, agreement: SharingAgreement, people, organisation: int, subject: str, says: str):
    address = f"{settings.BASE_URL}{reverse('sharing_agreement', args=[agreement.pk])}"
    return [
        outbox.Letter(
            key=f"{key}:{agreement.pk}:{organisation}:{pk}",
            to=to,
            subject=subject,
            body=f"{says}\n\nSign in to read it:\n{address}\n",
            organisation=organisation,
        )
        for pk, to in people
    ]


def _writers(organisations: Iterable[int], roles: Collection) -> dict[int, list[tuple[int, str]]]:
    """(id, address) of who holds one of these roles in each, once a person."""
    held = Membership.objects.live().filter(organisation__in=set(organisations), role__in=roles)
    rows = held.order_by("user_id").values_list("organisation_id", "user_id", "user__email").distinct()
    found = defaultdict(list)
    for organisation, pk, address in rows:
        found[organisation].append((pk, address))
    return found


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
