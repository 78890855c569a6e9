"""One's own sessions, kept answers, and the journey to an identity provider and back."""

from __future__ import annotations

import json

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST
from requests import RequestException

from accounts import queries
from accounts.actions import sign_in as actions
from accounts.adapters.oidc import Adapter
from accounts.rules import sign_in as rules
from core import access, clock, crypto
from core.access import guard, public


@guard(access.signed_in)
def held_answers(request):
    """What was kept when a session ran out: send it now, or throw it away."""
    now = clock.now()
    if request.method == "POST":
        held = queries.kept_answers_of(request.user, at=now, pk=_number(request.POST.get("held", "")))
        if held is not None:
            actions.let_go_of_answers(held=held, by=request.user, at=now)
            messages.success(request, "Your kept answers have been thrown away.")
        return redirect("held_answers")
    kept = [_opened(held) for held in queries.kept_answers_of(request.user, at=now)]
    return render(request, "accounts/held_answers.html", {"kept": [one for one in kept if one]})


def _opened(held) -> dict | None:
    """The answers in clear, or nothing when the key is gone or the page is no longer one of ours."""
    try:
        plain = json.loads(crypto.unseal(held.answers_sealed, purpose=f"{actions.PURPOSE}:{held.user_id}"))
        match = resolve(held.path.partition("?")[0])
    except (crypto.SealBroken, Resolver404):
        return None
    if getattr(match.func, "door", None) is None:
        return None
    fields = [(name, value) for name, values in plain["answers"].items() for value in values]
    return {"held": held, "fields": fields, "files": plain["files"]}


@guard(access.signed_in)
def usersessions_list(request):
    """Where one is signed in, each with its end."""
    sessions = [
        {
            "row": row,
            "device": rules.device(row.user_agent),
            "this": row.session_key == request.session.session_key,
        }
        for row in queries.sessions_of(request.user)
    ]
    return render(request, "usersessions/usersession_list.html", {"sessions": sessions})


@guard(access.signed_in)
@require_POST
def end_session(request, pk):
    """End one of one's own sessions."""
    row = next((row for row in queries.sessions_of(request.user) if row.pk == pk), None)
    if row is None:
        raise Http404
    actions.end_session(session=row, by=request.user, at=clock.now())
    messages.success(request, "That session has ended.")
    return redirect("usersessions_list")


@guard(access.signed_in)
@require_POST
def end_other_sessions(request):
    """End all of one's own sessions but this one."""
    actions.end_other_sessions(keep=request.session.session_key, why="asked", by=request.user, at=clock.now())
    messages.success(request, "You are signed out everywhere else.")
    return redirect("usersessions_list")


@public("starts signing in with the council's or the DfE's own account")
def openid_connect_login(request, provider_id):
    """Send the person to the identity provider."""
    return _journey(OAuth2LoginView, request, provider_id)


@public("where that account sends people back to")
def openid_connect_callback(request, provider_id):
    """Take what the identity provider says."""
    return _journey(OAuth2CallbackView, request, provider_id)


def _journey(kind, request, provider_id):
    """There or back. A provider that is down, or whose description cannot be read, is told as a failed sign-in."""
    if not provider_id.isprintable():
        raise Http404  # PostgreSQL would stumble over a NUL
    adapter = Adapter(request, provider_id)
    try:
        return kind.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException, KeyError, TypeError, ValueError) as error:
        return render_authentication_error(request, adapter.get_provider(), exception=error)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
