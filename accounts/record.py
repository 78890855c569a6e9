"""An organisation's record as people read it: who did what to which thing, in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from accounts import permissions
from accounts.models import Invitation, Membership, User
from accounts.states import Role
from audit import words
from audit.filters import Person, midnight
from audit.models import Event

_CHUNK = 1000
_ROLES = {role.value: role.label for role in Role}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ROLE_KEYS = {"role", "roles", "given", "ended"}
_SECOND_STEPS = {"totp": "authenticator app", "webauthn": "passkey", "recovery_codes": "recovery codes"}
# How a label of an event's data reads, in this order before all others; nothing where the value says it by itself.
_LABELS = {"name": "", "starts_on": "first day", "ends_on": "last day", "way": "with", "kind": "", "kinds": ""}


@dataclass(frozen=True)
class Line:
    """One event in words. `thing` is what the filter panel takes to show everything about the same thing."""

    at: dt.datetime
    who: str
    what: str
    about: str
    details: str
    thing: str
    number: int


def events_of(organisation, *, user) -> QuerySet[Event]:
    """What `user` may read of events; the filter narrows it to the organisation. Nothing for those who may not see its
    record; for operators nothing of what is the organisation's own affair, such as what it bids for."""
    if not permissions.can_see_record(user, organisation):
        return Event.objects.none()
    if permissions.manages_people(user, organisation):
        return Event.objects.all()
    return without_own(Event.objects.all())


def without_own(events: QuerySet[Event]) -> QuerySet[Event]:
    """Without what only the people of an organisation may read (`audit.words.own`)."""
    for beginning in words.own():
        events = events.exclude(action__startswith=beginning)
    return events


def own_events(*, user, done_by_others: bool) -> QuerySet[Event]:
    """What the person did, or what others did about them, in every organisation. Two lists: each is read off one
    index, so that a page costs the same however much there is."""
    if done_by_others:
        return Event.objects.filter(about_type="accounts.user", about_id=user.pk)
    return Event.objects.filter(by=user.pk)


def people_in_record(organisation, *, user) -> list[Person]:
    """Everybody who ever held a role in an organisation whose record `user` may see, by name, from the first day of
    the first role to the end of the last."""
    if not permissions.can_see_record(user, organisation):
        return []
    spans: dict[int, Person] = {}
    rows = Membership.objects.filter(organisation=organisation).order_by("user__name", "user_id", "id")
    for pk, name, email, since, until in rows.values_list(
        "user_id", "user__name", "user__email", "given_at", "ended_at"
    ):
        before = spans.get(pk)
        if before:
            since = min(since, before.since)
            until = max(until, before.until) if until and before.until else None
        spans[pk] = Person(pk=pk, name=name or email, since=since, until=until)
    return list(spans.values())


def in_words(events: Iterable[Event], names: dict[int, str], organisation=None) -> list[Line]:
    """Events as lines. `names` are those of people already known; what is missing is asked for once."""
    events = list(events)
    mentioned = {_person_in(event) for event in events} | {event.by_id for event in events}
    mentioned -= {None, *names}
    if mentioned:
        names = names | {person.pk: str(person) for person in User.objects.filter(pk__in=mentioned)}
    invited = _addresses(events)
    return [
        Line(
            at=event.at,
            who=_who(event, names),
            what=words.happened(event.action),
            about=(_is_invitation(event) and invited.get(event.about_id)) or _about(event, names, organisation),
            details=_details(event, names),
            thing=f"{event.about_type}-{event.about_id}" if event.about_id else "",
            number=event.pk,
        )
        for event in events
    ]


def streamed(events: QuerySet[Event], names: dict[int, str], organisation) -> Iterator[Line]:
    """All lines, newest first, a thousand in memory at a time."""
    rows = events.order_by("-at", "-id").iterator(chunk_size=_CHUNK)
    while chunk := list(islice(rows, _CHUNK)):
        yield from in_words(chunk, names, organisation)


def days(organisation, *, user, today: dt.date, number: int) -> list[tuple[dt.date, int]]:
    """How many events were recorded on each of the last days, in England, oldest first."""
    first = today - dt.timedelta(days=number - 1)
    counted = dict(
        events_of(organisation, user=user)
        .filter(organisation_id=organisation.pk, at__gte=midnight(first), at__lt=midnight(today + dt.timedelta(days=1)))
        .order_by()
        .annotate(day=TruncDate("at"))
        .values_list("day")
        .annotate(Count("id"))
    )
    return [(day, counted.get(day, 0)) for day in (first + dt.timedelta(days=i) for i in range(number))]


def _is_invitation(event: Event) -> bool:
    return event.about_type == "accounts.invitation"


def _addresses(events: list[Event]) -> dict[int, str]:
    """Whom invitations were sent to. The record holds their ids alone; the address stands where it can be blanked."""
    sent = {event.about_id for event in events if _is_invitation(event)}
    if not sent:
        return {}
    rows = Invitation.objects.filter(pk__in=sent).values_list("pk", "email")
    return {pk: f"Invitation to {email}" for pk, email in rows}


def _person_in(event: Event) -> int | None:
    """The person whom an event is about or speaks of."""
    person = event.about_id if event.about_type == "accounts.user" else event.data.get("person")
    return person if isinstance(person, int) else None


def _who(event: Event, names: dict[int, str]) -> str:
    if event.by_id:
        return names[event.by_id]
    return "Somebody who had not signed in" if event.by_label == "anonymous" else "The portal"


def _about(event: Event, names: dict[int, str], organisation) -> str:
    if event.about_type == "accounts.user":
        return names.get(event.about_id, f"Person {event.about_id}")
    if event.about_type == "accounts.organisation" and organisation and event.about_id == organisation.pk:
        return organisation.name
    return f"{words.thing(event.about_type)} {event.about_id}" if event.about_id else ""


def _details(event: Event, names: dict[int, str]) -> str:
    """The labels of an event's data, and the name of a person in it; other ids say nothing to a reader."""
    parts = []
    for key, value in sorted(event.data.items(), key=_place):
        values = value if isinstance(value, list) else [value]
        if key == "person":
            parts.append(names.get(value, f"person {value}"))
        elif key in _ROLE_KEYS and values:
            label = {"given": "given ", "ended": "ended "}.get(key, "")
            parts.append(label + " and ".join(_ROLES.get(str(one), str(one)) for one in values))
        elif values and all(isinstance(one, str) and one for one in values):
            label = _LABELS.get(key, f"{key.replace('_', ' ')}:")
            parts.append(f"{label} {', '.join(_reads(one) for one in values)}".strip())
    return "; ".join(parts)


def _place(item) -> tuple[int, str]:
    """Where a part of an event's data stands among the details."""
    key = item[0]
    return (list(_LABELS).index(key) if key in _LABELS else len(_LABELS), key)


def _reads(label: str) -> str:
    """A label as people read it: a day in words, anything else without underscores."""
    with suppress(ValueError):
        if _DAY.fullmatch(label):
            return f"{dt.date.fromisoformat(label):%-d %B %Y}"
    return _SECOND_STEPS.get(label, label.replace("_", " "))
