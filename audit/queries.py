"""Reading the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection
from django.db.models import Exists, OuterRef

from audit import rules, triggers
from audit.models import Event, Seal, SealItem
from audit.rules import Fault


def sealed_before(at: dt.datetime) -> int:
    """The highest event id under a seal made before this time; 0 when there is none. Whoever looks for unsealed events
    above it reads a day of the record instead of all of it."""
    seal = Seal.objects.filter(at__lt=at).order_by("-at").first()
    return seal.last_event_id if seal else 0


def unsealed(*, above: int, limit: int) -> list[dict]:
    """The next events without a seal whose id is above this one, in order of id."""
    waiting = Event.objects.filter(~Exists(SealItem.objects.filter(event=OuterRef("pk"))), pk__gt=above)
    return list(waiting.order_by("id").values(*rules.FIELDS)[:limit])


def faults(*, since: int = 0, noted: str = "", unsealed_before: dt.datetime) -> Iterator[Fault]:
    """Everything that is wrong with the record, seal by seal, in constant memory.

    `since` is the seal after which to begin. `noted` is a hash that somebody wrote down elsewhere: the chain must hold
    it, else its end was cut off or all of it made anew. Events from before `unsealed_before` must be under a seal.
    """
    for trigger in triggers.missing(connection):
        yield Fault("trigger", f"There is no whole trigger {trigger}: the record could be changed")
    if noted and not Seal.objects.filter(hash=noted).exists():
        yield Fault("head", f"No seal has the hash that was noted, {noted}")
    before = Seal.objects.filter(pk__lte=since).order_by("-id").first()
    previous = before.hash if before else rules.GENESIS
    columns = ("id", "at", "previous_hash", "hash", "events")
    for seal in Seal.objects.filter(pk__gt=before.pk if before else 0).order_by("id").values(*columns).iterator():
        items = dict(SealItem.objects.filter(seal=seal["id"]).values_list("event_id", "digest"))
        events = Event.objects.filter(sealed__seal=seal["id"]).values(*rules.FIELDS)
        yield from rules.faults_of_seal(seal, previous, items, {e["id"]: rules.digest(e) for e in events.iterator()})
        previous = seal["hash"]
    waiting = Event.objects.filter(
        ~Exists(SealItem.objects.filter(event=OuterRef("pk"))),
        pk__gt=before.last_event_id if before else 0,
        at__lt=unsealed_before,
    )
    for event in waiting.order_by("id").values("id", "at").iterator():
        yield Fault("unsealed", f"Event {event['id']} of {rules.moment(event['at'])} has not been sealed")


def head() -> Seal | None:
    """The last seal: its hash stands for the whole record up to it."""
    return Seal.objects.order_by("-id").first()


def who_has_seen(thing, *, most: int = 50) -> list[Event]:
    """The last times that somebody was shown this thing's classified fields, newest first. Whoever may see the thing
    may see this; the page that shows it has the door."""
    kind = thing._meta.label_lower
    seen = Event.objects.filter(about_type=kind, about_id=thing.pk, action=f"{kind}.read")
    return list(seen.select_related("by").order_by("-at", "-id")[:most])
