"""What a buyer's people read of their own frameworks."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet

from lots.models import Framework, KeyDate
from lots.queries.public import SHOWN_IN_LISTS


def frameworks_of(organisation, *, user) -> QuerySet[Framework]:
    """All of the organisation's frameworks that the person may see, those being set up among them."""
    return (
        Framework.objects.visible_to(user)
        .filter(buyer=organisation)
        .select_related("buyer", "previous")
        .only(*SHOWN_IN_LISTS, "created_at", "previous__awarded_at", "previous__title")
    )


def key_dates_of(frameworks: list[Framework]) -> dict[int, list[tuple]]:
    """(kind, moment, words) by framework, in one query."""
    found = defaultdict(list)
    rows = KeyDate.objects.filter(framework__in=[one.pk for one in frameworks]).order_by("at", "id")
    for pk, *line in rows.values_list("framework_id", "kind", "at", "description"):
        found[pk].append(tuple(line))
    return found
