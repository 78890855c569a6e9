"""Who reads and signs agreements. They hold prices: as with those of places, the buyer's people and the provider's
leads read them, the provider's staff and operators do not."""

from __future__ import annotations

from accounts.queries import roles_of
from accounts.states import Role
from contracts.states import Side
from lots.permissions import belongs_to, can_answer_for, can_run_places

# Who says for a buyer what its providers report on.
SETS_KPIS = frozenset({Role.PROCUREMENT, Role.CONTRACTS, Role.COMMISSIONER, Role.TRUST_COMMISSIONER})

# The parts of the portal that act by themselves here.
PAPERS, SETTLES = "contracts.papers", "contracts.settle"


def can_read_contract(user, contract) -> bool:
    """The buyer's people, and whoever leads the provider."""
    return belongs_to(user, contract.buyer_id) or can_answer_for(user, contract.supplier)


def can_sign(user, contract) -> bool:
    """In the provider's name: whoever leads it."""
    return can_answer_for(user, contract.supplier)


def can_countersign(user, contract) -> bool:
    """In the buyer's name: whoever looks after its places."""
    return can_run_places(user, contract.framework)


def can_see_agreements_of(user, organisation) -> bool:
    """The list of an organisation's agreements: a buyer's people, and whoever leads a provider."""
    if organisation.kind == "provider":
        return can_answer_for(user, organisation)
    return belongs_to(user, organisation.pk)


def can_see_kpis(user, contract) -> bool:
    """What is reported on, without a price: the buyer's people and the provider's, its staff too, who report."""
    return belongs_to(user, contract.buyer_id) or belongs_to(user, contract.supplier_id)


def can_set_kpis(user, contract) -> bool:
    """Say what the provider reports on under an agreement: those of the buyer who decide of its providers."""
    return any(held.organisation_id == contract.buyer_id and held.role in SETS_KPIS for held in roles_of(user))


def can_change_kpi(user, kpi) -> bool:
    """The same, of one KPI."""
    return can_set_kpis(user, kpi.contract)


def can_set_framework_kpis(user, framework) -> bool:
    """The same, for all agreements of a framework."""
    return any(held.organisation_id == framework.buyer_id and held.role in SETS_KPIS for held in roles_of(user))


def can_answer_kpi_question(user, line) -> bool:
    """Each side answers its own questions: those of the buyer who set KPIs, whoever leads the provider."""
    contract = line.kpi.contract
    if line.side == Side.BUYER:
        return can_set_kpis(user, contract)
    return line.side == Side.SUPPLIER and can_answer_for(user, contract.supplier)
