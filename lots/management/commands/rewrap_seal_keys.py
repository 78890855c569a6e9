"""`manage.py rewrap_seal_keys`: after a new key was put first in `SEAL_KEYS`."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from core import access, clock
from lots.actions import seal_keys


class Command(BaseCommand):
    """Twice is harmless. Fails when a key cannot be read, so that nobody throws away the `SEAL_KEYS` that it needs."""

    help = "Wrap the key of every framework by the newest of SEAL_KEYS"

    def handle(self, **options):
        done = seal_keys.rewrap_keys(by=access.System("lots.rewrap_seal_keys"), at=clock.now())
        self.stdout.write(f"Wrapped anew: {done.anew}. Under the newest key already: {done.already}\n")
        if done.unreadable:
            numbers = ", ".join(str(number) for number in done.unreadable)
            raise CommandError(
                f"None of SEAL_KEYS opens the key of framework {numbers}. Put back the one that is missing, or use "
                "recover_seal_key"
            )
