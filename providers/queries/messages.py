"""Reads of messages. A bidder reads its own thread; the buyer's officers read threads under the bidder's alias, and its
name once the applications were opened and if it had submitted one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, When

from lots.models import Framework
from providers.models import Application, BidMessage
from providers.models.applications import leads_of
from providers.models.library import own
from providers.queries.rounds import opened
from providers.rules.reference import ALPHABET
from providers.states import ApplicationState, MessageKind

BIDDER = "Bidder "  # how every alias begins; the rest of it stands in addresses


def own_thread(application: Application, *, user) -> QuerySet[BidMessage]:
    """The messages between the buyer and this bidder, for the bidder's leads."""
    return BidMessage.objects.filter(application=application, application__provider__in=leads_of(user))


@dataclass(frozen=True)
class Bidder:
    """A bidder as officers may know it now: `code` is its alias without the word, `label` what stands on pages."""

    application_id: int
    code: str
    label: str


def bidder_known_as(framework: Framework, code: str, *, user) -> Bidder | None:
    """The bidder of this alias, for the buyer's people: one that has written to the buyer or, after the opening, one
    that had submitted. Of all others nobody learns that they are there."""
    if len(code) != 5 or not set(code) <= set(ALPHABET) or framework.buyer_id not in own(user):
        return None
    has_written = Exists(BidMessage.objects.filter(application=OuterRef("pk")))
    found = Application.objects.filter(framework=framework, alias=f"{BIDDER}{code}").annotate(has_written=has_written)
    row = found.select_related("provider").first()
    if row is None:
        return None
    is_known = opened(framework) and row.state == ApplicationState.SUBMITTED
    if not is_known and not row.has_written:
        return None
    return Bidder(row.pk, code, row.provider.name if is_known else row.alias)


def thread_with(bidder: Bidder, framework: Framework, *, user) -> QuerySet[BidMessage]:
    """The same messages, for the buyer's people."""
    return _round(framework, user).filter(application=bidder.application_id)


def inbox(framework: Framework, *, user) -> QuerySet[BidMessage]:
    """Every message of a round for the buyer's people. Each says in `who` whom it is with, as they may know it now."""
    return _of_buyer(framework, user)


def help_requests(framework: Framework, *, user) -> QuerySet[BidMessage]:
    """Requests for help among them."""
    return _of_buyer(framework, user).filter(kind=MessageKind.HELP)


def code_of(message: BidMessage) -> str:
    """What stands for the message's bidder in an address."""
    return message.alias.removeprefix(BIDDER)


def _round(framework: Framework, user) -> QuerySet[BidMessage]:
    if framework.buyer_id not in own(user):
        return BidMessage.objects.none()
    return BidMessage.objects.filter(framework=framework).defer("sent_by")


def _of_buyer(framework: Framework, user) -> QuerySet[BidMessage]:
    who = alias = F("application__alias")
    if opened(framework):
        submitted = When(application__state=ApplicationState.SUBMITTED, then=F("application__provider__name"))
        who = Case(submitted, default=alias, output_field=CharField())
    return _round(framework, user).annotate(alias=alias, who=who)
