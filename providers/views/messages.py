"""Messages between the buyer and one bidder, and the queue of those who ask for help."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from core import clock, lists
from core.access import guard
from lots.models import Framework
from lots.views.setting_up import done, tried
from providers.actions import messages as actions
from providers.forms.questions import HelpForm, MessageForm
from providers.models import Application, BidMessage
from providers.permissions import questions as permissions
from providers.queries import messages as queries
from providers.rules import messages as rules
from providers.rules.refusals import Refused
from providers.views import shown


@guard(permissions.can_bid, on=Application)
def bid_messages(request, application):
    """The bidder's own thread with the buyer."""
    framework = application.framework
    form = MessageForm(
        posted(request),
        submit="Send to the buyer",
        hint="Only the buyer’s officers read it. They see a code instead of your name until applications are opened. "
        "What is for everybody, ask as a question",
    )

    def act():
        actions.send_message(application=application, text=form.cleaned_data["text"], by=request.user)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "Your message was sent", "bid_messages", application.pk)
    page = lists.page(queries.own_thread(application, user=request.user), request.GET, order=["-id"])
    context = {"framework": framework, "application": application, "form": form, "page": page}
    return render(request, "providers/bid_messages.html", context | {"shut": _shut(framework)})


@guard(permissions.can_bid, on=Application)
def ask_for_help(request, application):
    """Ask for help, with the time to the second."""
    framework = application.framework
    form = HelpForm(posted(request))

    def act():
        data = form.cleaned_data
        actions.ask_for_help(application=application, text=data["text"], reach=data["reach"], by=request.user)

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(
            request,
            "Your request was noted with its time, and the buyer is told. The answer comes here",
            "bid_messages",
            application.pk,
        )
    at = clock.now()
    context = {
        "framework": framework,
        "application": application,
        "form": form,
        "shut": _shut(framework),
        "closed": shown.why_shut(framework, at=at),
        "countdown": shown.countdown(framework, at=at),
    }
    return render(request, "providers/ask_for_help.html", context)


def _shut(framework) -> str:
    """Why nothing more can be written; empty while it can."""
    try:
        rules.check_message(state=framework.state)
    except Refused as refusal:
        return str(refusal)
    return ""


@guard(permissions.can_manage_framework, on=Framework)
@require_safe
def messages_of_round(request, framework):
    """Every message of a round, newest first, for the buyer's officers."""
    page = lists.page(queries.inbox(framework, user=request.user), request.GET, order=["-id"])
    for one in page.rows:
        one.code = queries.code_of(one)
    return render(request, "providers/messages_of_round.html", {"framework": framework, "page": page})


@guard(permissions.can_manage_framework, on=Framework)
def bidder_messages(request, framework, code):
    """The thread with one bidder, who is known by an alias."""
    bidder = queries.bidder_known_as(framework, code, user=request.user)
    if bidder is None:
        raise Http404
    form = MessageForm(
        posted(request), submit="Send to this bidder", hint="Only this bidder and your colleagues read it"
    )

    def act():
        actions.write_to_bidder(
            application=bidder.application_id,
            text=form.cleaned_data["text"],
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "Your message was sent", "bidder_messages", framework.pk, code)
    page = lists.page(queries.thread_with(bidder, framework, user=request.user), request.GET, order=["-id"])
    context = {"framework": framework, "bidder": bidder, "form": form, "page": page, "shut": _shut(framework)}
    return render(request, "providers/bidder_messages.html", context)


@guard(permissions.can_manage_framework, on=Framework)
@require_safe
def help_queue(request, framework):
    """Requests for help: those that wait, oldest first, or those that were answered, newest first."""
    answered = request.GET.get("show") == "answered"
    found = queries.help_requests(framework, user=request.user).filter(answered_at__isnull=not answered)
    page = lists.page(found, request.GET, order=["-sent_at", "-id"] if answered else ["sent_at", "id"])
    for one in page.rows:
        one.code = queries.code_of(one)
        one.lies = rules.seen_from_deadline(one.sent_at, framework.closes_at)
        one.is_last_hour = rules.is_last_hour(one.sent_at, framework.closes_at)
    context = {"framework": framework, "page": page, "answered": answered}
    return render(request, "providers/help_queue.html", context)


@guard(permissions.can_help, on=BidMessage)
def answer_help(request, message):
    """Answer one request for help; the answer goes into the thread with that bidder."""
    framework = message.application.framework
    asked = queries.help_requests(framework, user=request.user).filter(pk=message.pk).first()
    if asked is None:
        raise Http404
    form = MessageForm(posted(request), submit="Send the answer", hint="Only this bidder and your colleagues read it")

    def act():
        actions.write_to_bidder(
            application=asked.application_id,
            text=form.cleaned_data["text"],
            answers=asked.pk,
            by=request.user,
            at=clock.now(),
        )

    if request.method == "POST" and form.is_valid() and tried(form, act):
        return done(request, "Your answer was sent", "help_queue", framework.pk)
    context = {
        "framework": framework,
        "form": form,
        "asked": asked,
        "code": queries.code_of(asked),
        "lies": rules.seen_from_deadline(asked.sent_at, framework.closes_at),
        "thread_url": reverse("bidder_messages", args=[framework.pk, queries.code_of(asked)]),
    }
    return render(request, "providers/answer_help.html", context)
