"""Providers that have a report to file today, in waves: each wave has a buyer whose morning message goes some seconds
after the one before."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.states import OrganisationKind, Role
from contracts.models import Contract, Kpi
from contracts.states import ContractState
from lots.models import Framework
from monitoring.models import ReportDay, ReportDue, ReportTerms
from monitoring.rules.times import moment

DAY = dt.date(2026, 10, 5)  # a Monday
BEGINS = moment(DAY, dt.time(8))


def moved_to(at: dt.datetime) -> float:
    """By how many seconds the clock is moved, so that it is `at` now."""
    return (at - timezone.now()).total_seconds()


def owing(framework: Framework, number: int, *, waves: int = 1, apart: float = 0) -> None:
    """So many providers, each with one person who reports and one measure to report on, on `DAY`."""
    at = BEGINS - dt.timedelta(days=30)
    buyers = _organisations(OrganisationKind.AUTHORITY, "Buyer", waves)
    ReportTerms.objects.bulk_create(
        ReportTerms(
            buyer=buyer,
            due_today_at=timezone.localtime(BEGINS + dt.timedelta(seconds=apart * wave)).time(),
            changed_at=at,
        )
        for wave, buyer in enumerate(buyers)
    )
    providers = _organisations(OrganisationKind.PROVIDER, "Reporter", number)
    people = User.objects.bulk_create(
        User(email=f"reporter{n}@reporter{n}.example", name=f"Reporter {n}", password="!") for n in range(number)
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=firm, role=Role.PROVIDER_STAFF, person_name=user.name, given_at=at)
        for user, firm in zip(people, providers, strict=True)
    )
    contracts = Contract.objects.bulk_create(
        Contract(
            buyer=buyers[n % waves],
            supplier=firm,
            framework=framework,
            reference=f"FAULT-{firm.pk}",
            title="Agreement",
            state=ContractState.IN_FORCE,
            starts_on=DAY,
            ends_on=DAY + dt.timedelta(days=365),
            document="{}",
            sha256="0" * 64,
            offered_at=at,
            signed_at=at,
            countersigned_at=at,
        )
        for n, firm in enumerate(providers)
    )
    kpis = Kpi.objects.bulk_create(
        Kpi(contract=one, number=1, title="Safeguarding", days=1, from_on=DAY, written_at=at) for one in contracts
    )
    ReportDay.objects.bulk_create(ReportDay(contract=one, day=DAY) for one in contracts)
    ReportDue.objects.bulk_create(
        ReportDue(kpi=kpi, contract=one, provider_id=one.supplier_id, buyer_id=one.buyer_id, day=DAY, made_at=at)
        for kpi, one in zip(kpis, contracts, strict=True)
    )


def _organisations(kind: str, name: str, number: int) -> list[Organisation]:
    return Organisation.objects.bulk_create(
        Organisation(
            kind=kind, name=f"{name} {n}", name_key=f"{name} {n}".lower(), compared_at=BEGINS - dt.timedelta(days=30)
        )
        for n in range(number)
    )
