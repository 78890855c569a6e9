"""What production refuses to start with. The settings refuse what can be seen without a database (secrets, DEBUG);
here stands the rest: what is in the database, and every warning of Django's deployment check.

`manage.py preflight` runs it all; the container's entry point, gunicorn, workers and beat call it before they start.
"""

from __future__ import annotations

import sys

from django.conf import settings
from django.core.checks import WARNING, Warning, register, run_checks
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from accounts.models import User
from audit.models import Event
from lots.queries import sealing
from lots.states import FrameworkState

# The demo world is made of people whose addresses end in `.example`, which no real address can (RFC 2606), and its
# loading is one of the first things in the record.
DEMO_ADDRESS = ".example"
DEMO_EVENTS = ["accounts.demo.begun", "accounts.demo.loaded"]
FIRST_EVENTS = 10_000


def holds_demo_data() -> bool:
    """The database holds people of the demo world, or its record began with one."""
    if User.objects.filter(email__endswith=DEMO_ADDRESS).exists():
        return True
    first = Event.objects.order_by("pk").values_list("pk", flat=True).first()
    return first is not None and Event.objects.filter(pk__lt=first + FIRST_EVENTS, action__in=DEMO_EVENTS).exists()


def unreadable_keys() -> list[str]:
    """The frameworks open for applications whose key `SEAL_KEYS` do not open: nobody could save or submit one."""
    return [
        f"SEAL_KEYS do not open the key of framework {pk}: its sealed applications cannot be read"
        for pk in sealing.all_unreadable(FrameworkState.PUBLISHED)
    ]


def reasons() -> list[str]:
    """Why this must not serve people; empty when it may."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return ["The database is not migrated: run `manage.py migrate` first"]
        demo, found = holds_demo_data(), unreadable_keys()
    except DatabaseError as error:
        return [f"The database cannot be used ({type(error).__name__})"]
    if demo:
        found.append("The database holds demo data: its people sign in with passwords that everybody knows")
    messages = run_checks(include_deployment_checks=True, databases=["default"])
    serious = [message for message in messages if message.level >= WARNING and not message.is_silenced()]
    return found + [f"{message.id}: {message.msg}" for message in serious]


def stop_if_unfit() -> None:
    """End the process (SystemExit) with one line for each reason. Outside production nothing is asked."""
    if not settings.PRODUCTION:
        return
    try:
        found = reasons()
    finally:
        connections.close_all()
    if found:
        sys.exit("Production does not start.\n" + "\n".join(f"- {reason}" for reason in found))


@register("letters", deploy=True)
def letters_have_a_way_out(app_configs, **kwargs):
    """A deployment whose letters come from nobody, or whose Notify has no template, would send none."""
    found = []
    if settings.NOTIFY_API_KEY and not settings.NOTIFY_EMAIL_TEMPLATE:
        found.append(Warning("NOTIFY_API_KEY is set without NOTIFY_EMAIL_TEMPLATE", id="outbox.W001"))
    if not settings.NOTIFY_API_KEY and "localhost" in settings.DEFAULT_FROM_EMAIL:
        found.append(Warning("FROM_EMAIL is not set: letters would come from nobody", id="outbox.W002"))
    return found


@register("files", deploy=True)
def files_are_scanned(app_configs, **kwargs):
    """A deployment whose files nobody scans must have said so."""
    if settings.CLAMD_URL or settings.CLAMD_OFF:
        return []
    return [
        Warning(
            "CLAMD_URL is not set: uploaded files would not be scanned (`off` says that it is meant)", id="files.W001"
        )
    ]
