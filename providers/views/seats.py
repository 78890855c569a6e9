"""Free places of a provider: what it states, week by week confirmed, and the page of one site."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts.forms.fields import posted
from accounts.models import Organisation
from core import clock
from core.access import guard
from providers.actions import seats as actions
from providers.forms.seats import ConfirmForm, SeatsForm
from providers.models import Site
from providers.permissions import seats as permissions
from providers.queries import seats as queries
from providers.rules import seats as rules
from providers.rules.refusals import Refused
from providers.rules.seen import Changed
from providers.views.editing import edited


@guard(permissions.can_state_seats, on=Organisation)
def free_places(request, provider):
    """What is stated, with one button that says that it is still right."""
    page = queries.statement_of(provider, user=request.user)
    form, status = ConfirmForm(posted(request), row=page.numbers), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm_seats(provider=provider, seen=form.saw(), by=request.user, at=clock.now())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except Changed as changed:
            page = queries.statement_of(provider, user=request.user)
            form.see(changed.now)
            status = 409
        else:
            messages.success(request, "You confirmed your free places")
            return redirect("free_places", provider.pk)
    context = {
        "provider": provider,
        "form": form,
        "page": page,
        "changed": status == 409,
        "shown": page.confirmed_at is not None and rules.holds(page.confirmed_at, clock.now()),
        "until": page.confirmed_at and rules.holds_until(page.confirmed_at),
        "stale_days": rules.STALE_DAYS,
        "weekdays": rules.WEEKDAYS,
    }
    return render(request, "providers/free_places.html", context, status=status)


@guard(permissions.can_state_seats_at, on=Site)
def free_places_at(request, site):
    """State what is free at one site."""
    form = SeatsForm(posted(request), weeks=queries.weeks_of(site, user=request.user))

    def act(**who):
        actions.state_seats(site=site, stated=form.values(), seen=form.saw(), **who)

    return edited(
        request,
        site.provider,
        form,
        act,
        heading="Free places",
        said=f"The free places at {site.name} were saved and confirmed",
        template="providers/free_places_at.html",
        back="free_places",
        site=site,
    )
