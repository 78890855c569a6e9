"""Term dates and closures of an organisation. A changed day is recorded with what it was."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import permissions, queries
from accounts.models import Closure, Organisation, TermDates, User
from accounts.rules import people
from audit import steps as audit
from core import access


@transaction.atomic(durable=True)
def add_term(*, organisation: Organisation, name: str, starts_on: dt.date, ends_on: dt.date, by: User, at) -> TermDates:
    """Write down a term. Raises `people.Refused` when it meets another one, naming both."""
    organisation = Organisation.objects.locked(organisation.pk)
    queries.forget_roles(by)
    access.require(permissions.can_change_dates, by, organisation)
    people.check_dates(name, starts_on, ends_on, _others(TermDates, organisation))
    term = TermDates.objects.create(organisation=organisation, name=name, starts_on=starts_on, ends_on=ends_on)
    audit.record("accounts.term.added", by=by, about=term, organisation=organisation, data=_data(term), at=at)
    return term


@transaction.atomic(durable=True)
def change_term(*, term: TermDates, name: str, starts_on: dt.date, ends_on: dt.date, by: User, at) -> TermDates:
    """Change a term. Raises `people.Refused` when it would meet another one, naming both."""
    organisation = Organisation.objects.locked(term.organisation_id)
    queries.forget_roles(by)
    access.require(permissions.can_change_dates, by, organisation)
    term = _locked(TermDates, term.pk)
    was = _data(term)
    people.check_dates(name, starts_on, ends_on, _others(TermDates, organisation, but=term.pk))
    term.name, term.starts_on, term.ends_on = name, starts_on, ends_on
    term.save()
    data = _data(term) | {"was": was}
    audit.record("accounts.term.changed", by=by, about=term, organisation=organisation, data=data, at=at)
    return term


@transaction.atomic(durable=True)
def remove_term(*, term: TermDates, by: User, at) -> None:
    """Remove a term."""
    organisation = Organisation.objects.locked(term.organisation_id)
    queries.forget_roles(by)
    access.require(permissions.can_change_dates, by, organisation)
    term = _locked(TermDates, term.pk)
    audit.record("accounts.term.removed", by=by, about=term, organisation=organisation, data=_data(term), at=at)
    term.delete()


@transaction.atomic(durable=True)
def add_closure(
    *, organisation: Organisation, reason: str, starts_on: dt.date, ends_on: dt.date, by: User, at
) -> Closure:
    """Write down days on which the organisation is closed. Raises `people.Refused` when they meet other such days."""
    organisation = Organisation.objects.locked(organisation.pk)
    queries.forget_roles(by)
    access.require(permissions.can_change_dates, by, organisation)
    people.check_dates(reason, starts_on, ends_on, _others(Closure, organisation))
    closure = Closure.objects.create(organisation=organisation, reason=reason, starts_on=starts_on, ends_on=ends_on)
    audit.record("accounts.closure.added", by=by, about=closure, organisation=organisation, data=_data(closure), at=at)
    return closure


@transaction.atomic(durable=True)
def change_closure(*, closure: Closure, reason: str, starts_on: dt.date, ends_on: dt.date, by: User, at) -> Closure:
    """Change days of closure. Raises `people.Refused` when they would meet other such days."""
    organisation = Organisation.objects.locked(closure.organisation_id)
    queries.forget_roles(by)
    access.require(permissions.can_change_dates, by, organisation)
    closure = _locked(Closure, closure.pk)
    was = _data(closure)
    people.check_dates(reason, starts_on, ends_on, _others(Closure, organisation, but=closure.pk))
    closure.reason, closure.starts_on, closure.ends_on = reason, starts_on, ends_on
    closure.save()
    data = _data(closure) | {"was": was}
    audit.record("accounts.closure.changed", by=by, about=closure, organisation=organisation, data=data, at=at)
    return closure


@transaction.atomic(durable=True)
def remove_closure(*, closure: Closure, by: User, at) -> None:
    """Remove days of closure."""
    organisation = Organisation.objects.locked(closure.organisation_id)
    queries.forget_roles(by)
    access.require(permissions.can_change_dates, by, organisation)
    closure = _locked(Closure, closure.pk)
    data = _data(closure)
    audit.record("accounts.closure.removed", by=by, about=closure, organisation=organisation, data=data, at=at)
    closure.delete()


def _locked(model, pk):
    """The row as it is now; somebody may have removed it since it was shown."""
    row = model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise people.Refused("These dates have already been removed")
    return row


def _others(model, organisation, but=None) -> list[tuple]:
    return [
        (str(row), row.starts_on, row.ends_on)
        for row in model.objects.filter(organisation=organisation).exclude(pk=but)
    ]


def _data(dates) -> dict:
    """What the record says of dates: a term's name is a label; why somebody is closed is their own words, which may
    name a person, and stays out of what can never be removed."""
    data = {"starts_on": dates.starts_on.isoformat(), "ends_on": dates.ends_on.isoformat()}
    return data | ({"name": dates.name} if isinstance(dates, TermDates) else {})
