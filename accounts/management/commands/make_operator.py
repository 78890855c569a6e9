"""`manage.py make_operator EMAIL`: make somebody who has signed up an operator of the deployment."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import people
from accounts.models import User
from core import access, clock


class Command(BaseCommand):
    """The first operator has nobody above them, so this is a command and not a page."""

    help = "Make somebody who has signed up an operator: list of schools, look-alikes, letters that were not sent"

    def add_arguments(self, parser):
        parser.add_argument("email")

    def handle(self, *, email, **options):
        person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if person is None:
            raise CommandError("Nobody has an account with that address. They must sign up first")
        people.make_operator(person=person, by=access.System("accounts.make_operator"), at=clock.now())
        self.stdout.write(f"{person.email} is now an operator\n")
