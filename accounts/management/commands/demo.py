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
from outbox import delivery
from outbox.states import Queue


class Command(BaseCommand):
    """Each world of `settings.DEMO_WORLDS` is loaded once and marks the database before and after. Only a database that
    bears such a mark is ever emptied: on request, or when loading broke off half way."""

    help = "Load the made-up people and organisations of the demo, and print who can sign in"

    def add_arguments(self, parser):
        parser.add_argument("--if-needed", action="store_true", help="load only what was not loaded before")
        parser.add_argument("--reset", action="store_true", help="empty the database first")

    def handle(self, *, if_needed, reset, **options):
        if not settings.DEMO:
            raise CommandError("The demo world is made up: it is loaded with MODE=demo only")
        begun, loaded = queries.demo_worlds("begun"), queries.demo_worlds("loaded")
        if queries.anybody_here() and not begun:
            raise CommandError("There are people in this database and it is no demo: nothing was loaded or removed")
        if reset or begun - loaded:
            triggers.remove(connection)
            call_command("flush", interactive=False, verbosity=0)
            triggers.install(connection)
            loaded = set()
        if loaded and not if_needed:
            raise CommandError("The demo world is here already. Add --if-needed to print it, --reset to begin anew")
        at, today = clock.now(), clock.today()
        for path in settings.DEMO_WORLDS:
            if path not in loaded:
                demo.mark_demo(world=path, finished=False, by=demo.SYSTEM, at=at)
                import_string(path)(at=at, today=today)
                demo.mark_demo(world=path, finished=True, by=demo.SYSTEM, at=at)
        for queue in Queue:  # the worlds' letters are as old as what they tell of: they have long arrived
            delivery.sweep(queue)
        self._print_sign_ins()

    def _print_sign_ins(self):
        table = world.sign_ins()
        wide = max(len(who) for who, _ in table)
        self.stdout.write("\nSign in as (everybody and everything is made up):\n\n")
        for who, email in table:
            self.stdout.write(f"  {who:<{wide}}  {email}\n")
        self.stdout.write(f"\n  Password of all of them: {world.PASSWORD}\n\n")
