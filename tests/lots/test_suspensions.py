"""Suspensions: whom they reach, what stands when several are in force, what others are told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.states import Role
from audit.models import Event
from core import access
from lots.actions import suspensions as actions
from lots.models import Place, Suspension
from lots.queries import places as queries
from lots.rules import places as rules
from lots.rules.refusals import Refused
from lots.states import Cause
from tests.accounts.mail import letters
from tests.lots.places import AT, LATER, accept, active, begin, give_role, published, running, states

HOUR = dt.timedelta(hours=1)
WHY = "A reason that names nobody"


@pytest.mark.parametrize("of_one_place", [True, False])
@pytest.mark.parametrize("cause", Cause)
def test_which_cause_reaches_how_far(cause, of_one_place):
    wide = cause in {"safeguarding", "exclusion"}
    if wide != of_one_place:
        rules.check_suspension(cause, of_one_place=of_one_place)
    else:
        with pytest.raises(Refused):
            rules.check_suspension(cause, of_one_place=of_one_place)


def suspend_provider(world, place, cause=Cause.SAFEGUARDING, *, by=None, at=LATER) -> Suspension:
    return actions.suspend_provider(place=place, cause=cause, reason=WHY, by=by or world.max, at=at)


def suspend_place(world, place, cause=Cause.INSURANCE, *, by=None, at=LATER) -> Suspension:
    return actions.suspend_place(place=place, cause=cause, reason=WHY, by=by or world.max, at=at)


def lift(world, suspension, *, by=None, at=LATER + HOUR) -> Suspension:
    return actions.lift_suspension(suspension=suspension, reason="Settled", by=by or world.max, at=at)


def test_safeguarding_holds_every_place_of_the_provider_with_the_buyer(world):
    one, two, theirs = running(world), running(world), running(world, buyer=world.oak_trust)
    first, second = active(world, one, "1B", "2A")
    [third] = active(world, two, "1B")
    other = given_by_tariq(world, theirs)
    neighbour = one.give(world, one.award(world.birch_farm, "1B"))[0]

    made = suspend_provider(world, first)

    auto = one.place(world.ash_house, "7")
    assert states(first, second, third, auto) == ["suspended"] * 4
    assert states(other, neighbour) == ["active", "awarded"]
    assert (made.buyer, made.provider, made.place) == (world.larkshire, world.ash_house, None)
    event = Event.objects.get(action="lots.suspension.began")
    assert event.data == {
        "provider": world.ash_house.pk,
        "place": None,
        "cause": "safeguarding",
        "places": 5,
    }
    assert WHY not in str(list(Event.objects.values_list("data", flat=True)))


def given_by_tariq(world, framework) -> Place:
    """Ash House is active on a framework of the Oak Trust."""
    from lots.actions import places

    [place] = places.award_places(
        framework=framework.framework, given=[framework.award(world.ash_house, "1B")], by=world.tariq, at=AT
    )
    accept(world, place)
    begin(at=LATER)
    return place


def test_a_place_that_comes_while_the_provider_is_suspended_is_held_when_it_is_accepted(world):
    made = running(world)
    [first] = active(world, made, "1B")
    suspend_provider(world, first)

    [second] = made.give(world, made.award(world.ash_house, "2A"), at=LATER)
    assert states(second) == ["awarded"]
    accept(world, second, at=LATER)

    assert states(second) == ["suspended"]
    assert begin(at=LATER + HOUR) == 0


def test_a_commercial_cause_holds_one_place(world):
    made = running(world)
    first, second = active(world, made, "1B", "2A")

    suspend_place(world, first, Cause.COMMERCIAL)

    assert states(first, second, made.place(world.ash_house, "7")) == ["suspended", "active", "active"]


def test_of_several_suspensions_the_last_one_lifted_frees_the_place(world):
    made = running(world)
    first, second = active(world, made, "1B", "2A")
    wide, exclusion = suspend_provider(world, first), suspend_provider(world, first, Cause.EXCLUSION)
    single = suspend_place(world, first)

    lift(world, wide)
    assert states(first, second) == ["suspended", "suspended"]
    lift(world, exclusion)
    assert states(first, second) == ["suspended", "active"]
    lift(world, single)
    assert states(first, second) == ["active", "active"]


def test_two_suspensions_of_one_place(world):
    made = running(world)
    [place] = active(world, made, "1B")
    insurance, commercial = suspend_place(world, place), suspend_place(world, place, Cause.COMMERCIAL)

    lift(world, insurance)
    assert states(place) == ["suspended"]
    lift(world, commercial)
    assert states(place) == ["active"]


def test_a_place_that_had_not_begun_is_accepted_again_and_begins_when_due(world):
    made = running(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))
    accept(world, place)
    held = suspend_provider(world, place, at=AT)
    assert begin(at=LATER) == 0

    lift(world, held)
    assert states(place) == ["accepted"]
    assert begin(at=LATER + 2 * HOUR) == 2


def test_a_suspension_is_lifted_once(world):
    made = running(world)
    [place] = active(world, made, "1B")
    held = lift(world, suspend_provider(world, place))

    with pytest.raises(Refused, match="already been lifted"):
        lift(world, held)
    assert (held.lifted_by, held.lifted_reason) == (world.max, "Settled")


def test_what_was_not_accepted_or_has_ended_cannot_be_suspended_by_itself(world):
    made = running(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))

    with pytest.raises(Refused, match="awarded and cannot become suspended"):
        suspend_place(world, place)
    Place.objects.filter(pk=place.pk).update(state="ended", ended_at=AT)
    with pytest.raises(Refused, match="ended and cannot become suspended"):
        suspend_place(world, place)


def test_places_that_ended_stay_ended_when_a_suspension_is_lifted(world):
    made = running(world)
    first, second = active(world, made, "1B", "2A")
    held = suspend_provider(world, first)
    Place.objects.filter(pk=first.pk).update(state="ended", ended_at=LATER)

    lift(world, held)

    assert states(first, second) == ["ended", "active"]


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.SAFEGUARDING, True),
        (Role.CONTRACTS, True),
        (Role.PROCUREMENT, True),
        (Role.COMMISSIONER, False),
        (Role.ADMIN, False),
        (Role.FINANCE, False),
    ],
)
def test_who_may_suspend_and_lift(world, role, may):
    made = running(world)
    [place] = active(world, made, "1B")
    zoe = give_role(world, "zoe", world.larkshire, role)
    held = suspend_provider(world, place)

    if may:
        suspend_provider(world, place, by=zoe)
        suspend_place(world, place, by=zoe)
        lift(world, held, by=zoe)
    else:
        for act in (
            lambda: suspend_provider(world, place, by=zoe),
            lambda: suspend_place(world, place, by=zoe),
            lambda: lift(world, held, by=zoe),
        ):
            with pytest.raises(access.Denied):
                act()


@pytest.mark.parametrize("who", ["alice", "charlie", "olu", "ines", "tariq", "sana"])
def test_nobody_elses_people_suspend(world, who):
    made = running(world)
    [place] = active(world, made, "1B")

    with pytest.raises(access.Denied):
        suspend_provider(world, place, by=getattr(world, who))


def test_alice_is_told_without_the_reason(world):
    made = running(world)
    [place] = active(world, made, "1B")
    held = suspend_provider(world, place)
    lift(world, held)

    suspended, lifted = letters(world.alice.email)[-2:]
    assert suspended.subject == "A place on a framework is suspended"
    assert lifted.subject == "A suspension is lifted"
    assert WHY not in suspended.body
    assert "Settled" not in lifted.body
    assert "safeguarding" not in suspended.body.lower()


def test_other_buyers_learn_that_there_is_one_and_its_cause(world, django_assert_num_queries):
    made, theirs = running(world), running(world, buyer=world.oak_trust)
    first, second = active(world, made, "1B", "2A")
    given_by_tariq(world, theirs)
    assert queries.suspension_in_force(world.ash_house) == ()

    suspend_place(world, first, Cause.COMMERCIAL)
    assert queries.suspension_in_force(world.ash_house) == ()
    suspend_place(world, second, Cause.INSURANCE)
    held = suspend_provider(world, first)
    suspend_provider(world, first)

    with django_assert_num_queries(1):
        assert queries.suspension_in_force(world.ash_house.pk) == ("insurance", "safeguarding")
    assert queries.suspension_in_force(world.ash_house, but=world.larkshire.pk) == ()
    assert queries.suspension_in_force(world.birch_farm) == ()
    assert held.pk


def test_tariq_reads_the_cause_of_larkshires_suspension_and_nothing_else(world, sign_in):
    made, theirs = running(world), running(world, buyer=world.oak_trust)
    [first] = active(world, made, "1B")
    place = given_by_tariq(world, theirs)
    held = suspend_provider(world, first)
    client = sign_in(world.tariq)

    page = client.get(reverse("place", args=[place.pk])).content.decode()

    assert "Another buyer has suspended this provider. Cause: safeguarding" in page
    assert WHY not in page
    assert "Larkshire" not in page.split("<main")[1].split("</main>")[0]
    assert client.get(reverse("place", args=[first.pk])).status_code == 404
    assert client.get(reverse("lift_suspension", args=[held.pk])).status_code == 404


def test_who_reads_why(world, sign_in):
    made = running(world)
    [place] = active(world, made, "1B")
    suspend_provider(world, place)
    address = reverse("place", args=[place.pk])

    read = {name: WHY in sign_in(getattr(world, name)).get(address).content.decode() for name in
            ("max", "tom", "ada", "eve", "fay", "alice", "bob", "olu")}  # fmt: skip

    assert {name for name, reads in read.items() if reads} == {"max", "tom"}
    assert "Safeguarding, since" in sign_in(world.alice).get(address).content.decode()


def test_max_suspends_and_lifts_on_the_pages(world, sign_in):
    made = running(world)
    [place] = active(world, made, "1B")
    client = sign_in(world.max)

    page = client.post(reverse("suspend_provider", args=[place.pk]), {"cause": "insurance", "reason": WHY})
    assert "Select the cause" in page.content.decode()
    assert WHY in page.content.decode()
    client.post(reverse("suspend_provider", args=[place.pk]), {"cause": "safeguarding", "reason": WHY})
    assert states(place) == ["suspended"]
    held = Suspension.objects.get()
    client.post(reverse("lift_suspension", args=[held.pk]), {"reason": "Settled"})
    assert states(place) == ["active"]
    page = client.post(reverse("lift_suspension", args=[held.pk]), {"reason": "Again"})
    assert "already been lifted" in page.content.decode()
    client.post(reverse("suspend_place", args=[place.pk]), {"cause": "commercial", "reason": WHY})
    assert states(place) == ["suspended"]


def test_before_a_framework_runs_an_accepted_place_can_be_suspended(world):
    made = published(world)
    [place] = made.give(world, made.award(world.ash_house, "1B"))
    accept(world, place)

    suspend_place(world, place)

    assert states(place) == ["suspended"]
