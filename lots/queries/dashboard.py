"""What a buyer's people read of their own frameworks."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from lots.models import Framework, KeyDate
from lots.queries.public import SHOWN_IN_LISTS
from lots.rules.scheme import Generation


def frameworks_of(organisation) -> QuerySet[Framework]:
    """All of the organisation's frameworks for its own people, those being set up among them. The caller's door has let
    the person in."""
    return Framework.objects.not_given_up().filter(buyer=organisation).only(*SHOWN_IN_LISTS)


def key_dates_of(frameworks: list[Framework]) -> dict[int, list[tuple]]:
    """(kind, moment, words) by framework, in one query."""
    found = defaultdict(list)
    rows = KeyDate.objects.filter(framework__in=[one.pk for one in frameworks]).order_by("at", "id")
    for pk, *line in rows.values_list("framework_id", "kind", "at", "description"):
        found[pk].append(tuple(line))
    return found


def generations_up_to(frameworks: list[Framework]) -> dict[int, tuple[Generation, ...]]:
    """By framework, the awards of its scheme from the first up to its own, in one query: one buyer's frameworks."""
    if not frameworks:
        return {}
    rows = (
        Framework.objects.filter(buyer__in={one.buyer_id for one in frameworks}, awarded_at__isnull=False)
        .annotate(
            suppliers=Count(
                "places__provider",
                distinct=True,
                filter=Q(places__accepted_at__isnull=False, places__came_from=None),
            )
        )
        .values_list("pk", "previous_id", "awarded_at", "suppliers")
    )
    known = {pk: (previous, Generation(timezone.localdate(at), number)) for pk, previous, at, number in rows}
    found = {}
    for one in frameworks:
        chain, pk = [], one.pk
        while pk in known:
            previous, generation = known[pk]
            chain.append(generation)
            pk = previous
        found[one.pk] = tuple(reversed(chain))
    return found
