"""A fortnight of Ash House's reports to Larkshire, for tests of the board."""

from __future__ import annotations

import datetime as dt

from contracts.models import Contract
from monitoring.models import Answer
from tests.monitoring.made import DAY, local, made_dues, made_report, watched

TODAY = DAY + dt.timedelta(days=4)  # Friday
DAYS = [DAY + dt.timedelta(days=n) for n in range(4)]
TEN = local(TODAY, 10)
BROKEN = "A window was broken"


def fortnight(world) -> Contract:
    """Monday in time with an exception, Tuesday late and corrected, Wednesday in time, Thursday missing, and Friday is
    today. What was broken on Monday was to be mended on Wednesday, and Wednesday's report says so."""
    watched(world)
    contract = Contract.objects.get()
    for day in [*DAYS, TODAY]:
        made_dues(contract, day=day)
    made_report(contract, day=DAYS[0], exception=BROKEN)
    Answer.objects.filter(status="exception").update(action_by_on=DAYS[2])
    made_report(contract, day=DAYS[1], late=True)
    made_report(contract, day=DAYS[1], exception="The gate was left open")
    Answer.objects.filter(report__day=DAYS[1], status="exception").update(action_by_on=DAYS[2])
    made_report(contract, day=DAYS[2])
    return contract
