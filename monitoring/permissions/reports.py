"""Who files a provider's daily report and who reads one."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind
from monitoring.models import DailyReport
from monitoring.models.own import REPORTS, WATCHES, at


def can_report(user, provider: Organisation) -> bool:
    """File and look at a provider's reports: everybody of it who reports."""
    return provider.kind == OrganisationKind.PROVIDER and has_role(user, *REPORTS, organisation=provider)


def can_read(user, report: DailyReport) -> bool:
    """One report: who reports there; who watches for a buyer of an agreement that it answers, its own part alone."""
    if report.provider_id in at(user, REPORTS):
        return True
    return report.answers.filter(kpi__contract__buyer__in=at(user, WATCHES)).exists()
