"""What is sealed cannot be read any more: its key is gone, or somebody changed it in the database. The provider's own
lead is told calmly, on every page that decrypts, and keeps what was typed."""

from __future__ import annotations

import logging

import pytest
from django.urls import reverse

from accounts.models import HeldAnswers
from lots.models import Standard
from lots.models.sealing import SealKey
from providers.models import Application, Submission
from tests.dumps import everything
from tests.providers.bids import seen, submitted

CALM = "We cannot open this at the moment"


@pytest.fixture
def submission(world):
    return submitted(world)


def lose_the_key(submission):
    SealKey.objects.filter(framework=submission.application.framework_id).update(wrapped=b"\x00" * 64)


def change_the_blobs(submission):
    Application.objects.filter(pk=submission.application_id).update(draft_sealed=b"\x00" * 64)
    Submission.objects.filter(pk=submission.pk).update(sealed=b"\x00" * 64)


def pages(submission) -> list[str]:
    """Every page that decrypts something."""
    framework, application = submission.application.framework_id, submission.application_id
    standard = Standard.objects.get(number="1.2", theme__version__framework=framework).pk
    of_bid = ("application", "check_application", "application_standards", "what_is_missing")
    of_copy = ("receipt", "receipt_pdf", "submission", "submission_file")
    return [
        *(reverse(name, args=[application]) for name in of_bid),
        *(reverse("edit_part", args=[application, code]) for code in ("organisation", "prices", "declarations")),
        reverse("edit_standard", args=[application, standard]),
        *(reverse(name, args=[submission.pk]) for name in of_copy),
    ]


@pytest.mark.parametrize("breaks", [lose_the_key, change_the_blobs])
def test_every_page_that_decrypts_says_so_calmly_and_whom_to_tell(submission, world, sign_in, breaks, caplog):
    client = sign_in(world.alice)
    breaks(submission)

    answers = {address: client.get(address) for address in pages(submission)}

    assert {one.status_code for one in answers.values()} == {503}
    for answer in answers.values():
        words = answer.content.decode()
        assert CALM in words
        assert answer["X-Request-Id"] in words
        assert (answer["Retry-After"], answer["Cache-Control"]) == ("3600", "private, no-store")
    told = [record for record in caplog.records if record.name == "portal.seals"]
    assert {record.levelno for record in told} == {logging.ERROR}
    assert {record.thing for record in told} == {submission.application_id, submission.pk}


def test_what_was_sent_is_kept_sealed_and_can_be_sent_again(submission, world, sign_in):
    client, address = sign_in(world.alice), reverse("edit_part", args=[submission.application_id, "organisation"])
    wrapped = SealKey.objects.get(framework=submission.application.framework_id).wrapped
    lose_the_key(submission)

    for headers in ({}, {"HTTP_HX_REQUEST": "true"}):
        answer = client.post(address, {"history": "We began in a barn", "revision": "1"}, **headers)

        assert answer.status_code == 503
        assert reverse("held_answers") in answer.content.decode()
        assert reverse("ask_for_help", args=[submission.application_id]) in answer.content.decode()
    assert client.get(reverse("ask_for_help", args=[submission.application_id])).status_code == 200

    assert HeldAnswers.objects.filter(user=world.alice, path=address).count() == 1
    assert "in a barn" not in everything().decode(errors="replace")
    SealKey.objects.filter(framework=submission.application.framework_id).update(wrapped=bytes(wrapped))
    assert "We began in a barn" in client.get(reverse("held_answers")).content.decode()
    held = HeldAnswers.objects.get(user=world.alice)
    sent = client.post(address, {"history": "We began in a barn", "revision": "1", "held_answers": held.pk})
    assert sent.status_code == 302
    assert not HeldAnswers.objects.filter(user=world.alice).exists()


def test_a_submission_that_cannot_be_made_changes_nothing(submission, world, sign_in):
    application = seen(submission.application)
    lose_the_key(submission)
    sent = {"key": "6f1f6d2e-7a55-4a4d-9a41-1f0c8f1c2b33", "revision": application.revision}

    answer = sign_in(world.alice).post(reverse("submit_application", args=[application.pk]), sent)

    assert (answer.status_code, Submission.objects.count()) == (503, 1)
    assert seen(application).standing_id == submission.pk


def test_whoever_may_not_see_it_learns_nothing_of_it(submission, world, sign_in):
    lose_the_key(submission)

    for who in (world.charlie, world.bob, world.max, world.olu):
        assert {sign_in(who).get(address).status_code for address in pages(submission)} == {404}
