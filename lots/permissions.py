"""Who may do what with frameworks, standards and places. Roles are read once per request."""

from __future__ import annotations

from accounts.queries import roles_of
from accounts.states import OrganisationKind, Role

# Who buys: a council's procurement officers; in a trust, which has none, whoever commissions.
BUYS = {Role.PROCUREMENT, Role.TRUST_COMMISSIONER}
# Who looks after places once they are given.
RUNS_PLACES = BUYS | {Role.CONTRACTS}
# Who may stop a provider at once.
SUSPENDS = RUNS_PLACES | {Role.SAFEGUARDING, Role.TRUST_DSL}


def _holds(user, organisation_id: int, roles: set[Role]) -> bool:
    return any(held.organisation_id == organisation_id and held.role in roles for held in roles_of(user))


def belongs_to(user, organisation_id: int) -> bool:
    """Holds any role there."""
    return any(held.organisation_id == organisation_id for held in roles_of(user))


def can_start_framework(user, organisation) -> bool:
    """Begin a framework for this buyer, or bring its notice in."""
    return _holds(user, organisation.pk, BUYS)


def can_manage_framework(user, framework) -> bool:
    """Set it up, publish it, open it again."""
    return _holds(user, framework.buyer_id, BUYS)


def can_keep_recovery(user, framework) -> bool:
    """Keep one of the two passphrases of its recovery file: everybody who belongs to its buyer. That one of the two
    sets frameworks up is asked by the rule."""
    return belongs_to(user, framework.buyer_id)


def can_see_round(user, framework) -> bool:
    """How many apply: whoever buys for the buyer, and its administrators, who are the second person where a deadline is
    set again after an outage."""
    return _holds(user, framework.buyer_id, BUYS | {Role.ADMIN})


def can_manage_lot(user, lot) -> bool:
    """A lot is set up by whoever sets its framework up."""
    return can_manage_framework(user, lot.framework)


def can_manage_line(user, line) -> bool:
    """So is a price line."""
    return can_manage_framework(user, line.lot.framework)


def can_manage_date(user, date) -> bool:
    """So is a meeting or another planned date."""
    return can_manage_framework(user, date.framework)


def can_see_framework(user, framework) -> bool:
    """Whoever its queryset shows it to: anybody once it is published, its buyer's people before."""
    return True


def can_see_lot(user, lot) -> bool:
    """As its framework."""
    return True


def can_see_frameworks_of(user, organisation) -> bool:
    """The dashboard of a buyer's frameworks: everybody who belongs to it, and operators."""
    buys = organisation.kind in {OrganisationKind.AUTHORITY, OrganisationKind.TRUST}
    return buys and (user.is_operator or belongs_to(user, organisation.pk))


def can_see_inside(user, framework) -> bool:
    """The officers' pages of a framework: everybody who belongs to its buyer, and operators."""
    return bool(user.is_authenticated and user.is_operator) or belongs_to(user, framework.buyer_id)


def can_see_place(user, place) -> bool:
    """The buyer's people and the provider's, as its queryset says; operators."""
    return True


def sees_prices(user, place) -> bool:
    """The buyer's people, and whoever leads the provider."""
    return belongs_to(user, place.framework.buyer_id) or can_answer_for(user, place.provider)


def can_answer_for(user, provider) -> bool:
    """Accept and give up places: whoever leads the provider."""
    return _holds(user, provider.pk, {Role.PROVIDER_LEAD})


def can_see_places_of(user, provider) -> bool:
    """The provider's own page of its places: its people, and operators."""
    return provider.kind == OrganisationKind.PROVIDER and (user.is_operator or belongs_to(user, provider.pk))


def can_run_places(user, framework) -> bool:
    """End places, move them, set prices."""
    return _holds(user, framework.buyer_id, RUNS_PLACES)


def can_run_place(user, place) -> bool:
    """Likewise, one place."""
    return can_run_places(user, place.framework)


def can_end_place(user, place) -> bool:
    """The buyer's officers, and whoever leads the provider, who may always go."""
    return can_run_place(user, place) or can_answer_for(user, place.provider)


def can_suspend(user, place) -> bool:
    """Whoever runs places, and whoever answers for safeguarding."""
    return _holds(user, place.framework.buyer_id, SUSPENDS)


def can_lift(user, suspension) -> bool:
    """Whoever may suspend for that buyer."""
    return _holds(user, suspension.buyer_id, SUSPENDS)


def can_offer_succession(user, buyer) -> bool:
    """Hand all frameworks of a buyer over to another: whoever buys for it."""
    return _holds(user, buyer.pk, BUYS)


def can_accept_succession(user, succession) -> bool:
    """Whoever buys for the buyer that takes over."""
    return _holds(user, succession.successor_id, BUYS)


def can_withdraw_succession(user, succession) -> bool:
    """Whoever buys for the buyer that offered."""
    return _holds(user, succession.buyer_id, BUYS)


def can_read_standards(user, thing) -> bool:
    """Whoever the queryset shows the set or the version to: national ones anybody, an own set its organisation."""
    return True


def can_edit_set(user, standard_set) -> bool:
    """Write new versions: whoever buys for the organisation that owns the set; operators for national sets."""
    if standard_set.owner_id is None:
        return bool(user.is_authenticated and user.is_operator)
    return _holds(user, standard_set.owner_id, BUYS)


def can_edit_version(user, version) -> bool:
    """Likewise, one version. Whether it is fixed already is asked by the rule, which says so in words."""
    return can_edit_set(user, version.standard_set)


def can_edit_theme(user, theme) -> bool:
    """Likewise, a part of a version."""
    return can_edit_version(user, theme.version)


def can_edit_standard(user, standard) -> bool:
    """Likewise, one standard."""
    return can_edit_theme(user, standard.theme)


def can_edit_evidence(user, evidence) -> bool:
    """Likewise, what a provider shows for a standard."""
    return can_edit_standard(user, evidence.standard)


def can_adopt_standards(user, version) -> bool:
    """Copy a version into a set of one's own: whoever buys for anybody."""
    return any(held.role in BUYS for held in roles_of(user))


def can_adopt_for(user, organisation) -> bool:
    """The copy belongs to an organisation for which the person buys."""
    return _holds(user, organisation.pk, BUYS)
