"""Organisations: the list, one of them, and a provider that registers itself."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts import permissions, queries
from accounts.actions import registration
from accounts.filters import OrganisationFilter
from accounts.forms.fields import posted
from accounts.forms.organisations import EditOrganisationForm, EditProviderForm, RegisterForm
from accounts.models import Organisation
from accounts.rules import people
from accounts.states import OrganisationKind
from core import access, clock, lists
from core.access import guard


@guard(permissions.can_see_organisations)
def organisations(request):
    """The organisations that the person belongs to; for operators, all of them."""
    found = OrganisationFilter(request.GET, queryset=queries.organisations_for(user=request.user))
    page = lists.page(found.qs, request.GET, order=["name", "id"])
    return render(request, "accounts/organisations.html", {"filter": found, "page": page})


@guard(permissions.can_see_organisation, on=Organisation)
def organisation(request, organisation):
    """What is known of one organisation."""
    user = request.user
    context = {
        "organisation": organisation,
        "rows": _rows(organisation),
        "can_edit": permissions.can_edit_organisation(user, organisation),
        "can_see_record": permissions.can_see_record(user, organisation),
        "can_leave": permissions.can_leave(user, organisation),
    }
    return render(request, "accounts/organisation.html", context)


def _rows(organisation) -> list[dict]:
    """Label and value, blank ones left out."""
    age = [organisation.lowest_age, organisation.highest_age]
    address = [organisation.street, organisation.town, organisation.postcode]
    rows = [
        ("Kind", organisation.get_kind_display()),
        ("Part of", organisation.parent),
        ("Open", "" if organisation.is_open else "No, this organisation has closed"),
        ("Type", organisation.establishment_type),
        ("Phase", organisation.phase),
        ("Ages", f"{age[0]} to {age[1]}" if None not in age else ""),
        ("URN", organisation.urn),
        ("LAESTAB", f"{organisation.laestab[:3]}/{organisation.laestab[3:]}" if organisation.laestab else ""),
        ("UKPRN", organisation.ukprn),
        ("Companies House number", organisation.companies_house),
        ("Charity number", organisation.charity_number),
        ("Public procurement organisation number", organisation.ppon),
        ("Supplier information share code", organisation.share_code),
        ("Why there is no number", organisation.no_number_reason),
        ("Trust number", organisation.trust_code),
        ("Council code", organisation.la_code),
        ("Address", "\n".join(part for part in address if part)),
    ]
    return [{"key": key, "value": str(value)} for key, value in rows if value]


@guard(permissions.can_edit_organisation, on=Organisation)
def edit_organisation(request, organisation):
    """Change its name, numbers and address."""
    provider = organisation.kind == OrganisationKind.PROVIDER
    form = (EditProviderForm if provider else EditOrganisationForm)(posted(request), organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            registration.edit_organisation(
                organisation=organisation, changes=form.changes(), by=request.user, at=clock.now()
            )
        except people.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Your changes were saved")
            return redirect("organisation", organisation.pk)
    return render(request, "accounts/edit_organisation.html", {"form": form, "organisation": organisation})


@guard(access.signed_in)
def register_provider(request):
    """A provider registers itself: the form, check your answers, done.

    The answers travel in the form itself, so that going back loses nothing. The page is the same whether or not
    somebody like them is registered."""
    if not permissions.can_register_provider(request.user):
        return redirect("organisations" if permissions.can_see_organisations(request.user) else "home")
    form = RegisterForm(posted(request))
    step = request.POST.get("step", "")
    context = {"form": form, "invited": bool(request.session.get("invitation"))}
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/register_provider.html", context)
    if step == "change":
        return render(request, "accounts/register_provider.html", context)
    if step != "register":
        return render(request, "accounts/register_provider_check.html", context)
    try:
        made = registration.register_provider(**form.answers(), by=request.user, at=clock.now())
    except access.Denied:  # The form was sent twice: the first one made the organisation.
        return redirect("organisations")
    messages.success(request, f"{made.name} is registered")
    return redirect("organisation", made.pk)
