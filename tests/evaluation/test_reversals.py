"""An award is taken back by two people; nothing that was decided is edited."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import timezone

from audit.models import Event
from contracts.models import Contract
from core.access import Denied
from evaluation.actions import reversals as actions
from evaluation.actions.bids import move_bid
from evaluation.models import AwardLine, AwardSet, Bid, GateRun, Reversal
from evaluation.rules import reversals as rules
from evaluation.states import BidState
from lots.models import Place
from lots.rules.refusals import Refused
from lots.states import EndReason
from lots.steps import places as steps
from outbox.models import Message
from tests.evaluation.awarding import approve, awarded, fresh, places, propose, says
from tests.evaluation.further import run
from tests.frameworks import AT

WHY = "The certificate that was shown to us is not genuine."


@pytest.mark.parametrize(
    ("state", "awarded_", "asked", "refusal"),
    [
        ("approved", True, False, None),
        ("proposed", True, False, "Only an award that was approved"),
        ("approved", False, False, "Only an award that was approved"),
        ("approved", True, True, "asked already"),
    ],
)
def test_what_can_be_taken_back(state, awarded_, asked, refusal):
    if refusal is None:
        rules.check_line(state, awarded=awarded_, asked=asked)
    else:
        with pytest.raises(Refused, match=refusal):
            rules.check_line(state, awarded=awarded_, asked=asked)


def line_of(world, letter: str, provider=None) -> AwardLine:
    rows = AwardLine.objects.filter(bid__provider=provider or world.ash_house, sub_lot__letter=letter)
    return rows.latest("pk")


def ask(world, letter: str = "B", **words) -> Reversal:
    given = {"by": world.max, "at": timezone.now(), "reason": WHY} | words
    return actions.propose_reversal(line=line_of(world, letter), **given)


def confirm(world, reversal: Reversal, **words) -> Reversal:
    return actions.confirm_reversal(reversal=reversal, **{"by": world.fay, "at": timezone.now()} | words)


def test_the_place_ends_and_the_others_stay(world):
    award = awarded(world)
    before = says(award)
    asked = ask(world)
    assert places(award.evaluation)[0][3] == "awarded"
    Message.objects.all().delete()

    confirm(world, asked)

    ended = Place.objects.get(state="ended")
    assert (ended.pk, ended.end_reason, ended.end_note) == (line_of(world, "B").place_id, "terminated", WHY)
    assert [state for *_, state in places(award.evaluation)] == ["ended"] + ["awarded"] * 5
    assert says(AwardSet.objects.get(pk=award.pk)) == before
    assert Contract.objects.filter(supplier=world.ash_house, state="offered").count() == 1
    assert Message.objects.count() == 1
    assert Event.objects.get(action="evaluation.reversal.done").by == world.fay


def test_with_the_last_place_the_lot_that_came_along_and_the_agreement_end(world):
    award = awarded(world)
    Bid.objects.filter(provider=world.ash_house).update(state="excluded", state_at=AT)

    for letter in "BC":
        confirm(world, ask(world, letter))

    ash = [row for row in places(award.evaluation) if row[0] == "Ash House"]
    assert {state for *_, state in ash} == {"ended"}
    reasons = Place.objects.filter(provider=world.ash_house).values_list("lot__number", "end_reason").distinct()
    assert set(reasons) == {("1", "excluded"), ("7", "last_place_ended")}
    assert list(Contract.objects.filter(supplier=world.ash_house).values_list("state", flat=True)) == ["withdrawn"]
    assert Contract.objects.filter(supplier=world.birch_farm, state="offered").count() == 1


def test_a_bid_leaves_once_its_bidder_holds_no_award(world):
    award = awarded(world)
    bid = Bid.objects.get(provider=world.ash_house)
    words = {"bid": bid, "to": BidState.EXCLUDED, "reason": WHY, "by": world.max, "at": timezone.now()}
    with pytest.raises(Refused, match="holds a place that an award gave"):
        move_bid(**words)
    for letter in "BC":
        confirm(world, ask(world, letter))

    assert move_bid(**words).state == "excluded"
    assert move_bid(**words | {"to": BidState.IN}).state == "in"
    assert award.evaluation.bids.count() == 2


def test_two_people_and_once(world):
    awarded(world)
    asked = ask(world)
    with pytest.raises(Refused, match="asked already"):
        ask(world)
    asked.line.award_set.evaluation.appointments.create(person=world.max, duty="approver", appointed_at=AT)
    with pytest.raises(Refused, match="You proposed this"):
        confirm(world, asked, by=world.max)
    confirm(world, asked)

    for act in (confirm, lambda world, one: actions.drop_reversal(reversal=one, by=world.max, at=AT)):
        with pytest.raises(Refused, match="taken back already"):
            act(world, asked)


def test_it_can_be_dropped_and_asked_again(world):
    award = awarded(world)
    actions.drop_reversal(reversal=ask(world), by=world.fay, at=timezone.now())

    assert {state for *_, state in places(award.evaluation)} == {"awarded"}
    assert Event.objects.filter(action="evaluation.reversal.dropped").exists()
    assert ask(world)


def test_who_can(world):
    award = awarded(world)
    with pytest.raises(Denied):
        ask(world, by=world.fay)
    asked = ask(world)
    for name in ("ada", "eve"):
        with pytest.raises(Denied):
            confirm(world, asked, by=world.people[name])
        with pytest.raises(Denied):
            actions.drop_reversal(reversal=asked, by=world.people[name], at=AT)
    award.evaluation.conflicts.create(person=world.fay, provider=world.ash_house, text="A cousin", noted_at=AT)
    with pytest.raises(Refused, match="an interest in this bidder"):
        confirm(world, asked)


def test_a_place_that_ended_before_needs_no_ending(world):
    awarded(world)
    asked = ask(world)
    with transaction.atomic():
        place = Place.objects.select_related("framework", "lot").get(pk=line_of(world, "B").place_id)
        steps.end_places(rows=[place], reason=EndReason.DECLINED, by=world.alice, at=AT)

    confirm(world, asked)

    assert Place.objects.get(pk=place.pk).end_reason == "declined"


def test_a_place_that_moved_ends_with_its_successor_who_is_told(world):
    awarded(world)
    asked = ask(world)
    with transaction.atomic():
        old = Place.objects.select_related("framework", "lot").get(pk=line_of(world, "B").place_id)
        steps.end_places(rows=[old], reason=EndReason.TRANSFERRED, by=world.max, at=AT)
    with transaction.atomic():
        now = Place.objects.create(
            framework=old.framework,
            lot=old.framework.lots.get(number="2"),
            sub_lot=old.framework.lots.get(number="2").sub_lots.first(),
            provider=world.birch_farm,
            provider_name="Birch Farm",
            awarded_at=AT,
            came_from=old,
        )
    Message.objects.all().delete()

    confirm(world, asked)

    assert Place.objects.get(pk=now.pk).state == "ended"
    assert Message.objects.filter(key__startswith="place-ended").count() == 1


def test_a_later_award_does_not_give_it_again(world):
    made = fresh(awarded(world).evaluation)
    confirm(world, ask(world))
    GateRun.objects.update(state="void")
    run(made, world)
    later = propose(fresh(made), world)

    assert says(later) == {(1, "1", "B"): "taken_back"}
    approve(later, world)
    assert Place.objects.filter(provider=world.ash_house, sub_lot__letter="B").exclude(state="ended").count() == 0
