"""To whom an organisation's letters go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F

from accounts.models import Membership


def people_of(organisations: Iterable[int], roles) -> dict[int, list[tuple[int, str]]]:
    """(id, address) of whoever holds one of these roles in each organisation, or in a trust that lists the school for
    them."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    ours = set(organisations)
    held = Membership.objects.live().filter(role__in=roles)
    rows = held.filter(organisation__in=ours).values_list("organisation_id", "user_id", "user__email")
    listed = held.filter(schools__in=ours, schools__parent=F("organisation"))
    listed = listed.values_list("schools", "user_id", "user__email")
    for organisation, pk, address in [*rows, *listed]:
        found[organisation][pk] = address
    return defaultdict(list, {key: sorted(people.items()) for key, people in found.items()})
