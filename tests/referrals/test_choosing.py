"""Comparing offers, accepting one by the published order or on a published ground, and taking that back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core.access import Denied
from lots.models import Framework, Place, Suspension
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import choosing
from referrals.models import Approval, Choice, Disclosure, Enquiry, Offer, Referral, Terms
from referrals.queries import offers as queries
from referrals.steps import enquiries as steps
from tests.accounts.mail import body
from tests.lots.places import provider
from tests.referrals.asked import TODAY, asked, budget_holder, insure, offered, that_day  # noqa: F401
from tests.referrals.made import (
    AT,
    CANARIES,
    another_place,
    made_enquiry,
    made_offer,
    made_referral,
    made_sharing,
    made_site,
)

pytestmark = pytest.mark.usefixtures("that_day")
FAR = {"ground": "Travel", "reason": "The bus takes two hours"}


def ready(world, **fields) -> tuple[Enquiry, Enquiry]:
    """Ash House at £5,400.00, Birch Farm at £4,800.00; agreements with both; the cost is within what is approved."""
    rows = offered(world, approved_pence=1_000_000, **fields)
    for one in (world.ash_house, world.birch_farm):
        made_sharing(world, provider=one)
    return tuple(rows)


def choose(world, enquiry, *, by=None, offer=None, today=TODAY, **fields):
    standing = Offer.objects.get(enquiry=enquiry, replaced_at=None)
    return choosing.choose_offer(
        enquiry=enquiry, offer=offer or standing.pk, by=by or world.sana, at=AT, today=today, **fields
    )


def test_the_first_in_order_is_chosen_without_a_ground(world):
    other, first = ready(world)

    made = choose(world, first)

    referral = Referral.objects.get()
    assert isinstance(made, Choice)
    assert (made.selection, made.ground, made.reason, made.chosen_by) == ("lowest_cost", "", "", world.sana)
    assert [(one["position"], one["provider"], one["total_pence"]) for one in made.ranking] == [
        (1, world.birch_farm.pk, 480_000),
        (2, world.ash_house.pk, 540_000),
    ]
    assert dict(Enquiry.objects.values_list("provider", "state")) == {
        world.birch_farm.pk: "chosen",
        world.ash_house.pk: "not_chosen",
    }
    assert referral.state == "chosen"
    assert [(one.provider, one.agreement.provider) for one in Disclosure.objects.in_force()] == [
        (world.birch_farm, world.birch_farm)
    ]
    actions = set(Event.objects.filter(action__startswith="referrals.").values_list("action", flat=True))
    assert actions == {
        "referrals.choice.made",
        "referrals.disclosure.given",
        "referrals.enquiry.chosen",
        "referrals.enquiry.not_chosen",
    }
    assert other.pk != first.pk


def test_the_letters_say_neither_who_nor_at_what_price(world):
    _, first = ready(world)

    choose(world, first)

    to = {letter.to: letter for letter in Message.objects.filter(key__startswith="enquiry-")}
    assert set(to) == {world.alice.email, world.bob.email, world.charlie.email}
    assert "Another provider was chosen" in to[world.bob.email].subject
    kind = f"{to[world.bob.email].subject} {body(to[world.bob.email])}"
    assert [one for one in ("Birch", "4,800", "480000", *CANARIES) if one in kind] == []
    assert [one for one in CANARIES if one in body(to[world.charlie.email])] == []


def test_another_is_chosen_on_a_published_ground_with_the_reason(world):
    other, _ = ready(world)

    with pytest.raises(Refused, match="not first in order"):
        choose(world, other)
    with pytest.raises(Refused, match="not first in order"):
        choose(world, other, ground="We like them", reason="Nice")
    made = choose(world, other, **FAR)

    assert (made.ground, made.reason) == ("Travel", "The bus takes two hours")
    [event] = Event.objects.filter(action="referrals.choice.made")
    assert event.data == {"referral": made.referral_id, "offer": made.offer_id, "departed": True}


def test_by_rank_at_award_the_price_at_award_decides(world):
    other, first = ready(world)
    policies = first.place.framework.policies
    policies.__class__.objects.filter(pk=policies.pk).update(selection="ranked")
    Offer.objects.filter(enquiry=other).update(total_pence=1)

    made = choose(world, first)

    assert [(one["position"], one["provider"]) for one in made.ranking] == [
        (1, world.birch_farm.pk),
        (2, world.ash_house.pk),
    ]


def suspend(world, place):
    Place.objects.filter(pk=place.pk).update(state="suspended")


def suspend_all(world, place):
    Suspension.objects.create(
        buyer=world.larkshire, provider=place.provider, cause="safeguarding", reason="Secret", began_at=AT
    )


def end(world, place):
    Place.objects.filter(pk=place.pk).update(state="ended", ended_at=AT)


def end_framework(world, place):
    Framework.objects.filter(pk=place.framework_id).update(state="ended", ended_at=AT)


def close_to_schools(world, place):
    place.framework.policies.__class__.objects.filter(framework=place.framework).update(call_off="buyer")


def uninsure(world, place):
    place.provider.insurances.update(ends_on=TODAY - dt.timedelta(days=1))


def uninsure_by_then(world, place):
    place.provider.insurances.update(ends_on=dt.date(2026, 9, 27))


def end_sharing(world, place):
    place.provider.sharing_received.update(ended_at=AT)


def lapse_sharing(world, place):
    place.provider.sharing_received.update(ends_on=TODAY - dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("happens", "said"),
    [
        (suspend, "suspended"),
        (suspend_all, "suspended"),
        (end, "no longer has an active place"),
        (end_framework, "framework is not running"),
        (close_to_schools, "no longer open to your organisation"),
        (uninsure, "public liability"),
        (uninsure_by_then, "public liability"),
        (end_sharing, "no agreement to share pupil data"),
        (lapse_sharing, "no agreement to share pupil data"),
    ],
)
def test_everything_is_asked_again_at_the_moment_of_acceptance(world, happens, said):
    _, first = ready(world)
    happens(world, first.place)

    with pytest.raises(Refused, match=said):
        choose(world, first)

    assert (Choice.objects.count(), Disclosure.objects.count()) == (0, 0)
    assert Referral.objects.get().state == "enquiring"


def test_a_start_that_has_passed_is_not_accepted(world):
    _, first = ready(world)

    with pytest.raises(Refused, match="which has passed"):
        choose(world, first, today=dt.date(2026, 9, 29))


def test_an_offer_that_was_replaced_or_taken_back_is_not_accepted(world):
    other, first = ready(world)
    seen = Offer.objects.get(enquiry=first)
    Offer.objects.filter(pk=seen.pk).update(replaced_at=AT)
    made_offer(world, first, pence=39_00, number=2)

    for wrong in (seen.pk, Offer.objects.get(enquiry=other).pk):  # replaced; another enquiry's
        with pytest.raises(Refused, match="replaced or taken back"):
            choose(world, first, offer=wrong)
    Enquiry.objects.filter(pk=other.pk).update(state="declined", decline_reason="full")
    with pytest.raises(Refused, match="can no longer be accepted"):
        choose(world, other)


def test_what_costs_more_than_is_approved_asks_the_budget_holder_first(world):
    hanna = budget_holder(world)
    _, first = ready(world)
    Referral.objects.update(approved_pence=None)
    Terms.objects.create(commissioner=world.elm_grove, approve_above_pence=479_999, changed_at=AT)

    asked_for = choose(world, first)

    assert isinstance(asked_for, Approval)
    assert (asked_for.pence, asked_for.asked_by, Choice.objects.count()) == (480_000, world.sana, 0)
    assert Referral.objects.get().state == "enquiring"
    assert Message.objects.filter(to=hanna.email).count() == 1
    with pytest.raises(Refused, match="has not answered yet"):
        choose(world, first)
    Referral.objects.update(approved_pence=480_000)
    assert isinstance(choose(world, first), Choice)


def test_a_dearer_offer_asks_anew(world):
    other, first = ready(world)
    Referral.objects.update(approved_pence=None)
    Terms.objects.create(commissioner=world.elm_grove, approve_above_pence=1, changed_at=AT)
    choose(world, first)

    dearer = choose(world, other, **FAR)

    assert (dearer.pence, Approval.objects.filter(answered_at=None).count()) == (540_000, 1)
    Terms.objects.update(approve_above_pence=480_000)
    choose(world, first)
    assert Approval.objects.filter(answered_at=None).count() == 0


def test_of_two_choices_the_second_is_told_kindly(world):
    other, first = ready(world)
    choose(world, first)

    with pytest.raises(Refused, match="already"):
        choose(world, other, **FAR)


@pytest.mark.parametrize("name", ["alice", "bob", "charlie", "tariq", "tom", "eve"])
def test_only_who_refers_for_the_commissioner_chooses_or_takes_back(world, name):
    _, first = ready(world)
    person = getattr(world, name)

    with pytest.raises(Denied):
        choose(world, first, by=person)
    choose(world, first)
    with pytest.raises(Denied):
        choosing.undo_choice(referral=first.referral, reason="No", by=person, at=AT)


def test_a_choice_is_taken_back_and_the_provider_reads_nothing_more(world):
    _, first = ready(world)
    made = choose(world, first)

    choosing.undo_choice(referral=first.referral, reason="They lost their tutor", by=world.sana, at=AT)

    made.refresh_from_db()
    assert (made.undone_at, made.undone_by, made.undone_reason) == (AT, world.sana, "They lost their tutor")
    assert Disclosure.objects.in_force().count() == 0
    assert Enquiry.objects.get(pk=first.pk).state == "withdrawn"
    assert Referral.objects.get().state == "enquiring"
    with pytest.raises(Refused, match="nothing to take back"):
        choosing.undo_choice(referral=first.referral, reason="Again", by=world.sana, at=AT)


def test_closing_takes_back_all_that_is_open(world):
    other, first = ready(world)
    choose(world, first)
    Enquiry.objects.filter(pk=other.pk).update(state="waiting")

    with transaction.atomic():
        referral = Referral.objects.locked(first.referral_id)
        counts = [steps.withdraw_open(referral=referral, by=world.sana, at=AT) for _ in range(2)]

    assert counts == [2, 0]
    assert set(Enquiry.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert Disclosure.objects.in_force().count() == 0
    assert {row.to for row in Message.objects.filter(key__startswith="enquiry-withdrawn")} == {
        world.alice.email,
        world.bob.email,
        world.charlie.email,
    }


def test_the_page_shows_offers_in_order_and_who_has_not_answered(world, sign_in):
    rows = ready(world)
    place = another_place(world, rows[0].place, provider("Cedar Barn"), pence=42_00)
    made_enquiry(world, rows[0].referral, place)
    Offer.objects.filter(enquiry=rows[0]).update(ends_on=dt.date(2026, 12, 1))

    page = sign_in(world.sana).get(reverse("offers", args=[rows[0].referral_id])).content.decode()

    assert page.index("Birch Farm") < page.index("Ash House") < page.index("Cedar Barn")
    for text in ("£4,800.00", "£5,400.00", "Short of the need", "Ends before the day asked for", "9:30am to 2:30pm"):
        assert text in page
    assert "Waits for an answer" in page
    assert [one for one in CANARIES if one in page] == []


def test_the_page_of_a_referral_that_is_barely_begun_or_over(world, sign_in):
    _, first = ready(world)
    choose(world, first)
    with transaction.atomic():
        steps.end_disclosure(referral=Referral.objects.locked(first.referral_id), by=world.sana, at=AT)
    begun = made_referral(world, pupil=first.referral.pupil, state="draft")
    client = sign_in(world.sana)

    over = client.get(reverse("offers", args=[first.referral_id])).content.decode()
    empty = client.get(reverse("offers", args=[begun.pk])).content.decode()

    assert "It can no longer read who the pupil is" in over
    assert ("No offer has been made yet" in empty, "Ask" in empty.split("<main")[1]) == (True, False)


def test_accepting_on_the_page(world, sign_in):
    other, first = ready(world)
    client = sign_in(world.sana)
    offer = Offer.objects.get(enquiry=other)
    address = reverse("choose_offer", args=[other.pk])

    asked_why = client.post(address, {"offer": offer.pk, "reason": "kept"}).content.decode()
    done = client.post(address, {"offer": offer.pk} | FAR, follow=True).content.decode()
    again = client.get(address, follow=True).content.decode()
    plain = client.get(reverse("choose_offer", args=[first.pk]), follow=True).content.decode()

    assert ("Select the ground" in asked_why, "kept" in asked_why, "number 2 in the order" in asked_why) == (True,) * 3
    assert ("The offer was accepted" in done, "Ash House</bdi> was chosen" in done, "Travel" in done) == (True,) * 3
    assert "can no longer be accepted" in again
    assert "can no longer be accepted" in plain


def test_the_page_says_what_stands_in_the_way(world, sign_in):
    _, first = offered(world)
    Terms.objects.create(commissioner=world.elm_grove, approve_above_pence=1, changed_at=AT)
    client, address = sign_in(world.sana), reverse("choose_offer", args=[first.pk])
    offer = Offer.objects.get(enquiry=first)

    shown = client.get(address).content.decode()
    refused = client.post(address, {"offer": offer.pk}).content.decode()
    made_sharing(world, provider=world.birch_farm)
    waits = client.post(address, {"offer": offer.pk}, follow=True).content.decode()

    assert ("no agreement to share pupil data" in shown, "costs more than what is approved" in shown) == (True, True)
    assert "nobody may tell it who the pupil" in refused
    assert ("The budget holder was asked" in waits, "has not answered yet" in waits) == (True, True)


def test_taking_back_on_the_page(world, sign_in):
    _, first = ready(world)
    client, address = sign_in(world.sana), reverse("undo_choice", args=[first.referral_id])
    assert client.get(address).status_code == 404
    choose(world, first)

    empty = client.post(address, {}).content.decode()
    done = client.post(address, {"reason": "They lost their tutor"}, follow=True).content.decode()

    assert "Enter why you take the choice back" in empty
    assert ("The choice was taken back" in done, "They lost their tutor" in done) == (True, True)


def test_offers_cost_the_same_queries_however_many_there_are(world):
    rows = ready(world)

    def count() -> int:
        referral = Referral.objects.select_related("framework__policies", "commissioner", "school").get()
        with CaptureQueriesContext(connection) as taken:
            found = queries.compared(referral, user=world.sana)
        return len(taken), len(found.ranked)

    queries.compared(rows[0].referral, user=world.sana)
    few = count()
    for number in range(2):
        firm = provider(f"Firm {number}")
        insure(firm)
        enquiry = made_enquiry(world, rows[0].referral, another_place(world, rows[0].place, firm, pence=41_00))
        made_offer(world, enquiry, pence=41_00)

    assert count() == (few[0], 4)
    assert few[0] <= 8


def test_the_distance_is_to_the_nearest_site_of_the_offer(world):
    [enquiry, _] = asked(world)
    world.elm_grove.__class__.objects.filter(pk=world.elm_grove.pk).update(easting=400_000, northing=300_000)
    made_offer(world, enquiry, site=made_site(world, easting=400_000, northing=304_828))

    found = queries.compared(Referral.objects.get(), user=world.sana)

    assert list(found.distance.values()) == ["3 miles"]
