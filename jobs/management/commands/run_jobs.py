"""`manage.py run_jobs`: do the long work that waits, without any broker."""

from django.core.management.base import BaseCommand

from jobs import running


class Command(BaseCommand):
    help = "Do the long work that waits, once, without any broker; harmless beside workers."

    def handle(self, **options):
        done = running.sweep(seconds=float("inf"))
        self.stdout.write(f"Taken up: {done}" if done else "Nothing to do")
