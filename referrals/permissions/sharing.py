"""Who writes agreements to share data and how a commissioner refers, brings pupils in, or keeps a record longer."""

from __future__ import annotations

from accounts.models.organisations import roles_of
from accounts.states import MANAGES_PEOPLE, OrganisationKind, Role
from referrals.models.own import COMMISSIONS, HOLDS_BUDGET, holds

# Who signs for the controller, or writes down that somebody did.
WRITES_AGREEMENTS = frozenset({Role.ADMIN, Role.COMMISSIONER, Role.TRUST_COMMISSIONER, Role.SCHOOL_LEAD})
# What may be spent without asking is not for those alone to say who spend it: whoever runs the organisation, or holds
# its budget.
SETS_TERMS = frozenset((MANAGES_PEOPLE - {Role.PROVIDER_LEAD}) | HOLDS_BUDGET)
READS_TERMS = SETS_TERMS | COMMISSIONS
# Who may say that a record is needed for a claim, an inquiry or a court, and so is not purged.
KEEPS = frozenset(
    {
        Role.COMMISSIONER,
        Role.SAFEGUARDING,
        Role.TRUST_COMMISSIONER,
        Role.TRUST_DSL,
        Role.SCHOOL_LEAD,
        Role.SCHOOL_DSL,
    }
)
WATCH = "referrals.tell_of_sharing"
PURGE = "referrals.purge"
RESEAL = "referrals.reseal"
IMPORT = "referrals.import_pupils"


def can_see_sharing(user, organisation) -> bool:
    """The agreements of an organisation: everybody who belongs to it. They name no pupil."""
    return any(held.organisation_id == organisation.pk for held in roles_of(user))


def can_see_agreement(user, agreement) -> bool:
    """One agreement: both sides' people, whom its queryset alone shows it to."""
    return True


def can_write_sharing(user, organisation) -> bool:
    """Write an agreement down: the commissioner's, never the provider's."""
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, WRITES_AGREEMENTS)


def can_end_agreement(user, agreement) -> bool:
    """End one: the commissioner's."""
    return holds(user, agreement.commissioner_id, WRITES_AGREEMENTS)


def can_see_terms(user, organisation) -> bool:
    """How a commissioner refers: who refers for it, who pays, who runs it."""
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, READS_TERMS)


def can_set_terms(user, organisation) -> bool:
    """Change how it refers."""
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, SETS_TERMS)


def can_import_pupils(user, organisation) -> bool:
    """Bring pupils in from a list: whoever adds one by hand."""
    return organisation.kind != OrganisationKind.PROVIDER and holds(user, organisation.pk, COMMISSIONS)


def can_keep_pupil(user, pupil) -> bool:
    """Keep a record past 25, or let it go again."""
    return holds(user, pupil.commissioner_id, KEEPS)
