"""Who may see long work, and stop it or have it tried again."""

from __future__ import annotations

from accounts.queries import roles_of
from accounts.states import MANAGES_PEOPLE


def can_see_job(user, job) -> bool:
    """Whoever its queryset shows it to: the people of its organisation, and operators."""
    return True


def can_run_job(user, job) -> bool:
    """Stop it, or have it tried again: whoever asked for it and is still of its organisation, whoever manages that
    organisation's people (for when the first is away), and operators."""
    if user.is_operator:
        return True
    held = {held.role for held in roles_of(user) if held.organisation_id == job.organisation_id}
    return bool(held & MANAGES_PEOPLE) or (job.asked_by_id == user.pk and bool(held))
