"""Places are given, accepted, begun, ended, and priced anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from accounts import queries as people
from accounts.models import Organisation, User
from accounts.permissions import nobody
from audit import steps as audit
from core import access
from lots import permissions
from lots.models import Framework, Place, PlacePrice, PriceLine
from lots.rules import awards, places
from lots.rules.refusals import Refused
from lots.states import EndReason, FrameworkState, PlaceState
from lots.steps import awards as awarding
from lots.steps import letters
from lots.steps import places as steps


@transaction.atomic(durable=True)
def award_places(
    *,
    framework: Framework,
    given: Collection[awards.Award],
    waits_until: dt.datetime | None = None,
    by: User,
    at: dt.datetime,
) -> list[Place]:
    """Give one award set, whole or not at all (`awarding.give_places`), under the framework's lock: of two sets at once
    the second is judged with the first. Raises `Refused`, `OverLimit`."""
    framework = Framework.objects.locked(framework.pk)
    people.forget_roles(by)
    access.require(permissions.can_manage_framework, by, framework)
    if framework.closes_at is not None and at <= framework.closes_at:
        raise Refused("The time to apply has not ended, so no place can be given yet")
    made = awarding.give_places(framework=framework, given=given, waits_until=waits_until, by=by, at=at)
    audit.record(
        "lots.award_set.given",
        by=by,
        about=framework,
        organisation=framework.buyer_id,
        data={"places": len(made), "providers": len({place.provider_id for place in made})},
        at=at,
    )
    return made


@transaction.atomic(durable=True)
def accept_places(*, provider: Organisation, chosen: Collection[Place], by: User, at: dt.datetime) -> list[Place]:
    """Accept places that the provider was awarded; those that come with others follow. Raises `Refused` for a place
    that is no longer there to accept."""
    frameworks = steps.frameworks_locked({place.framework_id for place in chosen})
    people.forget_roles(by)
    access.require(permissions.can_answer_for, by, provider)
    rows = [place for place in steps.places_locked(place.pk for place in chosen) if place.provider_id == provider.pk]
    if not rows or len(rows) != len(chosen):
        raise Refused("Select at least one place of yours", field="places")
    for place in rows:
        _check_stands(frameworks[place.framework_id])
        steps.accept(place=place, by=by, at=at)
    for framework in frameworks.values():
        steps.balance(framework=framework, providers=[provider.pk], by=by, at=at)
    return rows


@transaction.atomic(durable=True)
def end_place(
    *,
    place: Place,
    reason: EndReason | None = None,
    also_others: bool = False,
    note: str = "",
    by: User,
    at: dt.datetime,
) -> list[Place]:
    """End a place, or with `also_others` all that its provider has on that framework. The buyer's officers give a
    `reason`; that of the provider's lead follows from whether the place was accepted. Returns what ended. Raises
    `Refused`."""
    framework = Framework.objects.locked(place.framework_id)
    people.forget_roles(by)
    [place] = steps.places_locked([place.pk])
    access.require(permissions.can_end_place, by, place)
    by_provider = not permissions.can_run_place(by, place)
    if place.lot.is_auto and not also_others:
        raise Refused("This place comes with the provider’s others and ends with the last of them")
    rows = [place]
    if also_others:
        others = Place.objects.standing().filter(framework=framework, provider=place.provider_id, lot__is_auto=False)
        rows = steps.places_locked(others.values_list("pk", flat=True))
    if not rows:
        raise Refused("These places have already ended")
    for row in rows:
        why = places.end_reason(reason, by_provider=by_provider, accepted=row.accepted_at is not None)
        steps.end_places(rows=[row], reason=why, note=note, by=by, at=at)
    steps.balance(framework=framework, providers=[place.provider_id], by=by, at=at)
    letters.tell(letters.ENDED, providers=[place.provider_id], about={place.provider_id: place}, at=at)
    return rows


@transaction.atomic(durable=True)
def set_price(
    *,
    place: Place,
    line: PriceLine,
    pence: int,
    from_on: dt.date,
    reason: str,
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> PlacePrice:
    """Set a price from a day on, as the policy on price review allows. The prices before it stay as they are. Raises
    `Refused`."""
    framework = Framework.objects.locked(place.framework_id)
    people.forget_roles(by)
    [place] = steps.places_locked([place.pk])
    access.require(permissions.can_run_place, by, place)
    last = place.prices.filter(line=line.pk).order_by("-from_on").first()
    if place.state == PlaceState.ENDED or last is None:
        raise Refused("This place has no price on that line that could change", field="line")
    policies = framework.policies
    places.check_new_price(
        places.Review(policies.price_review, policies.review_cap_percent, policies.review_on),
        now_pence=last.pence,
        new_pence=pence,
        from_on=from_on,
        last_from_on=last.from_on,
        today=today,
    )
    row = steps.set_price_row(place=place, line_id=line.pk, pence=pence, from_on=from_on, reason=reason, by=by, at=at)
    letters.tell(letters.PRICED, providers=[place.provider_id], about={place.provider_id: place}, at=at)
    return row


@transaction.atomic(durable=True)
def commence_places(*, by, at: dt.datetime) -> int:
    """Make active what is accepted and due on every running framework. Run by the calendar; a second run finds nothing.
    Returns how many places began."""
    access.require(nobody, by, systems=("lots.commence_places",))
    waiting = Framework.objects.filter(state=FrameworkState.RUNNING, places__state=PlaceState.ACCEPTED)
    frameworks = steps.frameworks_locked(waiting.values_list("pk", flat=True))
    return sum(
        steps.begin_due(framework=framework, by=by, at=at)
        for framework in frameworks.values()
        if framework.state == FrameworkState.RUNNING
    )


def _check_stands(framework: Framework) -> None:
    if framework.state not in {FrameworkState.PUBLISHED, FrameworkState.RUNNING}:
        raise Refused("This framework has ended or was withdrawn, so its places can no longer be accepted")
