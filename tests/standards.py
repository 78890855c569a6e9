"""Standards for tests: the national version, and one of Larkshire's that is being written."""

from __future__ import annotations

from django.utils import timezone

from lots.actions import standards as actions
from lots.models import StandardsVersion


def national() -> StandardsVersion:
    """The national version that every deployment has."""
    return StandardsVersion.objects.get(standard_set__owner__isnull=True, number=1, framework__isnull=True)


def own(world, *, fixed: bool = False) -> StandardsVersion:
    """Larkshire's copy of it."""
    version = actions.adopt_standards(
        version=national(), organisation=world.larkshire, name="Larkshire standards", by=world.max, at=timezone.now()
    )
    if fixed:
        version = actions.fix_version(version=version, note="Our own", by=world.max, at=timezone.now())
    return version
