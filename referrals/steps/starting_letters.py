"""Letters about what is put in place before a pupil starts, and about the start: what happened and where to read it. No
pupil, no need."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.urls import reverse

from core.steps import step
from outbox import steps as outbox
from referrals.models import Assurance, Placement
from referrals.models.own import COMMISSIONS, TEACHES
from referrals.permissions.assurance import LEADS
from referrals.queries.people import people_of


@step
def written(row: Assurance, *, at: dt.datetime) -> None:
    """The provider has written an item, which waits for the commissioner."""
    placement = row.placement
    _post(
        f"assurance-written:{row.pk}",
        placement,
        {placement.commissioner_id: COMMISSIONS},
        subject="A provider has confirmed something before a pupil starts",
        says=f"{placement.provider.name} has written down something that has to be in place before a pupil of "
        f"{placement.commissioner.name} starts. You decide whether it is.",
        at=at,
    )


@step
def started(placement: Placement, *, emergency: bool, at: dt.datetime) -> None:
    """The provider and the home school are told that the pupil can start; of an emergency start the commissioner's
    leads too, because they answer for what is put off."""
    day = f"{placement.starts_on.day} {placement.starts_on:%B %Y}"
    roles = {placement.provider_id: TEACHES}
    if placement.home_school_id:
        roles[placement.home_school_id] = COMMISSIONS
    if emergency:
        roles[placement.commissioner_id] = LEADS
    early = " It is an emergency start: not everything is in place yet, and the rest follows." if emergency else ""
    _post(
        f"placement-started:{placement.pk}",
        placement,
        roles,
        subject="A pupil can start",
        says=f"The pupil of a placement at {placement.provider.name} can start. Sessions run from {day} on.{early}",
        at=at,
    )


def _post(key: str, placement: Placement, roles: dict, *, subject: str, says: str, at: dt.datetime) -> None:
    link = f"{settings.BASE_URL}{reverse('before_start', args=[placement.pk])}"
    letters = [
        outbox.Letter(
            key=f"{key}:{organisation}:{pk}",
            to=address,
            subject=subject,
            body=f"{says}\n\nSign in to read more:\n{link}\n",
            organisation=organisation,
        )
        for organisation, held in roles.items()
        for pk, address in people_of([organisation], held)[organisation]
    ]
    outbox.post_many(letters, at=at)
