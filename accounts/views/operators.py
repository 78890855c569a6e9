"""Operators' pages: the register of schools, and organisations that may be one."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render

from accounts import permissions, queries
from accounts.actions import look_alikes as look_alike_actions
from accounts.actions import people as people_actions
from accounts.actions import schools as school_actions
from accounts.filters import LookAlikeFilter
from accounts.forms.fields import posted
from accounts.forms.operators import ImportSchoolsForm, LookAlikeForm
from accounts.forms.people import SureForm
from accounts.models import LookAlike, User
from accounts.rules import people, schools
from core import clock, lists
from core.access import guard
from core.middleware import takes_up_to


@guard(permissions.can_import_schools)
@takes_up_to(2 * settings.SCHOOLS_FILE_MAX_BYTES)
def import_schools(request):
    """Take in the national register's files; the answer says what they changed, line by line what was refused."""
    form = ImportSchoolsForm(posted(request), request.FILES or None)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            context["summary"] = school_actions.import_schools(files=form.given(), by=request.user, at=clock.now())
        except schools.BadFile as reason:
            form.add_error("file", f"{reason}. Nothing was changed")
        else:
            return render(request, "accounts/import_schools_done.html", context)
    return render(request, "accounts/import_schools.html", context)


@guard(permissions.can_decide_look_alikes)
def look_alikes(request):
    """Pairs of organisations that may be one."""
    found = LookAlikeFilter(request.GET, queryset=queries.all_look_alikes())
    page = lists.page(found.qs, request.GET, order=["decision", "-id"])
    return render(request, "accounts/look_alikes.html", {"filter": found, "page": page})


@guard(permissions.can_decide_look_alike, on=LookAlike)
def look_alike(request, look_alike):
    """One pair side by side, and the decision."""
    form = LookAlikeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            look_alike_actions.decide_look_alike(
                look_alike=look_alike, **form.cleaned_data, by=request.user, at=clock.now()
            )
        except people.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Your decision was saved")
        return redirect("look_alikes")
    one, other = look_alike.organisation, look_alike.resembles
    fields = [
        ("Name", "name"),
        ("Companies House number", "companies_house"),
        ("Charity number", "charity_number"),
        ("UKPRN", "ukprn"),
        ("URN", "urn"),
        ("PPON", "ppon"),
        ("Share code", "share_code"),
        ("Street", "street"),
        ("Town", "town"),
        ("Postcode", "postcode"),
    ]
    rows = [(label, getattr(one, field) or "", getattr(other, field) or "") for label, field in fields]
    context = {"form": form, "look_alike": look_alike, "rows": rows}
    return render(request, "accounts/look_alike.html", context)


@guard(permissions.can_close_account, on=User)
def close_account(request, person):
    """Close somebody's account: access ends, name and address go, the record stays."""
    form = SureForm(posted(request), submit="Close this account")
    if request.method == "POST":
        try:
            people_actions.close_account(person=person, by=request.user, at=clock.now())
        except people.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The account was closed")
        return redirect("organisations")
    return render(request, "accounts/close_account.html", {"form": form, "person": person})
