"""URLs of accounts."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts.models import Closure, Invitation, LookAlike, TermDates
from tests.house.matrix import Row


def _ash(world):
    return (world.ash_house.pk,)


def _bob_at_ash(world):
    return (world.ash_house.pk, world.bob.pk)


def _invitation(world):
    at = timezone.now()
    return (
        Invitation.objects.create(
            organisation=world.ash_house,
            email="dora@dora.example",
            roles=["provider_staff"],
            token_hash="0" * 64,
            sent_at=at,
            sent_by=world.alice,
            expires_at=at + dt.timedelta(days=7),
        ).pk,
    )


def _term(world):
    day = dt.date(2026, 9, 1)
    return (TermDates.objects.create(organisation=world.ash_house, name="Autumn", starts_on=day, ends_on=day).pk,)


def _closure(world):
    day = dt.date(2026, 9, 1)
    return (Closure.objects.create(organisation=world.ash_house, reason="Training", starts_on=day, ends_on=day).pk,)


def _pair(world):
    at = timezone.now()
    return (
        LookAlike.objects.create(
            organisation=world.ash_house, resembles=world.birch_farm, reason="Same name", found_at=at
        ).pk,
    )


MEMBERS = {"alice": 200, "bob": 200, "olu": 200}
MANAGERS = {"alice": 200, "bob": 403, "olu": 403}
OPERATORS = {"olu": 200}

ROWS = {
    "organisations": Row(others=200, roles={"nora": 403}),
    "register_provider": Row(others=302, roles={"nora": 200}),
    "organisation": Row(others=404, roles=MEMBERS, args=_ash),
    "edit_organisation": Row(others=404, roles=MANAGERS, args=_ash),
    "people": Row(others=404, roles=MEMBERS, args=_ash),
    "invite": Row(others=404, roles=MANAGERS, args=_ash),
    "person_roles": Row(others=404, roles=MANAGERS, args=_bob_at_ash),
    "remove_person": Row(others=404, roles=MANAGERS, args=_bob_at_ash),
    "leave_organisation": Row(others=404, roles={"alice": 200, "bob": 200, "olu": 403}, args=_ash),
    "person_schools": Row(
        others=404,
        roles={"tariq": 200, "olu": 403},
        args=lambda world: (world.tariq.memberships.get().pk,),
    ),
    "resend_invitation": Row(others=404, roles=MANAGERS, args=_invitation),
    "withdraw_invitation": Row(others=404, roles=MANAGERS, args=_invitation),
    "accept_invitation": Row(others=404, nobody=404),
    "open_invitation": Row(others=302, args=lambda world: ("a-secret-that-nobody-sent",)),
    "term_dates": Row(others=404, roles=MEMBERS, args=_ash),
    "add_term": Row(others=404, roles=MANAGERS, args=_ash),
    "add_closure": Row(others=404, roles=MANAGERS, args=_ash),
    "change_term": Row(others=404, roles=MANAGERS, args=_term),
    "remove_term": Row(others=404, roles=MANAGERS, args=_term),
    "change_closure": Row(others=404, roles=MANAGERS, args=_closure),
    "remove_closure": Row(others=404, roles=MANAGERS, args=_closure),
    "import_schools": Row(others=403, roles=OPERATORS),
    "look_alikes": Row(others=403, roles=OPERATORS),
    "look_alike": Row(others=404, roles=OPERATORS, args=_pair),
    "close_account": Row(others=404, roles=OPERATORS, args=lambda world: (world.bob.pk,)),
}
