"""When something goes wrong: a page that helps, with the right status, that asks nothing of what may be broken."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.test import Client, RequestFactory
from django.urls import reverse

from apframework import errors
from apframework.middleware import PLACES


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def heading(answer) -> str:
    return answer.content.decode().split('<h1 class="govuk-heading-l">')[1].split("</h1>")[0]


def test_a_page_that_is_not_there(db, client):
    answer = client.get("/no-such-page/")

    assert (answer.status_code, heading(answer)) == (404, "Page not found")
    assert answer["X-Request-Id"] in answer.content.decode()


def test_a_page_for_somebody_else(world, sign_in):
    answer = sign_in(world.nora).get("/patterns/")

    assert (answer.status_code, heading(answer)) == (403, "You cannot do this")
    assert "nora@nora.example" in answer.content.decode()


def test_a_form_that_is_too_large_is_413_and_says_what_to_do(world, client):
    answer = client.post("/account/login/", {"login": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert answer.status_code == 413 or answer.status_code == 200  # multipart counts only what is not a file

    answer = client.post(
        "/account/login/",
        b"login=" + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1),
        content_type="application/x-www-form-urlencoded",
    )
    assert (answer.status_code, heading(answer)) == (413, "What you sent is too large")
    assert answer["X-Request-Id"] in answer.content.decode()


def test_a_form_with_too_many_fields_is_400(world, client):
    answer = client.post("/account/login/", {f"f{i}": "x" for i in range(2_500)})

    assert (answer.status_code, heading(answer)) == (400, "We could not read what was sent")


def test_an_address_that_is_not_ours_is_400(db, client):
    answer = client.get("/", headers={"host": "elsewhere.example"})

    assert (answer.status_code, heading(answer)) == (400, "We could not read what was sent")


def test_a_form_without_its_proof_is_403_and_says_why(world):
    answer = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@a.example"})

    assert (answer.status_code, heading(answer)) == (403, "We could not check where this form came from")
    assert answer["X-Request-Id"] in answer.content.decode()


def test_a_fault_of_ours_is_told_without_the_database(db, client, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError("the database is away")

    monkeypatch.setattr("apframework.views.navigation.address", broken)
    with connection.execute_wrapper(broken):
        answer = client.get("/")

    assert (answer.status_code, heading(answer)) == (500, "Sorry, something went wrong")
    assert answer["X-Request-Id"] in answer.content.decode()


def test_with_not_even_a_template_plain_words_are_left(monkeypatch):
    def broken(*args, **kwargs):
        raise OSError("the disk is away")

    monkeypatch.setattr("apframework.errors.render_to_string", broken)
    answer = errors.server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert b"<h1>Sorry, something went wrong</h1>" in answer.content


@pytest.mark.parametrize(
    "address",
    ["/%00", "/organisations/%F0%9F%8C%B3/", "/organisations/99999999999999999999999999/", "/?after=%00&x=%E2%80%AE"],
)
def test_an_odd_address_is_never_a_fault(world, sign_in, address):
    assert sign_in(world.alice).get(address).status_code in {200, 404}


def test_uploads_over_slow_lines_leave_room_for_everybody_else(world, sign_in):
    """As many as there are places; the next is told, and finds a place again once one of them is through."""
    address = reverse("add_item", args=[world.ash_house.pk])
    client = sign_in(world.alice)

    for _ in range(settings.UPLOADS_AT_ONCE):
        assert PLACES.acquire(blocking=False)
    refused, elsewhere = client.post(address, {"title": "A policy"}), client.get(address)
    for _ in range(settings.UPLOADS_AT_ONCE):
        PLACES.release()
    taken = [client.post(address, {"title": "A policy"}).status_code for _ in range(settings.UPLOADS_AT_ONCE + 1)]

    assert (refused.status_code, heading(refused)) == (503, "Too many files are arriving at once")
    assert refused["Retry-After"] == "60"
    assert elsewhere.status_code == 200
    assert set(taken) == {200}
