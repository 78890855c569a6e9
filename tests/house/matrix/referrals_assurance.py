"""URLs of what must be in place before a pupil starts, and who answers. Sana's school has placed a pupil at Ash House,
where Bob teaches; Larkshire has a rota of its own."""

from __future__ import annotations

from referrals.models import Assurance
from referrals.states import Item, PlacementState
from tests.house.matrix import Row
from tests.referrals.answering import made_cover
from tests.referrals.made import AT
from tests.referrals.placed import made_assurances, made_placement


def _waits(world):
    return made_placement(world, state=PlacementState.ASSURANCE)


def _placement(world):
    return (_waits(world).pk,)


def _item(world):
    return (_waits(world).pk, Item.STAFF.value)


def _notice(world):
    from referrals.queries.assurance import sealed_said
    from referrals.rules.assurance import Said

    placement = _waits(world)
    [row] = made_assurances(world, placement, Item.CONSENT)
    said = Said(report_to="Dana", breaks="12:00 to 12:30", reasons="Fights", objectives="Calm")
    Assurance.objects.filter(pk=row.pk).update(words=sealed_said(row, said))
    return (placement.pk,)


def _file(world):
    from django.db import transaction

    from files.steps import receive
    from tests.providers.library import kept

    [row] = made_assurances(world, _waits(world), Item.STAFF)
    with transaction.atomic():
        file = receive(kept=kept("letter.pdf"), organisation=world.elm_grove, by=world.sana, at=AT)
    Assurance.objects.filter(pk=row.pk).update(file=file)
    return (row.pk,)


def _larkshire(world):
    return (world.larkshire.pk,)


def _cover(world):
    return (made_cover(world.larkshire).pk,)


BOTH = {"sana": 200, "bob": 200}
OURS = {"sana": 200, "bob": 403}
OFFICERS = dict.fromkeys(("max", "ada", "eve", "fay"), 200)
COMMISSIONER = dict.fromkeys(("max", "ada", "fay"), 403) | {"eve": 200}

ROWS: dict[str, Row] = {
    "before_start": Row(others=404, roles=BOTH, args=_placement),
    "assurance_item": Row(others=404, roles=BOTH, args=_item),
    "undo_assurance": Row(others=404, roles=OURS, args=_item),
    "assurance_file": Row(others=404, roles=BOTH, args=_file),
    "start_placement": Row(others=404, roles=OURS, args=_placement),
    "emergency_start": Row(others=404, roles=OURS, args=_placement),
    "direction_notice": Row(others=404, roles=OURS, args=_notice),
    "transport": Row(others=404, roles=BOTH, args=_placement),
    "rota": Row(others=404, roles=OFFICERS | {"olu": 403}, args=_larkshire),
    "add_cover": Row(others=404, roles=COMMISSIONER | {"olu": 403}, args=_larkshire),
    "change_cover": Row(others=404, roles=COMMISSIONER, args=_cover),
    "end_cover": Row(others=404, roles=COMMISSIONER, args=_cover),
}
