"""Term dates and closures of an organisation."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts import permissions, queries
from accounts.actions import calendars as actions
from accounts.forms.calendars import ClosureForm, TermForm
from accounts.forms.fields import posted
from accounts.forms.people import SureForm
from accounts.models import Closure, Organisation, TermDates
from accounts.rules import people
from core import clock
from core.access import guard


@guard(permissions.can_see_organisation, on=Organisation)
def term_dates(request, organisation):
    """When the organisation is open."""
    terms, closures = queries.dates_of(organisation, user=request.user)
    context = {
        "organisation": organisation,
        "terms": terms,
        "closures": closures,
        "can_change": permissions.can_change_dates(request.user, organisation),
    }
    return render(request, "accounts/term_dates.html", context)


def _edit(request, organisation, form, write, title):
    """Show a form of dates and, once it is right, write it."""
    if request.method == "POST" and form.is_valid():
        try:
            write(**form.cleaned_data, by=request.user, at=clock.now())
        except people.Refused as refusal:
            form.add_error("starts_on", str(refusal))
        else:
            messages.success(request, "The dates were saved")
            return redirect("term_dates", organisation.pk)
    return render(request, "accounts/edit_dates.html", {"form": form, "organisation": organisation, "heading": title})


def _remove(request, dates, write):
    """Ask, then remove."""
    form = SureForm(posted(request), submit="Remove")
    if request.method == "POST":
        try:
            write(by=request.user, at=clock.now())
        except people.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The dates were removed")
        return redirect("term_dates", dates.organisation_id)
    context = {"form": form, "organisation": dates.organisation, "dates": dates}
    return render(request, "accounts/remove_dates.html", context)


def _initial(dates, label) -> dict:
    return {label: str(dates), "starts_on": dates.starts_on, "ends_on": dates.ends_on}


@guard(permissions.can_change_dates, on=Organisation)
def add_term(request, organisation):
    """Write down a term."""
    write = partial(actions.add_term, organisation=organisation)
    return _edit(request, organisation, TermForm(posted(request)), write, "Add a term")


@guard(permissions.can_change_these_dates, on=TermDates)
def change_term(request, term):
    """Change a term."""
    write = partial(actions.change_term, term=term)
    form = TermForm(posted(request), initial=_initial(term, "name"))
    return _edit(request, term.organisation, form, write, "Change a term")


@guard(permissions.can_change_these_dates, on=TermDates)
def remove_term(request, term):
    """Remove a term."""
    write = partial(actions.remove_term, term=term)
    return _remove(request, term, write)


@guard(permissions.can_change_dates, on=Organisation)
def add_closure(request, organisation):
    """Write down days of closure."""
    write = partial(actions.add_closure, organisation=organisation)
    return _edit(request, organisation, ClosureForm(posted(request)), write, "Add days when you are closed")


@guard(permissions.can_change_these_dates, on=Closure)
def change_closure(request, closure):
    """Change days of closure."""
    write = partial(actions.change_closure, closure=closure)
    form = ClosureForm(posted(request), initial=_initial(closure, "reason"))
    return _edit(request, closure.organisation, form, write, "Change days when you are closed")


@guard(permissions.can_change_these_dates, on=Closure)
def remove_closure(request, closure):
    """Remove days of closure."""
    write = partial(actions.remove_closure, closure=closure)
    return _remove(request, closure, write)
