"""The pages of signing in that one reaches only in the middle of something, held to the same as every other page."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.actions import sign_in as actions
from tests.cast import PASSWORD

PASSKEY = {"name": "Phone", "credential": {}}


@pytest.fixture
def faultless(violations, too_wide):
    """Nothing for axe, nothing sticking out at 320 px, no complaint of the browser's."""

    def check(page):
        found = violations(page)
        page.set_viewport_size({"width": 320, "height": 640})
        found += violations(page) + too_wide(page) + page.complaints
        page.set_viewport_size({"width": 1280, "height": 900})
        return found == [] or found

    return check


def test_the_way_in_with_its_errors_and_the_second_step(window, world, faultless):
    page = window()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    empty = faultless(page)
    page.get_by_label("Email address").fill(world.alice.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Enter your second step").wait_for()
    second = faultless(page)
    page.get_by_label("Code").fill("no code")
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="There is a problem").wait_for()

    assert (empty, second, faultless(page)) == (True, True, True)


def test_kept_answers(window, world, faultless):
    actions.hold_answers(
        path=f"/organisations/{world.ash_house.pk}/edit/",
        answers={"name": ["Ash House"], "street": ["1 Mill Lane"]},
        files=True,
        by=world.alice,
        at=timezone.now(),
    )
    page = window(world.alice)
    page.goto("/account/kept-answers/")
    page.get_by_text("See your answers").click()

    assert faultless(page) is True


@pytest.mark.parametrize("which", ["edit", "remove"])
def test_renaming_and_removing_a_passkey(window, world, faultless, which):
    passkey = Authenticator.objects.create(user=world.alice, type="webauthn", data=PASSKEY)
    page = window(world.alice)
    page.goto(f"/account/second-step/webauthn/keys/{passkey.pk}/{which}/")

    assert faultless(page) is True


def test_who_asks_too_often_is_told_to_wait(window, world, faultless, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"reset_password": "1/h/ip"}
    page = window()
    for _ in range(2):
        page.goto("/account/password/reset/")
        page.get_by_label("Email address").fill("x@y.example")
        page.get_by_role("button", name="Send me a link").click()
        page.wait_for_load_state()

    assert page.get_by_role("heading", level=1).inner_text() == "Wait a minute"
    page.complaints.clear()  # the browser mentions the status 429
    assert faultless(page) is True
