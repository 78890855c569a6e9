"""Passkeys in a real browser with a virtual authenticator, under the portal's own Content-Security-Policy."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from tests.cast import PASSWORD


def virtual_authenticator(page) -> None:
    """What stands in for a finger on the phone."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


@pytest.fixture
def page(window, live_server):
    """A browser that can keep a passkey. The address is a name: passkeys are bound to one."""
    opened = window()
    opened.home = live_server.url.replace("127.0.0.1", "localhost")
    virtual_authenticator(opened)
    return opened


def test_nora_adds_a_passkey_signs_in_with_it_and_uses_it_as_a_second_step(page, world):
    Authenticator.objects.filter(user=world.nora).delete()
    page.goto(f"{page.home}/account/login/")
    page.get_by_label("Email address").fill(world.nora.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{page.home}/")

    page.goto(f"{page.home}/account/second-step/webauthn/add/")
    page.get_by_label("Name of this passkey").fill("Work phone")
    page.get_by_role("button", name="Add this passkey").click()
    page.wait_for_url("**/recovery-codes/")
    added = Authenticator.objects.get(user=world.nora, type="webauthn")

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{page.home}/")
    page.goto(f"{page.home}/account/second-step/webauthn/")
    listed = page.inner_text("main")

    sign_out(page)
    page.get_by_label("Email address").fill(world.nora.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/second-step/authenticate/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{page.home}/")

    assert added.wrap().name == "Work phone"
    assert "Work phone" in listed
    assert page.complaints == []


def sign_out(page) -> None:
    page.goto(f"{page.home}/account/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{page.home}/")
    page.goto(f"{page.home}/account/login/")


def test_a_passkey_that_nobody_has_says_what_to_do(page, world):
    page.goto(f"{page.home}/account/login/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")

    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("The passkey was not used. Try again, or use another way.").wait_for()


def test_without_script_no_passkey_is_offered(window, world):
    page = window(script=False)
    page.goto("/account/login/")

    assert page.get_by_role("button", name="Sign in with a passkey").is_visible() is False
    assert page.get_by_role("button", name="Sign in", exact=True).is_visible() is True


def test_the_password_can_be_shown(window, world):
    page = window()
    page.goto("/account/login/")
    page.get_by_label("Password", exact=True).fill("seven purple otters")

    page.get_by_role("button", name="Show password").click()

    assert page.locator("#id_password").get_attribute("type") == "text"
    assert page.complaints == []
