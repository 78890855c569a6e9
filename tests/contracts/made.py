"""Agreements for tests: `offered(world)` is Ash House's, over places on parts 1B and 2A that it was awarded."""

from __future__ import annotations

from django.db import transaction

from contracts.models import Contract
from contracts.steps import agreements
from tests.lots.places import AT, Made, published


def offered(world, *parts: str, framework: Made | None = None, provider=None, not_before=None, at=AT) -> Contract:
    """Offered by Max at the award."""
    framework, provider = framework or published(world), provider or world.ash_house
    given = framework.give(world, *[framework.award(provider, part) for part in parts or ("1B", "2A")])
    with transaction.atomic():
        [made] = agreements.offer(
            framework=framework.framework,
            suppliers={provider.pk: given},
            not_before=not_before,
            by=world.max,
            at=at,
        )
    return Contract.objects.select_related("buyer", "supplier", "framework").get(pk=made.pk)
