"""Invitations: sent, withdrawn, opened from the letter, accepted."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render

from accounts import permissions, queries, states
from accounts.actions import invitations
from accounts.forms.fields import posted
from accounts.forms.people import InviteForm, SureForm
from accounts.models import Invitation, Organisation
from accounts.rules import people
from core import clock
from core.access import guard, public

KEPT_AS = "invitation"


@guard(permissions.can_invite, on=Organisation)
def invite(request, organisation):
    """Invite somebody to the organisation."""
    form = InviteForm(posted(request), organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            invitations.send_invitation(
                organisation=organisation,
                email=form.cleaned_data["email"],
                roles=form.cleaned_data["roles"],
                schools=form.cleaned_data.get("schools", ()),
                by=request.user,
                at=clock.now(),
            )
        except people.Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"We have sent an invitation to {form.cleaned_data['email']}")
            return redirect("people", organisation.pk)
    return render(request, "accounts/invite.html", {"form": form, "organisation": organisation})


@guard(permissions.can_withdraw_invitation, on=Invitation)
def resend_invitation(request, invitation):
    """Send it again with a new link; the old link stops working."""
    form = SureForm(posted(request), submit="Send again", warning=False)
    if request.method == "POST":
        try:
            invitations.send_invitation(
                organisation=invitation.organisation,
                email=invitation.email,
                roles=invitation.roles,
                schools=invitation.schools.all(),
                by=request.user,
                at=clock.now(),
            )
        except people.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"We have sent a new invitation to {invitation.email}")
        return redirect("people", invitation.organisation_id)
    return render(request, "accounts/resend_invitation.html", {"form": form, "invitation": invitation})


@guard(permissions.can_withdraw_invitation, on=Invitation)
def withdraw_invitation(request, invitation):
    """Stop its link from working."""
    form = SureForm(posted(request), submit="Withdraw invitation")
    if request.method == "POST":
        try:
            invitations.withdraw_invitation(invitation=invitation, by=request.user, at=clock.now())
        except people.Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The invitation was withdrawn")
        return redirect("people", invitation.organisation_id)
    return render(request, "accounts/withdraw_invitation.html", {"form": form, "invitation": invitation})


@public("the link from the letter: keeps its secret in the session, away from the address bar")
def open_invitation(request, token):
    """Take the secret out of the address, where it could be seen and passed on, and go to the invitation.

    A secret that opens nothing is not kept: a session is made for nobody who merely asks."""
    if queries.invitation_for_token(token, at=clock.now()) is not None:
        request.session[KEPT_AS] = token
    else:
        request.session.pop(KEPT_AS, None)
    return redirect("accept_invitation")


@public("whoever was invited may have no account yet; only holders of the letter's secret see anything")
def accept_invitation(request):
    """Says who invites, and what to do next: sign in, sign up, or accept."""
    at = clock.now()
    invitation = queries.invitation_for_token(request.session.get(KEPT_AS, ""), at=at)
    if invitation is None:
        return render(request, "accounts/invitation_not_usable.html", status=404)
    form = SureForm(posted(request), submit="Accept invitation", warning=False)
    context = {
        "form": form,
        "organisation": invitation.organisation,
        "roles": [states.Role(role).label for role in invitation.roles],
        "address": people.masked(invitation.email),
    }
    if not request.user.is_authenticated:
        return render(request, "accounts/accept_invitation_first.html", context)
    if not permissions.can_accept_invitation(request.user, invitation):
        return render(request, "accounts/accept_invitation_other.html", context, status=403)
    if request.method == "POST":
        try:
            organisation = invitations.accept_invitation(invitation=invitation, by=request.user, at=at)
        except people.Refused:
            return render(request, "accounts/invitation_not_usable.html", status=404)
        request.session.pop(KEPT_AS, None)
        messages.success(request, f"You have joined {organisation.name}")
        return redirect("organisation", organisation.pk)
    return render(request, "accounts/accept_invitation.html", context)
