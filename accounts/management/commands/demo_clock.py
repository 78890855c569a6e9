"""`manage.py demo_clock 35m`: move the demo’s clock on, so that one need not wait for what comes later. Refuses outside
MODE=demo."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import clock

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
MOST = dt.timedelta(days=3660)


class Command(BaseCommand):
    """The clock only goes on: what was written down at one moment never comes before what was written before it. `now`
    brings it back to the real time, for a demo that is loaded anew."""

    help = "Move the demo’s clock on by minutes, hours or days (35m, 2h, 1d), or back to the real time (now)"

    def add_arguments(self, parser):
        parser.add_argument("by", help="35m, 2h, 1d, or now")

    def handle(self, *, by, **options):
        if not settings.DEMO:
            raise CommandError("The clock is moved with MODE=demo only")
        file = Path(settings.DEMO_CLOCK_FILE)
        if by == "now":
            file.unlink(missing_ok=True)
        else:
            found = re.fullmatch(r"\+?(\d{1,6})([mhd])", by)
            if not found:
                raise CommandError(f"Say how far: 35m, 2h or 1d, not {by}")
            on = clock.now() - timezone.now() + dt.timedelta(**{UNITS[found[2]]: int(found[1])})
            if on > MOST:
                raise CommandError("That is more than ten years ahead")
            file.write_text(str(round(on.total_seconds())))
        self.stdout.write(f"In the demo it is now {timezone.localtime(clock.now()):%A %d %B %Y, %H:%M}\n")
