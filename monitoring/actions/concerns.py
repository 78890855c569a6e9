"""Concerns: raised, received, handed over, closed; escalated in time, and emptied when they may be."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.models import Organisation, User
from accounts.permissions import nobody
from accounts.queries import forget_roles
from audit import steps as audit
from core import access
from lots.rules.refusals import Refused
from monitoring.models import Concern, FrontDoor
from monitoring.permissions import concerns as permissions
from monitoring.queries import concerns as queries
from monitoring.queries.concerns import Parties
from monitoring.rules import concerns as rules
from monitoring.states import ConcernState
from monitoring.steps import concerns as steps
from referrals.models import Placement


@dataclass(frozen=True)
class Said:
    """What somebody said who is worried. `key` was given out with the first page, so that sending twice is one concern.
    `about`: the adult's name. `about_user`: whom of those who would be told it is about."""

    key: uuid.UUID
    kind: str
    provider: Organisation
    placement: Placement | None
    authority: Organisation | None
    detail: str
    about: str = ""
    about_user: int | None = None
    called_999: bool = False


@transaction.atomic(durable=True)
def raise_concern(*, organisation: Organisation, said: Said, by: User, at: dt.datetime, today: dt.date) -> Concern:
    """Write down a concern and tell whoever must know. Sent again under the same key it is the same concern. Raises
    `Refused` where nobody is there who may receive it."""
    organisation = Organisation.objects.locked(organisation.pk)
    forget_roles(by)
    access.require(permissions.can_raise, by, organisation)
    key = _key(said, by)
    if sent := queries.raised_with(key, user=by):
        return sent
    who = _parties(organisation, said, by, today)
    people = [one for one in queries.told(who) if one.user != by.pk]
    rules.check_raised(
        receivers=sum(one.receives for one in people), kind=said.kind, has_authority=said.authority is not None
    )
    concern = Concern.objects.create(
        key=key,
        kind=said.kind,
        provider_id=who.provider,
        commissioner_id=who.commissioner,
        authority_id=who.authority,
        placement=said.placement,
        about_user_id=who.about_user,
        called_999=said.called_999,
        raised_at=at,
        raised_by=by,
        raised_for=organisation,
        acknowledge_by=rules.acknowledge_by(said.kind, at),
    )
    concern.detail = queries.sealed_text(concern, "detail", said.detail)
    concern.about = queries.sealed_text(concern, "about", said.about)
    concern.save(update_fields=["detail", "about"])
    steps.tell(concern=concern, people=[(one.user, one.address) for one in people], what="raised", at=at)
    audit.record(
        "monitoring.concern.raised",
        by=by,
        about=concern,
        organisation=concern.organisation_id,
        data={"told": len(people)},
        at=at,
    )
    return concern


def _key(said: Said, by: User) -> uuid.UUID:
    """The same for the same words of the same person, and another as soon as one of them is another: nothing that
    somebody wrote is taken for what they sent before."""
    words = [by.pk, said.kind, said.provider.pk, said.placement and said.placement.pk, said.about, said.detail]
    return uuid.uuid5(said.key, repr(words))


def _parties(organisation: Organisation, said: Said, by: User, today: dt.date) -> Parties:
    """Whose it is, by what stands there now. Raises `Refused` for what the person could not have chosen."""
    if (
        said.placement
        and not queries.pupils_for(organisation, user=by, today=today).filter(pk=said.placement.pk).exists()
    ):
        raise Refused("This pupil is not with you any more. Choose again, or choose that it is about somebody else")
    if said.provider not in queries.providers_for(organisation):
        raise Refused("This provider has nothing to do with your organisation any more. Choose again")
    if said.placement and said.placement.provider_id != said.provider.pk:
        raise Refused("This pupil is not at this provider. Choose again")
    if said.authority and said.authority not in queries.authorities_for(
        organisation, said.provider, said.placement, today
    ):
        raise Refused("This council has nothing to do with the provider any more. Choose again")
    who = queries.parties(said.kind, organisation, said.provider, said.placement, said.authority)
    if said.about_user and said.about_user not in {one.user for one in queries.told(who)}:
        raise Refused(
            "This person is not among those who would be told any more. Look again who is", field="about_user"
        )
    return replace(who, about_user=said.about_user)


@transaction.atomic(durable=True)
def receive_concern(*, concern: Concern, by: User, at: dt.datetime) -> None:
    """Say that it came: the timer stops. Raises `Refused`."""
    concern = Concern.objects.locked(concern.pk)
    forget_roles(by)
    access.require(permissions.can_go_on, by, concern)
    rules.check_move(concern.state, ConcernState.RECEIVED)
    concern.state = ConcernState.RECEIVED
    concern.acknowledged_at, concern.acknowledged_by = at, by
    concern.save()
    audit.record("monitoring.concern.received", by=by, about=concern, organisation=concern.organisation_id, at=at)


@transaction.atomic(durable=True)
def hand_over_concern(*, concern: Concern, to: str, reference: str, by: User, at: dt.datetime) -> None:
    """It goes on in a safeguarding record outside this portal: in which, and under which number. Raises `Refused`."""
    concern = Concern.objects.locked(concern.pk)
    forget_roles(by)
    access.require(permissions.can_go_on, by, concern)
    rules.check_move(concern.state, ConcernState.HANDED)
    concern.state = ConcernState.HANDED
    concern.handed_at, concern.handed_by = at, by
    concern.handed_to, concern.handed_reference = to, reference
    concern.save()
    audit.record("monitoring.concern.handed_over", by=by, about=concern, organisation=concern.organisation_id, at=at)


@transaction.atomic(durable=True)
def close_concern(*, concern: Concern, outcome: str, by: User, at: dt.datetime) -> None:
    """What came of it, in one of a few words that may stay. Raises `Refused`."""
    concern = Concern.objects.locked(concern.pk)
    forget_roles(by)
    access.require(permissions.can_go_on, by, concern)
    rules.check_move(concern.state, ConcernState.CLOSED)
    concern.state = ConcernState.CLOSED
    concern.outcome, concern.outcome_at, concern.outcome_by = outcome, at, by
    concern.save()
    audit.record("monitoring.concern.closed", by=by, about=concern, organisation=concern.organisation_id, at=at)


@transaction.atomic(durable=True)
def escalate_concerns(*, by, at: dt.datetime, today: dt.date) -> int:
    """Write to the council's officers about concerns that nobody has received in time, once a day for each; where a
    council has none left, to whoever else may receive it. May run at any time and twice. Returns how many letters."""
    access.require(nobody, by, systems=(permissions.ESCALATE,))
    rows = Concern.objects.late(at).select_for_update(of=("self",)).select_related("placement").defer("detail", "about")
    rows = list(rows.order_by("pk"))
    officers, written = queries.officers_of(rows), 0
    for one in rows:
        people = [each for each in officers[one.authority_id] if each[0] not in (one.about_user_id, one.raised_by_id)]
        if not people:
            reached = queries.told(queries.parties_of(one))
            people = [(each.user, each.address) for each in reached if each.receives and each.user != one.raised_by_id]
        written += steps.tell(concern=one, people=people, what=f"late:{today.isoformat()}", at=at, late=True)
    Concern.objects.filter(pk__in=[one.pk for one in rows], escalated_at=None).update(escalated_at=at)
    if written:
        audit.record("monitoring.concerns.escalated", by=by, data={"concerns": len(rows), "letters": written}, at=at)
    return written


@transaction.atomic(durable=True)
def remove_detail(*, by, at: dt.datetime) -> int:
    """What concerns say that were handed over 28 days ago goes; receipt, times and outcome stay. One statement; twice
    is harmless. Returns how many."""
    access.require(nobody, by, systems=(permissions.REMOVE,))
    old = Concern.objects.filter(removed_at=None, handed_at__lte=rules.handed_before(at))
    removed = old.update(detail=b"", about=b"", removed_at=at)
    if removed:
        audit.record("monitoring.concerns.removed", by=by, data={"concerns": removed}, at=at)
    return removed


@transaction.atomic(durable=True)
def save_front_door(
    *, authority: Organisation, phone: str, out_of_hours: str, page: str, by: User, at: dt.datetime
) -> None:
    """Where a council takes calls about children in danger."""
    authority = Organisation.objects.locked(authority.pk)
    forget_roles(by)
    access.require(permissions.can_set_front_door, by, authority)
    FrontDoor.objects.update_or_create(
        authority=authority,
        defaults={"phone": phone, "out_of_hours": out_of_hours, "page": page, "changed_at": at, "changed_by": by},
    )
    audit.record("monitoring.frontdoor.saved", by=by, about=authority, organisation=authority, at=at)
