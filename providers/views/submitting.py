"""Check your answers, submit, withdraw."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core import clock
from core.access import guard
from providers.actions import applications as actions
from providers.forms.submitting import SubmitForm, WithdrawForm
from providers.models import Application
from providers.permissions import applications as permissions
from providers.queries import bids
from providers.rules import copy
from providers.rules.bid import Bid, assemble
from providers.rules.draft import NOTHING
from providers.rules.parts import standard_of
from providers.rules.refusals import ChangedSince, OtherContent, Refused, TooLate
from providers.states import ApplicationState
from providers.views import answered, shown
from providers.views.late import too_late


@guard(permissions.can_bid, on=Application)
@require_safe
def check_application(request, application):
    """Every answer, each lot complete or not and why. Nothing is submitted by looking."""
    if application.state == ApplicationState.FOLLOWING:
        return redirect("apply", application.framework_id)
    return _checked(request, application)


@guard(permissions.can_bid, on=Application)
def submit_application(request, application):
    """Submit what was checked, and go to the receipt."""
    if request.method != "POST" or application.state == ApplicationState.FOLLOWING:
        return redirect("check_application", application.pk)
    form = SubmitForm(request.POST, complete=False)
    if not form.is_valid():
        return _checked(request, application, form)
    key = str(form.cleaned_data["key"])
    try:
        made = actions.submit(
            application=application,
            key=key,
            revision=form.cleaned_data["revision"],
            accept_incomplete=form.accepted,
            by=request.user,
        )
    except TooLate as late:
        return too_late(request, application, "submit", late)
    except (ChangedSince, OtherContent) as refusal:
        return _checked(request, application, said=refusal, status=409)
    except Refused as refusal:
        form.add_error(refusal.field or None, str(refusal))
        return _checked(request, application, form)
    if made.key != key:
        messages.info(request, "Nothing was changed since you submitted, so that submission stands")
    return redirect("receipt", made.pk)


@guard(permissions.can_bid, on=Application)
def withdraw_application(request, application):
    """Ask first, then take back what stands."""
    if application.standing is None:
        messages.info(request, "Nothing is submitted, so there is nothing to withdraw")
        return redirect("check_application", application.pk)
    if request.method == "POST":
        try:
            actions.withdraw(application=application, by=request.user)
        except TooLate as late:
            return too_late(request, application, "withdraw", late)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("check_application", application.pk)
        messages.success(request, "The application is withdrawn. What you wrote is kept")
        return redirect("check_application", application.pk)
    why_shut = shown.why_shut(application.framework, at=clock.now())
    context = _about(application) | {"form": WithdrawForm(), "why_shut": why_shut}
    return render(request, "providers/withdraw_application.html", context)


def _about(application) -> dict:
    framework = application.framework
    return {
        "application": application,
        "framework": framework,
        "countdown": shown.countdown(framework, at=clock.now()),
    }


def _checked(request, application, form=None, *, said: Refused | None = None, status: int = 200):
    """The page with the answers as they stand now, and a form for them: with the key that was sent where what was
    checked is unchanged, else with a new one."""
    draft = bids.own_bid(application, user=request.user).draft
    bid = assemble(draft, bids.context_of(application, user=request.user, today=clock.today(), draft=draft))
    document = bid.document()
    numbers = answered.numbers_of(document)
    ways = {code: _way(application, code, bid.context.offer) for code in bid.readings}
    context = _about(application) | {
        "form": _form(bid, application, form),
        "said": said,
        "lots": [{"lot": one.lot, "complete": one.complete, "rows": _rows(one.own, ways)} for one in bid.lots],
        "common": _rows(bid.common, ways),
        "stops": _rows(bid.stops, ways),
        "notices": _rows(bid.notices, ways),
        "complete": bid.complete,
        "groups": answered.groups(
            (
                answered.Shown(
                    one,
                    number=numbers.get(one.code, ""),
                    url=ways[one.code],
                    carried=draft.get(one.code, NOTHING).carried,
                    missing=len(bid.readings[one.code].problems),
                    begun=bid.readings[one.code].begun,
                )
                for one in copy.sections(document)
            ),
            answered.themes_of(bid.context.offer),
        ),
        "why_shut": shown.why_shut(application.framework, at=clock.now()),
    }
    return render(request, "providers/check_application.html", context, status=status)


def _form(bid: Bid, application, sent: SubmitForm | None) -> SubmitForm:
    """With what was sent, where it was refused and nothing has changed; else for what stands now, under a new key."""
    to = reverse("submit_application", args=[application.pk])
    if sent is None or sent.errors.keys() & {"key", "revision"}:
        fresh = {"key": uuid.uuid4(), "revision": application.revision}
        return SubmitForm(initial=fresh, complete=bid.complete, to=to)
    form = SubmitForm(sent.data, complete=bid.complete, to=to)
    for field, words in sent.errors.items():
        form.add_error(field if field in form.fields else None, words)
    return form


def _way(application, code: str, offer) -> str | None:
    """The page on which a part is changed."""
    standard = standard_of(code, offer)
    if standard:
        return shown.way("edit_standard", application.pk, standard.pk)
    return shown.way("edit_part", application.pk, code)


def _rows(found, ways: dict) -> list[dict]:
    return [{"title": one.title, "text": one.text, "url": ways[one.code]} for one in found]
