"""URLs of places and openings."""

from __future__ import annotations

from django.utils import timezone

from accounts.states import OrganisationKind
from lots.models import Place, PlacePrice, Policies, Succession, Suspension
from lots.states import Cause, FrameworkState, PlaceState, PriceReview
from tests.frameworks import AT, make_framework
from tests.house.matrix import Row


def _running(world):
    return (make_framework(world, running=True).pk,)


def _published(world):
    return (make_framework(world, published=True).pk,)


def _made_place(world, state=PlaceState.ACTIVE) -> Place:
    made = make_framework(world, running=True)
    Policies.objects.filter(framework=made).update(price_review=PriceReview.ON_REQUEST)
    lot = made.lots.get(number="1")
    place = Place.objects.create(
        framework=made,
        lot=lot,
        sub_lot=lot.sub_lots.first(),
        provider=world.ash_house,
        provider_name=world.ash_house.name,
        state=state,
        awarded_at=AT,
        accepted_at=AT if state != PlaceState.AWARDED else None,
        active_from=AT if state == PlaceState.ACTIVE else None,
    )
    PlacePrice.objects.create(place=place, line=lot.price_lines.get(), pence=45_00, from_on=AT.date(), set_at=AT)
    return place


def _place(world):
    return (_made_place(world).pk,)


def _suspension(world):
    place = _made_place(world)
    made = Suspension.objects.create(
        buyer=world.larkshire,
        provider=world.ash_house,
        cause=Cause.SAFEGUARDING,
        reason="Told to us",
        began_at=AT,
        began_by=world.max,
    )
    assert place.framework.state == FrameworkState.RUNNING
    return (made.pk,)


def _ash_awarded(world):
    _made_place(world, PlaceState.AWARDED)
    return (world.ash_house.pk,)


def _succession(world):
    assert world.oak_trust.kind == OrganisationKind.TRUST
    return (
        Succession.objects.create(
            buyer=world.larkshire,
            successor=world.oak_trust,
            reason="Reorganised",
            offered_at=timezone.now(),
            offered_by=world.max,
        ).pk,
    )


OURS = {"max": 200, "ada": 200, "eve": 200, "fay": 200, "olu": 200}
OFFICERS = {"max": 200}
SEEN = {"alice": 403, "bob": 403, "max": 200, "ada": 403, "eve": 403, "fay": 403, "olu": 403}
LARKSHIRE = {"max": 200, "ada": 403, "eve": 403, "fay": 403, "olu": 403}

ROWS: dict[str, Row] = {
    "places": Row(others=403, roles=OURS, args=_running),
    "places_csv": Row(others=403, roles=OURS, args=_running),
    "places_xlsx": Row(others=403, roles=OURS, args=_running),
    "on_framework": Row(others=200, nobody=200, args=_running),
    "framework_openings": Row(others=403, roles=OURS, args=_running),
    "reopen_framework": Row(others=403, roles=OFFICERS, args=_running),
    "switch_framework": Row(others=403, roles=OFFICERS, args=_published),
    "acknowledge_coverage": Row(others=403, roles={"max": 302}, args=_published, method="post"),
    "change_limit": Row(others=403, roles=OFFICERS, args=_published),
    "confirm_limit": Row(others=403, roles=OFFICERS | {"ada": 200}, args=_published),
    "provider_places": Row(others=404, roles={"alice": 200, "bob": 200, "olu": 200}, args=_ash_awarded),
    "offer_succession": Row(others=404, roles=LARKSHIRE, args=lambda world: (world.larkshire.pk,)),
    "accept_succession": Row(others=404, roles=LARKSHIRE | {"max": 403, "tariq": 200}, args=_succession),
    "withdraw_succession": Row(others=404, roles=LARKSHIRE | {"tariq": 403}, args=_succession),
    "place": Row(others=404, roles=dict.fromkeys(SEEN, 200), args=_place),
    "suspend_place": Row(others=404, roles=SEEN, args=_place),
    "suspend_provider": Row(others=404, roles=SEEN, args=_place),
    "end_place": Row(others=404, roles=SEEN | {"alice": 200}, args=_place),
    "transfer_places": Row(others=404, roles=SEEN, args=_place),
    "set_price": Row(others=404, roles=SEEN, args=_place),
    "lift_suspension": Row(others=404, roles=LARKSHIRE, args=_suspension),
}
