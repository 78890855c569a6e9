"""Kinds of organisation and the roles that people have in them. Evaluator, moderator, opener and approver are
appointments to one framework, not roles, and do not stand here."""

from __future__ import annotations

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    AUTHORITY = "authority", "Council"
    TRUST = "trust", "Academy trust"
    SCHOOL = "school", "School"
    PROVIDER = "provider", "Provider"


class Role(TextChoices):
    ADMIN = "authority_admin", "Administrator"
    PROCUREMENT = "authority_procurement", "Procurement officer"
    COMMISSIONER = "authority_commissioner", "Commissioner"
    SEND = "authority_send", "SEND caseworker"
    VIRTUAL_SCHOOL = "authority_virtual_school", "Virtual school"
    SAFEGUARDING = "authority_safeguarding", "Safeguarding officer"
    CONTRACTS = "authority_contracts", "Contract manager"
    BUDGET = "authority_budget", "Budget holder"
    FINANCE = "authority_finance", "Finance officer"
    TRUST_COMMISSIONER = "trust_commissioner", "Trust commissioner"
    TRUST_DSL = "trust_dsl", "Trust safeguarding lead"
    TRUST_FINANCE = "trust_finance", "Trust finance officer"
    SCHOOL_LEAD = "school_lead", "School lead"
    SCHOOL_SENCO = "school_senco", "SENCO"
    SCHOOL_DSL = "school_dsl", "Designated safeguarding lead"
    SCHOOL_ATTENDANCE = "school_attendance", "Attendance officer"
    SCHOOL_FINANCE = "school_finance", "School finance officer"
    PROVIDER_LEAD = "provider_lead", "Provider lead"
    PROVIDER_STAFF = "provider_staff", "Provider staff"
    PROVIDER_DSL = "provider_dsl", "Provider safeguarding lead"

    @property
    def kind(self) -> OrganisationKind:
        """The kind of organisation that has this role."""
        return OrganisationKind(self.value.partition("_")[0])


# Who runs the organisation's list of people. A trust and a school have no separate administrator.
MANAGES_PEOPLE = {Role.ADMIN, Role.TRUST_COMMISSIONER, Role.SCHOOL_LEAD, Role.PROVIDER_LEAD}

# A provider's lead runs the bid and the account and sees no pupil; whoever also teaches is given the staff role too.
# So a bidder of three people at 11:58 is not asked for a second step, and nobody sees a pupil without one.
NEEDS_SECOND_STEP = set(Role) - {Role.PROVIDER_LEAD}


def roles_of(kind: str) -> list[Role]:
    """The roles that an organisation of this kind can give."""
    return [role for role in Role if role.kind == kind]
