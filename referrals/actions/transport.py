"""How a pupil gets there and back, outside the price."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from referrals.models import Placement, Transport
from referrals.permissions import assurance as permissions
from referrals.queries import assurance as queries
from referrals.queries.assurance import Journey
from referrals.rules import assurance as rules
from referrals.rules.assurance import Said
from referrals.states import Item
from referrals.steps import assurance as steps


@transaction.atomic(durable=True)
def save_transport(
    *,
    placement: Placement,
    arranged_by: str,
    paid_by: str,
    journey: Journey,
    seen: str,
    by: User,
    at: dt.datetime,
) -> Transport:
    """Write down who arranges and who pays, who hands over and who takes over; with that the item is done. `seen` is
    what the page showed (`queries.assurance.mark_of_transport`). Raises `Refused`."""
    placement = Placement.objects.locked(placement.pk)
    forget_roles(by)
    access.require(permissions.can_commission, by, placement)
    rules.check_write(state=placement.state, item=Item.TRANSPORT, not_needed=False, said=Said(), basis=placement.basis)
    before = queries.transport_of(placement)
    if seen != queries.mark_of_transport(before):
        raise Refused(rules.CHANGED)
    made = before or Transport(placement=placement)
    made.arranged_by, made.paid_by, made.changed_at, made.changed_by = arranged_by, paid_by, at, by
    made.save()
    made.words = queries.sealed_journey(made, journey)
    made.save(update_fields=["words"])
    steps.write(placement=placement, item=Item.TRANSPORT, done=True, by=by, at=at)
    data = {"placement": placement.pk, "arranged_by": str(arranged_by)}
    audit.record(
        "referrals.transport.saved", by=by, about=made, organisation=placement.commissioner_id, data=data, at=at
    )
    return made
