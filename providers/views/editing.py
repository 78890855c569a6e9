"""What every page that changes a profile does: show a form, try an action, tell whoever comes second."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render

from core import clock
from lots.rules.refusals import Refused
from providers.rules.seen import Changed


def edited(
    request, provider, form, act, *,
    heading: str, said: str, template="providers/profile_form.html", back="provider_profile", **more,
):  # fmt: skip
    """A form of the profile: shown, tried, and back to the profile (or `back`). `act` takes `by` and `at`. Where
    somebody saved the same meanwhile, the page (409) shows what stands beside what was typed; saving it again is
    meant."""
    context = {"provider": provider, "form": form, "heading": heading} | more
    if request.method != "POST" or not form.is_valid():
        return render(request, template, context)
    try:
        act(by=request.user, at=clock.now())
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return render(request, template, context)
    except Changed as changed:
        typed = form.values()
        context["theirs"] = [
            {"key": form.fields[name].label, "value": form.in_words(name, value) or None}
            for name, value in changed.now.items()
            if typed.get(name) != value
        ]
        form.see(changed.now)
        return render(request, template, context, status=409)
    messages.success(request, said)
    return redirect(back, provider.pk)


def removed(request, form, act, *, said: str, back: str, pk: int, template: str, **context):
    """Ask, then remove, and go back; what was removed meanwhile is said."""
    if request.method != "POST":
        return render(request, template, context | {"form": form})
    try:
        act(by=request.user, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(back, pk)
