"""Signing in with the council's or the DfE's own account: who may come in that way, and what is believed."""

from __future__ import annotations

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.shortcuts import redirect, render

from accounts.rules import sign_in as rules
from core import clock
from core.text import BadText
from core.text import name as clean_name


class SocialAdapter(DefaultSocialAccountAdapter):
    """An address counts only when the provider says that it was verified and may speak for its domain. With such an
    address one comes into one's existing account, or, with an open invitation, into a new one. Nobody else does."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": "Set a password first: without one you could not sign in again",  # nosec B105: a sentence
        "no_verified_email": "Confirm your email address first",
        "disconnect_last": "You cannot remove the only way in",
        "connected_other": "That account belongs to somebody else here",
    }

    def get_provider(self, request, provider, client_id=None):
        from accounts.adapters.oidc import Provider

        found = super().get_provider(request, provider, client_id)
        return Provider(request, app=found.app) if found.id == "openid_connect" else found

    def list_providers(self, request):
        from accounts.adapters.oidc import Provider

        return [Provider(request, app=app) for app in self.list_apps(request, provider="openid_connect")]

    def can_authenticate_by_email(self, login, email: str) -> bool:
        return rules.may_vouch_for(login.provider.app.settings.get("domains", []), email)

    def pre_social_login(self, request, sociallogin):
        """Stop here whoever is closed, or neither known nor invited; who links an account while signed in may go on."""
        if sociallogin.is_existing and not sociallogin.user.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        if not self._invited(sociallogin):
            raise ImmediateHttpResponse(render(request, "socialaccount/not_invited.html", status=403))

    def is_open_for_signup(self, request, sociallogin) -> bool:
        return self._invited(sociallogin)

    def _invited(self, sociallogin) -> bool:
        from accounts.models import Invitation

        domains = sociallogin.provider.app.settings.get("domains", [])
        sure = [
            address.email.lower()
            for address in sociallogin.email_addresses
            if address.verified and rules.may_vouch_for(domains, address.email)
        ]
        return Invitation.objects.open(clock.now()).filter(email__in=sure, organisation__is_open=True).exists()

    def populate_user(self, request, sociallogin, data):
        user = super().populate_user(request, sociallogin, data)
        try:
            user.name = clean_name(str(data.get("name") or ""), what="Name", longest=200)
        except BadText:  # a name that we would not take from a form; the person can type another
            user.name = ""
        return user
