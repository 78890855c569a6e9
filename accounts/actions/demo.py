"""The demo world's own verbs. Nothing but `manage.py demo` calls them, and only in demo mode."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from accounts import permissions
from accounts.models import User
from audit import steps as audit
from core import access

SYSTEM = access.System("accounts.demo")


def _refuse_outside_demo() -> None:
    if not settings.DEMO:
        raise access.Denied("The demo world is for MODE=demo alone")


@transaction.atomic(durable=True)
def make_person(*, email: str, name: str, password_hash: str, by, at: dt.datetime) -> User:
    """Make a person of the demo world, with a confirmed address and the password that the sign-in table prints."""
    _refuse_outside_demo()
    access.require(permissions.nobody, by, systems=("accounts.demo",))
    person = User.objects.create(email=email, name=name, password=password_hash)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    audit.record("accounts.person.made", by=by, about=person, at=at)
    return person


@transaction.atomic(durable=True)
def mark_demo(*, world: str, finished: bool, by, at: dt.datetime) -> None:
    """Mark the database before (`finished=False`) and after a world of made-up people is loaded. Nobody can take the
    marks off again: production refuses to start on a database that bears one, and only such a database is emptied."""
    _refuse_outside_demo()
    access.require(permissions.nobody, by, systems=("accounts.demo",))
    if finished:
        audit.record("accounts.demo.loaded", by=by, data={"world": world}, at=at)
    else:
        audit.record("accounts.demo.begun", by=by, data={"world": world}, at=at)
