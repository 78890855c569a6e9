"""The provider's own read of its bid. Here, and at the recorded opening, sealed applications are decrypted; nowhere
else (a house test holds the list)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.access import Denied
from lots.queries.sealing import unseal_for
from providers.models import Application, Submission
from providers.models.applications import leads_of
from providers.queries.library import held_versions, library_of
from providers.queries.offers import offer_of
from providers.queries.profiles import bidder_of
from providers.rules.bid import Bid, assemble
from providers.rules.draft import Part, from_bytes
from providers.rules.frozen import parsed, unpadded
from providers.rules.parts import named_versions
from providers.rules.reading import Context

DRAFT, SUBMISSION = "providers.draft", "providers.submission"  # what a blob was sealed for
_MOST_NAMED = 500  # versions that a draft may name and that are not in the library; more is nobody's bid


@dataclass(frozen=True)
class OwnBid:
    """A draft in the clear, for the people who wrote it. `revision` is the application's."""

    application: Application
    draft: dict[str, Part]
    revision: int


def own_bid(application: Application, *, user) -> OwnBid:
    """The draft, decrypted for whoever leads the provider. Raises `Denied` for everybody else, `SealBroken` for a blob
    that was changed or whose key is gone."""
    _must_lead(user, application)
    draft = {}
    if application.draft_sealed is not None:
        purpose = f"{DRAFT}:{application.pk}"
        draft = from_bytes(unseal_for(application.framework_id, application.draft_sealed, purpose=purpose))
    return OwnBid(application, draft, application.revision)


def own_submission(submission: Submission, *, user) -> dict:
    """The frozen document, decrypted for whoever leads the provider. Raises as `own_bid`."""
    application = submission.application
    _must_lead(user, application)
    purpose = f"{SUBMISSION}:{application.pk}"
    return parsed(unpadded(unseal_for(application.framework_id, submission.sealed, purpose=purpose)))


def submissions_of(application: Application, *, user) -> list[Submission]:
    """Everything that was ever submitted with this application, newest first."""
    return list(Submission.objects.visible_to(user).filter(application=application).order_by("-number"))


def last_before(application: Application, *, user) -> Submission | None:
    """The last submission of this provider to an earlier opening of the same framework: of the latest opening to which
    it submitted anything. One query for each opening, and one."""
    earlier, one = [], application.framework
    while one.previous_id:
        one = one.previous
        earlier.append(one.pk)
    ours = Submission.objects.visible_to(user).filter(application__provider=application.provider_id)
    theirs = ours.filter(application__framework__in=earlier)
    return theirs.order_by("-application__framework__generation", "-number").first() if earlier else None


def context_of(application: Application, *, user, today: dt.date, draft: dict[str, Part] | None = None) -> Context:
    """What answers are read against. Versions that the `draft` names stand in the library also when they were replaced
    since; those of another provider never do."""
    library = library_of(application.provider_id, user=user)
    older = sorted(named_versions(draft or {}) - set(library))
    if older:
        library |= held_versions(older[:_MOST_NAMED], provider=application.provider_id, user=user)
    return Context(
        offer=offer_of(application.framework),
        bidder=bidder_of(application.provider),
        library=library,
        today=today,
    )


def bid_of(application: Application, *, user, today: dt.date) -> Bid:
    """The whole application, read. Raises as `own_bid`."""
    draft = own_bid(application, user=user).draft
    return assemble(draft, context_of(application, user=user, today=today, draft=draft))


def _must_lead(user, application: Application) -> None:
    if application.provider_id not in leads_of(user):
        raise Denied
