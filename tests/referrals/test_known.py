"""What the chosen provider's people who meet pupils read, and that it is gone when the right ends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from outbox.models import Message
from referrals.models import Disclosure, Referral, SharingAgreement
from referrals.rules.content import Content
from referrals.rules.private import Private
from referrals.steps import enquiries as steps
from tests.accounts.mail import body
from tests.referrals.asked import TODAY, that_day  # noqa: F401
from tests.referrals.made import AT, CANARIES, UPN, made_pupil, made_referral, made_sharing, whole_story
from tests.referrals.papers import document

pytestmark = pytest.mark.usefixtures("that_day")
READ = ("Quillon", "Zephyrine", "Quillsworth", UPN, "saxophone phobia", "07700 900123")
READ += ("1 Canary Wharf Lane", "Would like to cook", "01632 960100")


def page(world, sign_in, story, name="known_pupil", who="bob", *more) -> object:
    return sign_in(getattr(world, who)).get(reverse(name, args=[story.pk, *more]))


def test_the_chosen_providers_staff_read_who_the_pupil_is_and_it_is_recorded(world, sign_in):
    story = whole_story(world)

    answer = page(world, sign_in, story)

    text = answer.content.decode()
    assert [
        one for one in (*READ, "1 Canary Wharf Lane", "Would like to cook", "01632 960100") if one not in text
    ] == []
    assert "Attends four sessions in five" in text
    title = text.split("<title>")[1].split("</title>")[0]
    assert [one for one in CANARIES if one in title + answer.request["PATH_INFO"]] == []
    [event] = Event.objects.filter(action="referrals.disclosure.read")
    assert (event.by, event.about_id, event.organisation_id) == (world.bob, story.pk, world.elm_grove.pk)


def test_nobody_else_reads_it(world, sign_in):
    story = whole_story(world)

    answers = {who: page(world, sign_in, story, who=who).status_code for who in ("alice", "charlie", "sana", "tariq")}

    assert answers == {"alice": 404, "charlie": 404, "sana": 403, "tariq": 404}
    assert Event.objects.filter(action="referrals.disclosure.read").count() == 0


def end_it(story):
    with transaction.atomic():
        steps.end_disclosure(referral=Referral.objects.locked(story.referral_id), by=story.given_by, at=AT)


def end_agreement(story):
    with transaction.atomic():
        agreement = SharingAgreement.objects.locked(story.agreement_id)
        assert steps.end_disclosures_under(agreement=agreement, by=story.given_by, at=AT) == [story]


def agreement_runs_out(story):
    SharingAgreement.objects.update(ends_on=TODAY - dt.timedelta(days=1))


@pytest.mark.parametrize("happens", [end_it, end_agreement, agreement_runs_out])
def test_at_its_end_everything_is_gone_at_the_next_request(world, sign_in, happens):
    story = whole_story(world)
    paper = document(world, story.referral)
    bob = sign_in(world.bob)
    addresses = [reverse("known_pupil", args=[story.pk]), reverse("known_file", args=[story.pk, paper.pk])]
    listed = reverse("known_pupils", args=[world.ash_house.pk])
    assert bob.get(addresses[0]).status_code == 200
    assert "Quillon" in bob.get(listed).content.decode()

    happens(story)

    assert [bob.get(address).status_code for address in addresses] == [404, 404]
    assert [one for one in CANARIES if one in bob.get(listed).content.decode()] == []


def test_who_met_the_pupil_is_told_that_it_ended_and_to_destroy_notes(world):
    story = whole_story(world)

    end_it(story)

    [letter] = Message.objects.filter(key__startswith="disclosure-ended")
    assert (letter.to, "Destroy or return" in body(letter)) == (world.bob.email, True)
    assert [one for one in CANARIES if one in body(letter)] == []
    [event] = Event.objects.filter(action="referrals.disclosure.ended")
    assert event.organisation_id == world.elm_grove.pk
    with transaction.atomic():
        assert not steps.end_disclosure(referral=story.referral, by=world.sana, at=AT)


def test_documents_are_read_through_a_door_of_their_own(world, sign_in):
    story = whole_story(world)
    paper = document(world, story.referral, title="The plan")
    removed = document(world, story.referral, removed_at=AT)

    shown = page(world, sign_in, story).content.decode()
    answer = page(world, sign_in, story, "known_file", "bob", paper.pk)
    others = [page(world, sign_in, story, "known_file", "bob", pk).status_code for pk in (removed.pk, 0, paper.pk + 9)]

    assert "The plan" in shown
    assert (answer.status_code, b"".join(answer.streaming_content)[:5]) == (200, b"%PDF-")
    assert others == [404, 404, 404]
    assert Event.objects.filter(action="referrals.disclosure.read").count() == 2


def test_the_list_holds_only_those_known_today_and_costs_the_same_however_long(world, sign_in):
    story = whole_story(world)
    bob, address = sign_in(world.bob), reverse("known_pupils", args=[world.ash_house.pk])

    def count() -> int:
        with CaptureQueriesContext(connection) as taken:
            bob.get(address)
        return len(taken)

    count()
    one = count()
    for number in range(2):
        pupil = made_pupil(world, private=Private(), last_name=f"Other{number}", first_names="Ann")
        referral = made_referral(world, pupil=pupil, state="chosen")
        Disclosure.objects.create(
            referral=referral,
            provider=world.ash_house,
            agreement=story.agreement,
            given_at=AT,
            ended_at=AT if number else None,
        )

    assert count() == one
    text = bob.get(address).content.decode()
    assert Event.objects.filter(action="referrals.disclosures.listed", by=world.bob).count() == 4
    assert ("Other0" in text, "Other1" in text, "Quillon" in text) == (True, False, True)


@pytest.mark.once
def test_a_pupil_of_whom_little_is_known_is_shown_all_the_same(world, sign_in):
    pupil = made_pupil(world, private=Private())
    referral = made_referral(world, pupil=pupil, state="chosen", content=Content())
    story = Disclosure.objects.create(
        referral=referral, provider=world.ash_house, agreement=made_sharing(world), given_at=AT
    )

    text = page(world, sign_in, story).content.decode()

    assert "None written down. Ask Elm Grove School" in text
