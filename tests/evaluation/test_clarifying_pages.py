"""The pages on which a bidder is asked and answers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Event
from evaluation.models import Bid, Clarification
from evaluation.states import BidState, Cure
from providers.models import Item
from tests.evaluation import clarify
from tests.files import made as files
from tests.providers.bids import held

ANSWER = {"text": "On page 2.\nSigned by the head."}
UPLOADED = {
    "new-title": "Policy, signed",
    "new-kind": "policy",
    "new-shows_dbs": "no",
    "new-issued_on_0": "1",
    "new-issued_on_1": "9",
    "new-issued_on_2": "2026",
}


def page_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def one(world) -> Clarification:
    return clarify.asked(world)


@pytest.fixture
def alice(world, sign_in) -> Client:
    return sign_in(world.alice)


@pytest.fixture
def address(one) -> str:
    return reverse("answer_clarification", args=[one.pk])


def late(one) -> None:
    """Its time passed an hour ago."""
    due_at = timezone.now() - dt.timedelta(hours=1)
    Clarification.objects.filter(pk=one.pk).update(due_at=due_at)


# --- Asking ----------------------------------------------------------------------------------------------------------


def test_an_evaluator_reads_what_may_be_sent_and_asks(world, sign_in):
    made = clarify.judging(world)
    clarify.cures(made, Cure.REPLACE)
    judgement, client = clarify.judgement_of(world, made), sign_in(world.eve)
    address = reverse("ask_bidder", args=[judgement.pk])

    asks = page_of(client.get(address))
    assert "an explanation in words, and the document again or a newer one" in asks
    assert "does not learn who asks" in asks
    again = page_of(client.post(address, {"evidence": "", "text": "Who leads?"}))
    assert ("Choose what you ask about" in again, "Who leads?" in again) == (True, True)
    answer = client.post(address, {"evidence": clarify.evidence_of(made).pk, "text": "Who leads?"}, follow=True)

    one = Clarification.objects.get()
    assert answer.redirect_chain == [(reverse("clarification", args=[one.pk]), 302)]
    for words in ("Who leads?", "by Eve", "Waiting", "You are told by email", "Go to your judgement"):
        assert words in page_of(answer)
    assert "can still answer" in page_of(client.post(address, {"evidence": 0, "text": "Who else?"}))


def test_what_nobody_can_ask_about_is_named_and_cannot_be_chosen(world, sign_in):
    made = clarify.judging(world)
    clarify.cures(made, Cure.NOTHING)
    address = reverse("ask_bidder", args=[clarify.judgement_of(world, made).pk])
    client = sign_in(world.eve)

    assert "What you cannot ask about" in page_of(client.get(address))
    again = client.post(address, {"evidence": clarify.evidence_of(made).pk, "text": "Why?"})
    assert "this cannot be asked about here" in page_of(again)


def test_a_moderator_asks_about_a_lot_of_the_bid(world, sign_in):
    made = clarify.judging(world)
    judgement = clarify.judgement_of(world, made)
    lot = made.framework.lots.get(number="1")
    address, client = reverse("ask_in_moderation", args=[judgement.bid_id, judgement.standard_id]), sign_in(world.ada)

    codes = [client.get(f"{address}?lot={typed}").status_code for typed in (lot.pk, "", "x", "²", "9" * 30, 10**9)]
    assert codes == [200, 404, 404, 404, 404, 404]
    assert client.get(reverse("ask_in_moderation", args=[judgement.bid_id, 10**9])).status_code == 404
    answer = client.post(f"{address}?lot={lot.pk}", {"evidence": 0, "text": "Who leads?"}, follow=True)

    assert ("lot 1" in page_of(answer), "by Ada" in page_of(answer)) == (True, True)
    assert "Go to your judgement" not in page_of(answer)


def test_an_answered_question_does_not_tell_a_colleague_who_asked(world, one, alice, address, sign_in):
    alice.post(address, ANSWER | {"document": held(world.ash_house).pk})
    own = reverse("clarification", args=[one.pk])

    toms, eves = page_of(sign_in(world.tom).get(own)), page_of(sign_in(world.eve).get(own))

    assert ("by Eve" in toms, "by Eve" in eves) == (False, True)
    assert "Sent with it" in toms
    assert "Signed by the head." in toms


def test_a_question_that_was_not_answered_says_so_to_the_panel(world, one, sign_in):
    late(one)

    assert "The bidder did not answer in time" in page_of(
        sign_in(world.eve).get(reverse("clarification", args=[one.pk]))
    )


# --- Answering -------------------------------------------------------------------------------------------------------


def test_a_bidder_reads_the_question_and_answers_once(world, one, alice, address):
    asks = page_of(alice.get(address))
    for words in (clarify.QUESTION, "Safeguarding policy", "You can answer once", "by the portal’s own clock"):
        assert words in asks
    assert "Eve" not in asks

    empty = page_of(alice.post(address, {"text": " "}))
    assert "Enter your answer" in empty
    answer = page_of(alice.post(address, ANSWER, follow=True))

    assert ("Signed by the head." in answer, "It is final" in answer, "Eve" in answer) == (True, True, False)
    again = alice.post(address, {"text": "Or on page 3."})
    assert ("answered before you" in page_of(again), "Or on page 3." in page_of(again)) == (True, True)
    assert Clarification.objects.get().answer == ANSWER["text"]


def test_no_document_can_be_chosen_where_none_may_be_sent(world, alice):
    one = clarify.asked(world, cure=Cure.EXPLAIN)
    address = reverse("answer_clarification", args=[one.pk])

    asks = page_of(alice.get(address))
    assert ("No document can be sent" in asks, "Upload" in asks) == (True, False)
    alice.post(
        address, ANSWER | {"document": held(world.ash_house).pk} | UPLOADED | {"new-file": files.upload(files.pdf())}
    )

    assert (Clarification.objects.get().answer, Clarification.objects.get().version) == (ANSWER["text"], None)
    assert not Item.objects.filter(title="Policy, signed").exists()


def test_a_document_is_uploaded_first_and_what_was_typed_stays(world, one, alice, address):
    sent = ANSWER | UPLOADED | {"new-file": files.upload(files.pdf()), "upload": ""}

    kept = page_of(alice.post(address, sent))

    version = Item.objects.get(title="Policy, signed").current
    assert "Your answer was not sent yet" in kept
    assert f'<option value="{version.pk}" selected>' in kept
    assert "Signed by the head." in kept
    assert Clarification.objects.get().answered_at is None

    alice.post(address, ANSWER | UPLOADED | {"new-title": "", "document": version.pk, "send": ""})
    assert Clarification.objects.get().version == version


def test_a_document_can_be_uploaded_and_sent_at_once(world, one, alice, address):
    alice.post(address, ANSWER | UPLOADED | {"new-file": files.upload(files.pdf()), "send": ""})

    done = Clarification.objects.get()
    assert (done.version.item.title, done.answer) == ("Policy, signed", ANSWER["text"])


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (UPLOADED | {"new-file": files.pdf_with_script(), "send": ""}, "The PDF contains a script"),
        (UPLOADED | {"new-file": files.pdf(), "new-title": "", "send": ""}, "Enter what you call this document"),
        (UPLOADED | {"upload": ""}, "Select a file"),
        (UPLOADED | {"new-file": files.pdf(), "new-shows_dbs": "yes", "upload": ""}, "We do not keep DBS certificates"),
    ],
)
def test_a_document_that_is_not_taken_loses_nothing_and_sends_nothing(world, one, alice, address, sent, says):
    if "new-file" in sent:
        sent = sent | {"new-file": files.upload(sent["new-file"])}

    again = page_of(alice.post(address, ANSWER | sent))

    assert (says in again, "Signed by the head." in again, "govuk-error-summary" in again) == (True, True, True)
    assert Clarification.objects.get().answered_at is None
    assert not Item.objects.filter(title="Policy, signed").exists()


def test_who_comes_too_late_is_told_calmly_and_keeps_the_words(one, alice, address):
    late(one)

    asks = page_of(alice.get(address))
    assert ("has passed" in asks, "<textarea" in asks) == (True, False)
    answer = alice.post(address, ANSWER)

    assert (answer.status_code, "Signed by the head." in page_of(answer)) == (409, True)
    assert "Your attempt was noted" in page_of(answer)
    assert Event.objects.filter(action="evaluation.clarification.late").count() == 1
    assert Clarification.objects.get().answered_at is None


def test_a_bid_that_is_out_is_told_that_nothing_need_be_done(one, alice, address):
    Bid.objects.update(state=BidState.WITHDRAWN, state_at=timezone.now())

    assert "need not be answered" in page_of(alice.get(address))
    kept = page_of(alice.post(address, ANSWER))
    assert ("need not be answered" in kept, "Signed by the head." in kept) == (True, True)
