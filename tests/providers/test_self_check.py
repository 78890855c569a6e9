"""The self-check: for anybody, kept nowhere, in no address."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from lots.models import Lot, Standard
from providers.rules.self_check import COMMON
from tests.frameworks import make_framework
from tests.lots.test_public_pages import text_of
from tests.providers.bids import open_framework


@pytest.fixture
def framework(world):
    return open_framework(world)


def address(framework) -> str:
    return reverse("self_check", args=[framework.pk])


def standard(framework, number: str) -> str:
    return f"standard_{Standard.objects.get(number=number, theme__version__framework=framework).pk}"


def all_yes(framework) -> dict[str, str]:
    return {question.name: "met" for question in COMMON} | {
        standard(framework, number): "met" for number in ("1.1", "1.2")
    }


def test_nobody_signs_in_to_see_what_is_asked(framework):
    page = text_of(Client().get(address(framework)))

    assert "Check whether you could pass" in page
    assert "1.2 Staff are checked" in page
    assert "Your safeguarding policy" in page
    assert "Lot 1: Vocational" in page
    assert "Lot 7" not in page


def test_answers_come_to_what_to_get_ready_and_no_promise(framework):
    lot = Lot.objects.get(framework=framework, number="1")
    answers = all_yes(framework) | {standard(framework, "1.2"): "not_yet", "exclusion": "not_yet", "lot": str(lot.pk)}

    page = text_of(Client().post(address(framework), answers))

    assert "You have 1 thing to get ready or to find out before you apply" in page
    assert "no promise: Larkshire Council decides on the evidence that you send" in page
    assert "You can apply. Say in the application what happened" in page
    assert "What to price Lot 1: Vocational (Half-day session, price for each half-day)" in page


def test_nothing_of_the_answers_is_kept_anywhere(world, framework):
    client, before = Client(), Event.objects.count()
    client.get(address(framework))

    with CaptureQueriesContext(connection) as caught:
        answer = client.post(address(framework), all_yes(framework))

    assert answer.status_code == 200
    assert not [one["sql"] for one in caught if one["sql"].split(" ")[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert Event.objects.count() == before
    assert set(client.cookies) <= {"csrftoken", "portal_csrf"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"exclusion": "<script>", "kind": "\x00", "lot": "9" * 500},
        {"kind": ["online_only", "sole_tutor", "registered_school"], "public": "not_us"},
        {"standard_0": "met"},
    ],
)
def test_whatever_is_sent_is_answered(framework, sent):
    answer = Client().post(address(framework), sent)

    assert answer.status_code == 200
    assert "What your answers come to" in text_of(answer)


def test_the_questions_cost_the_same_whatever_the_standards(framework):
    client = Client()
    client.get(address(framework))

    with CaptureQueriesContext(connection) as caught:
        client.get(address(framework))

    assert len(caught) <= 15


def test_a_framework_that_is_being_set_up_is_checked_by_its_buyers_people_alone(world, sign_in):
    framework = make_framework(world)

    assert Client().get(address(framework)).status_code == 404
    assert sign_in(world.alice).get(address(framework)).status_code == 404
    assert sign_in(world.max).get(address(framework)).status_code == 200
