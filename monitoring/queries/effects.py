"""What has run out at providers on frameworks that run, in a fixed number of queries, and what was proposed for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.models import Organisation
from evaluation.models import Clarification
from lots.models import Evidence, Place, Suspension
from lots.states import FrameworkState, OnExpiry, PlaceState
from monitoring.models import Proposal
from monitoring.rules import effects as rules
from monitoring.rules.effects import RanOut
from providers.models import Insurance, SubmittedVersion
from providers.rules.evidence import months_later
from providers.states import InsuranceKind, ItemKind

# The insurances that everybody needs: the national standards ask every provider for both.
NEEDED = (InsuranceKind.PUBLIC, InsuranceKind.EMPLOYERS)
SHORTEST_MONTH = 28


def on_framework() -> QuerySet[Place]:
    """Active places on frameworks that run."""
    return Place.objects.filter(state=PlaceState.ACTIVE, framework__state=FrameworkState.RUNNING).order_by()


def ran_out(today: dt.date) -> list[RanOut]:
    """Everything that has run out by a day and of which a framework's standards say that it matters. Six queries,
    however many providers there are."""
    return rules.heaviest([*_documents(today), *_insurances(today)])


def _documents(today: dt.date) -> Iterator[RanOut]:
    """Documents by their newest version: those of the submission that stands, and those sent with an answer since."""
    submitted = SubmittedVersion.objects.filter(submission__application__standing=F("submission"))
    yield from _of(submitted, "submission__application__", "submission__application__", today)
    answered = Clarification.objects.filter(version__isnull=False)
    yield from _of(answered, "bid__evaluation__", "bid__", today)


def _of(rows: QuerySet, framework: str, provider: str, today: dt.date) -> Iterator[RanOut]:
    current = "version__item__current"
    there = on_framework().filter(framework=OuterRef(f"{framework}framework"), provider=OuterRef(f"{provider}provider"))
    policy = Insurance.objects.held().filter(item=OuterRef("version__item"), kind__in=NEEDED)
    rows = rows.filter(Exists(there), evidence__on_expiry__in=list(rules.EFFECTS))
    rows = rows.exclude(Exists(policy), version__item__kind=ItemKind.INSURANCE)
    ended = Q(**{f"{current}__expires_on__lt": today})
    for months in _months():
        latest = today - dt.timedelta(days=months * SHORTEST_MONTH)
        ended |= Q(**{f"{current}__expires_on": None, f"{current}__issued_on__lt": latest}, evidence__months=months)
    names = (f"{framework}framework", f"{provider}provider", "evidence__on_expiry", "evidence__title")
    days = (current, f"{current}__expires_on", f"{current}__issued_on", "evidence__months")
    for at, who, on_expiry, title, version, expires_on, issued_on, months in (
        rows.filter(ended).order_by("pk").values_list(*names, *days)
    ):
        last = expires_on or months_later(issued_on, months)
        if rules.has_run_out(last, today):
            effect = rules.EFFECTS[OnExpiry(on_expiry)]
            yield RanOut(at, who, effect, title[: rules.LONGEST_WHAT], last, version=version)


def _months() -> list[int]:
    """For how many months certificates count that bear no last day, of all that matter."""
    rows = Evidence.objects.filter(on_expiry__in=list(rules.EFFECTS), months__isnull=False)
    return sorted(set(rows.order_by().values_list("months", flat=True).distinct()))


def _insurances(today: dt.date) -> Iterator[RanOut]:
    """Of each insurance that everybody needs and a provider lists, the last one, where none of its kind is in force."""
    held = Insurance.objects.held().filter(kind__in=NEEDED)
    same = held.filter(provider=OuterRef("provider"), kind=OuterRef("kind")).order_by()
    later = same.filter(Q(ends_on__gt=OuterRef("ends_on")) | Q(ends_on=OuterRef("ends_on"), pk__gt=OuterRef("pk")))
    lapsed = held.filter(~Exists(later), ends_on__lt=today, provider__in=on_framework().values("provider"))
    rows = {}
    for one in lapsed.order_by("pk"):
        rows.setdefault(one.provider_id, []).append(one)
    if not rows:
        return
    asks = Evidence.objects.filter(
        standard__theme__version__framework=OuterRef("framework"), required=True, on_expiry=OnExpiry.SUSPEND
    )
    places = on_framework().filter(provider__in=list(rows)).annotate(asks=Exists(asks))
    for framework, provider, asked in places.values_list("framework", "provider", "asks").distinct():
        effect = rules.of_insurance(asked_for=asked)
        for one in rows[provider]:
            what = f"{one.get_kind_display()} insurance"
            yield RanOut(framework, provider, effect, what, one.ends_on, insurance=one.pk)


def standing() -> QuerySet[Proposal]:
    """Proposals of what is not renewed, of all buyers, answered or not."""
    return Proposal.objects.filter(lapsed_at=None)


def holding_at() -> QuerySet[Proposal]:
    """For a place of an outer query: what holds new pupils there."""
    return Proposal.objects.holding().filter(framework=OuterRef("framework"), provider=OuterRef("provider")).order_by()


def of_buyer(buyer: Organisation, *, user) -> QuerySet[Proposal]:
    """What ran out at the providers on a buyer's frameworks."""
    return Proposal.objects.visible_to(user).filter(framework__buyer=buyer)


def places_of(proposal: Proposal) -> list[Place]:
    """The provider's places on the framework that a suspension would reach, by lot."""
    rows = on_framework().filter(framework=proposal.framework_id, provider=proposal.provider_id)
    return list(rows.select_related("lot", "sub_lot").order_by("lot__position", "sub_lot__letter", "pk"))


def in_force(proposal: Proposal) -> int:
    """How many of the suspensions that a decision began still stand."""
    return proposal.suspensions.filter(pk__in=Suspension.objects.in_force().values("pk")).count()


def is_insurance(proposal: Proposal) -> bool:
    """Whether an insurance ran out, as a policy or as its certificate."""
    return proposal.insurance_id is not None or proposal.version.item.kind == ItemKind.INSURANCE
