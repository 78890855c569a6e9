"""Checking, submitting, the receipt, the copy, withdrawing: what a bidder sees."""

from __future__ import annotations

import datetime as dt
import json
import re
from hashlib import sha256

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lots.models import Framework
from providers.models import Application, LateAttempt, Submission
from providers.queries.bids import own_bid
from providers.views import submitting
from tests.providers import bids

HOUR = dt.timedelta(hours=1)


def check(client, application) -> str:
    return client.get(reverse("check_application", args=[application.pk])).content.decode()


def hidden(page: str) -> dict:
    """What the form of a page carries."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page).group(1) for name in ("key", "revision")}


def send(client, application, data):
    return client.post(reverse("submit_application", args=[application.pk]), data)


def close(framework) -> Framework:
    Framework.objects.filter(pk=framework.pk).update(closes_at=framework.closes_at - bids.DAY * 8)
    framework.refresh_from_db()
    return framework


def test_alice_checks_submits_and_keeps_her_receipt(world, sign_in):
    application, client = bids.complete(world, bids.applied(world)), sign_in(world.alice)

    page = check(client, application)
    assert page.count("Complete</strong>") == 2
    assert "£45.00 for each half-day" in page
    assert "We meet standard 1.2." in page
    answer = send(client, application, hidden(page))

    made = Submission.objects.get()
    assert answer["Location"] == reverse("receipt", args=[made.pk])
    receipt = client.get(answer["Location"]).content.decode()
    for words in (made.reference, made.sha256, "Application submitted", "Lot 1: Vocational (parts B, C)"):
        assert words in receipt
    copy = client.get(reverse("submission", args=[made.pk])).content.decode()
    assert "We meet standard 1.2." in copy
    assert "£45.00 for each half-day" in copy
    pdf = client.get(reverse("receipt_pdf", args=[made.pk]))
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"] == f'attachment; filename="receipt-{made.reference}.pdf"'


def test_the_frozen_file_is_what_the_receipt_has_the_hash_of(world, sign_in):
    application, client = bids.complete(world, bids.applied(world)), sign_in(world.alice)
    told = own_bid(bids.seen(application), user=world.alice).draft["organisation"].answers
    bids.typed(application, {"organisation": told | {"history": "Zoë’s café 🏡, “שלום”, a\r\nb  "}})
    made = bids.submit(application)
    address = reverse("submission_file", args=[made.pk])

    assert address in client.get(reverse("submission", args=[made.pk])).content.decode()
    file = client.get(address)

    assert sha256(file.content).hexdigest() == made.sha256
    assert file["Content-Disposition"] == f'attachment; filename="submission-{made.reference}.json"'
    assert json.loads(file.content)["reference"] == made.reference


def test_checking_submits_nothing_and_an_incomplete_lot_is_named_with_a_way_to_mend_it(world, sign_in):
    application, client = bids.complete(world, bids.applied(world)), sign_in(world.alice)
    bids.typed(application, {"prices": {}})

    page = check(client, application)

    assert page.count("Incomplete</strong>") == 2
    assert "Prices</a>: This has not been started" in page
    assert Submission.objects.count() == 0
    refused = send(client, application, hidden(page)).content.decode()
    assert "Tick the box to submit it as it is" in refused
    assert hidden(refused) == hidden(page)
    answer = send(client, application, hidden(page) | {"accept_incomplete": "on"})
    receipt = client.get(answer["Location"]).content.decode()
    assert receipt.count("Submitted incomplete") == 2
    assert "Prices: This has not been started" in receipt
    assert b"%PDF" in client.get(reverse("receipt_pdf", args=[Submission.objects.get().pk])).content


def test_where_something_stops_everything_there_is_no_button(world, sign_in):
    application, client = bids.applied(world), sign_in(world.alice)

    page = check(client, application)

    assert "Choose at least one lot" in page
    assert "Make the declarations" in page
    assert "Submit application" not in page
    sent = {"key": "6d9c5d20-5a0b-4a06-8b55-3a3b8e0a7c11", "revision": application.revision}
    assert "This cannot be submitted yet" in send(client, application, sent).content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"key": "", "revision": ""},
        {"key": "x", "revision": "1"},
        {"key": "\x00", "revision": "\x00"},
        {"key": "6d9c5d20-5a0b-4a06-8b55-3a3b8e0a7c11", "revision": "-1"},
        {"key": "6d9c5d20-5a0b-4a06-8b55-3a3b8e0a7c11", "revision": "9" * 40},
        {"key": "6d9c5d20-5a0b-4a06-8b55-3a3b8e0a7c11", "revision": "٣"},
    ],
)
def test_a_form_that_nobody_gave_out_submits_nothing(world, sign_in, sent):
    application = bids.complete(world, bids.applied(world))

    answer = send(sign_in(world.alice), application, sent)

    assert answer.status_code in {200, 409}
    assert Submission.objects.count() == 0


def test_the_same_page_sent_twice_leads_to_one_receipt(world, sign_in):
    application, client = bids.complete(world, bids.applied(world)), sign_in(world.alice)
    sent = hidden(check(client, application))

    first, second = send(client, application, sent), send(client, application, sent)

    assert first["Location"] == second["Location"]
    assert Submission.objects.count() == 1


def test_what_was_changed_meanwhile_is_shown_anew_and_nothing_is_lost(world, sign_in):
    application, client = bids.complete(world, bids.applied(world)), sign_in(world.alice)
    sent = hidden(check(client, application))
    bids.complete(world, application, pence=9900)

    answer = send(client, application, sent)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Your application was changed after you opened this page" in page
    assert "£99.00 for each half-day" in page
    assert hidden(page)["revision"] != sent["revision"]
    assert send(client, application, hidden(page)).status_code == 302


def test_a_page_that_was_used_before_with_other_answers_is_refused(world, sign_in):
    application, client = bids.complete(world, bids.applied(world)), sign_in(world.alice)
    sent = hidden(check(client, application))
    send(client, application, sent)
    bids.complete(world, application, pence=9900)
    application = bids.seen(application)

    answer = send(client, application, sent | {"revision": application.revision})

    assert answer.status_code == 409
    assert "already used to submit" in answer.content.decode()


def test_submitting_what_did_not_change_says_so(world, sign_in):
    application, client = bids.complete(world, bids.applied(world)), sign_in(world.alice)
    send(client, application, hidden(check(client, application)))
    page = check(client, application)
    assert "stands (<a" in page

    answer = send(client, application, hidden(page))

    assert "Nothing was changed since you submitted" in client.get(answer["Location"]).content.decode()
    assert Submission.objects.count() == 1


def test_alice_submits_again_and_the_first_receipt_says_that_it_no_longer_counts(world, sign_in):
    first, client = bids.submitted(world), sign_in(world.alice)
    bids.complete(world, first.application, pence=9900)
    second = bids.submit(first.application)

    page = client.get(reverse("receipt", args=[first.pk])).content.decode()

    assert "You submitted again since" in page
    assert reverse("receipt", args=[second.pk]) in page
    copy = client.get(reverse("submission", args=[first.pk])).content.decode()
    assert "Replaced by a later one" in copy
    assert "£45.00" in copy
    assert f'href="{reverse("submission", args=[second.pk])}"' in copy


def test_alice_withdraws_after_she_was_asked(world, sign_in):
    made, client = bids.submitted(world), sign_in(world.alice)
    address = reverse("withdraw_application", args=[made.application_id])

    assert "Withdraw your application?" in client.get(address).content.decode()
    assert Application.objects.get().standing == made
    answer = client.post(address)

    page = client.get(answer["Location"]).content.decode()
    assert "The application is withdrawn" in page
    assert "You withdrew your application" in page
    assert Application.objects.get().standing is None
    assert "You withdrew this on" in client.get(reverse("receipt", args=[made.pk])).content.decode()
    assert "Withdrawn</strong>" in client.get(reverse("submission", args=[made.pk])).content.decode()
    again = client.post(address, follow=True).content.decode()
    assert "nothing to withdraw" in again


def test_what_was_withdrawn_in_another_window_is_not_withdrawn_twice(world, sign_in, monkeypatch):
    made, client = bids.submitted(world), sign_in(world.alice)

    def other_window(**words):
        raise submitting.Refused("Nothing is submitted, so there is nothing to withdraw")

    monkeypatch.setattr(submitting.actions, "withdraw", other_window)

    page = client.post(reverse("withdraw_application", args=[made.application_id]), follow=True).content.decode()

    assert "nothing to withdraw" in page


def test_after_the_deadline_pages_are_read_and_whoever_tries_is_answered_calmly(world, sign_in):
    made, client = bids.submitted(world), sign_in(world.alice)
    sent = hidden(check(client, made.application))
    framework = close(made.application.framework)
    bids.complete(world, made.application, pence=9900)

    page = check(client, made.application)
    assert "Applications closed on" in page
    assert "Submit application" not in page
    late = send(client, made.application, sent)
    assert late.status_code == 409
    words = late.content.decode()
    assert "Applications have closed" in words
    assert f"receipt {made.reference}" in words
    assert "Your attempt was noted" in words
    withdrawn = client.post(reverse("withdraw_application", args=[made.application_id]))
    assert withdrawn.status_code == 409
    assert "can no longer be withdrawn" in (
        client.get(reverse("withdraw_application", args=[made.application_id])).content.decode()
    )
    noted = LateAttempt.objects.order_by("id")
    assert list(noted.values_list("what", flat=True)) == ["submit", "withdraw"]
    assert all(one.at > framework.closes_at for one in noted)
    assert "opens all applications together" in client.get(reverse("receipt", args=[made.pk])).content.decode()


def test_less_than_a_second_late_is_said_in_words(world, sign_in, monkeypatch):
    application, client = bids.complete(world, bids.applied(world)), sign_in(world.alice)
    sent = hidden(check(client, application))
    late = application.framework.closes_at + dt.timedelta(microseconds=1)
    monkeypatch.setattr("core.clock.database_now", lambda: late)

    words = send(client, application, sent).content.decode()

    assert "less than a second after the deadline" in words
    assert "no application of yours is submitted" in words


def test_what_is_only_followed_leads_to_applying(world, sign_in):
    application, client = bids.applied(world), sign_in(world.alice)
    Application.objects.update(state="following")
    apply = reverse("apply", args=[application.framework_id])

    assert client.get(reverse("check_application", args=[application.pk]))["Location"] == apply
    for method in (client.get, client.post):
        answer = method(reverse("submit_application", args=[application.pk]))
        assert answer["Location"] == reverse("check_application", args=[application.pk])


def test_whatever_was_typed_is_shown_as_text(world, sign_in):
    application, client = bids.complete(world, bids.applied(world)), sign_in(world.alice)
    [code, *_] = [code for code in bids.own_bid(application, user=world.alice).draft if code.startswith("standard:")]
    bids.typed(application, {code: {"answer": "<script>alert(1)</script>\u202e😀\nnext"}})

    page = check(client, application)

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("who", ["bob", "charlie", "max", "olu"])
def test_nobody_else_finds_out_that_there_is_anything(world, sign_in, who):
    made, client = bids.submitted(world), sign_in(getattr(world, who))

    pages = [reverse(name, args=[made.pk]) for name in ("submission", "submission_file", "receipt", "receipt_pdf")]
    pages += [reverse(f"{name}_application", args=[made.application_id]) for name in ("check", "submit", "withdraw")]

    assert {client.get(page).status_code for page in pages} == {404}
    assert {client.post(page).status_code for page in pages} == {404}
    assert {Client().get(page).status_code for page in pages} == {302}


def test_each_page_costs_few_queries(world, sign_in):
    made, client = bids.submitted(world), sign_in(world.alice)
    addresses = [reverse(name, args=[made.pk]) for name in ("submission", "submission_file", "receipt", "receipt_pdf")]
    addresses += [reverse(f"{name}_application", args=[made.application_id]) for name in ("check", "withdraw")]

    costs = {}
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        costs[address] = len(queries)

    assert max(costs.values()) <= 15, costs
