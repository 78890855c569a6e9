"""`manage.py open_authority --name … --la-code … --admin-email …`: a council comes in, with its first administrator."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import invitations, registration
from accounts.forms.organisations import OpenAuthorityForm
from accounts.rules.people import Refused
from accounts.states import Role
from core import access, clock


class Command(BaseCommand):
    """Makes the council and invites its administrator."""

    help = "Open a council and invite its first administrator"

    def add_arguments(self, parser):
        parser.add_argument("--name", required=True)
        parser.add_argument("--la-code", required=True)
        parser.add_argument("--admin-email", required=True)

    def handle(self, *, name, la_code, admin_email, **options):
        form = OpenAuthorityForm({"name": name, "la_code": la_code, "admin_email": admin_email})
        if not form.is_valid():
            raise CommandError(" ".join(message for errors in form.errors.values() for message in errors))
        by, at = access.System("accounts.open_authority"), clock.now()
        try:
            council = registration.open_authority(
                name=form.cleaned_data["name"], la_code=form.cleaned_data["la_code"], by=by, at=at
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        invitations.send_invitation(
            organisation=council, email=form.cleaned_data["admin_email"], roles=[Role.ADMIN], by=by, at=at
        )
        self.stdout.write(f"{council} is open; an invitation is on its way\n")
