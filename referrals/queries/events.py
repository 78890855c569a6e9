"""Reads of providers' changes and of the decisions that a suspension asks: whom they concern, what is new or late."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation
from accounts.states import OrganisationKind
from lots.models import Suspension
from lots.queries.places import end_of, suspension_in_force
from lots.states import TOLD_TO_OTHERS
from providers.models import Insurance, Site
from providers.states import InsuranceKind
from referrals.models import DecisionDue, Placement, ProviderEvent
from referrals.queries.placements import of_organisation
from referrals.rules import events as rules
from referrals.states import RUNNING, Decided, ProviderEventKind

AT_ONCE = 200
SHOWN = 50  # decisions of one kind on a page
LATEST = 20  # placements shown beside one change


@dataclass(frozen=True)
class New:
    """A change that the portal has seen for itself."""

    provider: int
    kind: ProviderEventKind
    key: str
    facts: str
    happened_on: dt.date


def changes_of(provider: Organisation) -> QuerySet[ProviderEvent]:
    """What was told of a provider, for its own people. Suspensions it is told of elsewhere, as its buyers tell them."""
    kinds = [ProviderEventKind.STAFF, ProviderEventKind.SITE, ProviderEventKind.INSURANCE]
    return ProviderEvent.objects.filter(provider=provider, kind__in=kinds).select_related("written_by")


def told_to(organisation: Organisation, *, user) -> QuerySet[ProviderEvent]:
    """What was told of the providers where pupils of this organisation were placed at the time."""
    placed = of_organisation(organisation, user=user).filter(
        provider=OuterRef("provider"), agreed_at__lte=OuterRef("written_at")
    )
    there = Q(state__in=RUNNING) | Q(ended_on__gte=OuterRef("happened_on"))
    return ProviderEvent.objects.filter(Exists(placed.filter(there))).select_related("provider")


def placements_beside(
    events: Iterable[ProviderEvent], organisation: Organisation, *, user
) -> dict[int, list[Placement]]:
    """The organisation's running placements at the providers of these events, by provider, in one query: of each
    provider one more than is shown, where there are more."""
    rows = of_organisation(organisation, user=user).running().filter(provider__in={one.provider_id for one in events})
    found = defaultdict(list)
    for row in rows.order_by("-pk"):
        if len(found[row.provider_id]) <= LATEST:
            found[row.provider_id].append(row)
    return found


def commissioners_at(provider: int) -> set[int]:
    """The commissioners with a running placement at a provider."""
    return set(Placement.objects.running().filter(provider=provider).values_list("commissioner_id", flat=True))


def commissioners_asked(key: str) -> set[int]:
    """The commissioners of whom the suspension with this event’s key asks decisions; none for another event."""
    kind, _, pk = key.partition(":")
    if kind != "suspended":
        return set()
    rows = DecisionDue.objects.filter(suspension=pk)
    return set(rows.values_list("placement__commissioner_id", flat=True))


def decisions_of(organisation: Organisation, *, user) -> QuerySet[DecisionDue]:
    """The decisions asked of a commissioner, a trust's with those of the schools listed for the person; those that wait
    first, the soonest due at the top."""
    rows = DecisionDue.objects.visible_to(user)
    ours = Q(placement__commissioner=organisation)
    if organisation.kind == OrganisationKind.TRUST:
        ours |= Q(placement__commissioner__parent=organisation)
    return rows.filter(ours).select_related("suspension", "decided_by")


def waiting_first(rows: QuerySet[DecisionDue]) -> tuple[list[DecisionDue], list[DecisionDue]]:
    """Those that wait for a decision, and those that were decided to move and still stand: of each one more than a page
    shows, where there are more."""
    to_move, most = rows.filter(decided=Decided.MOVE, placement__state__in=RUNNING), SHOWN + 1
    return list(rows.open().order_by("due_at", "pk")[:most]), list(to_move.order_by("decided_at", "pk")[:most])


def cause_for(decision: DecisionDue) -> str:
    """The kind of cause as the commissioner may read it: the buyer under whose framework the pupil is placed has
    suspended the place; a commercial cause is told to that buyer's own people alone."""
    cause = decision.suspension.cause
    own = decision.suspension.buyer_id == decision.placement.commissioner_id
    return decision.suspension.get_cause_display() if own or cause in TOLD_TO_OTHERS else ""


def suspensions_to_ask() -> list[int]:
    """Keys of the suspensions in force that reach a running placement on which they have asked nothing yet. Three
    queries, however many there are."""
    held = list(Suspension.objects.in_force().order_by("pk"))
    return [one.pk for one, missing in missing_decisions(held).items() if missing]


def missing_decisions(suspensions: Iterable[Suspension]) -> dict[Suspension, list[Placement]]:
    """The running placements that each of these reaches and has asked no decision on."""
    suspensions = list(suspensions)
    rows = Placement.objects.running().filter(provider__in={one.provider_id for one in suspensions})
    rows = list(rows.select_related("framework", "commissioner", "provider").order_by("pk")) if suspensions else []
    asked = DecisionDue.objects.filter(suspension__in=suspensions).values_list("suspension", "placement")
    asked = set(asked) if rows else set()
    placed = {row: _placed(row) for row in rows}
    return {
        one: [row for row in rows if rules.reaches(_reach(one), placed[row]) and (one.pk, row.pk) not in asked]
        for one in suspensions
    }


def _reach(one: Suspension) -> rules.Reach:
    return rules.Reach(one.buyer_id, one.provider_id, one.place_id)


def _placed(row: Placement) -> rules.Placed:
    buyer = row.framework.buyer_id if row.framework_id else None
    parties = frozenset({row.commissioner_id, row.contracting_party_id})
    return rules.Placed(row.provider_id, row.place_id, buyer, parties)


def decisions_over() -> QuerySet[DecisionDue]:
    """Those that wait for nothing any more: the suspension was lifted, or the placement is over."""
    gone = ~Q(placement__state__in=RUNNING)
    return DecisionDue.objects.open().filter(Q(suspension__lifted_at__isnull=False) | gone)


def news(today: dt.date) -> list[New]:
    """What the portal has seen of providers with pupils, and nobody was told of yet."""
    return [*unannounced(today), *seen_sites(today), *seen_insurance(today)]


def unannounced(today: dt.date) -> list[New]:
    """Suspensions in force, and liftings of those that were told, of which the commissioners with pupils there have not
    been told yet. Liftings are told for a week."""
    placed = Placement.objects.running().filter(provider=OuterRef("provider"))
    rows = Suspension.objects.filter(Exists(placed), cause__in=TOLD_TO_OTHERS).order_by("pk")
    since = end_of(today) - dt.timedelta(days=rules.LOOKED_BACK + 1)
    found = [
        New(
            one.provider_id,
            ProviderEventKind.SUSPENDED,
            f"suspended:{one.pk}",
            rules.suspension_fact(one.cause),
            timezone.localdate(one.began_at),
        )
        for one in rows.filter(lifted_at=None)
    ]
    lifted = list(rows.filter(lifted_at__gte=since))
    told = ProviderEvent.objects.filter(key__in=[f"suspended:{one.pk}" for one in lifted])
    told = set(told.values_list("key", flat=True)) if lifted else set()
    found += [
        New(
            one.provider_id,
            ProviderEventKind.LIFTED,
            f"lifted:{one.pk}",
            rules.lifted_fact(others=bool(suspension_in_force(one.provider_id))),
            timezone.localdate(one.lifted_at),
        )
        for one in lifted
        if f"suspended:{one.pk}" in told
    ]
    return not_told(found)


def seen_sites(today: dt.date) -> list[New]:
    """Sites that a provider with pupils there has closed or added within a week, and nobody was told of."""
    since = end_of(today) - dt.timedelta(days=rules.LOOKED_BACK + 1)
    placed = Placement.objects.running().filter(provider=OuterRef("provider"))
    closed = Site.objects.filter(Exists(placed.filter(agreed_at__lt=OuterRef("closed_at"))), closed_at__gte=since)
    added = Site.objects.filter(Exists(placed.filter(agreed_at__lt=OuterRef("added_at"))), added_at__gte=since)
    found = [_site(one, one.closed_at, closed=True) for one in closed.order_by("pk")[:AT_ONCE]]
    found += [_site(one, one.added_at, closed=False) for one in added.open().order_by("pk")[:AT_ONCE]]
    return not_told(found)


def _site(one: Site, moment: dt.datetime, *, closed: bool) -> New:
    day = timezone.localdate(moment)
    key = f"site-{'closed' if closed else 'added'}:{one.pk}:{day:%Y%m%d}"
    return New(one.provider_id, ProviderEventKind.SITE, key, rules.site_fact(one.name, one.town, closed=closed), day)


def seen_insurance(today: dt.date) -> list[New]:
    """Providers with pupils whose public liability insurance ran out: there was one, and none covers today."""
    placed = Placement.objects.running().values("provider")
    rows = Insurance.objects.filter(kind=InsuranceKind.PUBLIC, provider__in=placed)
    started = Q(starts_on__isnull=True) | Q(starts_on__lte=today)
    covered = rows.held().filter(started, ends_on__gte=today).values("provider")
    ended = Max("ends_on", filter=Q(removed_at__isnull=True, ends_on__lt=today))
    lapsed = rows.exclude(provider__in=covered).order_by().values("provider").annotate(last=ended, row=Max("pk"))
    return not_told(
        New(
            one["provider"],
            ProviderEventKind.INSURANCE,
            f"insurance:{one['provider']}:{one['last'] or one['row']}",
            rules.insurance_fact(one["last"]),
            one["last"] or today,
        )
        for one in lapsed
    )


def not_told(found: Iterable[New]) -> list[New]:
    """Those of them that nobody was told of yet."""
    found = list(found)
    keys = ProviderEvent.objects.filter(key__in=[one.key for one in found]).values_list("key", flat=True)
    told = set(keys) if found else set()
    return [one for one in found if one.key not in told]


def late(today: dt.date) -> list[DecisionDue]:
    """Open decisions whose last day has passed, of all commissioners: what the daily letters count."""
    rows = DecisionDue.objects.open().filter(due_at__lt=end_of(today) - dt.timedelta(days=1))
    rows = rows.filter(placement__state__in=RUNNING, suspension__lifted_at=None)
    rows = rows.select_related("placement__commissioner", "placement__provider", "placement__framework__buyer")
    return list(rows.order_by("pk"))


def with_days(rows: Iterable[DecisionDue]) -> list[DecisionDue]:
    """The same rows, each with `due_on`, the last day on which it is in time, in England."""
    rows = list(rows)
    for one in rows:
        one.due_on = timezone.localdate(one.due_at)
    return rows


def settled(rows: QuerySet[DecisionDue]) -> QuerySet[DecisionDue]:
    """Those that were decided, or are no longer asked for."""
    return rows.exclude(decided="", lapsed_at=None)


def lifted_quietly(today: dt.date) -> list[DecisionDue]:
    """The decisions of suspensions lifted within a week that are nobody else's affair, whose placements still run."""
    since = end_of(today) - dt.timedelta(days=rules.LOOKED_BACK + 1)
    rows = DecisionDue.objects.filter(suspension__lifted_at__gte=since, placement__state__in=RUNNING)
    rows = rows.exclude(suspension__cause__in=TOLD_TO_OTHERS)
    return list(rows.select_related("placement__provider").order_by("pk"))
