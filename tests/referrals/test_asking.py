"""Asking providers: who can be asked, what they are told, and by when they answer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from core.access import Denied
from lots.models import Place, Suspension
from lots.rules.refusals import Refused
from outbox.models import Message
from referrals.actions import asking
from referrals.models import Enquiry, Referral, Shortlisted, Terms
from referrals.queries import enquiries as queries
from referrals.queries import sealed
from referrals.steps import enquiry_letters as letters
from tests.accounts.mail import body
from tests.lots.places import provider
from tests.referrals.asked import TODAY, asked, insure, that_day, two_places  # noqa: F401
from tests.referrals.made import AT, CANARIES, CONTENT, another_place, made_enquiry, made_referral

pytestmark = pytest.mark.usefixtures("that_day")


def ask(world, referral, *places, by=None):
    return asking.ask_providers(referral=referral, places=[place.pk for place in places], by=by or world.sana, at=AT)


def test_both_are_asked_with_the_need_frozen_and_sealed(world):
    places = two_places(world)
    referral = made_referral(world, place=places[0])

    rows = ask(world, referral, *places)

    referral.refresh_from_db()
    assert [(row.provider, row.state, row.sent_by) for row in Enquiry.objects.order_by("provider")] == [
        (world.ash_house, "waiting", world.sana),
        (world.birch_farm, "waiting", world.sana),
    ]
    assert {row.lapses_at for row in rows} == {dt.datetime(2026, 9, 17, 22, 59, 59, 999999, tzinfo=dt.UTC)}
    assert referral.state == "enquiring"
    need = sealed.need_of(rows[0])
    assert (need.outline, need.area, need.minutes, need.starts_on) == (CONTENT.outline, "LK1", 600, "2026-09-28")
    assert not any(canary.encode() in bytes(rows[0].need) for canary in CANARIES)
    assert [event.data for event in Event.objects.filter(action="referrals.enquiry.sent")] == [
        {"referral": referral.pk, "provider": place.provider_id, "place": place.pk}
        for place in [one.place for one in rows]
    ]


def test_the_letters_lead_to_the_enquiry_and_name_nobody(world):
    places = two_places(world)

    [row] = ask(world, made_referral(world, place=places[0]), places[0])

    found = Message.objects.filter(key__startswith="enquiry-sent").order_by("to")
    assert [letter.to for letter in found] == [world.alice.email, world.bob.email]
    assert reverse("enquiry", args=[row.pk]) in body(found[0])
    text = " ".join(f"{letter.subject} {body(letter)} {letter.key}" for letter in found)
    assert [canary for canary in CANARIES if canary in text] == []


def test_the_commissioner_gives_the_days_to_answer(world):
    places = two_places(world)
    Terms.objects.create(commissioner=world.elm_grove, answer_days=1, changed_at=AT)

    [row] = ask(world, made_referral(world, place=places[0]), places[0])

    assert row.lapses_at.date() == dt.date(2026, 9, 15)


def test_more_can_be_asked_while_nobody_is_chosen_but_nobody_twice(world):
    first, second = two_places(world)
    referral = made_referral(world, place=first)
    ask(world, referral, first)

    ask(world, referral, second)

    assert list(queries.all_to_ask(referral, at=AT)) == []
    with pytest.raises(Refused, match="can no longer be asked"):
        ask(world, referral, first)
    with pytest.raises(IntegrityError), transaction.atomic():
        made_enquiry(world, referral, first)


def test_whoever_declined_can_be_asked_again(world):
    place, _ = two_places(world)
    referral = made_referral(world, place=place)
    made_enquiry(world, referral, place, state="declined", decline_reason="full")

    assert len(ask(world, referral, place)) == 1


def suspend_place(world, place):
    Place.objects.filter(pk=place.pk).update(state="suspended")


def suspend_provider(world, place):
    Suspension.objects.create(
        buyer=world.larkshire, provider=place.provider, cause="safeguarding", reason="Secret", began_at=AT
    )


def lapse_insurance(world, place):
    place.provider.insurances.update(ends_on=TODAY - dt.timedelta(days=1))


def insure_later(world, place):
    place.provider.insurances.update(starts_on=TODAY + dt.timedelta(days=1))


def end_framework(world, place):
    place.framework.__class__.objects.filter(pk=place.framework_id).update(state="ended", ended_at=AT)


def close_to_schools(world, place):
    place.framework.policies.__class__.objects.filter(framework=place.framework).update(call_off="buyer")


def close_provider(world, place):
    place.provider.__class__.objects.filter(pk=place.provider_id).update(is_open=False)


def take_price(world, place):
    place.prices.all().delete()


@pytest.mark.parametrize(
    "happens",
    [
        suspend_place,
        suspend_provider,
        lapse_insurance,
        insure_later,
        end_framework,
        close_to_schools,
        close_provider,
        take_price,
    ],
)
def test_who_is_not_offered_cannot_be_asked(world, happens):
    place, _ = two_places(world)
    referral = made_referral(world, place=place)
    assert place in queries.all_to_ask(referral, at=AT)

    happens(world, place)

    assert place not in queries.all_to_ask(Referral.objects.get(pk=referral.pk), at=AT)
    with pytest.raises(Refused, match="nobody was asked"):
        ask(world, referral, place)
    assert Enquiry.objects.count() == 0


@pytest.mark.parametrize("state", ["draft", "approval", "chosen", "closed"])
def test_a_referral_that_is_not_ready_asks_nobody(world, state):
    place, _ = two_places(world)

    with pytest.raises(Refused, match="not ready to send"):
        ask(world, made_referral(world, place=place, state=state), place)


def test_nobody_is_asked_where_nobody_is_named_or_no_lot_is(world):
    place, _ = two_places(world)

    with pytest.raises(Refused, match="at least one"):
        ask(world, made_referral(world, place=place))
    assert list(queries.all_to_ask(made_referral(world, pupil=Referral.objects.get().pupil), at=AT)) == []


def test_a_lot_without_parts_is_asked_whole(world):
    place, other = two_places(world)
    referral = made_referral(world, place=place, sub_lot=None)

    assert set(queries.all_to_ask(referral, at=AT)) == {place, other}


@pytest.mark.parametrize("name", ["alice", "tariq", "eve", "tom", "ada"])
def test_only_who_refers_for_the_commissioner_asks(world, name):
    place, _ = two_places(world)

    with pytest.raises(Denied):
        ask(world, made_referral(world, place=place), place, by=getattr(world, name))


def test_an_outline_that_came_to_tell_a_name_is_not_sent(world):
    place, _ = two_places(world)
    referral = made_referral(world, place=place)
    referral.pupil.__class__.objects.filter(pk=referral.pupil_id).update(known_as="Settle")

    with pytest.raises(Refused, match="Take out"):
        ask(world, Referral.objects.get(), place)


def test_the_page_shows_what_is_read_and_whom_to_ask(world, sign_in):
    place, other = two_places(world)
    Shortlisted.objects.create(
        organisation=world.elm_grove, place=other, reason="Quiet and near", added_at=AT, added_by=world.sana
    )
    referral = made_referral(world, place=place)
    client, address = sign_in(world.sana), reverse("ask_providers", args=[referral.pk])

    shown = client.get(address).content.decode()
    empty = client.post(address).content.decode()
    answer = client.post(address, {"places": [place.pk, other.pk]}, follow=True)

    assert CONTENT.outline in shown
    assert "17 September 2026" in shown
    assert shown.index("Birch Farm") < shown.index("Ash House")  # the shortlist first
    assert ("Quiet and near" in shown, "£45.00" in shown, "£40.00" in shown) == (True, True, True)
    assert [canary for canary in CANARIES if canary in shown] == []
    assert "Select at least one provider" in empty
    assert "2 providers asked" in answer.content.decode()
    assert Event.objects.filter(action="referrals.referral.read").count() == 2
    assert "No provider can be asked now" in client.get(address).content.decode()


@pytest.mark.once
def test_the_page_says_why_nobody_can_be_asked(world, sign_in):
    place, _ = two_places(world)
    referral = made_referral(world, place=place)
    client, address = sign_in(world.sana), reverse("ask_providers", args=[referral.pk])

    wrong = client.post(address, {"places": ["9999", "x", "\x00"]})
    referral.pupil.__class__.objects.filter(pk=referral.pupil_id).update(known_as="Settle")
    named = client.get(address)
    Referral.objects.filter(pk=referral.pk).update(state="draft")
    draft = client.get(address)

    assert "can no longer be asked" in wrong.content.decode()
    assert "Take out" in named.content.decode()
    assert "being written" in draft.content.decode()


def test_candidates_cost_the_same_queries_however_many_there_are(world):
    place, _ = two_places(world)
    referral = made_referral(world, place=place)

    def count() -> int:
        found = Referral.objects.select_related("commissioner", "school", "framework").get(pk=referral.pk)
        with CaptureQueriesContext(
            connection,
        ) as taken:
            queries.candidates(found, at=AT)
        return len(taken)

    few = count()
    for number in range(3):
        firm = provider(f"Firm {number}")
        insure(firm)
        another_place(world, place, firm, pence=41_00)

    assert count() == few <= 8


def test_letters_to_a_commissioner_go_to_who_asked_or_else_to_all_who_refer(world):
    [enquiry, _] = asked(world)

    letters_to = []
    with transaction.atomic():
        letters.to_commissioners(letters.OFFERED, [enquiry], at=AT)
        letters_to.append([row.to for row in Message.objects.filter(key__startswith="offer-made")])
        Message.objects.all().delete()
        Enquiry.objects.update(sent_by=world.tariq)
        Referral.objects.update(started_by=None)
        letters.to_commissioners(letters.OFFERED, [Enquiry.objects.get(pk=enquiry.pk)], at=AT)
        letters_to.append([row.to for row in Message.objects.filter(key__startswith="offer-made")])

    assert letters_to == [[world.sana.email], [world.sana.email]]
