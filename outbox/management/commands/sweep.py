"""`manage.py sweep alarms`: send what is due in one queue, once, without any broker."""

from django.core.management.base import BaseCommand

from outbox import delivery
from outbox.states import Queue


class Command(BaseCommand):
    help = "Send what is due in one queue, once, without any broker."

    def add_arguments(self, parser):
        parser.add_argument("queue", choices=[str(queue.value) for queue in Queue])

    def handle(self, *, queue, **options):
        done = delivery.sweep(Queue(queue))
        self.stdout.write(
            ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in done.items()) or "Nothing to do"
        )
