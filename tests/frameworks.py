"""Frameworks for tests, made row by row: `make_framework(world)` is Larkshire's, being set up; with `published=True` it
is open to anybody. Lot 1 has parts B and C, lot 2 has A, B and C, lot 7 comes with the others. Values are pence."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from lots.models import (
    Decision,
    Framework,
    Lot,
    Policies,
    PriceLine,
    Recovery,
    Standard,
    StandardSet,
    StandardsVersion,
    SubLot,
    Theme,
)
from lots.states import LETTERS, FrameworkState, Group, Mode, RecoveryState, Unit
from lots.steps.sealing import make_key

AT = dt.datetime(2026, 1, 12, 9, 0, tzinfo=dt.UTC)
LOTS = [("1", "Vocational", "BC"), ("2", "Therapeutic", "ABC"), ("7", "Miscellaneous", "")]


def make_framework(world, *, buyer=None, published: bool = False, running: bool = False, **fields) -> Framework:
    """A framework with its policies, lots, parts and one gated price line for each lot that is bid for."""
    if published or running:
        fields |= {"state": FrameworkState.PUBLISHED, "published_at": AT, "published_by": world.max}
    if running:
        fields |= {"state": FrameworkState.RUNNING, "awarded_at": AT + dt.timedelta(days=120)}
    made = Framework.objects.create(
        **{
            "buyer": buyer or world.larkshire,
            "title": "Alternative provision",
            "description": "Education for children who cannot be in school.",
            "net_pence": 500_000_00,
            "gross_pence": 600_000_00,
            "max_participants": 100,
            "max_lots": 6,
            "starts_on": dt.date(2026, 9, 1),
            "ends_on": dt.date(2034, 8, 31),
            "scheme_ends_on": dt.date(2034, 8, 31),
            "enquiries_until": dt.datetime(2026, 4, 14, 11, 0, tzinfo=dt.UTC),
            "closes_at": dt.datetime(2026, 4, 20, 11, 0, tzinfo=dt.UTC),
            "award_by_on": dt.date(2026, 7, 10),
            "created_at": AT,
            "created_by": world.max,
            **fields,
        }
    )
    Policies.objects.create(framework=made, locked_at=made.published_at)
    if made.published_at:
        with transaction.atomic():
            make_key(framework=made, by=world.max, at=AT)
    for position, (number, title, letters) in enumerate(LOTS):
        lot = Lot.objects.create(
            framework=made,
            number=number,
            position=position,
            title=title,
            net_pence=200_000_00,
            gross_pence=240_000_00,
            is_auto=not letters,
        )
        for letter in letters:
            SubLot.objects.create(lot=lot, letter=letter, phase=LETTERS[letter])
        if letters:
            PriceLine.objects.create(
                lot=lot, title="Half-day session", unit=Unit.HALF_DAY, mode=Mode.ON_SITE, group=Group.SMALL
            )
    return made


def make_ready(world, **fields) -> Framework:
    """A framework of which nothing is missing: it could be published. Its standards are one of a set of its own."""
    own, _ = StandardSet.objects.get_or_create(owner=fields.get("buyer") or world.larkshire, name="Ours")
    version, made = StandardsVersion.objects.get_or_create(
        standard_set=own, number=1, framework=None, defaults={"made_at": AT, "fixed_at": AT}
    )
    if made:
        theme = Theme.objects.create(version=version, number="1", title="Safety")
        Standard.objects.create(theme=theme, number="1.1", title="Everybody is safe")
    framework = make_framework(world, standards_chosen=version, **fields)
    Decision.objects.create(framework=framework, about="call_off", option="buyer", decided_at=AT, decided_by=world.max)
    return recovered(framework, world)


def recovered(framework, world) -> Framework:
    """The framework with its key and a recovery file that Max and Ada have made and tried, as far as rows can say."""
    with transaction.atomic():
        make_key(framework=framework, by=world.max, at=AT)
    Recovery.objects.create(
        framework=framework,
        state=RecoveryState.TRIED,
        first=world.max,
        second=world.ada,
        began_at=AT,
        made_at=AT,
        tried_at=AT,
        mark="0" * 64,
    )
    return framework
