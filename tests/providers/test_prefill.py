"""A framework that was opened again: the application begins with what was submitted the last time, marked, and without
what must be said anew."""

from __future__ import annotations

import pytest
from django.utils import timezone

from core.crypto import SealBroken
from lots.models import Framework, Lot, Policies, PriceLine, SealKey, Standard
from providers.actions import applications as actions
from providers.queries.bids import bid_of, own_bid
from providers.rules import prefill
from providers.states import ItemKind
from tests.providers import bids


@pytest.fixture
def before(world):
    """What Ash House submitted to the first opening."""
    made = bids.submitted(world)
    Framework.objects.filter(pk=made.application.framework_id).update(state="running", awarded_at=timezone.now())
    return made


def opened_again(world, before, **fields) -> Framework:
    """The next opening: the same lots, lines and standards, under keys of their own."""
    return bids.open_framework(world, previous=before.application.framework, generation=2, **fields)


def begin(world, framework):
    return actions.start(framework=framework, provider=world.ash_house, by=world.alice)


def draft_of(world, application):
    return own_bid(application, user=world.alice).draft


def bid_at(world, application):
    return bid_of(bids.seen(application), user=world.alice, today=timezone.localdate())


def test_it_begins_with_what_was_submitted_the_last_time(world, before):
    framework = opened_again(world, before)

    application = begin(world, framework)

    draft, bid = draft_of(world, application), bid_at(world, application)
    standards = {f"standard:{one.pk}" for one in Standard.objects.filter(theme__version__framework=framework)}
    assert set(draft) == {"organisation", "connected", "lots", "prices"} | standards
    assert {part.carried for part in draft.values()} == {True}
    assert [(status.lot.number, len(status.parts)) for status in bid.lots] == [("1", 2), ("2", 3)]
    assert [row["pence"] for row in bid.readings["prices"].values["prices"]] == [4500, 4501]
    assert {bid.context.offer.lot(row["lot"]).number for row in bid.readings["prices"].values["prices"]} == {"1", "2"}
    answered = [bid.readings[code].values for code in sorted(standards)]
    assert [one["answer"] for one in answered] == ["We meet standard 1.1.", "We meet standard 1.2."]
    assert [len(one["evidence"]) for one in answered] == [0, 1]


def test_declarations_exclusion_and_conflicts_are_said_anew(world, before):
    application = begin(world, opened_again(world, before))

    assert set(draft_of(world, application)) & {"declarations", "exclusion", "conflicts"} == set()
    assert {found.code for found in bid_at(world, application).stops} == {"declarations"}


def test_documents_come_in_their_newest_version(world, before):
    policy = world.ash_house.items.get(title="Safeguarding policy")
    newest = bids.newer(policy)

    application = begin(world, opened_again(world, before))

    bid = bid_at(world, application)
    [standard] = [one for one in bid.context.offer.standards if one.evidence]
    [given] = bid.readings[f"standard:{standard.pk}"].values["evidence"]
    assert (given["version"], given["sha256"]) == (newest.pk, newest.file.sha256)


def test_a_document_that_left_the_library_is_not_brought_back(world, before):
    world.ash_house.items.filter(kind=ItemKind.POLICY).update(removed_at=timezone.now())

    application = begin(world, opened_again(world, before))

    bid = bid_at(world, application)
    [standard] = [one for one in bid.context.offer.standards if one.evidence]
    assert bid.readings[f"standard:{standard.pk}"].values["evidence"] == []


def test_what_is_no_longer_offered_is_left_out(world, before):
    framework = opened_again(world, before)
    first, second = framework.lots.get(number="1"), framework.lots.get(number="2")
    Lot.objects.filter(pk=first.pk).update(number="9")
    second.sub_lots.filter(letter="A").delete()
    PriceLine.objects.filter(lot=second).update(unit="day")
    Standard.objects.filter(theme__version__framework=framework, number="1.1").update(number="1.7")

    application = begin(world, framework)

    bid = bid_at(world, application)
    [status] = bid.lots
    assert (status.lot.number, [part.letter for part in status.lot.parts if part.pk in status.parts]) == (
        "2",
        ["B", "C"],
    )
    assert bid.readings["prices"].values["prices"] == []
    assert [one["answer"] for one in bid.document()["standards"] if one.get("answer")] == ["We meet standard 1.2."]


def test_a_lot_of_which_no_part_is_left_and_every_lot_gone_give_nothing(world, before):
    framework = opened_again(world, before)
    framework.lots.get(number="1").sub_lots.filter(letter="B").delete()
    framework.lots.get(number="1").sub_lots.update(letter="D")
    framework.lots.filter(number="2").update(number="8")
    PriceLine.objects.filter(lot__framework=framework).update(title="Another")

    draft = draft_of(world, begin(world, framework))

    assert set(draft) & {"lots", "prices"} == set()


def test_prices_for_the_lot_are_not_taken_for_its_parts(world, before):
    framework = opened_again(world, before)
    Policies.objects.filter(framework=framework).update(pool="sub_lot")

    assert "prices" not in draft_of(world, begin(world, framework))


def test_prices_for_parts_go_to_the_same_parts(world):
    first = bids.open_framework(world)
    Policies.objects.filter(framework=first).update(pool="sub_lot")
    made = bids.submitted(world, first)
    second = opened_again(world, made)
    Policies.objects.filter(framework=second).update(pool="sub_lot")

    bid = bid_at(world, begin(world, second))

    rows = [(row["lot_number"], row["letter"], row["pence"]) for row in bid.document()["prices"]]
    assert rows == [("1", "B", 4500), ("1", "C", 4501), ("2", "A", 4502), ("2", "B", 4503), ("2", "C", 4504)]


def test_the_last_of_all_earlier_openings_counts(world, before):
    second = opened_again(world, before)
    later = bids.submitted(world, second, pence=7700)
    Framework.objects.filter(pk=second.pk).update(state="running", awarded_at=timezone.now())
    third = opened_again(world, later)
    fourth = bids.open_framework(world, previous=third, generation=4)

    bid = bid_at(world, begin(world, fourth))

    assert bid.readings["prices"].values["prices"][0]["pence"] == 7700


def test_a_provider_that_is_new_begins_with_nothing(world, before):
    framework = opened_again(world, before)

    application = actions.start(framework=framework, provider=world.birch_farm, by=world.charlie)

    assert own_bid(application, user=world.charlie).draft == {}


def test_a_part_that_was_left_empty_is_empty_again(world):
    application = bids.complete(world, bids.applied(world))
    bids.typed(application, {"organisation": {}, "connected": {}})
    made = bids.submit(application, accept_incomplete=True)

    draft = draft_of(world, begin(world, opened_again(world, made)))

    assert set(draft) & {"organisation", "connected"} == set()


def test_a_submission_that_can_no_longer_be_read_keeps_nobody_from_beginning(world, before):
    SealKey.objects.filter(framework=before.application.framework).delete()
    with pytest.raises(SealBroken):
        own_bid(before.application, user=world.alice)

    assert draft_of(world, begin(world, opened_again(world, before))) == {}


class TestDocumentsInOtherParts:
    """Wherever a document is named, its newest version comes."""

    ITEMS = {4: 1}

    @pytest.mark.parametrize(
        ("values", "moved"),
        [
            ({"cdp": {"version": 4, "sha256": "a"}}, {"cdp": {"version": 5, "sha256": "b"}}),
            ({"cdp": {"version": 6, "sha256": "a"}}, {"cdp": None}),
            ({"more": [{"version": 4, "sha256": "a"}, {"version": 6}]}, {"more": [{"version": 5, "sha256": "b"}]}),
            ({"text": "as it is", "none": None}, {"text": "as it is", "none": None}),
        ],
    )
    def test_by_its_document(self, values, moved):
        class Held:
            version, sha256 = 5, "b"

        assert prefill._with_current(values, self.ITEMS, {1: Held}) == moved
