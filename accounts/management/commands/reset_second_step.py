"""`manage.py reset_second_step EMAIL --reason TEXT`: for somebody who has lost app, passkeys and recovery codes."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import sign_in
from accounts.models import User
from core import access, clock
from core.text import BadText
from core.text import name as clean


class Command(BaseCommand):
    """Whoever runs it has made sure, by other means than email, who asks."""

    help = "Remove a person's second steps and end their sessions; they set up new ones when they next sign in"

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="how you made sure who asks; kept in the record")

    def handle(self, *, email, reason, **options):
        person = User.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise CommandError("Nobody has an account with that address")
        try:
            reason = clean(reason, what="The reason", longest=200)
        except BadText as error:
            raise CommandError(str(error)) from error
        number = sign_in.reset_second_step(
            person=person, reason=reason, by=access.System("accounts.reset_second_step"), at=clock.now()
        )
        self.stdout.write(f"Removed: {number}\n")
