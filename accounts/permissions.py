"""Who may do what with organisations and their people. Roles are read once per request (`queries.roles_of`)."""

from __future__ import annotations

from accounts import queries, states


def _roles_in(user, organisation) -> set[str]:
    return {held.role for held in queries.roles_of(user) if held.organisation_id == organisation.pk}


def is_operator(user) -> bool:
    """Runs the deployment."""
    return bool(user.is_authenticated and user.is_active and user.is_operator)


def nobody(user, *things) -> bool:
    """Only the portal itself, from the command line."""
    return False


def can_see_organisations(user) -> bool:
    """The list of organisations: an operator sees all of them, anybody else those that they belong to."""
    return is_operator(user) or bool(queries.roles_of(user))


def can_see_organisation(user, organisation) -> bool:
    """Its details, its people, its term dates: everybody who belongs to it, and operators."""
    return is_operator(user) or bool(_roles_in(user, organisation))


def manages_people(user, organisation) -> bool:
    """Holds a role that runs the list of people of this organisation; the parent's roles do not count."""
    return bool(_roles_in(user, organisation) & states.MANAGES_PEOPLE)


def can_invite(user, organisation) -> bool:
    """Whoever manages its people; where nobody does, an operator, who lets the first person in."""
    if manages_people(user, organisation):
        return True
    return is_operator(user) and organisation.is_open and not queries.managers_of(organisation)


def can_manage_people(user, organisation) -> bool:
    """Change and end roles."""
    return manages_people(user, organisation)


def can_edit_organisation(user, organisation) -> bool:
    """Name, numbers and address. A school's come from the national register, which alone changes them."""
    return organisation.kind != states.OrganisationKind.SCHOOL and manages_people(user, organisation)


def can_leave(user, organisation) -> bool:
    """Anybody who belongs to it."""
    return bool(_roles_in(user, organisation))


def can_see_record(user, organisation) -> bool:
    """The record of what was done in the organisation: whoever manages its people, and operators."""
    return is_operator(user) or manages_people(user, organisation)


def can_change_role(user, membership) -> bool:
    """Whoever manages the people of the organisation that the role is in."""
    return manages_people(user, membership.organisation)


def can_list_schools(user, membership) -> bool:
    """A trust's people see the schools listed for them: whoever manages the trust's people writes the list."""
    return membership.organisation.kind == states.OrganisationKind.TRUST and can_change_role(user, membership)


def can_withdraw_invitation(user, invitation) -> bool:
    """Whoever may invite for that organisation."""
    return can_invite(user, invitation.organisation)


def can_accept_invitation(user, invitation) -> bool:
    """The person who has confirmed the address that was invited, and nobody else."""
    return user.is_authenticated and queries.has_confirmed(user, invitation.email)


def can_register_provider(user) -> bool:
    """Somebody who has signed up and belongs nowhere yet."""
    return bool(user.is_authenticated and user.is_active and not user.is_operator and not queries.roles_of(user))


def can_change_dates(user, organisation) -> bool:
    """Term dates and closures: whoever manages the organisation's people."""
    return manages_people(user, organisation)


def can_change_these_dates(user, dates) -> bool:
    """One term or closure, likewise."""
    return manages_people(user, dates.organisation)


def can_import_schools(user) -> bool:
    """The national register is one for all councils: operators."""
    return is_operator(user)


def can_decide_look_alikes(user) -> bool:
    """Operators: a pair of organisations tells who is registered."""
    return is_operator(user)


def can_decide_look_alike(user, look_alike) -> bool:
    """Likewise, one pair."""
    return is_operator(user)


def can_open_authority(user) -> bool:
    """Operators."""
    return is_operator(user)


def can_close_account(user, person) -> bool:
    """Operators, and not their own."""
    return is_operator(user) and user.pk != person.pk


def is_own(user, thing) -> bool:
    """One's own session, one's own kept answers: nobody else's, whatever their role."""
    return thing.user_id == user.pk
