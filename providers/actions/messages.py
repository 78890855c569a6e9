"""Messages between the buyer and one bidder, and requests for help. Kept for ever, changed never, seen by no other
bidder; the buyer's officers see an alias until the opening."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from accounts import queries as people
from accounts.models import User
from audit import steps as audit
from core import access, clock
from lots.models import Framework
from providers.models import Application, BidMessage
from providers.permissions import questions as permissions
from providers.rules import messages as rules
from providers.rules.refusals import Refused
from providers.states import MessageKind
from providers.steps import news

DAY = dt.timedelta(hours=24)


@transaction.atomic(durable=True)
def send_message(*, application: Application, text: str, by: User) -> BidMessage:
    """Write to the buyer as a bidder. Raises `Refused`."""
    at = clock.database_now()
    application = Application.objects.locked(application.pk)
    people.forget_roles(by)
    access.require(permissions.can_bid, by, application)
    made = _from_bidder(application, MessageKind.MESSAGE, text, "", by, at)
    audit.record("providers.bid_message.sent", by=by, about=made, organisation=application.provider_id, at=at)
    return made


@transaction.atomic(durable=True)
def ask_for_help(*, application: Application, text: str, reach: str, by: User) -> BidMessage:
    """Ask the buyer for help, with the moment at which the database took it: whoever could not submit in time can show
    when they said so. Possible after the deadline too. `reach` is how to answer at once, if the bidder wants that.
    Raises `Refused`."""
    at = clock.database_now()
    application = Application.objects.locked(application.pk)
    people.forget_roles(by)
    access.require(permissions.can_bid, by, application)
    made = _from_bidder(application, MessageKind.HELP, text, reach, by, at)
    audit.record("providers.help.asked", by=by, about=made, organisation=application.provider_id, at=at)
    return made


@transaction.atomic(durable=True)
def write_to_bidder(
    *, application: int, text: str, by: User, at: dt.datetime, answers: int | None = None
) -> BidMessage:
    """Write to one bidder as the buyer of the framework that it bids for; the name stays hidden. `answers` is the key
    of a request for help in the same thread, which is answered by this. Raises `Refused`, also when a colleague has
    answered it meanwhile."""
    bidder = Application.objects.locked(application)
    framework = Framework.objects.select_related("buyer").get(pk=bidder.framework_id)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    rules.check_message(state=framework.state)
    asked = None
    if answers is not None:
        asked = bidder.messages.filter(pk=answers, kind=MessageKind.HELP, answered_at=None).first()
        if asked is None:
            raise Refused("This request for help has been answered meanwhile. Read what your colleague wrote first")
        asked.answered_at = at
        asked.save(update_fields=["answered_at"])
    made = BidMessage.objects.create(
        framework=framework,
        application=bidder,
        from_buyer=True,
        text=text,
        sent_at=at,
        sent_by=by,
        answers=asked,
    )
    news.tell_bidder(
        application=bidder,
        key=f"bid-message:{made.pk}",
        says="The buyer has written to you alone.",
        path=reverse("bid_messages", args=[bidder.pk]),
        at=at,
    )
    audit.record(
        "providers.help.answered" if asked else "providers.bid_message.replied",
        by=by,
        about=made,
        organisation=framework.buyer_id,
        data={"framework": framework.pk},
        at=at,
    )
    return made


def _from_bidder(
    application: Application, kind: MessageKind, text: str, reach: str, by: User, at: dt.datetime
) -> BidMessage:
    framework = Framework.objects.select_related("buyer").get(pk=application.framework_id)
    sent = application.messages.filter(from_buyer=False, sent_at__gt=at - DAY).count()
    rules.check_message(state=framework.state, sent_today=sent)
    made = BidMessage.objects.create(
        framework=framework,
        application=application,
        kind=kind,
        from_buyer=False,
        text=text,
        reach=reach,
        sent_at=at,
        sent_by=by,
    )
    for_help = kind == MessageKind.HELP
    news.tell_officers(
        framework=framework,
        key=f"bid-message:{made.pk}",
        subject="A bidder asks for help" if for_help else "A bidder has written to you",
        says="A bidder asks for help. Requests for help are answered in the order in which they came."
        if for_help
        else "A bidder has written to you. Nobody else reads it but your colleagues.",
        path=reverse("help_queue" if for_help else "messages_of_round", args=[framework.pk]),
        at=at,
    )
    return made
