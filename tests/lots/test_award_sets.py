"""Award sets: the shape of what is awarded, the limits, and what comes with it."""

from __future__ import annotations

import pytest

from audit.models import Event
from lots.actions import places as actions
from lots.models import Place, PlacePrice, Policies
from lots.rules import awards as rules
from lots.rules.refusals import Refused
from lots.states import EndReason, LotLimit, Route
from outbox.models import Message
from tests.accounts.mail import letters
from tests.lots.places import AT, LATER, PRICE, accept, active, made, provider, published, running, states

ASH, BIRCH, CEDAR = 1, 2, 3
NAMES = {ASH: "Ash House", BIRCH: "Birch Farm", CEDAR: "Cedar"}


def limits(wanted, standing=(), *, most=None, lots=None, by=LotLimit.LOTS):
    rules.check_limits(wanted, standing, max_participants=most, max_lots=lots, lot_limit=by, names=NAMES)


@pytest.mark.parametrize(
    ("wanted", "standing", "words", "over"),
    [
        ([(ASH, 1, 1)], [], {}, None),
        ([(ASH, 1, 1), (BIRCH, 1, 1)], [], {"most": 2}, None),
        ([(ASH, 1, 1), (BIRCH, 1, 1), (CEDAR, 1, 1)], [], {"most": 2}, (ASH, BIRCH, CEDAR)),
        # Who stands already is not among those who would be over.
        ([(BIRCH, 1, 1), (CEDAR, 1, 1)], [(ASH, 1, 1)], {"most": 2}, (BIRCH, CEDAR)),
        # A supplier counts once, however many places it has.
        ([(ASH, 1, 2), (ASH, 2, 3)], [(ASH, 1, 1), (BIRCH, 1, 1)], {"most": 2}, None),
        ([(ASH, 1, 1), (ASH, 1, 2), (ASH, 2, 3)], [], {"lots": 2}, None),
        ([(ASH, 1, 1), (ASH, 2, 3), (ASH, 3, 4)], [], {"lots": 2}, (ASH,)),
        ([(ASH, 3, 4)], [(ASH, 1, 1), (ASH, 2, 3)], {"lots": 2}, (ASH,)),
        ([(ASH, 1, 1), (ASH, 1, 2), (ASH, 2, 3)], [], {"lots": 2, "by": LotLimit.SUB_LOTS}, (ASH,)),
        ([(ASH, 1, 1), (ASH, 2, None)], [], {"lots": 2, "by": LotLimit.SUB_LOTS}, None),
        # Who was over before and gets nothing new stops nobody else.
        ([(BIRCH, 1, 1)], [(ASH, 1, 1), (ASH, 2, 3)], {"lots": 1}, None),
        ([(ASH, 1, 1)], [], {"most": 0}, (ASH,)),
    ],
)
def test_limits_are_judged_over_the_whole_set_and_what_stands(wanted, standing, words, over):
    if over is None:
        limits(wanted, standing, **words)
    else:
        with pytest.raises(rules.OverLimit, match="Nobody was given a place") as refused:
            limits(wanted, standing, **words)
        assert refused.value.over == over


def test_a_refusal_says_the_figures_and_who():
    with pytest.raises(rules.OverLimit, match="3 providers would be on the framework, and the limit is 2"):
        limits([(ASH, 1, 1), (BIRCH, 1, 1), (CEDAR, 1, 1)], most=2)
    with pytest.raises(rules.OverLimit, match=r"1 parts of lots at most. Over that limit: Ash House \(2\)"):
        limits([(ASH, 1, 1), (ASH, 1, 2)], lots=1, by=LotLimit.SUB_LOTS)


LOTS = {
    1: rules.LotShape("Lot 1", False, frozenset({11, 12}), frozenset({101, 102}), frozenset({101})),
    2: rules.LotShape("Lot 2", False, frozenset(), frozenset(), frozenset()),
    7: rules.LotShape("Lot 7", True, frozenset(), frozenset(), frozenset()),
}
GOOD = {"prices": {101: 45_00}}


@pytest.mark.parametrize(
    ("given", "standing", "refusal"),
    [
        ([], [], "at least one place"),
        ([rules.Award(ASH, 1, 11, **GOOD)], [], None),
        ([rules.Award(ASH, 1, 11, {101: 1, 102: 1})], [], None),
        ([rules.Award(ASH, 2)], [], None),
        ([rules.Award(ASH, 1, 11, **GOOD), rules.Award(ASH, 1, 12, **GOOD)], [], None),
        ([rules.Award(ASH, 3)], [], "on a lot of this framework"),
        ([rules.Award(ASH, 1, 13, **GOOD)], [], "on a lot of this framework"),
        ([rules.Award(ASH, 2, 11)], [], "on a lot of this framework"),
        ([rules.Award(ASH, 7)], [], "Nobody is awarded Lot 7"),
        ([rules.Award(ASH, 1, None, **GOOD)], [], "on which part of Lot 1"),
        ([rules.Award(ASH, 1, 11, **GOOD)] * 2, [], "two places on the same part of Lot 1"),
        ([rules.Award(ASH, 1, 11, **GOOD)], [(ASH, 1, 11)], "two places on the same part of Lot 1"),
        ([rules.Award(ASH, 1, 11)], [], "lacks the price"),
        ([rules.Award(ASH, 1, 11, {101: 1, 103: 1})], [], "price line of Lot 1"),
        ([rules.Award(ASH, 1, 11, {101: 0})], [], "at least a penny"),
        ([rules.Award(ASH, 1, 11, {101: True})], [], "at least a penny"),
        ([rules.Award(ASH, 1, 11, {101: 45.5})], [], "at least a penny"),
        ([rules.Award(ASH, 1, 11, {101: 10**13 + 1})], [], "at most £100,000,000,000.00"),
    ],
)
def test_what_can_be_awarded(given, standing, refusal):
    if refusal is None:
        rules.check_shape(given, LOTS, standing)
    else:
        with pytest.raises(Refused, match=refusal):
            rules.check_shape(given, LOTS, standing)


def test_max_awards_a_set_with_its_prices(world):
    given = running(world)

    given.give(
        world,
        given.award(world.ash_house, "1B", pence=45_00),
        given.award(world.ash_house, "2A", pence=60_50),
        given.award(world.birch_farm, "1B", pence=44_00),
    )

    rows = Place.objects.order_by("pk").values_list("provider__name", "lot__number", "sub_lot__letter", "provider_name")
    assert sorted(rows, key=str) == [
        ("Ash House", "1", "B", "Ash House"),
        ("Ash House", "2", "A", "Ash House"),
        ("Ash House", "7", None, "Ash House"),
        ("Birch Farm", "1", "B", "Birch Farm"),
        ("Birch Farm", "7", None, "Birch Farm"),
    ]
    prices = PlacePrice.objects.order_by("pence").values_list("pence", "from_on", "place__provider__name")
    assert list(prices) == [
        (44_00, AT.date(), "Birch Farm"),
        (45_00, AT.date(), "Ash House"),
        (60_50, AT.date(), "Ash House"),
    ]
    assert Event.objects.get(action="lots.award_set.given").data == {"places": 3, "providers": 2}
    assert str(PRICE) not in "".join(str(event.data) for event in Event.objects.all())
    assert len(letters(world.alice.email)) == len(letters(world.charlie.email)) == 1


def test_over_the_limit_of_providers_nobody_gets_a_place(world):
    given = running(world, max_participants=1)

    with pytest.raises(rules.OverLimit) as refused:
        given.give(world, given.award(world.ash_house, "1B"), given.award(world.birch_farm, "1B"))

    assert refused.value.over == tuple(sorted([world.ash_house.pk, world.birch_farm.pk]))
    assert Place.objects.count() == PlacePrice.objects.count() == Message.objects.count() == 0
    assert Event.objects.filter(action__startswith="lots.").count() == 0


def test_the_second_set_is_judged_with_the_first(world):
    given = running(world, max_participants=1)
    given.give(world, given.award(world.ash_house, "1B"))

    given.give(world, given.award(world.ash_house, "1C"))
    with pytest.raises(rules.OverLimit):
        given.give(world, given.award(world.birch_farm, "1B"))


def test_a_place_that_ended_makes_room(world):
    given = running(world, max_participants=1)
    [place] = active(world, given, "1B")
    actions.end_place(place=place, reason=EndReason.WITHDREW, by=world.alice, at=LATER)

    given.give(world, given.award(world.birch_farm, "1B"), at=LATER)


def test_one_more_than_a_hundred_is_refused_and_a_hundred_is_not(world):
    given = running(world)
    firms = [provider(f"Firm {number}") for number in range(101)]
    awards = [given.award(firm, "1B") for firm in firms]

    with pytest.raises(rules.OverLimit, match="101 providers would be on the framework, and the limit is 100"):
        given.give(world, *awards)
    given.give(world, *awards[:100])

    assert Place.objects.filter(lot__is_auto=False).count() == 100


def test_the_lot_that_comes_with_the_others_counts_for_no_limit(world):
    given = running(world, max_lots=2)

    given.give(world, given.award(world.ash_house, "1B"), given.award(world.ash_house, "2A"))

    assert Place.objects.count() == 3


def test_parts_count_where_the_policy_says_so(world):
    given = running(world, max_lots=1)
    awards = [given.award(world.ash_house, "1B"), given.award(world.ash_house, "1C")]
    Policies.objects.update(lot_limit=LotLimit.SUB_LOTS)
    given.framework.policies.refresh_from_db()

    with pytest.raises(rules.OverLimit, match="Ash House"):
        given.give(world, *awards)


def test_a_lot_comes_with_the_others_once_and_follows_them(world):
    given = running(world)
    [first] = given.give(world, given.award(world.ash_house, "1B"))
    other = given.place(world.ash_house, "7")
    assert states(first, other) == ["awarded", "awarded"]

    accept(world, first)
    assert states(first, other) == ["accepted", "accepted"]
    [second] = given.give(world, given.award(world.ash_house, "2A"))

    assert Place.objects.filter(lot__number="7").count() == 1
    assert states(second, other) == ["awarded", "accepted"]
    assert Event.objects.filter(action="lots.place.granted").count() == 1


def test_a_lot_that_comes_late_is_accepted_where_another_place_is(world):
    given = running(world)
    Policies.objects.update(auto_places=False)
    given.framework.policies.refresh_from_db()
    [first] = given.give(world, given.award(world.ash_house, "1B"))
    accept(world, first)
    assert Place.objects.count() == 1

    Policies.objects.update(auto_places=True)
    given.give(world, given.award(world.ash_house, "2A"))

    assert given.place(world.ash_house, "7").state == "accepted"


def test_declining_the_last_place_ends_what_came_with_it(world):
    given = running(world)
    [place] = given.give(world, given.award(world.ash_house, "1B"))

    actions.end_place(place=place, reason=EndReason.DECLINED, by=world.alice, at=AT)

    assert states(place, given.place(world.ash_house, "7")) == ["ended", "ended"]


@pytest.mark.parametrize("state", ["draft", "ended", "withdrawn"])
def test_places_are_given_on_a_framework_that_is_published_and_has_not_ended(world, state):
    given = running(world)
    type(given.framework).objects.filter(pk=given.framework.pk).update(state=state, ended_at=AT)

    with pytest.raises(Refused, match="published and has not ended"):
        given.give(world, given.award(world.ash_house, "1B"))


def test_only_registered_open_providers_get_places(world):
    given = running(world)
    closed = provider("Closed")
    type(closed).objects.filter(pk=closed.pk).update(is_open=False)

    for organisation in (world.elm_grove, world.mereshire, closed):
        with pytest.raises(Refused, match="registered here and open"):
            given.give(world, given.award(organisation, "1B"))


def second_opening(world, *, ended_as: str = "expired", **fields):
    """The second generation, published; Ash House was on the first."""
    first = running(world, **fields)
    [place] = active(world, first, "1B")
    Place.objects.filter(framework=first.framework).update(state="ended", ended_at=LATER, end_reason=ended_as)
    following = published(world, previous=first.framework, generation=2, **fields)
    assert place.framework_id == first.framework.pk
    return following


@pytest.mark.parametrize(
    ("most", "route", "who", "refusal"),
    [
        (None, Route.MEMBERSHIP, "ash_house", None),
        (None, Route.EARLIER_TENDER, "ash_house", None),
        (None, Route.NEW_TENDER, "birch_farm", None),
        (None, Route.MEMBERSHIP, "birch_farm", "on the framework already can"),
        (None, Route.EARLIER_TENDER, "birch_farm", None),
        (100, Route.MEMBERSHIP, "ash_house", "section 49"),
        (100, Route.EARLIER_TENDER, "ash_house", None),
        (100, Route.NEW_TENDER, "ash_house", None),
    ],
)
def test_who_is_on_the_framework_carries_on_only_as_the_law_allows(world, most, route, who, refusal):
    following = second_opening(world, max_participants=most)
    award = following.award(getattr(world, who), "1B", route=route)

    if refusal is None:
        [place] = following.give(world, award)
        assert place.route == route
    else:
        with pytest.raises(Refused, match=refusal):
            following.give(world, award)


def test_who_was_put_off_the_framework_does_not_carry_on_as_a_member(world):
    following = second_opening(world, ended_as="terminated", max_participants=None)

    with pytest.raises(Refused, match="on the framework already can"):
        following.give(world, following.award(world.ash_house, "1B", route=Route.MEMBERSHIP))


def test_at_the_first_opening_there_is_nothing_to_carry_on_from(world):
    given = made(running(world).framework)

    with pytest.raises(Refused, match="first opening"):
        given.give(world, given.award(world.ash_house, "1B", route=Route.EARLIER_TENDER))
