"""`manage.py recover_seal_key FRAMEWORK FILE`: the key of a framework comes back after `SEAL_KEYS` were lost."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import access, clock
from lots.actions import seal_keys
from lots.models import Framework
from lots.rules import recovery as rules
from lots.rules.refusals import Refused


class Command(BaseCommand):
    """Both people are there, and each types their own passphrase. Without a terminal two lines are read instead."""

    help = "Bring a framework's key back from its recovery file and both passphrases, under the present SEAL_KEYS"

    def add_arguments(self, parser):
        parser.add_argument("framework", type=int, help="the framework's number, as its address shows it")
        parser.add_argument("file", type=Path, help="the recovery file")

    def handle(self, *, framework, file, **options):
        found = Framework.objects.filter(pk=framework).first()
        if found is None:
            raise CommandError(f"There is no framework {framework}")
        try:
            with file.open("rb") as opened:
                data = opened.read(rules.LARGEST)
        except OSError as error:
            raise CommandError(f"The file cannot be read ({type(error).__name__})") from error
        first, second = _asked("Passphrase of the first person: "), _asked("Passphrase of the second person: ")
        try:
            seal_keys.recover_key(
                framework=found,
                file=data,
                first=first,
                second=second,
                by=access.System("lots.recover_seal_key"),
                at=clock.now(),
            )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The key of framework {framework} is back\n")


def _asked(question: str) -> str:
    """A passphrase, typed without being shown, or the next line of what is piped in."""
    if sys.stdin.isatty():
        return getpass.getpass(question)
    return sys.stdin.readline().removesuffix("\n").removesuffix("\r")
