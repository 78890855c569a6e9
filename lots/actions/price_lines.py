"""Price lines: added one by one or to many lots at once, changed, removed, while the framework is being set up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, Lot, PriceLine
from lots.queries import setup as queries
from lots.queries.setup import LINE_FIELDS
from lots.rules import outline, price_lines
from lots.rules.price_lines import Line
from lots.rules.refusals import Refused


@transaction.atomic(durable=True)
def add_price_line(*, lot: Lot, line: Line, by: User, at: dt.datetime) -> PriceLine:
    """Add one line to one lot, as it is said. Raises `Refused` when it cannot stand beside the others."""
    framework = Framework.objects.locked(lot.framework_id)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    lot = framework.lots.filter(pk=lot.pk).first()
    if lot is None:
        raise Refused("This lot has already been removed")
    others = list(lot.price_lines.all())
    price_lines.check(line, map(queries.line_of, others), is_auto=lot.is_auto, lot=lot.number)
    row = _write(lot, line, others)
    audit.record(
        "lots.price_line.added",
        by=by,
        about=row,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "lot": lot.number},
        at=at,
    )
    return row


@transaction.atomic(durable=True)
def add_price_lines(
    *, framework: Framework, lots: Sequence[int], lines: Sequence[Line], by: User, at: dt.datetime
) -> int:
    """Add lines to several lots at once, leaving out those whose name a lot already has. The first line of a lot is
    compared, further ones are only asked for. Returns how many were added."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    standing, added = queries.lines_of(framework), 0
    for lot in framework.lots.filter(pk__in=lots).order_by("position", "id"):
        rows = standing[lot.pk]
        for line in lines:
            if line.title.casefold() in {row.title.casefold() for row in rows}:
                continue
            line = price_lines.fitted(line, rows, is_auto=lot.is_auto)
            price_lines.check(line, map(queries.line_of, rows), is_auto=lot.is_auto, lot=lot.number)
            rows.append(_write(lot, line, rows))
            added += 1
    audit.record(
        "lots.price_lines.added",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"lots": len(lots), "lines": added},
        at=at,
    )
    return added


@transaction.atomic(durable=True)
def add_first_price_lines(*, framework: Framework, by: User, at: dt.datetime) -> int:
    """Give each lot that is bid for and has no price line the one that is usual for its title, as after a notice was
    read, which names none. Returns how many were added."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    bare = framework.lots.filter(is_auto=False, price_lines=None).order_by("position", "id")
    rows = [_write(lot, price_lines.usual_line(lot.title), []) for lot in bare]
    audit.record(
        "lots.price_lines.added",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"lots": len(rows), "lines": len(rows)},
        at=at,
    )
    return len(rows)


@transaction.atomic(durable=True)
def copy_price_lines(*, lot: Lot, lots: Sequence[int], by: User, at: dt.datetime) -> int:
    """Give other lots the lines of this one as they are, compared or not, leaving out those whose name they already
    have. A lot that nobody bids for only asks for its prices. Returns how many were added."""
    framework = Framework.objects.locked(lot.framework_id)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    standing, added = queries.lines_of(framework), 0
    given = [queries.line_of(row) for row in standing[lot.pk]]
    for other in framework.lots.filter(pk__in=lots).exclude(pk=lot.pk).order_by("position", "id"):
        rows = standing[other.pk]
        for line in given:
            if line.title.casefold() in {row.title.casefold() for row in rows}:
                continue
            line = price_lines.fitted(line, [], is_auto=other.is_auto)
            price_lines.check(line, map(queries.line_of, rows), is_auto=other.is_auto, lot=other.number)
            rows.append(_write(other, line, rows))
            added += 1
    audit.record(
        "lots.price_lines.copied",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"from": lot.number, "lots": len(lots), "lines": added},
        at=at,
    )
    return added


@transaction.atomic(durable=True)
def change_price_line(*, line: PriceLine, changed: Line, by: User, at: dt.datetime) -> PriceLine:
    """Make the line what `changed` says. Raises `Refused` when it cannot stand beside the others."""
    framework = Framework.objects.locked(line.lot.framework_id)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    line = _there(line.pk)
    others = line.lot.price_lines.exclude(pk=line.pk)
    price_lines.check(changed, map(queries.line_of, others), is_auto=line.lot.is_auto, lot=line.lot.number)
    for name in LINE_FIELDS:
        setattr(line, name, getattr(changed, name))
    line.save(update_fields=LINE_FIELDS)
    audit.record(
        "lots.price_line.changed",
        by=by,
        about=line,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "lot": line.lot.number},
        at=at,
    )
    return line


@transaction.atomic(durable=True)
def remove_price_line(*, line: PriceLine, by: User, at: dt.datetime) -> None:
    """Remove the line."""
    framework = Framework.objects.locked(line.lot.framework_id)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    outline.check_draft(framework.state)
    line = _there(line.pk)
    audit.record(
        "lots.price_line.removed",
        by=by,
        about=line,
        organisation=framework.buyer_id,
        data={"framework": framework.pk, "lot": line.lot.number},
        at=at,
    )
    line.delete()


def _there(pk: int) -> PriceLine:
    """The line as it is now; somebody may have removed it since it was shown."""
    line = PriceLine.objects.select_related("lot").filter(pk=pk).first()
    if line is None:
        raise Refused("This price line has already been removed")
    return line


def _write(lot: Lot, line: Line, others: Sequence[PriceLine]) -> PriceLine:
    position = max((other.position for other in others), default=-1) + 1
    return PriceLine.objects.create(lot=lot, position=position, **{name: getattr(line, name) for name in LINE_FIELDS})
