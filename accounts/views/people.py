"""The people of an organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from accounts import permissions, queries, states
from accounts.actions import people as actions
from accounts.filters import PeopleFilter
from accounts.forms.fields import posted
from accounts.forms.people import RolesForm, SchoolsForm, SureForm
from accounts.models import Membership, Organisation
from accounts.rules import people as rules
from core import clock, lists
from core.access import guard

INVITATIONS_SHOWN = 50


@guard(permissions.can_see_organisation, on=Organisation)
def people(request, organisation):
    """Who has which role since when, and who has been invited."""
    user, at = request.user, clock.now()
    manages = permissions.can_manage_people(user, organisation)
    can_invite = manages or permissions.can_invite(user, organisation)
    found = PeopleFilter(
        request.GET,
        queryset=queries.people_of(organisation, user=user),
        organisation=organisation,
        addresses=manages or permissions.is_operator(user),
    )
    invitations = []
    if can_invite:
        invitations = list(queries.invitations_of(organisation, user=user)[:INVITATIONS_SHOWN])
    for invitation in invitations:
        invitation.labels = [states.Role(role).label for role in invitation.roles]
        invitation.has_run_out = invitation.expires_at <= at
    context = {
        "organisation": organisation,
        "filter": found,
        "page": lists.page(found.qs, request.GET, order=["person_name", "id"]),
        "invitations": invitations,
        "manages": manages,
        "is_operator": permissions.is_operator(user),
        "sees_addresses": manages or permissions.is_operator(user),
        "can_invite": can_invite,
        "is_trust": organisation.kind == states.OrganisationKind.TRUST,
    }
    return render(request, "accounts/people.html", context)


def _person(request, organisation, pk):
    found = queries.person_in(organisation, pk, user=request.user)
    if found is None:
        raise Http404
    return found


@guard(permissions.can_manage_people, on=Organisation)
def person_roles(request, organisation, person):
    """Change what somebody may do."""
    person = _person(request, organisation, person)
    held = [membership.role for membership in queries.roles_in(organisation, person)]
    form = RolesForm(posted(request), organisation=organisation, initial={"roles": held})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_roles(
                organisation=organisation,
                person=person,
                roles=form.cleaned_data["roles"],
                by=request.user,
                at=clock.now(),
            )
        except rules.Refused as refusal:
            form.add_error("roles", str(refusal))
        else:
            messages.success(request, f"{person} has new roles")
            return redirect("organisation" if person == request.user else "people", organisation.pk)
    context = {"form": form, "organisation": organisation, "person": person}
    return render(request, "accounts/person_roles.html", context)


@guard(permissions.can_manage_people, on=Organisation)
def remove_person(request, organisation, person):
    """End somebody's access to the organisation."""
    person = _person(request, organisation, person)
    form = SureForm(posted(request), submit="End access")
    if request.method == "POST":
        try:
            actions.remove_person(organisation=organisation, person=person, by=request.user, at=clock.now())
        except rules.Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("people", organisation.pk)
        messages.success(request, f"{person} no longer has access to {organisation}")
        return redirect(
            "home" if person == request.user else "people", *([] if person == request.user else [organisation.pk])
        )
    context = {"form": form, "organisation": organisation, "person": person}
    return render(request, "accounts/remove_person.html", context)


@guard(permissions.can_leave, on=Organisation)
def leave_organisation(request, organisation):
    """Give up one's own access."""
    form = SureForm(posted(request), submit="Leave")
    if request.method == "POST":
        try:
            actions.leave_organisation(organisation=organisation, by=request.user, at=clock.now())
        except rules.Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("people", organisation.pk)
        messages.success(request, f"You have left {organisation}")
        return redirect("home")
    return render(request, "accounts/leave_organisation.html", {"form": form, "organisation": organisation})


@guard(permissions.can_list_schools, on=Membership)
def person_schools(request, membership):
    """The schools that one of a trust's people may see in one role."""
    trust = membership.organisation
    listed = list(membership.schools.all())
    form = SchoolsForm(posted(request), trust=trust, initial={"schools": [str(school.pk) for school in listed]})
    if request.method == "POST" and form.is_valid():
        actions.list_schools(
            membership=membership, schools=form.cleaned_data["schools"], by=request.user, at=clock.now()
        )
        messages.success(request, f"The list of schools for {membership.user} was saved")
        return redirect("people", trust.pk)
    return render(request, "accounts/person_schools.html", {"form": form, "membership": membership})
