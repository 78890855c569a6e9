"""Lots and their parts: added, changed, put in order, removed, while their framework is being set up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, Lot, PriceLine, Region, SubLot
from lots.queries.setup import LINE_FIELDS
from lots.rules import outline, price_lines
from lots.rules.outline import LotDraft
from lots.rules.refusals import Refused
from lots.states import LETTERS, Gated

COLUMNS = ("number", "title", "description", "net_pence", "gross_pence", "is_auto", "for_small", "for_voluntary")


@transaction.atomic(durable=True)
def add_lots(*, framework: Framework, lots: Sequence[LotDraft], by: User, at: dt.datetime) -> list[Lot]:
    """Add lots at the end, each that is bid for with the price line that is usual for its title. Raises `Refused` for
    the first one that cannot stand, and adds none then."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    standing = list(framework.lots.values_list("number", "position"))
    outline.check_count(len(standing), len(lots))
    numbers = [number for number, _ in standing]
    position = max((place for _, place in standing), default=-1)
    made = []
    for lot in lots:
        outline.check_lot(lot, numbers)
        numbers.append(lot.number)
        position += 1
        row = Lot.objects.create(
            framework=framework, position=position, **{name: getattr(lot, name) for name in COLUMNS}
        )
        _write_parts(row, lot)
        if not lot.is_auto:
            line = price_lines.usual_line(lot.title)
            PriceLine.objects.create(lot=row, **{name: getattr(line, name) for name in LINE_FIELDS})
        audit.record(
            "lots.lot.added",
            by=by,
            about=row,
            organisation=framework.buyer_id,
            data={"framework": framework.pk, "number": lot.number, "parts": "".join(lot.letters)},
            at=at,
        )
        made.append(row)
    return made


@transaction.atomic(durable=True)
def change_lot(*, lot: Lot, changed: LotDraft, by: User, at: dt.datetime) -> Lot:
    """Make the lot what `changed` says. Where it came from a notice it keeps its number, by which the notice knows it.
    A lot that nobody bids for any more only asks for its prices. Raises `Refused` when it cannot stand."""
    framework = Framework.objects.locked(lot.framework_id)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    lot = _there(framework, lot.pk)
    if framework.ocid:
        changed = replace(changed, number=lot.number)
    others = framework.lots.exclude(pk=lot.pk).values_list("number", flat=True)
    stands = LotDraft(lot.number, lot.title, net_pence=lot.net_pence, gross_pence=lot.gross_pence)
    outline.check_lot(changed, others, stands=stands)
    for name in COLUMNS:
        setattr(lot, name, getattr(changed, name))
    lot.save(update_fields=COLUMNS)
    _write_parts(lot, changed)
    if lot.is_auto:
        lot.price_lines.update(gated=Gated.QUOTED)
    audit.record(
        "lots.lot.changed",
        by=by,
        about=lot,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "number": lot.number, "parts": "".join(changed.letters)},
        at=at,
    )
    return lot


@transaction.atomic(durable=True)
def move_lot(*, lot: Lot, up: bool, by: User, at: dt.datetime) -> None:
    """Put the lot before its neighbour, or behind it. At the end of the list nothing happens."""
    framework = Framework.objects.locked(lot.framework_id)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    lot = _there(framework, lot.pk)
    rows = list(framework.lots.order_by("position", "id"))
    places = {pk: place for place, pk in enumerate(outline.moved([row.pk for row in rows], lot.pk, up=up))}
    for row in rows:
        row.position = places[row.pk]
    Lot.objects.bulk_update(rows, ["position"])
    audit.record(
        "lots.lot.moved",
        by=by,
        about=lot,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "number": lot.number, "up": up},
        at=at,
    )


@transaction.atomic(durable=True)
def remove_lot(*, lot: Lot, by: User, at: dt.datetime) -> None:
    """Remove the lot with its parts, texts and price lines."""
    framework = Framework.objects.locked(lot.framework_id)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    lot = _there(framework, lot.pk)
    audit.record(
        "lots.lot.removed",
        by=by,
        about=lot,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "number": lot.number},
        at=at,
    )
    lot.delete()


def _there(framework: Framework, pk: int) -> Lot:
    """The lot as it is now; somebody may have removed it since it was shown."""
    lot = framework.lots.filter(pk=pk).first()
    if lot is None:
        raise Refused("This lot has already been removed")
    return lot


def _write_parts(row: Lot, lot: LotDraft) -> None:
    """Make parts and regions those of the draft; what stays keeps its key."""
    row.sub_lots.exclude(letter__in=lot.letters).delete()
    there = set(row.sub_lots.values_list("letter", flat=True))
    SubLot.objects.bulk_create(
        SubLot(lot=row, letter=letter, phase=LETTERS[letter]) for letter in lot.letters if letter not in there
    )
    row.regions.exclude(code__in=lot.regions).delete()
    known = {region.code: region for region in row.regions.all()}
    for position, code in enumerate(dict.fromkeys(lot.regions)):
        if code in known:
            Region.objects.filter(pk=known[code].pk).update(position=position)
        else:
            Region.objects.create(lot=row, code=code, position=position)
