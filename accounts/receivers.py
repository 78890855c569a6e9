"""What allauth and Django tell us of, handed to one action each."""

from __future__ import annotations

import time

from allauth.account import signals as account
from allauth.mfa import signals as second_step
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

from accounts.actions import sign_in
from accounts.adapters.second_step import asserted_elsewhere
from core import access, clock


@receiver(user_logged_in)
def session_begins(sender, request, user, **kwargs):
    """A session knows when it began, when it was last used, and whether a second step stands behind it. Assigned
    each time, so that nothing is taken over from whoever used the browser before."""
    now = int(time.time())
    request.session["began"] = request.session["seen"] = request.session["listed"] = now
    request.session["second_step"] = Authenticator.objects.filter(user=user).exists()


@receiver(account.user_logged_in)
def signed_in(sender, request, user, sociallogin=None, **kwargs):
    if sociallogin is not None and asserted_elsewhere(sociallogin):
        request.session["second_step"] = True
    way = "password" if sociallogin is None else sociallogin.account.provider
    sign_in.note(what="session.began", by=user, at=clock.now(), data={"way": way})


@receiver(user_logged_out)
def signed_out(sender, request, user, **kwargs):
    if user is None:
        return
    limit = getattr(request, "session_over", "")
    sign_in.note_signed_out(
        what="session.ran_out" if limit else "session.signed_out",
        session_key=request.session.session_key or "",
        by=user,
        at=clock.now(),
        data={"limit": limit} if limit else {},
    )


@receiver(account.user_signed_up)
def signed_up(sender, request, user, **kwargs):
    sign_in.note(what="person.signed_up", by=user, at=clock.now())


@receiver([account.password_changed, account.password_set])
def password_changed(sender, request, user, **kwargs):
    sign_in.note(what="password.changed", by=user, at=clock.now())
    _end_others(request, user, "password changed")


@receiver(account.password_reset)
def password_reset(sender, request, user, **kwargs):
    sign_in.note(what="password.reset", by=user, at=clock.now())
    _end_others(request, user, "password reset")


@receiver(account.email_confirmed)
def address_confirmed(sender, request, email_address, **kwargs):
    sign_in.note(what="address.confirmed", by=email_address.user, at=clock.now())


@receiver(account.email_changed)
def address_changed(sender, request, user, from_email_address, **kwargs):
    # allauth also calls it a change when a new account confirms the only address it has had.
    if from_email_address is not None:
        sign_in.note(what="address.changed", by=user, at=clock.now())


@receiver(second_step.authenticator_added)
def second_step_added(sender, request, user, authenticator, **kwargs):
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        sign_in.note(what="recovery_codes.made", by=user, at=clock.now())
        return
    sign_in.note(what="second_step.added", by=user, at=clock.now(), data={"kind": authenticator.type})
    if not request.session.get("second_step"):
        request.session["second_step"] = True
        _end_others(request, user, "first second step")


@receiver(second_step.authenticator_removed)
def second_step_removed(sender, request, user, authenticator, **kwargs):
    sign_in.note(what="second_step.removed", by=user, at=clock.now(), data={"kind": authenticator.type})
    request.session["second_step"] = Authenticator.objects.filter(user=user).exists()
    _end_others(request, user, "second step removed")


@receiver(second_step.authenticator_reset)
def recovery_codes_made(sender, request, user, **kwargs):
    sign_in.note(what="recovery_codes.made", by=user, at=clock.now())


@receiver(second_step.authenticator_used)
def recovery_code_used(sender, request, user, authenticator, **kwargs):
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        sign_in.note(what="recovery_codes.used", by=user, at=clock.now())


@receiver(second_step.authentication_failed)
def second_step_failed(sender, request, user, **kwargs):
    sign_in.note_failed_sign_in(email=user.email, step="code", by=access.Anonymous, at=clock.now())


@receiver(social.social_account_added)
def account_linked(sender, request, sociallogin, **kwargs):
    data = {"provider": sociallogin.account.provider}
    sign_in.note(what="linked_account.added", by=sociallogin.user, at=clock.now(), data=data)


@receiver(social.social_account_removed)
def account_unlinked(sender, request, socialaccount, **kwargs):
    data = {"provider": socialaccount.provider}
    sign_in.note(what="linked_account.removed", by=socialaccount.user, at=clock.now(), data=data)


def _end_others(request, user, why: str) -> None:
    sign_in.end_other_sessions(keep=request.session.session_key or "", why=why, by=user, at=clock.now())
