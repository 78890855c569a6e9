"""Passwords, letters and words of allauth's account pages, our way."""

from __future__ import annotations

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts import throttle
from core import access, clock

WRONG = "The email address and password do not match. Check both, or reset your password"


class AccountAdapter(DefaultAccountAdapter):
    """Every letter goes through the outbox; every attempt at a password through the throttle."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed",
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "too_many_login_attempts": "You have tried too often. Wait a minute, then try again",
        "rate_limited": "You have tried too often. Wait a minute, then try again",
        "incorrect_password": "That is not your password",  # nosec B105: a sentence
        "enter_current_password": "That is not your password",  # nosec B105: a sentence
        "incorrect_code": "The code is wrong or has run out. Enter the newest code",
        "duplicate_email": "This is your email address already",
        "same_as_current": "This is your email address already",
        "email_taken": "Enter another email address",
        "invalid_password_reset": "This link has been used or has run out. Ask for a new one",  # nosec B105: a sentence
        "unverified_primary_email": "Confirm your email address first",
        "max_email_addresses": "You have a new email address waiting to be confirmed",
    }

    def get_client_ip(self, request) -> str:
        return throttle.client_address(request)

    def pre_authenticate(self, request, **credentials):
        try:
            throttle.take(request, kind="password", account=credentials.get("email", ""))
        except throttle.Wait as wait:
            raise ValidationError(str(wait), code="wait") from wait

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user is not None:
            throttle.forgive(request, kind="password", account=credentials.get("email", ""))
        return user

    def authentication_failed(self, request, **credentials):
        from accounts.actions import sign_in

        sign_in.note_failed_sign_in(
            email=credentials.get("email", ""), step="password", by=access.Anonymous, at=clock.now()
        )

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        from accounts.actions import sign_in

        letter = self.render_mail(
            template_prefix,
            email,
            {
                **context,
                "base_url": settings.BASE_URL,
                "portal_name": settings.PORTAL_NAME,
                "contact_email": settings.COUNCIL_CONTACT_EMAIL,
            },
        )
        request = self.request
        user = request.user if request is not None and request.user.is_authenticated else access.Anonymous
        sign_in.post_letter(
            template=template_prefix, to=email, subject=letter.subject, body=letter.body, by=user, at=clock.now()
        )

    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)

    def confirm_email(self, request, email_address) -> bool:
        """A new address counts once it is confirmed, unless another account has taken it meanwhile: then nothing
        changes, and the page says so."""
        from allauth.account.models import EmailAddress

        from accounts.models import User

        others = User.objects.exclude(pk=email_address.user_id)
        try:
            if not others.filter(email=email_address.email).exists():
                return super().confirm_email(request, email_address)
        except IntegrityError:  # taken between the two lines: allauth has moved the mark of the main address already
            EmailAddress.objects.filter(pk=email_address.pk).update(primary=False, verified=False)
            EmailAddress.objects.filter(user=email_address.user_id).exclude(pk=email_address.pk).update(primary=True)
        self.add_message(request, messages.ERROR, "account/messages/email_confirmation_failed.txt")
        return False

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.adapters.second_step.SecondStepStage"}
        unused = {"allauth.account.stages.LoginByCodeStage", "allauth.account.stages.PhoneVerificationStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages() if stage not in unused]

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Asking again is for a session that was left open: whoever signed in a moment ago has just been asked."""
        began = context.request.session.get("began", 0)
        if time.time() - began < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user) -> list[dict]:
        words = {
            "reauthenticate": "Use your password",
            "mfa_reauthenticate": "Use a code from your authenticator app, or a recovery code",
            "mfa_reauthenticate:webauthn": "Use a passkey",
        }
        return [method | {"description": words[method["id"]]} for method in super().get_reauthentication_methods(user)]
