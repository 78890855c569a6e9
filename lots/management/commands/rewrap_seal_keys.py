"""`manage.py rewrap_seal_keys`: after a new key was put first in `SEAL_KEYS`."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from core import access, clock
from lots.actions import seal_keys


class Command(BaseCommand):
    """Twice is harmless. Fails when something cannot be read, so that nobody throws away the `SEAL_KEYS` that it needs.
    What higher apps have sealed is sealed anew by the functions that `settings.RESEAL` names: each yields what, how
    many, and the keys of the rows that nothing opens."""

    help = "Wrap the key of every framework by the newest of SEAL_KEYS, and seal everything else of pupils anew"

    def handle(self, **options):
        done = seal_keys.rewrap_keys(by=access.System("lots.rewrap_seal_keys"), at=clock.now())
        self.stdout.write(f"Wrapped anew: {done.anew}. Under the newest key already: {done.already}\n")
        lost = [f"the key of framework {_numbers(done.unreadable)}"] if done.unreadable else []
        for name in settings.RESEAL:
            for what, anew, unreadable in import_string(name)():
                if anew:
                    self.stdout.write(f"Sealed anew: {anew:,} {what}\n")
                lost += [f"{what} {_numbers(unreadable)}"] if unreadable else []
        if lost:
            raise CommandError(
                f"None of SEAL_KEYS opens {'; '.join(lost)}. Put back the one that is missing. For a framework, "
                "recover_seal_key helps too"
            )


def _numbers(keys) -> str:
    return ", ".join(str(number) for number in keys)
