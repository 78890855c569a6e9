"""Letters about what happens to an agreed placement: what happened and where to read it. No pupil, no reason, no day,
no price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from accounts.states import Role
from core.steps import step
from outbox import steps as outbox
from referrals.models import Placement
from referrals.models.own import COMMISSIONS, HOLDS_BUDGET, TEACHES
from referrals.queries.people import people_of

LOOKS_AFTER = COMMISSIONS | {Role.SCHOOL_ATTENDANCE, Role.SCHOOL_DSL}
PAYS = COMMISSIONS | HOLDS_BUDGET | {Role.FINANCE}


@step
def tell(
    placement: Placement, *, what: str, key: str, funders: Iterable[int], subject: str, says: str, by, at: dt.datetime
) -> None:
    """Tell the provider, the commissioner, the home school and whoever pays, each person once and not the one who did
    it. A payer that is no party to the placement is led to its own start page: it never learns whose it is."""
    parties = {placement.provider_id: TEACHES, placement.commissioner_id: LOOKS_AFTER}
    if placement.home_school_id:
        parties[placement.home_school_id] = LOOKS_AFTER
    told = {getattr(by, "pk", None)}
    letters = []
    pages = [(one, roles, reverse("placement", args=[placement.pk])) for one, roles in parties.items()]
    pages += [(one, PAYS, reverse("home")) for one in sorted(set(funders) - set(parties))]
    for organisation, roles, page in pages:
        for pk, address in people_of([organisation], roles)[organisation]:
            if pk not in told:
                told.add(pk)
                letters.append(
                    outbox.Letter(
                        key=f"placement-{what}:{key}:{pk}",
                        to=address,
                        subject=subject,
                        body=f"{says}\n\nSign in to read more:\n{settings.BASE_URL}{page}\n",
                        organisation=organisation,
                    )
                )
    outbox.post_many(letters, at=at)


@step
def ask_outcome(placement: Placement, *, at: dt.datetime) -> None:
    """A placement is over, and nobody has written where the pupil goes."""
    link = f"{settings.BASE_URL}{reverse('end_placement', args=[placement.pk])}"
    people = people_of([placement.commissioner_id], COMMISSIONS)[placement.commissioner_id]
    letters = [
        outbox.Letter(
            key=f"placement-outcome:{placement.pk}:{pk}",
            to=address,
            subject="A placement has ended: write down what came of it",
            body=f"A placement at {placement.provider.name} has ended. Write down where the pupil goes and which "
            f"targets were met.\n\nSign in to do so:\n{link}\n",
            organisation=placement.commissioner_id,
        )
        for pk, address in people
    ]
    outbox.post_many(letters, at=at)
