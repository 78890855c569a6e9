"""The main flows as one walks them, without JavaScript and with it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from tests.cast import PASSWORD


def code_of(user) -> str:
    """What the person's authenticator app shows now."""
    from allauth.mfa.adapter import get_adapter

    secret = get_adapter().decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"])
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.parametrize("script", [False, True])
def test_ada_signs_in_with_both_steps_and_invites_a_colleague(world, window, violations, too_wide, script):
    page = window(script=script)
    page.goto("/")
    page.locator("main").get_by_role("button", name="Sign in").click()

    page.get_by_label("mail address").fill(world.ada.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/second-step/authenticate/**")
    if script:
        assert (violations(page), too_wide(page)) == ([], [])
    code = page.locator("main input[name=code]")
    code.fill(code_of(world.ada))
    code.press("Enter")

    page.get_by_role("heading", name="Hello, Ada").wait_for()
    page.get_by_role("link", name="Invite colleagues to Larkshire Council").click()
    page.get_by_label("mail address").fill("new@larkshire.example")
    page.get_by_label("Commissioner").check()
    page.get_by_role("button", name="Send invitation").click()

    page.get_by_text("new@larkshire.example").first.wait_for()
    assert page.complaints == []


@pytest.mark.parametrize("script", [False, True])
def test_a_wrong_address_loses_nothing_that_was_typed(world, window, script):
    page = window(world.ada, script=script)
    page.goto(f"/organisations/{world.larkshire.pk}/people/invite/")
    page.get_by_label("mail address").fill("not an address")
    page.get_by_label("Commissioner").check()
    page.get_by_role("button", name="Send invitation").click()
    page.locator(".govuk-error-summary").wait_for()

    assert page.get_by_label("mail address").input_value() == "not an address"
    assert page.get_by_label("Commissioner").is_checked()
    assert page.title().startswith("Error: ")
