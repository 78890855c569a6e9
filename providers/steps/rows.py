"""Writing into a row what somebody changed on its page, and into sites where their postcodes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Exists, Model, OuterRef, Q, Subquery

from accounts.models import Postcode
from core.steps import step
from providers.models import Site


@step
def change(row: Model, fields: Iterable[str], values: Mapping) -> list[str]:
    """Write these fields of a row that the caller has locked. Returns the names of those that changed."""
    changed = [name for name in fields if getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    row.save()
    return changed


@step
def place_sites() -> int:
    """Say where sites are whose postcode the list knows, where they are said to be elsewhere or nowhere; one statement.
    Returns how many."""
    found = Postcode.objects.filter(code=OuterRef("postcode"))
    there = found.filter(easting=OuterRef("easting"), northing=OuterRef("northing"))
    moved = Site.objects.filter(Exists(found)).filter(Q(easting=None) | Q(northing=None) | ~Exists(there))
    return moved.update(easting=Subquery(found.values("easting")), northing=Subquery(found.values("northing")))
