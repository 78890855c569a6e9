"""One place with its history, and what its buyer and its provider do with it."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.forms.fields import posted
from accounts.models import Organisation
from accounts.states import OrganisationKind
from core import clock
from core.access import guard
from lots import permissions
from lots.actions import places as actions
from lots.actions import suspensions, transfers
from lots.forms.places import AcceptForm, EndForm, LiftForm, PriceForm, SuspendForm, TransferForm
from lots.models import Place, Suspension
from lots.queries import places as queries
from lots.rules.refusals import Refused
from lots.states import PlaceState


@guard(permissions.can_see_place, on=Place)
@require_safe
def place(request, place):
    """One place: its moments, its prices, what holds it."""
    user = request.user
    inside = permissions.can_see_inside(user, place.framework)
    context = {
        "place": place,
        "inside": inside,
        "prices": queries.prices_of(place) if permissions.sees_prices(user, place) else None,
        "suspensions": queries.suspensions_of(place, user=user) if permissions.can_suspend(user, place) else None,
        "holds": queries.holds_on(place),
        "elsewhere": queries.suspension_in_force(place.provider, but=place.framework.buyer_id) if inside else (),
        "ended": place.state == PlaceState.ENDED,
        "can_run": permissions.can_run_place(user, place),
        "can_suspend": permissions.can_suspend(user, place),
        "can_end": permissions.can_end_place(user, place),
        "can_answer": permissions.can_answer_for(user, place.provider),
    }
    return render(request, "lots/place.html", context)


@guard(permissions.can_see_places_of, on=Organisation)
def provider_places(request, provider):
    """A provider's own places on all frameworks; its lead accepts here what was awarded."""
    may = permissions.can_answer_for(request.user, provider)
    rows = queries.to_accept(provider, user=request.user) if may else []
    form = AcceptForm(posted(request), rows=rows) if rows else None
    if request.method == "POST" and form and form.is_valid():
        act = partial(actions.accept_places, provider=provider, chosen=form.chosen)
        if _tried(form, act, request):
            messages.success(request, "You have accepted the places")
            return redirect("provider_places", provider.pk)
    if request.method == "POST" and form is None:
        messages.error(request, "There is no place for you to accept")
    found = queries.places_of(provider, user=request.user)
    context = {"provider": provider, "places": found, "form": form, "may_answer": may}
    return render(request, "lots/provider_places.html", context)


def _tried(form, act, request) -> bool:
    """Do it; what a rule refuses stands at the form."""
    try:
        act(by=request.user, at=clock.now())
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def _asked(request, place, form, act, *, heading, said, warning=""):
    """A form about a place: ask, do, go back to the place."""
    if request.method == "POST" and form.is_valid() and _tried(form, act, request):
        messages.success(request, said)
        return redirect("place", place.pk)
    context = {"place": place, "form": form, "heading": heading, "warning": warning}
    return render(request, "lots/place_form.html", context)


@guard(permissions.can_suspend, on=Place)
def suspend_place(request, place):
    """Hold one place."""
    form = SuspendForm(posted(request), of_one_place=True)

    def act(**who):
        suspensions.suspend_place(place=place, **form.cleaned_data, **who)

    return _asked(request, place, form, act, heading="Suspend this place", said="The place is suspended")


@guard(permissions.can_suspend, on=Place)
def suspend_provider(request, place):
    """Hold all places of a provider."""
    form = SuspendForm(posted(request), of_one_place=False)

    def act(**who):
        suspensions.suspend_provider(place=place, **form.cleaned_data, **who)

    return _asked(
        request,
        place,
        form,
        act,
        heading=f"Suspend {place.provider.name}",
        said="The provider is suspended",
        warning="All its places on all your frameworks are suspended at once, and those that it accepts from now on.",
    )


@guard(permissions.can_lift, on=Suspension)
def lift_suspension(request, suspension):
    """Lift one suspension."""
    place = suspension.place or queries.any_place_of(suspension)
    form = LiftForm(posted(request))

    def act(**who):
        suspensions.lift_suspension(suspension=suspension, **form.cleaned_data, **who)

    return _asked(
        request,
        place,
        form,
        act,
        heading=f"Lift the suspension: {suspension.get_cause_display().lower()}",
        said="The suspension is lifted",
        warning="The place goes on as it was when no other suspension reaches it.",
    )


@guard(permissions.can_end_place, on=Place)
def end_place(request, place):
    """End a place, or all of its provider's."""
    by_provider = not permissions.can_run_place(request.user, place)
    form = EndForm(posted(request), by_provider=by_provider)

    def act(**who):
        typed = form.cleaned_data
        actions.end_place(
            place=place,
            reason=typed.get("end_reason"),
            also_others=typed["also_others"] == "yes",
            note=typed.get("note", ""),
            **who,
        )

    return _asked(
        request,
        place,
        form,
        act,
        heading="Give up this place" if by_provider else "End this place",
        said="The place has ended",
        warning="A place that has ended cannot be taken up again. Pupils who are placed stay on their own terms.",
    )


@guard(permissions.can_run_place, on=Place)
def transfer_places(request, place):
    """Move a provider's places to its successor."""
    form = TransferForm(posted(request))

    def act(**who):
        typed = dict(form.cleaned_data)
        successor = queries.find_organisation(typed.pop("successor"), [OrganisationKind.PROVIDER])
        if successor is None:
            raise Refused(
                "No provider on the portal has this number or name, or several have. Enter its registered number",
                field="successor",
            )
        transfers.transfer_places(place=place, successor=successor, today=clock.today(), **typed, **who)

    return _asked(
        request,
        place,
        form,
        act,
        heading=f"Move the places of {place.provider.name}",
        said="The places have moved",
        warning="All its places on this framework end, and begin anew with the successor at the same prices.",
    )


@guard(permissions.can_run_place, on=Place)
def set_price(request, place):
    """Set a price from a day on."""
    form = PriceForm(posted(request), lines=queries.lines_of(place))

    def act(**who):
        typed = dict(form.cleaned_data)
        actions.set_price(place=place, line=form.lines[typed.pop("line")], today=clock.today(), **typed, **who)

    return _asked(request, place, form, act, heading="Set a price", said="The price is set")
