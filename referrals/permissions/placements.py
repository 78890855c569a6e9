"""Who sees a placement, who commissions it, who signs it. Whose placements somebody meets at all is the querysets'
answer."""

from __future__ import annotations

from accounts.models import Organisation
from accounts.queries import has_role
from accounts.states import OrganisationKind, Role
from lots.models import Framework
from lots.permissions import can_see_inside
from referrals.models import Placement, Quote, Referral
from referrals.models.own import COMMISSIONS, HOLDS_BUDGET, SEES_PUPILS, TEACHES, holds
from referrals.permissions.referrals import READS_WHOLE

# Of the buyer's people, who is told when more is drawn from its framework than it is worth.
WATCHES_SPEND = frozenset(
    {Role.ADMIN, Role.PROCUREMENT, Role.CONTRACTS, Role.FINANCE, Role.BUDGET, Role.COMMISSIONER,
     Role.TRUST_COMMISSIONER, Role.TRUST_FINANCE}
)  # fmt: skip


def can_list(user, organisation: Organisation) -> bool:
    """The placements of an organisation: a commissioner's people who work with pupils, a provider's who meet them."""
    if organisation.kind == OrganisationKind.PROVIDER:
        return has_role(user, *TEACHES, organisation=organisation)
    return holds(user, organisation.pk, SEES_PUPILS)


def can_see(user, placement: Placement) -> bool:
    """One placement: all whom its queryset shows it to."""
    return True


def can_commission(user, placement: Placement) -> bool:
    """Write, send, change and cancel it: whoever commissions for the pupil."""
    return holds(user, placement.commissioner_id, COMMISSIONS)


def can_place(user, referral: Referral) -> bool:
    """Make a placement of a referral: whoever commissions for the pupil."""
    return holds(user, referral.commissioner_id, COMMISSIONS)


def can_sign_for_provider(user, placement: Placement) -> bool:
    """Whoever signs for the provider reads who the pupil is, so it is its people who meet pupils (ADR 3)."""
    return has_role(user, *TEACHES, organisation=placement.provider_id)


def can_sign_for_party(user, placement: Placement) -> bool:
    """Whoever commissions for the organisation that is bound to pay."""
    return holds(user, placement.contracting_party_id, COMMISSIONS)


def can_sign(user, placement: Placement) -> bool:
    """Either side's."""
    return can_sign_for_provider(user, placement) or can_sign_for_party(user, placement)


def can_read_paper(user, placement: Placement) -> bool:
    """The agreement for the pupil, with its price: the sides of it. The home school is told the rest."""
    return holds(user, placement.commissioner_id, SEES_PUPILS) or can_sign(user, placement)


def can_write_to_parent(user, placement: Placement) -> bool:
    """The letter to a parent or carer, with their address: whoever reads the referral, while the pupil’s record is the
    commissioner's."""
    is_ours = placement.pupil.commissioner_id == placement.commissioner_id
    return is_ours and holds(user, placement.commissioner_id, READS_WHOLE)


def can_see_spend(user, framework: Framework) -> bool:
    """What is drawn from a framework, as its other officers' pages. No pupil stands there."""
    return can_see_inside(user, framework)


def can_see_quotes(user, referral: Referral) -> bool:
    """The quotes on a referral: whoever reads the referral."""
    return holds(user, referral.commissioner_id, READS_WHOLE)


def can_ask_quote(user, referral: Referral) -> bool:
    """Write a quote down: whoever commissions for the pupil."""
    return can_place(user, referral)


def can_see_quote(user, quote: Quote) -> bool:
    """One quote, which names no pupil: whoever commissions, and budget holders."""
    return holds(user, quote.referral.commissioner_id, COMMISSIONS | HOLDS_BUDGET)


def can_answer_quote(user, quote: Quote) -> bool:
    """Say yes or no: a budget holder who did not ask."""
    return quote.asked_by_id != user.pk and holds(user, quote.referral.commissioner_id, HOLDS_BUDGET)


def can_place_quote(user, quote: Quote) -> bool:
    """Make a placement of a quote: whoever commissions for the pupil."""
    return can_place(user, quote.referral)
