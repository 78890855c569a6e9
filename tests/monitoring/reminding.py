"""What the tests of reminders share: Ash House owes Larkshire a report, and somebody looks at the clock."""

from __future__ import annotations

import datetime as dt

from monitoring import running
from monitoring.models import Reminder
from outbox.models import Message
from tests.frameworks import make_framework
from tests.monitoring.made import DAY, local, made_contract, made_dues, made_kpis

TUESDAY, WEDNESDAY = DAY + dt.timedelta(1), DAY + dt.timedelta(2)


def agreed(world, *, kpis: int = 2, buyer=None, **fields):
    """An agreement with measures that are reported every day."""
    contract = made_contract(world, make_framework(world, buyer=buyer), **fields)
    made_kpis(contract, titles=kpis)
    return contract


def owes(world, *days, **fields):
    """An agreement, and what is to be reported under it on these days."""
    contract = agreed(world, **fields)
    for day in days or (DAY,):
        made_dues(contract, day=day)
    return contract


def remind(hour: int, minute: int = 0, *, day=DAY) -> int:
    """What beat does at that time in England."""
    return running.remind(local(day, hour, minute))


def sent() -> list[tuple]:
    """Every reminder: its kind and day, in the order of their passes."""
    return list(Reminder.objects.order_by("written_at", "kind", "day").values_list("kind", "day"))


def letters() -> list[tuple[str, str]]:
    """To whom a letter goes and what it is about, in order."""
    return list(Message.objects.order_by("pk").values_list("to", "subject"))
