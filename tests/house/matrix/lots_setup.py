"""URLs of lots_setup: a framework of Larkshire's that is being set up, which Max manages and his colleagues see."""

from __future__ import annotations

from django.utils import timezone

from lots.models import KeyDate, PriceLine
from tests.frameworks import make_framework
from tests.house.matrix import Row

COLLEAGUES = dict.fromkeys(["ada", "eve", "fay", "olu"], 403)
OFFICERS = {"max": 200, **COLLEAGUES}


def _framework(world):
    return (make_framework(world).pk,)


def _lot(world):
    return (make_framework(world).lots.get(number="2").pk,)


def _line(world):
    return (PriceLine.objects.filter(lot__framework=make_framework(world)).order_by("pk")[0].pk,)


def _date(world):
    return (KeyDate.objects.create(framework=make_framework(world), kind="engagement", at=timezone.now()).pk,)


def _whole(world):
    """A framework that could be published."""
    from tests.frameworks import make_ready

    return (make_ready(world).pk,)


def _row(args, **roles):
    return Row(others=404, roles=OFFICERS | roles, args=args)


ROWS: dict[str, Row] = {
    "start_framework": Row(others=404, roles=OFFICERS, args=lambda world: (world.larkshire.pk,)),
    "setup_framework": _row(_framework),
    "about_framework": _row(_framework),
    "framework_users": _row(_framework),
    "framework_lots": _row(_framework),
    "add_lot": _row(_framework),
    "add_lots": _row(_framework),
    "change_lot": _row(_lot),
    "remove_lot": _row(_lot),
    "move_lot": Row(others=404, roles={"max": 302, **COLLEAGUES}, args=_lot, method="post"),
    "price_lines": _row(_framework),
    "add_price_lines": _row(_framework),
    "add_first_price_lines": Row(others=404, roles={"max": 302, **COLLEAGUES}, args=_framework, method="post"),
    "add_price_line": _row(_lot),
    "copy_price_lines": _row(_lot),
    "change_price_line": _row(_line),
    "remove_price_line": _row(_line),
    "framework_timetable": _row(_framework),
    "add_key_date": _row(_framework),
    "remove_key_date": _row(_date),
    "check_framework": _row(_framework),
    "publish_framework": _row(_whole),
    "withdraw_framework": _row(_framework),
}
