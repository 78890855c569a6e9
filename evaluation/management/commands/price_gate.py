"""`manage.py price_gate FILE.csv [--margin N]`: the price check of a list, one JSON object for each price."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from evaluation.rules import price_file as rules

MOST_BYTES = 250 * 1024**2
_AT_ONCE = 5000  # lines written together
_REFUSED = 2


class Command(BaseCommand):
    """It asks no database and keeps nothing. Whatever is wrong with the list is said with its line, the exit code is
    2, and nothing is printed."""

    help = "Check prices against the average of their pool: a CSV with the columns pool, provider and price (pounds)"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--margin",
            type=_margin,
            default=rules.MARGIN,
            metavar="N",
            help="how many per cent a price may be above the average, as a whole number (20 unless said)",
        )

    def handle(self, *, file, margin, **options):
        try:
            with file.open("rb") as opened:
                if os.fstat(opened.fileno()).st_size > MOST_BYTES:
                    raise CommandError(f"{file} is larger than {MOST_BYTES // 1024**2} MB", returncode=_REFUSED)
                prices = rules.read_csv(opened)
        except OSError as error:
            raise CommandError(f"Cannot open {file}: {error.strerror}", returncode=_REFUSED) from error
        except rules.BadPriceFile as bad:
            said = f"{bad}\nThere may be more." if bad.more else str(bad)
            raise CommandError(f"{said}\nNothing was checked.", returncode=_REFUSED) from bad
        lines = (json.dumps(result.as_json()) + "\n" for result in rules.checked(prices, margin=margin))
        try:
            while some := "".join(itertools.islice(lines, _AT_ONCE)):
                self.stdout.write(some, ending="")
            self.stdout.flush()
        except BrokenPipeError:  # whoever reads has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _margin(text: str) -> int:
    try:
        return rules.margin_of(text)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from None
