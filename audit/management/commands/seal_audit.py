"""`manage.py seal_audit`: seal everything that has no seal, however old."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from audit import actions
from core import clock
from core.access import System


class Command(BaseCommand):
    """What beat does every minute, but looking at the whole record and not at its last day."""

    help = "Seal every event of the audit record that has no seal yet."

    def handle(self, **options):
        sealed = 0
        while batch := actions.seal(by=System("audit.seal"), at=clock.now(), look_back=None):
            sealed += batch
        self.stdout.write(f"Sealed {sealed} {'event' if sealed == 1 else 'events'}")
