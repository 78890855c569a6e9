"""`manage.py import_schools FILE [FILE]`: take in the national register's files of schools and of links."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import schools
from accounts.rules.schools import BadFile
from core import access, clock


class Command(BaseCommand):
    """Which file is which is seen from its headers."""

    help = "Take in the Establishment fields CSV, and optionally the links CSV, of Get Information about Schools"

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *, files, **options):
        by, at = access.System("accounts.import_schools"), clock.now()
        with ExitStack() as stack:
            try:
                opened = [stack.enter_context(Path(file).open("rb")) for file in files]
            except OSError as error:
                raise CommandError(f"Cannot open {error.filename}: {error.strerror}") from error
            try:
                summary = schools.import_schools(files=opened, by=by, at=at, progress=self._progress)
            except BadFile as reason:
                raise CommandError(f"{reason}. Nothing was changed") from reason
        self.stdout.write(
            f"Read {summary.read:,}: {summary.new:,} new, {summary.changed:,} changed, {summary.closed:,} closed, "
            f"{summary.trusts:,} new trusts, {summary.linked:,} linked, {summary.refused_rows:,} refused\n"
        )
        for line, reason in summary.refused:
            self.stderr.write(f"Line {line}: {reason}\n")

    def _progress(self, rows: int):
        self.stdout.write(f"{rows:,} rows read\n")
        self.stdout.flush()
