"""Who watches the daily reports of a buyer's providers, who rates them, and who of a provider is told."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind
from contracts.models import Kpi
from monitoring.models.own import DECIDES, REPORTS, WATCHES

BUYERS = {OrganisationKind.AUTHORITY, OrganisationKind.TRUST}


def can_watch(user, buyer: Organisation) -> bool:
    """A buyer's board, its providers' reports and their ratings: whoever watches its agreements."""
    return buyer.kind in BUYERS and has_role(user, *WATCHES, organisation=buyer)


def can_rate(user, kpi: Kpi) -> bool:
    """Decide how well a KPI was met: whoever decides of providers for the buyer of its agreement."""
    return has_role(user, *DECIDES, organisation=kpi.contract.buyer_id)


def can_be_told(user, provider: Organisation) -> bool:
    """How a provider is rated: everybody of it who reports."""
    return provider.kind == OrganisationKind.PROVIDER and has_role(user, *REPORTS, organisation=provider)
