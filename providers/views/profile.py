"""A provider's profile as its own people see it, and the pages that change it."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock
from core.access import guard
from providers.actions import profiles as actions
from providers.forms.profile import FORMS
from providers.permissions import profiles as permissions
from providers.queries import profiles as queries
from providers.rules import library as days
from providers.rules import profile as rules
from providers.views import profile_shown as shown
from providers.views.editing import edited

HEADINGS = {
    "about": "What you offer",
    "teaching": "Who you teach",
    "registration": "Registration as a school",
    "ofsted": "Ofsted",
    "safeguarding": "Safeguarding lead",
}
PRIVATE = {"safeguarding"}


@guard(permissions.can_see_profile, on=Organisation)
@require_safe
def provider_profile(request, provider):
    """Everything that a provider says of itself: what anybody reads, then what only it and its buyers read."""
    today = clock.today()
    found = queries.whole_profile(provider, user=request.user)
    may_edit = permissions.can_edit_profile(request.user, provider)
    asked = rules.asked(found.facts(provider), today)
    context = {
        "provider": provider,
        "found": found,
        "may_edit": may_edit,
        "tasks": [
            {"title": one.title, "done": one.done, "hint": one.hint, "url": _page_of(one.page, provider.pk)}
            for one in asked
        ],
        "done": sum(one.done for one in asked),
        "identity": shown.identity(provider),
        "groups": shown.groups(found),
        "insurances": [(one, days.standing(one.ends_on, today).value) for one in found.insurances],
        "phases": {site.pk: ", ".join(rules.phases_in_words(site.phases)) for site in found.sites},
    }
    return render(request, "providers/provider_profile.html", context)


def _page_of(page: str, pk: int) -> str:
    """The address of the page that answers what is asked."""
    own = {"identity": "edit_organisation", "site": "add_site", "insurance": "add_insurance", "library": "library"}
    return reverse(own[page], args=[pk]) if page in own else reverse("edit_profile", args=[pk, page])


@guard(permissions.can_edit_profile, on=Organisation)
def edit_profile(request, provider, group):
    """Change one group of the profile."""
    if group not in FORMS:
        raise Http404
    profile = queries.profile_of(provider, user=request.user)
    form = FORMS[group](posted(request), row=queries.values_of(profile, rules.GROUPS[group]))

    def act(**who):
        actions.edit_profile(provider=provider, group=group, values=form.values(), seen=form.saw(), **who)

    return edited(
        request,
        provider,
        form,
        act,
        heading=HEADINGS[group],
        said="Your profile was saved",
        private=group in PRIVATE,
    )
