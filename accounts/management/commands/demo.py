"""`manage.py demo`: load the demo world and print who can sign in. Refuses outside MODE=demo."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.module_loading import import_string

from accounts import demo as world
from accounts import queries
from accounts.actions import demo
from audit import triggers
from core import clock


class Command(BaseCommand):
    """Each world of `settings.DEMO_WORLDS` is loaded once and marks the database."""

    help = "Load the made-up people and organisations of the demo, and print who can sign in"

    def add_arguments(self, parser):
        parser.add_argument("--if-needed", action="store_true", help="load only what was not loaded before")
        parser.add_argument("--reset", action="store_true", help="empty the database first")

    def handle(self, *, if_needed, reset, **options):
        if not settings.DEMO:
            raise CommandError("The demo world is made up: it is loaded with MODE=demo only")
        stopped_half_way = not queries.demo_worlds_loaded() and queries.anybody_here()
        if reset or stopped_half_way:
            triggers.remove(connection)
            call_command("flush", interactive=False, verbosity=0)
            triggers.install(connection)
        loaded = queries.demo_worlds_loaded()
        if loaded and not if_needed:
            raise CommandError("The demo world is here already. Add --if-needed to print it, --reset to begin anew")
        at, today = clock.now(), clock.today()
        for path in settings.DEMO_WORLDS:
            if path not in loaded:
                import_string(path)(at=at, today=today)
                demo.mark_demo(world=path, by=demo.SYSTEM, at=at)
        self._print_sign_ins()

    def _print_sign_ins(self):
        table = world.sign_ins()
        wide = max(len(who) for who, _ in table)
        self.stdout.write("\nSign in as (everybody and everything is made up):\n\n")
        for who, email in table:
            self.stdout.write(f"  {who:<{wide}}  {email}\n")
        self.stdout.write(f"\n  Password of all of them: {world.PASSWORD}\n\n")
