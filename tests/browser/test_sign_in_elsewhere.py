"""The journey to an identity provider and back in a real browser, whose policy on forms holds for redirects too."""

from __future__ import annotations

import copy

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from tests.accounts import identity_provider


@pytest.fixture
def council(settings, world):
    with identity_provider.running() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [provider.settings(domains=["*"])]}
        }
        EmailAddress.objects.filter(user=world.alice).update(verified=True)
        Authenticator.objects.filter(user=world.alice).delete()
        provider.facts = {"email": world.alice.email}
        yield provider


def forms_may_go_to(settings, *origins):
    policy = copy.deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"] = ["'self'", *origins]
    settings.CONTENT_SECURITY_POLICY = policy


def test_alice_signs_in_with_the_councils_account(window, world, council, settings, live_server):
    forms_may_go_to(settings, council.address)
    page = window()
    page.goto("/account/login/")

    page.get_by_role("button", name="Sign in with Larkshire Council account").click()
    page.wait_for_url(f"{live_server.url}/")
    page.goto("/account/linked/")

    assert "Larkshire Council account, linked" in page.inner_text("main")
    assert page.complaints == []


def test_without_the_providers_origin_in_the_policy_the_browser_would_refuse(window, council, settings):
    forms_may_go_to(settings)
    page = window()
    page.goto("/account/login/")

    with page.expect_event("console", lambda said: "form-action" in said.text):
        page.get_by_role("button", name="Sign in with Larkshire Council account").click()

    assert council.asked == {}
