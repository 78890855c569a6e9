"""Who sees what documents that ran out propose, and who decides."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind
from lots.permissions import SUSPENDS
from monitoring.models import Proposal
from monitoring.models.own import DECIDES, WATCHES
from monitoring.states import Effect

PROPOSE = "monitoring.propose_effects"
BUYERS = {OrganisationKind.AUTHORITY, OrganisationKind.TRUST}


def can_list(user, buyer: Organisation) -> bool:
    """What ran out at the providers on a buyer's frameworks: whoever watches them for it."""
    return buyer.kind in BUYERS and has_role(user, *WATCHES, organisation=buyer)


def can_see(user, proposal: Proposal) -> bool:
    """One of them: all whom its queryset shows it to."""
    return has_role(user, *WATCHES, organisation=proposal.framework.buyer_id)


def can_answer(user, proposal: Proposal) -> bool:
    """A hold: whoever decides of providers for the buyer. A suspension: whoever may suspend a place for it."""
    roles = SUSPENDS if proposal.effect == Effect.SUSPEND else DECIDES
    return has_role(user, *roles, organisation=proposal.framework.buyer_id)
