"""`manage.py run_daily`: what beat does for a day, by hand."""

from __future__ import annotations

import datetime as dt

from django.core.management.base import BaseCommand, CommandError

from core import clock
from lots.rules.refusals import Refused
from monitoring import running


class Command(BaseCommand):
    """The same as the portal does by itself every minute; twice is harmless."""

    help = (
        "Write down the sessions of a day and what is to be reported for it, and send the reminders that are due; a "
        "day that is over is marked caught up, and nobody is reminded of it"
    )

    def add_arguments(self, parser):
        parser.add_argument("--date", default="", metavar="YYYY-MM-DD", help="the day, today where none is given")

    def handle(self, *, date, **options):
        day = self.day(date) if date else clock.today()
        try:
            done = running.run_day(day, clock.now())
            reminded = running.remind(clock.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{day}: {done.sessions:,} sessions and {done.dues:,} reports written down, {done.called_off:,} sessions "
            f"called off, {done.dropped:,} reports not asked any more, "
            f"{reminded:,} reminders sent\n"
        )

    def day(self, date: str) -> dt.date:
        try:
            return dt.datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
        except ValueError:
            raise CommandError(f"{date} is not a day. Write it as YYYY-MM-DD, for example 2026-10-05") from None
