"""`manage.py verify_audit`: is the record as it was written?"""

from __future__ import annotations

import datetime as dt

from django.core.management.base import BaseCommand, CommandError

from audit import queries
from core import clock


class Command(BaseCommand):
    """Names what is wrong, one line each, and ends with exit code 1; prints the head of the chain."""

    help = "Walk the seals of the audit record and name every event that was changed, is missing or is not sealed."
    requires_system_checks = []  # a missing trigger is named below, with everything else

    def add_arguments(self, parser):
        parser.add_argument("--since", type=int, default=0, metavar="SEAL", help="begin after this seal")
        parser.add_argument("--noted", default="", metavar="HASH", help="a head noted earlier, which must be there")
        parser.add_argument(
            "--unsealed-minutes", type=int, default=10, metavar="N", help="an event older than this must be sealed"
        )

    def handle(self, *, since, noted, unsealed_minutes, **options):
        found = 0
        patience = clock.now() - dt.timedelta(minutes=unsealed_minutes)
        for fault in queries.faults(since=since, noted=noted, unsealed_before=patience):
            found += 1
            self.stdout.write(fault.words)
        head = queries.head()
        if head:
            self.stdout.write(f"Head: seal {head.pk}, {head.hash}")
        if found:
            raise CommandError(f"The record has {found} {'fault' if found == 1 else 'faults'}")
        self.stdout.write("The record is whole" if head else "The record is whole; nothing has been sealed yet")
