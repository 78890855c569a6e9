"""`manage.py deactivate EMAIL`: close and pseudonymise an account."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import people
from accounts.models import User
from accounts.rules.people import Refused
from core import access, clock


class Command(BaseCommand):
    """The same as the operators' page."""

    help = "Close an account: access and sessions end, name and address go, the record stays"

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *, email, **options):
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError("Nobody has an account with that address")
        try:
            people.close_account(person=person, by=access.System("accounts.deactivate"), at=clock.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Closed: person {person.pk}\n")
