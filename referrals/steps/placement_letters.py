"""Letters about placements: what happened and where to read it. No pupil, no need, no price."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from accounts.models import Membership
from core.steps import step
from outbox import steps as outbox
from referrals.models import Placement, PlacementPaper, Quote
from referrals.models.own import COMMISSIONS, TEACHES
from referrals.permissions.placements import WATCHES_SPEND
from referrals.queries.approvals import holders_of
from referrals.queries.people import people_of


@step
def to_provider(paper: PlacementPaper, *, at: dt.datetime) -> None:
    """An agreement waits for the provider's signature."""
    placement = paper.placement
    _post(
        f"placement-to-sign:{paper.pk}",
        people_of([placement.provider_id], TEACHES)[placement.provider_id],
        subject="An agreement for a pupil waits for your signature",
        says=f"{placement.commissioner.name} has sent {placement.provider.name} the agreement for a pupil.",
        page=("sign_placement", placement.pk),
        organisation=placement.provider_id,
        at=at,
    )


@step
def to_party(paper: PlacementPaper, *, at: dt.datetime) -> None:
    """The provider has signed; the contracting party signs next."""
    placement = paper.placement
    _post(
        f"placement-to-countersign:{paper.pk}",
        people_of([placement.contracting_party_id], COMMISSIONS)[placement.contracting_party_id],
        subject="An agreement for a pupil waits for your signature",
        says=f"{placement.provider.name} has signed the agreement for a pupil. "
        f"{placement.contracting_party.name} signs next.",
        page=("sign_placement", placement.pk),
        organisation=placement.contracting_party_id,
        at=at,
    )


@step
def agreed(placement: Placement, *, at: dt.datetime) -> None:
    """Both have signed: the provider, the commissioner and the home school are told."""
    roles = {placement.provider_id: TEACHES, placement.commissioner_id: COMMISSIONS}
    if placement.home_school_id:
        roles.setdefault(placement.home_school_id, COMMISSIONS)
    for organisation, held in roles.items():
        _post(
            f"placement-agreed:{placement.pk}:{organisation}",
            people_of([organisation], held)[organisation],
            subject="A placement is agreed",
            says=f"A placement at {placement.provider.name} is signed by both sides. It cannot start before everything "
            "that keeps the pupil safe is in place.",
            page=("placement", placement.pk),
            organisation=organisation,
            at=at,
        )


@step
def cancelled(placement: Placement, *, at: dt.datetime) -> None:
    """A placement that the provider was asked to sign will not take place. Was it agreed, the contracting party and the
    home school are told too."""
    says = f"{placement.commissioner.name} has cancelled a placement at {placement.provider.name} before it started."
    _post(
        f"placement-cancelled:{placement.pk}",
        people_of([placement.provider_id], TEACHES)[placement.provider_id],
        subject="A placement will not take place",
        says=f"{says} What you read about the pupil, destroy or return as your agreement to share data says.",
        page=("placements", placement.provider_id),
        organisation=placement.provider_id,
        at=at,
    )
    told = {placement.contracting_party_id, placement.home_school_id} if placement.agreed_at else set()
    for organisation in sorted(told - {None, placement.commissioner_id}):
        _post(
            f"placement-cancelled:{placement.pk}:{organisation}",
            people_of([organisation], COMMISSIONS)[organisation],
            subject="A placement will not take place",
            says=says,
            page=("placement", placement.pk),
            organisation=organisation,
            at=at,
        )


@step
def to_officers(placement: Placement, *, at: dt.datetime) -> None:
    """More is drawn from a framework than it is worth: its buyer's officers are told, without the pupil."""
    buyer = placement.framework.buyer_id
    _post(
        f"placement-overdrawn:{placement.pk}",
        _members(buyer, WATCHES_SPEND),
        subject="More is drawn from a framework than it is worth",
        says=f"A placement was agreed under “{placement.framework.title}” that takes the value of a lot or of the "
        "framework over what was published. A reason was written down.",
        page=("framework_spend", placement.framework_id),
        organisation=buyer,
        at=at,
    )


@step
def quote_asked(quote: Quote, *, at: dt.datetime) -> None:
    """A quote waits for a budget holder."""
    commissioner = quote.referral.commissioner
    people = [(one.pk, one.email) for one in holders_of(commissioner, but=quote.asked_by_id)]
    _post(
        f"quote-asked:{quote.pk}",
        people,
        subject="A quote waits for your answer",
        says=f"At {commissioner.name} a provider has quoted for provision that no other lot can give. You can say yes "
        "or no.",
        page=("quote", quote.pk),
        organisation=commissioner.pk,
        at=at,
    )


@step
def quote_answered(quote: Quote, *, at: dt.datetime) -> None:
    """Whoever wrote the quote down is told that there is an answer."""
    asker = quote.asked_by
    if asker is None or not asker.is_active:
        return
    _post(
        f"quote-answered:{quote.pk}",
        [(asker.pk, asker.email)],
        subject="A quote was answered",
        says="A budget holder has answered the quote that you wrote down.",
        page=("quote", quote.pk),
        organisation=quote.referral.commissioner_id,
        at=at,
    )


def _members(organisation: int, roles) -> list[tuple[int, str]]:
    rows = Membership.objects.live().filter(organisation=organisation, role__in=roles)
    return sorted(set(rows.values_list("user_id", "user__email")))


def _post(key: str, people: Iterable[tuple[int, str]], *, subject, says, page, organisation, at) -> None:
    name, *args = page
    link = f"{settings.BASE_URL}{reverse(name, args=args)}"
    letters = [
        outbox.Letter(
            key=f"{key}:{pk}",
            to=address,
            subject=subject,
            body=f"{says}\n\nSign in to read more:\n{link}\n",
            organisation=organisation,
        )
        for pk, address in people
    ]
    outbox.post_many(letters, at=at)
