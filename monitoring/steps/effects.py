"""Proposing what follows when documents run out, and holding new pupils by it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from core.steps import step
from lots.queries.places import leads_of
from lots.steps import suspensions as lots
from lots.steps.places import frameworks_locked
from monitoring.models import Proposal
from monitoring.models.own import MANAGES
from monitoring.queries import effects as queries
from outbox import steps as outbox
from referrals.queries.people import people_of

AT_ONCE = 500


@step
def propose(*, today: dt.date, at: dt.datetime) -> tuple[list[Proposal], int]:
    """One proposal for each thing that ran out by a day and each framework that minds, once, whoever else does the same
    at this moment; those of what was renewed lapse. Returns the new ones and how many lapsed."""
    found = {one.key: one for one in queries.ran_out(today)}
    known = {tuple(key): pk for pk, *key in _standing()}
    gone = {key: pk for key, pk in known.items() if key not in found}
    # As a decision holds them, the framework before the proposal: a new row asks for its framework when committed.
    frameworks_locked(framework for framework, *_ in {*gone, *found} - (known.keys() & found.keys()))
    Proposal.objects.bulk_create(
        [
            Proposal(
                framework_id=one.framework,
                provider_id=one.provider,
                effect=one.effect,
                version_id=one.version,
                insurance_id=one.insurance,
                what=one.what,
                ended_on=one.ended_on,
                proposed_at=at,
            )
            for key, one in found.items()
            if key not in known
        ],
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )
    lapsed = Proposal.objects.filter(pk__in=gone.values(), lapsed_at=None).update(lapsed_at=at)
    new = Proposal.objects.filter(proposed_at=at, answered="", lapsed_at=None).exclude(pk__in=known.values())
    return list(new.select_related("framework__buyer", "provider").order_by("pk")), lapsed


def _standing() -> Iterable[tuple]:
    return queries.standing().values_list("pk", "framework", "provider", "version", "insurance")


@step
def hold(*, at: dt.datetime, proposal: Proposal | None = None) -> tuple[int, int]:
    """No new pupils where a proposal holds them, and new pupils again everywhere else; with `proposal` only at the
    places that it is about. Returns how many places were held, and how many let go."""
    about = {} if proposal is None else {"framework": proposal.framework_id, "provider": proposal.provider_id}
    return lots.hold_new_pupils(held=queries.holding_at(), at=at, about=about)


@step
def tell(*, new: list[Proposal], at: dt.datetime) -> int:
    """One letter to each of a buyer's contract managers, and one to each lead of a provider, for all that is new. It
    says how many, and where to read which. Returns how many letters."""
    letters = [*_to_buyers(new), *_to_providers(new)]
    return len(outbox.post_many(letters, at=at))


def _to_buyers(new: list[Proposal]) -> Iterable[outbox.Letter]:
    counts = Counter(one.framework.buyer_id for one in new)
    last = {one.framework.buyer_id: one.pk for one in new}
    for buyer, people in people_of(counts, MANAGES).items():
        link = f"{settings.BASE_URL}{reverse('proposals', args=[buyer])}"
        many = counts[buyer]
        what = "A document of a provider has" if many == 1 else f"{many} documents of providers have"
        for pk, address in people:
            yield outbox.Letter(
                key=f"ran-out:{buyer}:{last[buyer]}:{pk}",
                to=address,
                subject="Documents of providers have run out",
                body=f"{what} run out that your framework’s standards ask for. No new pupils are placed there "
                f"meanwhile. Look at it and decide what happens.\n\nSign in to see which:\n{link}\n",
                organisation=buyer,
            )


def _to_providers(new: list[Proposal]) -> Iterable[outbox.Letter]:
    last: dict[int, Proposal] = {one.provider_id: one for one in new}
    buyers: dict[int, dict[str, None]] = {}
    for one in new:
        buyers.setdefault(one.provider_id, {})[one.framework.buyer.name] = None
    for provider, people in leads_of(last).items():
        link = f"{settings.BASE_URL}{reverse('library', args=[provider])}"
        for pk, address in people:
            yield outbox.Letter(
                key=f"ran-out-provider:{provider}:{last[provider].pk}:{pk}",
                to=address,
                subject="No new pupils until a document is renewed",
                body=f"A document or an insurance that a framework asks of you has run out. Until it is renewed no new "
                f"pupils are placed with you under it. The framework is that of: {', '.join(buyers[provider])}.\n\n"
                f"Sign in to add the new one:\n{link}\n",
                organisation=provider,
            )
