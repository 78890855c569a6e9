"""Days on which Ash House owes a report, for tests: to Larkshire, and to a second buyer that asks alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from accounts.models import Organisation
from contracts.models import Contract, KpiLine
from contracts.states import Asked, LineKind
from monitoring.actions import reports as actions
from monitoring.actions.reports import Filed
from monitoring.models import DailyReport
from monitoring.rules.reporting import Said
from tests.monitoring.made import DAY, local, made_contract, made_drill, made_dues, made_kpis, made_session, watched
from tests.referrals.made import made_place

FOUR = local(DAY, 16)
SEVEN = local(DAY, 19)
NEXT_WEEK = DAY + dt.timedelta(days=7)
WELL = Said("well")
TOLD = Said("exception", "A window was broken", "It is mended", NEXT_WEEK)


def quiet_day(world, *, mark="present"):
    """The canary came, a drill was held a week ago, and five KPIs are asked. Returns placement and agreement."""
    placement = watched(world)
    if mark is not None:
        made_session(placement, mark=mark)
    made_drill(world)
    contract = Contract.objects.get()
    made_dues(contract)
    return placement, contract


def second_buyer(world) -> Contract:
    """Oak Trust has an agreement too that asks the same five."""
    place = made_place(world)
    framework = place.framework
    Organisation.objects.filter(pk=world.oak_trust.pk).update(la_code="")
    framework.pk, framework.buyer, framework.ocid = None, world.oak_trust, f"{framework.ocid}-2"
    framework.save(force_insert=True)
    contract = made_contract(world, framework)
    made_kpis(contract)
    made_dues(contract)
    return contract


def without_standing(contract: Contract) -> None:
    """Every line is asked each day."""
    KpiLine.objects.filter(kpi__contract=contract, kind=LineKind.STANDARD).update(asked=Asked.DAILY)


def filed(contract: Contract, *more: Contract, seen: int = 0, quiet: bool = True, **said) -> Filed:
    """One tick, and what is said of KPIs by their number (`k1=TOLD`), the same to every buyer."""
    kpis = [kpi for one in (contract, *more) for kpi in one.kpis.all()]
    lines = KpiLine.objects.filter(kpi__in=kpis, kind=LineKind.STANDARD, asked=Asked.TERM)
    return Filed(
        quiet=quiet,
        said={kpi.pk: said.get(f"k{kpi.number}", Said("")) for kpi in kpis},
        words=dict.fromkeys(lines.values_list("pk", flat=True), ""),
        still=True,
        seen=seen,
    )


def file(world, what: Filed, *, by=None, at=FOUR, day=DAY, today=None, **fields) -> DailyReport:
    """Alice files it at four in the afternoon."""
    return actions.file_report(
        provider=world.ash_house,
        day=day,
        filed=replace(what, **fields),
        by=by or world.alice,
        at=at,
        today=today or at.date(),
    )
