"""Who reads and signs agreements. They hold prices: as with those of places, the buyer's people and the provider's
leads read them, the provider's staff and operators do not."""

from __future__ import annotations

from lots.permissions import belongs_to, can_answer_for, can_run_places

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
