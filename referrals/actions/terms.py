"""How a commissioner refers."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import Terms
from referrals.permissions import sharing as permissions
from referrals.rules import sharing as rules

CHANGED = (
    "Somebody changed this since you opened the page: now it is £{pounds:,} and {days} days. Save again to put yours"
)


@transaction.atomic(durable=True)
def set_terms(
    *, organisation: Organisation, approve_above_pence: int, answer_days: int, seen: str, by: User, at: dt.datetime
) -> Terms:
    """Write down above how many pence a referral needs a budget holder, and how many working days providers have to
    answer. `seen` is `rules.mark_of` what the page showed. What was asked or approved before stays as it was. Raises
    `Refused`."""
    organisation = Organisation.objects.locked(organisation.pk)
    people.forget_roles(by)
    access.require(permissions.can_set_terms, by, organisation)
    rules.check_terms(approve_above_pence=approve_above_pence, answer_days=answer_days)
    terms = Terms.objects.filter(commissioner=organisation).first() or Terms(commissioner=organisation)
    if seen != rules.mark_of(terms.approve_above_pence, terms.answer_days):
        raise Refused(CHANGED.format(pounds=terms.approve_above_pence // 100, days=terms.answer_days))
    terms.approve_above_pence, terms.answer_days = approve_above_pence, answer_days
    terms.changed_at, terms.changed_by = at, by
    terms.save()
    data = {"approve_above_pence": approve_above_pence, "answer_days": answer_days}
    audit.record("referrals.terms.set", by=by, about=terms, organisation=organisation, data=data, at=at)
    return terms
