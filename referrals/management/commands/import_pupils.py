"""`manage.py import_pupils FILE --organisation URN`: bring in a list of pupils. Its output names rows and columns,
never anybody."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import access, clock
from lots.rules.refusals import Refused
from referrals.actions import bringing_in as actions
from referrals.permissions.sharing import IMPORT
from referrals.queries import bringing_in as queries
from referrals.rules import csv_pupils as rules

SHOWN = 200


class Command(BaseCommand):
    """The same as the page: all or nothing, unless the rows that are wrong are left out. The file stays where it is:
    delete it afterwards."""

    help = "Bring in pupils from a CSV file, for one school, trust or council"

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--organisation", required=True, metavar="URN", help="a school's URN, or the key of any")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--leave-out-wrong", action="store_true", help="bring in the rows that are right")

    def handle(self, *, file, organisation, dry_run, leave_out_wrong, **options):
        commissioner = queries.import_organisation(organisation)
        if commissioner is None:
            raise CommandError("There is no open school, trust or council with this URN or key")
        today = clock.today()
        try:
            with Path(file).open("rb") as opened:
                found = rules.read(opened.read(rules.MOST_BYTES + 1), today=today)
            checked = queries.held_against(found, commissioner=commissioner, today=today)
            self._say(checked)
            if dry_run:
                self.stdout.write("Nothing was changed: this was a dry run\n")
                return
            done = actions.import_pupils(
                organisation=commissioner,
                found=found,
                leave_out_wrong=leave_out_wrong,
                by=access.System(IMPORT),
                at=clock.now(),
            )
        except OSError as error:
            raise CommandError(f"Cannot open the file: {error.strerror}") from error
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Brought in: {len(done.new):,}\n")

    def _say(self, checked: queries.Checked) -> None:
        self.stdout.write(
            f"Rows: {checked.rows:,}. New: {len(checked.new):,}. Already there: {len(checked.already):,}. "
            f"Wrong: {checked.bad_rows:,}\n"
        )
        for problem in checked.problems[:SHOWN]:
            self.stderr.write(f"Row {problem.row}, {problem.label or 'whole row'}: {problem.words}\n")
