"""Organisations that may be one: found away from anybody's eyes, decided by an operator."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import permissions, queries, steps
from accounts.models import LookAlike, Organisation, User
from accounts.rules import people
from accounts.states import OrganisationKind
from audit import steps as audit
from core import access

AT_ONCE = 200


@transaction.atomic(durable=True)
def compare_new_providers(*, by, at: dt.datetime) -> int:
    """Compare every provider that has not been compared with all the others, and say so to those whom it concerns.

    Runs every few minutes, never inside a registration: whoever registers cannot tell from page, status or time
    whether somebody like them is here. Returns how many were compared."""
    access.require(permissions.can_decide_look_alikes, by, systems=("accounts.tidy", "accounts.demo"))
    # Newest first: of two that came in together, the newer one is said to look like the older.
    waiting = list(
        Organisation.objects.select_for_update(of=("self",))
        .filter(kind=OrganisationKind.PROVIDER, compared_at=None)
        .order_by("-pk")[:AT_ONCE]
    )
    if not waiting:
        return 0
    known = queries.all_known_providers()
    found = 0
    for organisation in waiting:
        found += steps.note_look_alikes(organisation=organisation, known=known, by=by, at=at)
    Organisation.objects.filter(pk__in=[organisation.pk for organisation in waiting]).update(compared_at=at)
    audit.record("accounts.providers.compared", by=by, data={"compared": len(waiting), "found": found}, at=at)
    return len(waiting)


@transaction.atomic(durable=True)
def decide_look_alike(*, look_alike: LookAlike, decision: str, reason: str, by: User, at: dt.datetime) -> None:
    """Say whether two organisations are one, with the reason. Raises `people.Refused` when it was said before."""
    look_alike = LookAlike.objects.locked(look_alike.pk)
    access.require(permissions.can_decide_look_alike, by, look_alike)
    if look_alike.decided_at:
        raise people.Refused("Somebody has already decided about these two")
    look_alike.decision, look_alike.decision_reason = decision, reason
    look_alike.decided_at, look_alike.decided_by = at, by
    look_alike.save(update_fields=["decision", "decision_reason", "decided_at", "decided_by"])
    audit.record(
        "accounts.look_alike.decided",
        by=by,
        about=look_alike,
        data={
            "decision": decision,
            "organisation": look_alike.organisation_id,
            "resembles": look_alike.resembles_id,
        },
        at=at,
    )
