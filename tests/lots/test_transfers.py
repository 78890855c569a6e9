"""Places move to a successor firm; frameworks move to a successor buyer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import Event
from core import access
from lots.actions import suspensions
from lots.actions import transfers as actions
from lots.models import Place, PlacePrice, Policies, Succession, Suspension, Transfer
from lots.queries import places as queries
from lots.rules import awards
from lots.rules import places as rules
from lots.rules.refusals import Refused
from lots.states import Cause, EndReason, ExclusionOutcome, LotLimit, TransferKind
from tests.accounts.mail import letters
from tests.lots.places import AT, LATER, PRICE, accept, active, made, provider, running, states

D = dt.date
TODAY = D(2026, 9, 7)
CHECK = {"outcome": ExclusionOutcome.NONE_FOUND, "checked_on": D(2026, 9, 1), "today": TODAY}


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({}, None),
        ({"outcome": ExclusionOutcome.EXCLUDABLE_KEPT}, None),
        ({"outcome": ExclusionOutcome.EXCLUDED}, "excluded supplier"),
        ({"checked_on": TODAY}, None),
        ({"checked_on": D(2026, 9, 8)}, "must have been made"),
        ({"checked_on": D(2026, 8, 8)}, None),
        ({"checked_on": D(2026, 8, 7)}, "older than 30 days"),
        ({"held": True}, "suspension holds"),
        ({"same": True}, "another provider"),
    ],
)
def test_when_places_may_move(words, refusal):
    given = CHECK | {"held": False, "same": False} | words

    if refusal is None:
        rules.check_transfer(**given)
    else:
        with pytest.raises(Refused, match=refusal):
            rules.check_transfer(**given)


def move(world, place, successor, *, by=None, **words) -> Transfer:
    given = CHECK | {"checked_by": "Exclusions team", "kind": TransferKind.SALE, "reason": "Sold"} | words
    return actions.transfer_places(place=place, successor=successor, by=by or world.max, at=LATER, **given)


def test_places_end_as_moved_and_begin_anew_with_their_prices(world):
    given = running(world)
    first, second = active(world, given, "1B", "2A")
    line = given.lots["1"].price_lines.get()
    for from_on, pence in ((D(2026, 9, 1), 46_00), (D(2027, 9, 1), 48_00)):
        PlacePrice.objects.create(place=first, line=line, pence=pence, from_on=from_on, set_at=AT)

    moved = move(world, first, world.birch_farm)

    old = [first, second, given.place(world.ash_house, "7")]
    assert states(*old) == ["ended"] * 3
    assert {Place.objects.get(pk=row.pk).end_reason for row in old} == {EndReason.TRANSFERRED}
    new = [given.place(world.birch_farm, part) for part in ("1B", "2A", "7")]
    assert states(*new) == ["active"] * 3
    assert [row.came_from_id for row in new] == [row.pk for row in old]
    assert {(row.awarded_at, row.accepted_at, row.active_from) for row in new} == {(LATER, LATER, LATER)}
    assert list(new[0].prices.order_by("from_on").values_list("from_on", "pence")) == [
        (TODAY, 46_00),
        (D(2027, 9, 1), 48_00),
    ]
    assert list(new[1].prices.values_list("from_on", "pence")) == [(TODAY, PRICE)]
    assert (moved.checked_by, moved.outcome, moved.moved_by) == ("Exclusions team", "none_found", world.max)
    assert Event.objects.get(action="lots.transfer.made").data == {
        "provider": world.ash_house.pk,
        "successor": world.birch_farm.pk,
        "kind": "sale",
        "outcome": "none_found",
        "ended": 3,
        "begun": 3,
    }
    assert letters(world.alice.email)[-1].subject == "Your places on a framework have moved"
    assert letters(world.charlie.email)[-1].subject == "Places on a framework have moved to you"
    assert [row.successor for row in queries.transfers_of(given.framework)] == [world.birch_farm]


def test_places_that_were_only_awarded_or_accepted_begin_anew_as_that(world):
    given = running(world)
    first, second = given.give(world, given.award(world.ash_house, "1B"), given.award(world.ash_house, "2A"))
    accept(world, first)

    move(world, second, world.birch_farm)

    assert states(given.place(world.birch_farm, "1B"), given.place(world.birch_farm, "2A")) == ["accepted", "awarded"]


def test_where_the_successor_is_already_it_keeps_its_own_place(world):
    given = running(world)
    [theirs] = given.give(world, given.award(world.birch_farm, "1B", pence=30_00))
    first, second = active(world, given, "1B", "2A")

    move(world, first, world.birch_farm)

    assert states(first, second) == ["ended", "ended"]
    assert given.place(world.birch_farm, "1B").pk == theirs.pk
    assert states(theirs, given.place(world.birch_farm, "2A")) == ["awarded", "active"]
    assert [row.pence for row in theirs.prices.all()] == [30_00]
    # Its place on lot 7 was only awarded: with a place that is accepted it is accepted too.
    assert given.place(world.birch_farm, "7").state == "accepted"


def test_when_the_successor_is_everywhere_already_nothing_begins(world):
    given = running(world)
    given.give(world, given.award(world.birch_farm, "1B"))
    [place] = active(world, given, "1B")

    move(world, place, world.birch_farm)

    assert Event.objects.get(action="lots.transfer.made").data["begun"] == 0
    assert letters(world.charlie.email)[-1].subject == "Places on a framework have moved to you"


def test_a_move_keeps_the_number_of_providers_and_may_break_the_limit_of_lots(world):
    given = running(world, max_participants=2, max_lots=1)
    [place] = active(world, given, "1B")
    given.give(world, given.award(world.birch_farm, "2A"))

    with pytest.raises(awards.OverLimit, match="Birch Farm"):
        move(world, place, world.birch_farm)
    assert states(place) == ["active"]

    move(world, place, provider("Cedar"))
    assert states(place) == ["ended"]


def test_parts_count_at_a_move_where_the_policy_says_so(world):
    given = running(world, max_lots=1)
    Policies.objects.update(lot_limit=LotLimit.SUB_LOTS)
    [place] = active(world, given, "1B")
    given.give(world, given.award(world.birch_farm, "1C"))

    with pytest.raises(awards.OverLimit):
        move(world, place, world.birch_farm)


@pytest.mark.parametrize("of_one_place", [True, False])
def test_a_suspension_is_not_left_behind(world, of_one_place):
    given = running(world)
    first, second = active(world, given, "1B", "2A")
    if of_one_place:
        suspensions.suspend_place(place=first, cause=Cause.INSURANCE, reason="Why", by=world.max, at=LATER)
    else:
        suspensions.suspend_provider(place=first, cause=Cause.EXCLUSION, reason="Why", by=world.max, at=LATER)

    with pytest.raises(Refused, match="suspension holds"):
        move(world, second, world.birch_farm)


def test_what_holds_the_successor_holds_what_comes_to_it(world):
    given = running(world)
    theirs = given.give(world, given.award(world.birch_farm, "2A"))[0]
    suspensions.suspend_provider(place=theirs, cause=Cause.SAFEGUARDING, reason="Why", by=world.max, at=LATER)
    [place] = active(world, given, "1B")
    [waiting] = given.give(world, given.award(world.ash_house, "2B"))

    move(world, place, world.birch_farm)

    assert states(given.place(world.birch_farm, "1B"), given.place(world.birch_farm, "2B")) == ["suspended", "awarded"]
    assert states(waiting) == ["ended"]


def test_places_move_once_and_to_a_provider(world):
    given = running(world)
    [place] = active(world, given, "1B")
    with pytest.raises(Refused, match="registered here and open"):
        move(world, place, world.elm_grove)
    closed = provider("Closed")
    closed.is_open = False
    with pytest.raises(Refused, match="registered here and open"):
        move(world, place, closed)
    move(world, place, world.birch_farm)

    with pytest.raises(Refused, match="already ended or moved"):
        move(world, place, world.birch_farm)


@pytest.mark.parametrize("who", ["alice", "charlie", "ada", "tom", "olu"])
def test_who_may_not_move_places(world, who):
    given = running(world)
    [place] = active(world, given, "1B")

    with pytest.raises(access.Denied):
        move(world, place, world.birch_farm, by=getattr(world, who))


def test_the_database_refuses_a_move_to_an_excluded_supplier_or_to_oneself(world):
    given = running(world)
    row = {
        "framework": given.framework,
        "provider": world.ash_house,
        "successor": world.birch_farm,
        "kind": "sale",
        "reason": "",
        "checked_on": TODAY,
        "checked_by": "",
        "outcome": "none_found",
        "moved_at": AT,
    }
    for wrong in ({"outcome": "excluded"}, {"successor": world.ash_house}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.create(**row | wrong)


def typed(successor: str, **more) -> dict:
    return {
        "successor": successor,
        "kind": "sale",
        "reason": "Sold",
        "checked_on_0": "1",
        "checked_on_1": "9",
        "checked_on_2": "2026",
        "checked_by": "Exclusions team",
        "outcome": "none_found",
        **more,
    }


def test_max_moves_places_on_the_page_and_loses_nothing_that_he_typed(world, sign_in, monkeypatch):
    given = running(world)
    [place] = active(world, given, "1B")
    type(world.birch_farm).objects.filter(pk=world.birch_farm.pk).update(companies_house="01234567")
    monkeypatch.setattr("core.clock.now", lambda: LATER)
    client, address = sign_in(world.max), reverse("transfer_places", args=[place.pk])

    for wrong, error in (
        (typed("Nobody at all"), "No provider on the portal has this number or name"),
        (typed("Elm Grove School"), "No provider on the portal has this number or name"),
        (typed("birch farm", outcome="excluded"), "An excluded supplier cannot be on the framework"),
        (typed("birch farm", checked_on_2="2025"), "older than 30 days"),
    ):
        page = client.post(address, wrong).content.decode()
        assert error in page
        assert 'value="Exclusions team"' in page
    assert client.post(address, typed("01234567")).status_code == 302

    assert states(place) == ["ended"]
    assert given.place(world.birch_farm, "1B").state == "active"


@pytest.mark.parametrize(
    ("text", "found"),
    [("birch farm", True), (" 01234567 ", True), ("ABCD-1234-EFGH", True), ("", False), ("Birch", False)],
)
def test_an_organisation_is_found_by_its_number_or_whole_name(world, text, found):
    type(world.birch_farm).objects.filter(pk=world.birch_farm.pk).update(
        companies_house="01234567", ppon="ABCD-1234-EFGH"
    )

    assert queries.find_organisation(text, ["provider"]) == (world.birch_farm if found else None)


def test_a_name_that_two_have_finds_neither(world):
    provider("Birch Farm")

    assert queries.find_organisation("Birch Farm", ["provider"]) is None


# --- a buyer that hands over


def offer(world, *, by=None) -> Succession:
    return actions.offer_succession(
        buyer=world.larkshire, successor=world.oak_trust, reason="Reorganised", by=by or world.max, at=LATER
    )


def test_one_buyer_offers_the_other_accepts_and_everything_moves(world, sign_in):
    given, other = running(world), running(world)
    [place] = active(world, given, "1B")
    held = suspensions.suspend_provider(place=place, cause=Cause.EXCLUSION, reason="Why", by=world.max, at=LATER)

    one = offer(world)
    assert sign_in(world.tariq).get(reverse("places", args=[given.framework.pk])).status_code == 403
    moved = actions.accept_succession(succession=one, by=world.tariq, at=LATER)

    assert moved == 2
    for framework in (given.framework, other.framework):
        framework.refresh_from_db()
        assert framework.buyer == world.oak_trust
    held.refresh_from_db()
    assert held.buyer == world.oak_trust
    assert sign_in(world.tariq).get(reverse("places", args=[given.framework.pk])).status_code == 200
    assert sign_in(world.max).get(reverse("places", args=[given.framework.pk])).status_code == 403
    events = Event.objects.filter(action__startswith="lots.succession").order_by("pk")
    assert list(events.values_list("action", "organisation_id")) == [
        ("lots.succession.offered", world.larkshire.pk),
        ("lots.succession.received", world.oak_trust.pk),
        ("lots.succession.accepted", world.larkshire.pk),
        ("lots.succession.taken_over", world.oak_trust.pk),
    ]
    lifted = suspensions.lift_suspension(suspension=held, reason="Settled", by=world.tariq, at=LATER)
    assert lifted.lifted_by == world.tariq
    assert states(place) == ["active"]


def test_an_offer_is_answered_once(world):
    one = offer(world)
    with pytest.raises(Refused, match="already offered"):
        offer(world)
    actions.withdraw_succession(succession=one, by=world.max, at=LATER)

    with pytest.raises(Refused, match="already been accepted or taken back"):
        actions.accept_succession(succession=one, by=world.tariq, at=LATER)
    with pytest.raises(Refused, match="already been accepted or taken back"):
        actions.withdraw_succession(succession=one, by=world.max, at=LATER)
    offer(world)


@pytest.mark.parametrize("successor", ["larkshire", "ash_house", "elm_grove"])
def test_frameworks_go_to_another_buyer_only(world, successor):
    with pytest.raises(Refused, match="another council or academy trust"):
        actions.offer_succession(
            buyer=world.larkshire, successor=getattr(world, successor), reason="", by=world.max, at=LATER
        )


def test_the_same_procurement_twice_stops_the_taking_over(world):
    running(world, ocid="ocds-h6vhtk-0a")
    running(world, ocid="ocds-h6vhtk-0a", buyer=world.oak_trust)
    running(world)

    with pytest.raises(Refused, match="ocds-h6vhtk-0a"):
        actions.accept_succession(succession=offer(world), by=world.tariq, at=LATER)


def test_who_may_hand_over_and_who_may_take_over(world):
    for who in ("ada", "eve", "olu", "tariq", "alice"):
        with pytest.raises(access.Denied):
            offer(world, by=getattr(world, who))
    one = offer(world)
    for who in ("max", "olu", "sana", "alice"):
        with pytest.raises(access.Denied):
            actions.accept_succession(succession=one, by=getattr(world, who), at=LATER)
    for who in ("tariq", "olu", "ada"):
        with pytest.raises(access.Denied):
            actions.withdraw_succession(succession=one, by=getattr(world, who), at=LATER)


def test_handing_over_on_the_pages(world, sign_in):
    given, max_, tariq = running(world), sign_in(world.max), sign_in(world.tariq)
    address = reverse("offer_succession", args=[world.larkshire.pk])

    page = max_.post(address, {"successor": "Nobody", "reason": "Reorganised"}).content.decode()
    assert "No council or academy trust on the portal has this name" in page
    assert "Reorganised" in page
    max_.post(address, {"successor": "oak trust", "reason": "Reorganised"})
    one = Succession.objects.get()
    assert "Your frameworks are offered to Oak Trust" in max_.get(address).content.decode()
    theirs = reverse("offer_succession", args=[world.oak_trust.pk])
    assert "offers you all its frameworks" in tariq.get(theirs).content.decode()
    max_.post(reverse("withdraw_succession", args=[one.pk]))
    page = tariq.post(reverse("accept_succession", args=[one.pk])).content.decode()
    assert "already been accepted or taken back" in page
    max_.post(address, {"successor": "Oak Trust", "reason": "Reorganised"})
    tariq.post(reverse("accept_succession", args=[Succession.objects.latest("pk").pk]))

    assert made(type(given.framework).objects.get(pk=given.framework.pk)).framework.buyer == world.oak_trust
    assert Suspension.objects.count() == 0
