"""What every page of setting a framework up does: stay shut once it is published, show a form, try an action."""

from __future__ import annotations

import functools

from django.contrib import messages
from django.shortcuts import redirect, render

from lots.rules import outline
from lots.rules.refusals import Refused


def while_set_up(of=lambda thing: thing):
    """The page is looked at only while the framework is being set up; afterwards it says why it is shut. What is sent
    is left to the action, which refuses it in the same words. `of` finds the framework of what the guard handed over.
    """

    def decorate(view):
        @functools.wraps(view)
        def looked_at(request, thing, *args, **kwargs):
            framework = of(thing)
            if request.method != "POST":
                try:
                    outline.check_draft(framework.state)
                except Refused as refusal:
                    context = {"framework": framework, "refusal": str(refusal)}
                    return render(request, "lots/setup_shut.html", context)
            return view(request, thing, *args, **kwargs)

        return looked_at

    return decorate


def tried(form, act) -> bool:
    """Do it; what the rule says no to becomes an error of its field, or of the form."""
    try:
        act()
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def page(request, framework, form, heading: str, *, back: tuple[str, str], template="lots/setup_form.html", **more):
    """A page with one form. `back` is the address and the name of the page before it."""
    context = {"framework": framework, "form": form, "heading": heading, "back_url": back[0], "back_name": back[1]}
    return render(request, template, context | more)


def done(request, message: str, name: str, *args):
    """Say that it is done, and go on."""
    messages.success(request, message)
    return redirect(name, *args)
