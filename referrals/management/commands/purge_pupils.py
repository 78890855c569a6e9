"""`manage.py purge_pupils`: remove what is known of pupils who are 25, as the portal does by itself every day."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from core import clock
from referrals import running
from referrals.queries import keeping


class Command(BaseCommand):
    """With --dry-run it counts and changes nothing."""

    help = "Remove what is known of pupils who are 25, and of referrals closed a year ago that no provider was told of"

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="count, change nothing")

    def handle(self, *, dry_run, **options):
        if dry_run:
            pupils = keeping.all_due(today=clock.today()).count()
            drafts = keeping.all_old_drafts(at=clock.now()).count()
            self.stdout.write(f"Pupils who are 25: {pupils:,}. Old referrals that nobody was told of: {drafts:,}\n")
            return
        done = running.purge_all()
        self.stdout.write(
            f"Removed: {done.pupils:,} pupils, {done.referrals:,} referrals, {done.documents:,} documents\n"
        )
