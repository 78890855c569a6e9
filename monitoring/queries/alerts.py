"""Alerts: those of an organisation, who was told, which are late, and which sessions lack one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from accounts.models import Organisation
from accounts.models.organisations import roles_of
from core import crypto
from monitoring.models import Alert, AlertTold, RegisterEntry, Session
from monitoring.models.own import at as organisations_where
from monitoring.rules import alarms as rules
from monitoring.rules.alarms import Told
from monitoring.states import AlertKind
from referrals.models.own import SEES_PUPILS, holds

# Under which key the cache holds how many alerts wait for whose answer, and for how long.
WAITING, KNOWN_SECONDS = "monitoring.alerts.waiting", 5


@dataclass(frozen=True)
class Notice:
    """What became of one alert, for a register: when it was told, by whom it was answered. `told` has names and
    moments in the order in which they were told."""

    alert: Alert
    told: Sequence[tuple[str, dt.datetime]] = field(default_factory=tuple)

    @property
    def in_words(self) -> str:
        return _words_of(self.alert)


def of_organisation(organisation: Organisation, *, user) -> QuerySet[Alert]:
    """The alerts of an organisation's pupils that were not taken back, and those that came to it."""
    ours = Q(commissioner=organisation) | Q(session__placement__home_school=organisation)
    return Alert.objects.visible_to(user).standing().filter(ours | Q(reached_authority=organisation))


def told(alert: Alert) -> QuerySet[AlertTold]:
    """Who was told of an alert and when, the first one first."""
    return AlertTold.objects.filter(alert=alert).select_related("cover", "user").order_by("pk")


def entries_of(session: Session) -> QuerySet[RegisterEntry]:
    """What the register said of a session, one mark after another."""
    return RegisterEntry.objects.filter(session=session).order_by("number")


def phone_of(provider: Organisation) -> str:
    """The number of a provider's safeguarding lead, where it wrote one down."""
    return getattr(getattr(provider, "profile", None), "lead_phone", "")


def side_of(alert: Alert, *, user) -> Organisation:
    """For whom the person reads it: the commissioner, else the council or the trust that it came to, else the home
    school."""
    sides = (alert.commissioner, alert.reached_authority, alert.session.placement.home_school)
    return next((one for one in sides if one and holds(user, one.pk, SEES_PUPILS)), alert.commissioner)


def told_of(session_ids: Iterable[int]) -> dict[int, list[Notice]]:
    """What was told about each of these sessions, by the session's key. Two queries."""
    rows = Alert.objects.standing().filter(session__in=list(session_ids)).order_by("pk")
    names: dict[int, list[tuple[str, dt.datetime]]] = defaultdict(list)
    rows = list(rows.select_related("commissioner", "acknowledged_by"))
    found: dict[int, list[Notice]] = defaultdict(list)
    for one in AlertTold.objects.filter(alert__in=rows).select_related("cover", "user").order_by("pk"):
        names[one.alert_id].append((name_of(one), one.at))
    for one in rows:
        found[one.session_id].append(Notice(one, names[one.pk]))
    return found


def name_of(one: AlertTold) -> str:
    """Who was told, in words."""
    return one.cover.name if one.cover else one.user.name if one.user else "Somebody"


def told_before(alerts: Iterable[Alert]) -> dict[int, Told]:
    """Whom each of these alerts was told, by its key. One query."""
    kept: dict[int, tuple[set, set, set]] = defaultdict(lambda: (set(), set(), set()))
    rows = AlertTold.objects.filter(alert__in=list(alerts))
    for key, cover, user, phone in rows.values_list("alert_id", "cover_id", "user_id", "cover__phone"):
        for place, value in zip(kept[key], (cover, user, rules.mobile(phone or "")), strict=True):
            place.update([value] if value else [])
    return defaultdict(Told, {key: Told(*map(frozenset, places)) for key, places in kept.items()})


def done_of(alert: Alert) -> str:
    """What was done about it. Raises `SealBroken`."""
    return crypto.text_of(alert, "done")


def open_for(user) -> list[tuple[int, int]]:
    """(organisation, how many) of the alerts that wait for an answer from the person's own organisations; nothing is
    asked of the database for those who work with no pupils. One query."""
    ours = organisations_where(user, SEES_PUPILS)
    if not ours:
        return []
    rows = Alert.objects.open().filter(Q(commissioner__in=ours) | Q(reached_authority__in=ours))
    return _waiting(user, ours, _counts(rows))


def waiting_for(user) -> list[tuple[int, int]]:
    """The same for the banner of every page, which may cost no page a query: what waits, of everybody, is known for
    `KNOWN_SECONDS`, and asked for in one query by the first page after them. A message tells of an alert at once; the
    banner stands, and goes, a few seconds later."""
    ours = organisations_where(user, SEES_PUPILS)
    if not ours:
        return []
    known = cache.get(WAITING)
    if known is None:
        known = _counts(Alert.objects.open())
        cache.set(WAITING, known, KNOWN_SECONDS)
    return _waiting(user, ours, [row for row in known if ours & set(row[:2])])


def forget_waiting() -> None:
    """An alert was just answered: the next page asks anew what waits."""
    cache.delete(WAITING)


def _counts(rows: QuerySet[Alert]) -> list[tuple[int, int | None, int]]:
    """(commissioner, authority that it reached, how many)."""
    pairs = rows.order_by().values_list("commissioner_id", "reached_authority_id")
    return list(pairs.annotate(Count("pk")))


def _waiting(user, ours: set[int], rows: Iterable[tuple[int, int | None, int]]) -> list[tuple[int, int]]:
    counts: dict[int, int] = defaultdict(int)
    for commissioner, reached, number in rows:
        counts[commissioner if commissioner in ours else reached] += number
    order = [held.organisation_id for held in roles_of(user)]
    return sorted(counts.items(), key=lambda pair: order.index(pair[0]))


def not_taken(at: dt.datetime) -> QuerySet[Session]:
    """The sessions whose register is not taken 30 minutes after their start, and of which that is not written down. One
    that was written down afterwards (`caught_up`) could not have been taken."""
    rows = _begun(at - rules.DUTY, at).expected().filter(mark="")
    return rows.filter(~Exists(Alert.objects.filter(session=OuterRef("pk"), kind=AlertKind.NOT_TAKEN)))


def not_told(at: dt.datetime) -> QuerySet[Session]:
    """The sessions in which a pupil was marked absent within the 30 minutes and stayed so, nobody was told within them
    and nobody answered, and of which that is not written down."""
    late = F("session__starts_at") + rules.DUTY
    missed = Alert.objects.standing().filter(
        Q(told_at=None) | Q(told_at__gt=late),
        Q(acknowledged_at=None) | Q(acknowledged_at__gt=late),
        Q(over_at=None) | Q(over_at__gt=late),
        session=OuterRef("pk"),
        kind=AlertKind.ABSENT,
        raised_at__lt=late,
    )
    written = Alert.objects.filter(session=OuterRef("pk"), kind=AlertKind.NOT_TOLD)
    return _begun(at - rules.DUTY, at).filter(Exists(missed), ~Exists(written))


def to_nudge(at: dt.datetime) -> QuerySet[Session]:
    """The sessions under way whose register is not taken after 20 minutes, and of which nobody was reminded."""
    rows = _begun(at - rules.NUDGE, at).expected().filter(mark="", nudged_at=None, ends_at__gt=at)
    return rows.order_by("provider_id", "site_id", "starts_at", "pk")


def _begun(before: dt.datetime, at: dt.datetime) -> QuerySet[Session]:
    return Session.objects.filter(starts_at__lte=before, starts_at__gt=at - rules.LOOK_BACK, caught_up=False)


def all_late_seconds(*, at: dt.datetime) -> float:
    """By how many seconds the oldest alarm is late that is to be told, or the oldest breach that is to be written
    down; 0 when none is."""
    told = Alert.objects.to_tell(at).order_by().aggregate(oldest=Min("tell_at"))["oldest"]
    began = not_taken(at).order_by().aggregate(oldest=Min("starts_at"))["oldest"]
    due = [moment for moment in (told, began and rules.late_at(began)) if moment]
    return max((at - min(due)).total_seconds(), 0.0) if due else 0.0


def _words_of(alert: Alert) -> str:
    """How an alert stands, for a register that whoever placed the pupil did not write."""
    who = alert.commissioner.name
    if alert.acknowledged_at:
        return f"{who} has answered"
    if alert.told_at:
        return f"{who} was told"
    if alert.tell_at:
        return f"{who} is told in a moment"
    return f"{who} need not be told any more"
