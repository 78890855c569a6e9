"""The outbox page: for operators what could not be sent, without a word of what it says; in the demo world, for
everybody, the letters themselves, because the demo sends nothing."""

from __future__ import annotations

import functools

from django.conf import settings
from django.contrib import messages as banners
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core import clock, lists
from core.access import guard
from outbox import actions, delivery, permissions, queries
from outbox.filters import MessageFilter
from outbox.models import Message


def open_in_the_demo(guarded):
    """Nobody need sign in while this is the demo: whoever has just registered finds the letter with the link here.
    Elsewhere a stranger is sent to the way in, as everywhere."""

    @functools.wraps(guarded)
    def view(request, *args, **kwargs):
        if not settings.DEMO and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return guarded(request, *args, **kwargs)

    return login_not_required(view)


@never_cache
@open_in_the_demo
@guard(permissions.can_see_outbox)
def outbox(request):
    """Every message, newest first."""
    filter = MessageFilter(request.GET, queryset=queries.messages_for(user=request.user))
    page = lists.page(filter.qs, request.GET, order=["-id"])
    counts = queries.not_sent_for(user=request.user)
    context = {"filter": filter, "page": page, "counts": counts}
    return render(request, "outbox/outbox.html", context)


@never_cache
@open_in_the_demo
@guard(permissions.can_see_outbox, on=Message)
def outbox_message(request, message):
    """One message: what became of it and, in the demo world only, what it says."""
    context = {
        "message": message,
        "body": delivery.readable_body(message) if permissions.can_read_bodies(request.user) else None,
        "can_retry": permissions.can_retry(request.user, message),
        "can_give_up": permissions.can_give_up(request.user, message),
    }
    return render(request, "outbox/outbox_message.html", context)


@require_POST
@guard(permissions.can_operate, on=Message)
def retry_message(request, message):
    """Put a message that was given up back in the outbox."""
    if permissions.can_retry(request.user, message):
        actions.retry_message(message=message, by=request.user, at=clock.now())
        banners.success(request, "The message will be tried again in the next minute.")
    else:
        banners.error(request, "This message cannot be tried again: it is not given up, or its text is destroyed.")
    return redirect("outbox_message", message.pk)


@require_POST
@guard(permissions.can_operate, on=Message)
def give_up_message(request, message):
    """Stop trying an alarm."""
    if permissions.can_give_up(request.user, message):
        actions.give_up_message(message=message, by=request.user, at=clock.now())
        banners.success(request, "The alarm is no longer tried. Make sure that somebody has told its receiver.")
    else:
        banners.error(request, "Only an alarm that is waiting to be sent can be stopped. It may have just been sent.")
    return redirect("outbox_message", message.pk)
