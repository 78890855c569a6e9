"""What stands between a session and the pages: how long it lives, what was typed into one that is over, and the
second step."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts import queries
from accounts.actions import sign_in
from accounts.rules import sign_in as rules
from accounts.states import NEEDS_SECOND_STEP
from core import clock

NOTED_EVERY = 60  # seconds: a session may end this much too early, never too late
LISTED_EVERY = 300  # seconds


class SessionLimits:
    """Ends a session that was idle or has lived too long. It runs after Django's own proof that a form came from our
    pages, so nothing typed on another site is ever kept. Real time counts, whatever the demo's clock says."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        sent = getattr(request, "sent_answers", None)
        if sent is not None and response.status_code < 400 and request.user.is_authenticated:
            sign_in.let_go_of_answers(held=sent, by=request.user, at=clock.now())
        return response

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated:
            return None
        session, now = request.session, int(time.time())
        over = rules.session_over(
            began=session.setdefault("began", now),
            seen=session.setdefault("seen", now),
            now=now,
            idle_minutes=settings.SESSION_IDLE_MINUTES,
            hours=settings.SESSION_HOURS,
        )
        if not over:
            _note(request, now)
            held = request.POST.get("held_answers", "") if request.method == "POST" else ""
            if held.isascii() and held.isdigit():
                request.sent_answers = queries.kept_answers_of(user, pk=int(held[:18]), at=clock.now())
            return None
        kept = keep_answers(request, view)
        request.session_over = over
        logout(request)
        messages.info(request, _words(over, request, kept))
        if kept:
            return redirect_to_login(reverse("held_answers"))
        return None


class SecondStep:
    """Sends whoever must have a second step, and has none, to set one up: at the next request after a role that needs
    one was given, and again after the last one was removed."""

    OPEN = frozenset(
        {
            "account_logout",
            "account_reauthenticate",
            "mfa_index",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_view_recovery_codes",
            "mfa_generate_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
        }
    )

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not settings.SECOND_STEP_DEMANDED or not user.is_authenticated or request.session.get("second_step"):
            return None
        if not (user.is_operator or any(held.role in NEEDS_SECOND_STEP for held in queries.roles_of(user))):
            return None
        request.second_step_wanted = True
        name = request.resolver_match.view_name
        door = getattr(view, "door", None)
        if name in self.OPEN or (door is not None and door.kind == "public" and name != "home"):
            return None
        kept = keep_answers(request, view)
        request.session["after_second_step"] = reverse("held_answers") if kept else _way_back(request)
        return HttpResponseRedirect(reverse("mfa_index"))


def keep_answers(request, view) -> bool:
    """Keep what was typed into one of our own forms, for the person signed in. False where there is nothing to keep:
    another page, no answers, or too many."""
    door, path = getattr(view, "door", None), request.get_full_path()
    fields = dict(request.POST.lists()) if request.method == "POST" and door is not None else {}
    if not rules.kept_answers(fields) or len(path) > 500 or request.resolver_match.view_name in _NEVER_KEPT:
        return False
    try:
        sign_in.hold_answers(path=path, answers=fields, files=bool(request.FILES), by=request.user, at=clock.now())
    except sign_in.TooLarge:
        return False
    return True


_NEVER_KEPT = {"held_answers", "end_session", "end_other_sessions"}


def _way_back(request) -> str:
    return request.get_full_path() if request.method == "GET" else reverse("home")


def _note(request, now: int) -> None:
    session = request.session
    if now - session["seen"] >= NOTED_EVERY:
        session["seen"] = now
    if now - session.setdefault("listed", now) >= LISTED_EVERY:
        session["listed"] = now
        sign_in.see_session(session_key=session.session_key, by=request.user, at=timezone.now())


def _words(over: str, request, kept: bool) -> str:
    why = (
        f"You were signed out because you did nothing here for {settings.SESSION_IDLE_MINUTES} minutes."
        if over == "idle"
        else f"You were signed out because you signed in more than {settings.SESSION_HOURS} hours ago."
    )
    if kept:
        return f"{why} We kept your answers: sign in again within an hour to send them."
    if request.method == "POST":
        return f"{why} What you sent was not saved."
    return why
