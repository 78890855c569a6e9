"""When reports are due and providers reminded."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.db import transaction

from accounts import queries as people
from accounts.models import Organisation, User
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from monitoring.models import ReportTerms
from monitoring.permissions import terms as permissions
from monitoring.queries.terms import terms_of
from monitoring.rules import terms as rules
from monitoring.rules.terms import Terms

CHANGED = "Somebody changed these times since you opened the page. Look at them above, then save again to put yours"


@transaction.atomic(durable=True)
def set_report_terms(*, organisation: Organisation, terms: Terms, seen: str, by: User, at: dt.datetime) -> ReportTerms:
    """Write down a buyer's times. They count from now on: what was late stays late, what was sent stays sent. `seen` is
    `rules.mark_of` what the page showed. Raises `Refused`."""
    organisation = Organisation.objects.locked(organisation.pk)
    people.forget_roles(by)
    access.require(permissions.can_set_terms, by, organisation)
    if seen != rules.mark_of(terms_of([organisation])[organisation.pk]):
        raise Refused(CHANGED)
    rules.check_terms(terms)
    fields = asdict(terms) | {"changed_at": at, "changed_by": by}
    row, _ = ReportTerms.objects.update_or_create(buyer=organisation, defaults=fields)
    data = {name: f"{value:%H:%M}" if isinstance(value, dt.time) else value for name, value in asdict(terms).items()}
    audit.record("monitoring.terms.set", by=by, about=row, organisation=organisation, data=data, at=at)
    return row
