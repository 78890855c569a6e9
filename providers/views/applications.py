"""Applying: what it takes, the list of a provider's applications, one application as a list of tasks, and the clock."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from accounts.queries import organisations_for, roles_of
from accounts.states import Role
from core import clock, lists
from core.access import guard, public
from core.templatetags.portal import in_words
from lots.models import Framework
from lots.permissions import can_see_framework
from providers.actions import applications as actions
from providers.forms.bid import ProviderForm
from providers.models import Application
from providers.permissions import applications as permissions
from providers.queries import applications as queries
from providers.queries import bids
from providers.rules import bid as rules
from providers.rules.refusals import Refused
from providers.states import ApplicationState
from providers.views import shown, tasks


@public("what an application takes is told before anybody signs up; only a provider’s lead begins one")
@guard(can_see_framework, on=Framework)
def apply(request, framework):
    """What you need, how long it takes, what happens; the button that begins, and one to be told of news alone."""
    user, at = request.user, clock.database_now()
    providers = [(one.organisation_id, one.organisation) for one in roles_of(user) if one.role == Role.PROVIDER_LEAD]
    own = queries.own_applications_to(framework, user=user)
    begun = {provider: one for provider, one in own.items() if one.state != ApplicationState.FOLLOWING}
    free = [(pk, name) for pk, name in providers if pk not in begun]
    form = ProviderForm(posted(request), providers=free)
    if request.method == "POST":
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if free and form.is_valid():
            provider = organisations_for(user=user).get(pk=form.cleaned_data["provider"])
            try:
                if "follow" in request.POST:
                    actions.follow(framework=framework, provider=provider, by=user, at=clock.now())
                    messages.success(request, "We email you whenever something changes here")
                    return redirect("apply", framework.pk)
                begun_now = actions.start(framework=framework, provider=provider, by=user)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("application", begun_now.pk)
    context = {
        "framework": framework,
        "form": form,
        "providers": providers,
        "free": free,
        "begun": sorted(begun.values(), key=lambda one: one.provider.name.casefold()),
        "follow": [name for pk, name in free if pk in own],
        "is_staff": not providers and any(one.role == Role.PROVIDER_STAFF for one in roles_of(user)),
        "why_shut": shown.why_shut(framework, at=at),
        "countdown": shown.countdown(framework, at=at),
        "ways": {name: shown.way(name, framework.pk) for name in ("self_check", "clarifications")},
        "register_url": shown.way("register_provider"),
    }
    return render(request, "providers/apply.html", context)


@guard(permissions.can_apply_for, on=Organisation)
@require_safe
def applications(request, provider):
    """A provider's applications, and the frameworks that it follows."""
    at = clock.now()
    page = lists.page(queries.applications_of(provider, user=request.user), request.GET, order=["-began_at", "-id"])
    for one in page.rows:
        one.shown = shown.state_of(one, at=at)
        one.countdown = shown.countdown(one.framework, at=at)
    return render(request, "providers/applications.html", {"provider": provider, "page": page})


@guard(permissions.can_bid, on=Application)
@require_safe
def application(request, application):
    """The application as a list of tasks: what is done, what is missing in each lot, until when."""
    if application.state == ApplicationState.FOLLOWING:
        return redirect("apply", application.framework_id)
    user, at = request.user, clock.now()
    draft = bids.own_bid(application, user=user).draft
    bid = rules.assemble(draft, bids.context_of(application, user=user, today=clock.today(), draft=draft))
    framework, why = application.framework, shown.why_shut(application.framework, at=at)
    standing = application.standing
    context = {
        "application": application,
        "framework": framework,
        "why_shut": why,
        "countdown": shown.countdown(framework, at=at),
        "groups": tasks.groups(application, draft, bid, shut=bool(why)),
        "lots": tasks.lots(application, bid),
        "is_missing": not bid.complete or bool(bid.notices),
        "standing": standing,
        "standing_at": shown.to_the_second(standing.submitted_at) if standing else "",
        "is_changed": bool(standing and standing.revision != application.revision),
        "colleagues": queries.colleagues_of(application.provider, user=user),
        "saved_at": shown.to_the_second(application.saved_at) if application.saved_at else "",
        "ways": {
            name: shown.way(name, application.pk)
            for name in ("bid_messages", "ask_for_help", "withdraw_application", "what_is_missing", "bidder_evaluation")
        }
        | {name: shown.way(name, framework.pk) for name in ("clarifications", "ask_question", "my_questions")}
        | ({name: shown.way(name, standing.pk) for name in ("receipt", "submission")} if standing else {}),
        "library_url": shown.way("library", application.provider_id),
        "people_url": shown.way("people", application.provider_id),
    }
    return render(request, "providers/application.html", context)


@public("until when one may apply is public, and looking at a clock is no sign that somebody is there")
@guard(can_see_framework, on=Framework)
@require_safe
def application_clock(request, framework):
    """The portal's clock, by which deadlines are judged, and the deadline as it stands; for the page's countdown."""
    closes_at = framework.closes_at
    answer = JsonResponse(
        {
            "now": clock.database_now().isoformat(),
            "closes_at": closes_at.isoformat() if closes_at else None,
            "closes_in_words": in_words(closes_at, with_time=True) if closes_at else "",
        }
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
