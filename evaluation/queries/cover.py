"""Which bidders' insurances have run out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Max, Q

from evaluation.models import Evaluation
from files.states import FileState
from lots.models import Evidence
from lots.states import OnExpiry
from providers.models import Insurance, SubmittedVersion
from providers.states import InsuranceKind, ItemKind

# Which of the insurances that a provider lists hold up an award where the framework asks for insurance at all: what the
# national standards ask of everybody. One that is nobody's condition, as for a minibus that was sold, does not.
ASKED_FOR = (InsuranceKind.PUBLIC, InsuranceKind.EMPLOYERS)


def all_lapsed(evaluation: Evaluation, *, today: dt.date) -> dict[int, tuple[str, ...]]:
    """The insurances of each bid that have run out by today, in words, by the bid's key; of all bids alike, for working
    out an award. An insurance has run out when a certificate that was submitted has, and neither a newer version of the
    document nor a policy on the provider's profile takes its place; or, where the framework asks for a certificate
    without which a place is suspended, when the provider lists such an insurance and none of its kind is in force."""
    found: dict[int, dict[str, dt.date]] = defaultdict(dict)
    for bid, title, ended in [*_certificates(evaluation, today), *_policies(evaluation, today)]:
        found[bid][title] = ended
    return {
        bid: tuple(f"{title}, until {ended.day} {ended:%B %Y}" for title, ended in sorted(named.items()))
        for bid, named in found.items()
    }


def _certificates(evaluation: Evaluation, today: dt.date) -> list[tuple[int, str, dt.date]]:
    rows = SubmittedVersion.objects.filter(
        submission__bid__evaluation=evaluation,
        version__item__kind=ItemKind.INSURANCE,
        version__expires_on__lt=today,
    )
    renewed = Q(version__item__removed_at=None) & (
        Q(version__item__current__expires_on=None) | Q(version__item__current__expires_on__gte=today)
    )
    rows = rows.exclude(renewed & ~Q(version__item__current__file__state=FileState.INFECTED))
    names = ["submission__bid", "version__item", "version__item__title", "version__expires_on"]
    ended = list(rows.order_by().values_list(*names).distinct()) if rows else []
    covered = _covered({item for _, item, _, _ in ended}, today)
    return [(bid, title, until) for bid, item, title, until in ended if item not in covered]


def _covered(items: set[int], today: dt.date) -> set[int]:
    """The documents in whose place a policy is in force: one that names the document, or another of the same provider
    and kind as one that names or named it."""
    if not items:
        return set()
    naming = list(Insurance.objects.filter(item__in=items).values_list("item", "provider", "kind"))
    force = Insurance.objects.held().filter(ends_on__gte=today, provider__in={provider for _, provider, _ in naming})
    kinds = set(force.values_list("provider", "kind"))
    return {item for item, provider, kind in naming if (provider, kind) in kinds}


def _policies(evaluation: Evaluation, today: dt.date) -> list[tuple[int, str, dt.date]]:
    if not _asks_for_insurance(evaluation):
        return []
    bids = dict(evaluation.bids.order_by().values_list("provider", "pk"))
    firms = evaluation.bids.order_by().values("provider")
    rows = Insurance.objects.held().filter(kind__in=ASKED_FOR, provider__in=firms)
    last = rows.order_by().values("provider", "kind").annotate(last=Max("ends_on")).filter(last__lt=today)
    return [
        (bids[provider], InsuranceKind(kind).label, until)
        for provider, kind, until in last.values_list("provider", "kind", "last")
    ]


def _asks_for_insurance(evaluation: Evaluation) -> bool:
    asked = Evidence.objects.filter(standard__theme__version__framework=evaluation.framework_id)
    return asked.filter(required=True, on_expiry=OnExpiry.SUSPEND).exists()
