"""`manage.py tick`: everything that beat would start, in one pass, without any broker; harmless beside beat.

What runs stands in `settings.TICK`, alarms first: dotted names of functions without arguments that may run at any time,
twice, and beside themselves. One that fails is logged and does not keep the others from running.
"""

import logging
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils.module_loading import import_string

log = logging.getLogger("portal.tick")


class Command(BaseCommand):
    help = "Alarms, mail and housekeeping in one pass, without any broker. With --every, again and again."

    def add_arguments(self, parser):
        parser.add_argument("--every", type=int, default=0, metavar="SECONDS", help="go on, once every so many seconds")
        parser.add_argument("--heartbeat", type=Path, metavar="FILE", help="touched after every pass that went well")

    def handle(self, *, every, heartbeat, **options):
        while True:
            began = time.monotonic()
            failed = self.one_pass()
            if heartbeat and not failed:
                heartbeat.parent.mkdir(parents=True, exist_ok=True)
                heartbeat.touch()
            if not every:
                break
            time.sleep(max(1, every - (time.monotonic() - began)))
        if failed:
            raise CommandError(f"Failed: {', '.join(failed)}. The log says why; the others ran.")

    def one_pass(self) -> list[str]:
        """Run each, and name those that failed."""
        failed = []
        for name in settings.TICK:
            close_old_connections()
            try:
                import_string(name)()
            except Exception:
                log.exception("tick failed", extra={"what": name})
                failed.append(name)
        return failed
