"""Letters about a round: to everybody who follows it, to one bidder, to the buyer's officers.

Those to bidders tell by their receiver who takes an interest, so they are discreet, their bodies sealed until they are
sent, and their subjects say nothing. One letter for each person, however many providers they lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings

from accounts.models import Membership
from accounts.states import Role
from core.steps import step
from lots.models import Framework
from lots.permissions import BUYS
from outbox import steps as outbox
from providers.models import Application
from providers.steps.letters import discreetly


@step
def tell_followers(*, framework: Framework, key: str, says: str, path: str, at: dt.datetime) -> int:
    """One letter to every lead of every provider that follows this framework, has begun or submitted an application to
    it or has asked about it. `key` names the occasion, so that what is told twice is sent once. Returns how many."""
    providers = Application.objects.filter(framework=framework).values("provider")
    return discreetly(_leads(providers), key=key, body=_body(framework, says, path), at=at)


@step
def tell_bidder(*, application: Application, key: str, says: str, path: str, at: dt.datetime) -> int:
    """The same to the leads of one bidder alone."""
    body = _body(application.framework, says, path)
    return discreetly(_leads([application.provider_id]), key=key, body=body, at=at)


@step
def tell_officers(
    *,
    framework: Framework,
    key: str,
    subject: str,
    says: str,
    path: str,
    at: dt.datetime,
    roles: Iterable[Role] = tuple(BUYS),
    but: int | None = None,
) -> int:
    """One letter to everybody who holds one of these roles at the buyer, except the person `but`. It never says which
    bidder it is about."""
    held = Membership.objects.live().filter(organisation=framework.buyer_id, role__in=list(roles))
    people = held.exclude(user=but).values_list("user_id", "user__email").distinct()
    written = [
        outbox.Letter(
            key=f"{key}:{pk}",
            to=address,
            subject=subject,
            body=_body(framework, says, path),
            organisation=framework.buyer_id,
        )
        for pk, address in people
    ]
    return len(outbox.post_many(written, at=at))


def _leads(providers) -> list[tuple[int, str]]:
    held = Membership.objects.live().filter(organisation__in=providers, role=Role.PROVIDER_LEAD)
    return list(held.order_by("user_id").values_list("user_id", "user__email").distinct())


def _body(framework: Framework, says: str, path: str) -> str:
    return f"{says}\n\nFramework: {framework.title} ({framework.buyer.name})\n\nRead more:\n{settings.BASE_URL}{path}\n"
