"""What a search of the directory finds, in which order, and what it shows."""

from __future__ import annotations

import datetime as dt

import pytest

from lots.models import Lot, Place, PlacePrice, PriceLine, Suspension
from lots.states import PlaceState
from providers.models import Insurance, Site
from providers.rules.seats import STALE_DAYS
from referrals.models import Shortlisted
from referrals.queries import directory
from referrals.queries.shortlist import is_offered
from tests.lots.places import made as made_of
from tests.referrals.made import AT, another_place
from tests.referrals.searching import FAIR, HERE, found, insured, market, profile, shown, stated

BOTH = {"Ash House", "Birch Farm"}


def test_everybody_who_may_use_the_framework_finds_both_and_others_nothing(world):
    market(world)

    assert set(found(world)) == set(found(world, world.larkshire)) == BOTH
    assert found(world, world.mereshire) == []


@pytest.mark.parametrize("state", [state for state in PlaceState if state != PlaceState.ACTIVE])
def test_only_an_active_place_is_offered(world, state):
    _, birch = market(world)
    ended = AT if state == PlaceState.ENDED else None
    Place.objects.filter(pk=birch.pk).update(state=state, ended_at=ended)

    assert found(world) == ["Ash House"]
    assert not is_offered(birch, at=AT)


def test_a_suspension_of_the_whole_provider_with_that_buyer_takes_it_out_at_once_and_lifting_brings_it_back(world):
    _, birch = market(world)
    held = Suspension.objects.create(
        buyer=world.larkshire, provider=world.birch_farm, cause="safeguarding", reason="An allegation", began_at=AT
    )

    assert found(world) == ["Ash House"]
    Suspension.objects.filter(pk=held.pk).update(buyer=world.mereshire)
    assert set(found(world)) == BOTH
    Suspension.objects.filter(pk=held.pk).update(buyer=world.larkshire, lifted_at=AT)
    assert set(found(world)) == BOTH
    assert is_offered(birch, at=AT)


DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("changed", "offered"),
    [
        ({"ends_on": AT.date()}, True),
        ({"ends_on": AT.date() - DAY}, False),
        ({"starts_on": AT.date()}, True),
        ({"starts_on": AT.date() + DAY}, False),
        ({"removed_at": AT}, False),
        ({"kind": "employers"}, False),
    ],
)
def test_without_public_liability_insurance_in_force_a_place_is_not_offered(world, changed, offered):
    market(world)
    Insurance.objects.filter(provider=world.birch_farm).update(**changed)

    assert ("Birch Farm" in found(world)) is offered


def test_lot_and_framework_narrow_and_a_phase_is_that_of_the_part(world):
    ash, birch = market(world)
    other = Lot.objects.get(framework=ash.framework, number="2")
    part = other.sub_lots.get(phase="primary")
    Place.objects.filter(pk=birch.pk).update(lot=other, sub_lot=part)

    assert found(world, lot=other.pk) == found(world, phase="primary") == ["Birch Farm"]
    assert found(world, phase=ash.sub_lot.phase) == ["Ash House"]
    assert set(found(world, framework=ash.framework_id)) == BOTH
    assert found(world, framework=0) == found(world, phase="primary", lot=ash.lot_id) == []


def test_on_a_lot_without_parts_the_phase_is_what_the_provider_says(world):
    ash, birch = market(world)
    Place.objects.filter(pk=birch.pk).update(lot=made_of(ash.framework).lots["7"], sub_lot=None)
    profile(world.birch_farm, phases=["post_16"])

    assert found(world, phase="post_16") == ["Birch Farm"]
    assert found(world, phase="primary") == []


def test_needs_and_registration_are_those_of_the_profile(world):
    market(world)
    profile(world.ash_house, needs=["semh", "autism"], registration="registered", school_urn="900001")

    assert found(world, need="autism") == found(world, registered="yes") == ["Ash House"]
    assert found(world, need="medical") == []
    assert found(world, registered="no") == ["Birch Farm"]


def test_where_it_teaches_is_the_price_line_or_the_kind_of_site_where_the_line_names_none(world):
    ash, _ = market(world)
    lines = PriceLine.objects.filter(lot=ash.lot)
    lines.update(mode="online")

    assert set(found(world, mode="online")) == BOTH
    assert found(world, mode="home") == []
    lines.update(mode="any")
    Site.objects.filter(provider=world.ash_house).update(kind="home", postcode="")
    assert found(world, mode="home") == ["Ash House"]
    assert found(world, mode="on_site") == ["Birch Farm"]


def test_the_price_of_today_is_what_counts_and_the_lowest_stands_first(world):
    ash, birch = market(world)
    line = ash.lot.price_lines.get()
    unit = line.unit
    new = {"line": line, "set_at": AT}
    PlacePrice.objects.create(place=birch, pence=60_00, from_on=AT.date(), **new)
    PlacePrice.objects.create(place=ash, pence=1, from_on=AT.date() + DAY, **new)

    assert found(world, unit=unit, order="price") == ["Ash House", "Birch Farm"]
    assert found(world, unit=unit, most_pence=45_00) == ["Ash House"]
    assert found(world, unit=unit, most_pence=44_99) == []
    assert found(world, unit=unit, most_pence=44_99, at=AT + DAY) == ["Ash House"]
    assert found(world, unit=unit, mode=line.mode, most_pence=60_00, order="price") == ["Ash House", "Birch Farm"]
    other = next(one for one in ("hour", "week") if one != unit)
    assert found(world, unit=other) == []
    assert shown(world)["Birch Farm"].prices == ((60_00, line.get_unit_display(), line.title),)


def test_the_nearest_stands_first_and_a_largest_distance_keeps_who_nobody_travels_to(world):
    market(world)

    assert found(world, point=HERE, order="distance") == ["Birch Farm", "Ash House"]
    assert found(world, point=HERE, within=5) == ["Birch Farm"]
    assert set(found(world, point=HERE, within=10)) == BOTH
    Site.objects.filter(provider=world.ash_house).update(
        kind="online", postcode="", easting=None, northing=None, town=""
    )
    assert set(found(world, point=HERE, within=2)) == BOTH
    assert shown(world)["Ash House"].where == "Online"
    Site.objects.filter(provider=world.ash_house).update(closed_at=AT)
    assert found(world, point=HERE, within=2) == ["Birch Farm"]
    assert shown(world)["Ash House"].where == "Not given"


def test_all_the_halves_asked_for_must_be_free_and_what_is_not_known_stays_until_it_is_left_out(world):
    ash, _ = market(world)
    stated(ash, 0, "am")
    stated(ash, 2, "pm", free=0)

    assert found(world, halves=((0, "am"),), known_only=True) == ["Ash House"]
    assert set(found(world, halves=((0, "am"),))) == BOTH
    assert found(world, halves=((0, "am"), (2, "pm"))) == ["Birch Farm"]
    assert found(world, known_only=True) == ["Ash House"]
    rows = shown(world)
    assert (rows["Ash House"].free, rows["Birch Farm"].free) == ({(0, "am")}, None)


@pytest.mark.parametrize(("days", "known"), [(STALE_DAYS, True), (STALE_DAYS + 1, False)])
def test_what_was_not_confirmed_for_eight_days_is_not_known(world, days, known):
    ash, _ = market(world)
    stated(ash, 0, "am", at=AT - dt.timedelta(days=days))

    assert (found(world, known_only=True) == ["Ash House"]) is known
    assert (shown(world)["Ash House"].free is not None) is known


def test_free_places_at_a_site_that_closed_or_on_another_part_do_not_count(world):
    ash, _ = market(world)
    seat = stated(ash, 0, "am")
    Site.objects.filter(pk=seat.site_id).update(closed_at=AT)

    assert found(world, known_only=True) == []
    Site.objects.filter(pk=seat.site_id).update(closed_at=None)
    seat.sub_lot = ash.lot.sub_lots.exclude(pk=ash.sub_lot_id).first()
    seat.save()
    assert found(world, known_only=True) == []
    assert shown(world)["Ash House"].free is None


def many(world, number: int) -> list[Place]:
    """More places at the same price."""
    from tests.lots.places import provider

    ash, _ = market(world)
    made = []
    for turn in range(number):
        firm = provider(f"Firm {turn:02}")
        insured(firm)
        made.append(another_place(world, ash, firm, pence=45_00))
    return made


def test_equals_stand_as_the_rule_draws_them_in_both_databases(world):
    made = many(world, 6)
    unit = made[0].lot.price_lines.get().unit
    names = [row.provider_name for row in sorted(Place.objects.all(), key=lambda row: FAIR.rank(row.pk))]

    assert found(world) == found(world) == names
    assert found(world, skip=3, per=2) == names[3:6]
    equal = [name for name in names if name != "Birch Farm"]
    assert found(world, unit=unit, order="price") == ["Birch Farm", *equal]
    far = [name for name in names if name.startswith("Firm")]
    assert found(world, point=HERE, order="distance") == ["Birch Farm", "Ash House", *far]


def test_how_many_there_are_is_counted_with_the_page(world):
    many(world, 4)
    lots = directory.lots_for(world.elm_grove)

    rows = directory.page_of(lots, directory.Search(), FAIR, at=AT, skip=2, per=2)

    assert ({row.number for row in rows}, len(rows)) == ({6}, 3)


def test_a_shortlist_holds_a_place_once(world):
    from django.db import IntegrityError, transaction

    ash, _ = market(world)
    row = {"organisation": world.elm_grove, "place": ash, "reason": "Near", "added_at": AT}
    Shortlisted.objects.create(**row, removed_at=AT)
    Shortlisted.objects.create(**row)

    with pytest.raises(IntegrityError), transaction.atomic():
        Shortlisted.objects.create(**row)
