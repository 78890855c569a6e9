"""`manage.py import_postcodes FILE`: take in where postcodes are, from Ordnance Survey's Code-Point Open."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import postcodes
from accounts.rules.schools import BadFile
from core import access, clock


class Command(BaseCommand):
    """The ZIP archive as it is downloaded, one of its CSV files, or a CSV with headers."""

    help = "Take in Code-Point Open (the ZIP archive, or CSV), or a CSV with the headers code, easting, northing"

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *, file, dry_run, **options):
        by, path = access.System("accounts.import_postcodes"), Path(file)
        try:
            with path.open("rb") as opened:
                summary = postcodes.import_postcodes(
                    file=opened, name=path.name, by=by, at=clock.now(), dry_run=dry_run, progress=self._progress
                )
        except OSError as error:
            raise CommandError(f"Cannot open {error.filename}: {error.strerror}") from error
        except BadFile as reason:
            raise CommandError(f"{reason}. Nothing was changed") from reason
        self.stdout.write(
            f"Read {summary.read:,}: {summary.added:,} new, {summary.changed:,} changed, {summary.unknown:,} without a "
            f"place, {summary.refused_rows:,} refused; {summary.placed:,} organisations placed\n"
        )
        for name, line, reason in summary.refused:
            self.stderr.write(f"{name}, line {line}: {reason}\n")
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed\n")
        else:
            self.stdout.write("Sites of providers follow within the hour\n")

    def _progress(self, rows: int):
        self.stdout.write(f"{rows:,} rows read\n")
        self.stdout.flush()
