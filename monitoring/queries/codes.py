"""What registers say of a commissioner's or home school's own pupils in a period, with the attendance code that a home
school could set for each half-day. Constant queries, however many pupils."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation
from accounts.states import OrganisationKind
from monitoring.models import Session
from monitoring.rules import codes as rules
from monitoring.rules.codes import Placing, Suggestion, Taken
from referrals.models import Enrolment, Placement, Pupil
from referrals.queries.today import placements_of
from referrals.states import Basis, TransportBy

OF = tuple(
    f"placement__{one}" for one in ("pupil", "commissioner", "home_school", "provider__profile", "lot", "transport")
)
BY_COUNCIL = (Basis.S19, Basis.EOTAS)
AT_ONCE = 200  # pupils, of an export
HEADINGS = (
    *("Date", "Half-day", "Last name", "First names", "Date of birth", "Suggested code", "Why", "You decide"),
    *("Provider", "Activity", "Session", "Register", "Reason given"),
)


@dataclass(frozen=True)
class Half:
    """One half-day of one pupil at one provider."""

    half: str
    suggestion: Suggestion
    facts: str


@dataclass(frozen=True)
class Row:
    """One pupil's day at one provider: both halves."""

    day: dt.date
    placement: Placement
    sessions: list[Session]
    placing: Placing

    @property
    def name(self) -> str:
        return self.placement.whom

    @property
    def halves(self) -> list[Half]:
        taken = [_taken(one) for one in self.sessions]
        return [Half(half, rules.suggest(half, taken, self.placing), _facts(half, taken)) for half in rules.HALVES]

    @property
    def reasons(self) -> str:
        """The reasons that registers give, in words."""
        return ", ".join(dict.fromkeys(one.get_reason_display() for one in self.sessions if one.reason))


def sessions_between(organisation: Organisation, first: dt.date, last: dt.date, *, user) -> QuerySet[Session]:
    """The sessions of an organisation's own pupils from a day to a day, both counted, called off ones too."""
    ours = placements_of(organisation, user=user).order_by().values("pk")
    return Session.objects.filter(day__range=(first, last), placement__in=ours)


def pupils_with(sessions: QuerySet[Session]) -> QuerySet[Pupil]:
    """Whose sessions these are."""
    return Pupil.objects.filter(pk__in=sessions.order_by().values("placement__pupil"))


def rows_of(sessions: QuerySet[Session], pupils: Iterable[Pupil]) -> list[Row]:
    """The days of these pupils, by pupil in the order given, then day and provider. One query."""
    order = {one.pk: number for number, one in enumerate(pupils)}
    rows = sessions.filter(placement__pupil__in=list(order)).select_related(*OF).defer("note").order_by("starts_at")
    rows = rows.annotate(is_dual=Exists(_on_roll_there()))
    found: dict[tuple, list[Session]] = defaultdict(list)
    for one in rows:
        found[order[one.placement.pupil_id], one.day, one.placement_id].append(one)
    return [
        Row(day, held[0].placement, held, _placing(held[0]))
        for (_, day, _), held in sorted(found.items(), key=lambda pair: pair[0])
    ]


def streamed(sessions: QuerySet[Session]) -> Iterator[tuple]:
    """A line for each half-day, read a few pupils at a time."""
    keys = list(pupils_with(sessions).order_by("last_name", "first_names", "pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        pupils = Pupil.objects.filter(pk__in=keys[start : start + AT_ONCE]).order_by("last_name", "first_names", "pk")
        for row in rows_of(sessions, pupils):
            yield from _cells(row)


def _cells(row: Row) -> Iterator[tuple]:
    pupil = row.placement.pupil
    moved = row.name != pupil.full_name
    who = (row.name, "", "") if moved else (pupil.last_name, pupil.first_names, pupil.born_on.isoformat())
    for one in row.halves:
        times = ", ".join(f"{_clock(each.starts_at):%H:%M} to {_clock(each.ends_at):%H:%M}" for each in row.sessions)
        yield (
            *(row.day.isoformat(), one.half, *who, one.suggestion.code, one.suggestion.why, one.suggestion.decide),
            *(row.placement.provider.name, row.placing.activity, times, one.facts, row.reasons),
        )


def _taken(session: Session) -> Taken:
    return Taken(
        starts=_clock(session.starts_at),
        ends=_clock(session.ends_at),
        state=session.state,
        mark=session.mark,
        reason=session.reason,
        arrived=session.arrived,
        left=session.left,
    )


def _facts(half: str, taken: Iterable[Taken]) -> str:
    held = [one for one in taken if half in rules.halves_of(one.starts, one.ends)]
    return "; ".join(f"{one.starts:%H:%M} to {one.ends:%H:%M}: {rules.said(one)}" for one in held)


def _clock(at: dt.datetime) -> dt.time:
    return timezone.localtime(at).time()


def _on_roll_there() -> QuerySet[Enrolment]:
    """For a session of an outer query: that the pupil is, on that day, on the roll of the provider itself, as a school
    of the portal or by its number in the register of schools."""
    provider = "placement__provider"
    rows = Enrolment.objects.open_on(OuterRef("day")).filter(pupil=OuterRef("placement__pupil")).order_by()
    number = Q(school__urn=OuterRef(f"{provider}__urn")) | Q(school__urn=OuterRef(f"{provider}__profile__school_urn"))
    return rows.filter(Q(school=OuterRef(provider)) | (number & ~Q(school__urn="")))


def _placing(session: Session) -> Placing:
    placement = session.placement
    transport = getattr(placement, "transport", None)
    return Placing(
        is_dual=session.is_dual,
        by_council=placement.basis in BY_COUNCIL or placement.commissioner.kind == OrganisationKind.AUTHORITY,
        activity=placement.lot.title if placement.lot_id else "",
        has_school=placement.home_school_id is not None,
        transport_by_us=bool(transport) and transport.arranged_by in {TransportBy.SCHOOL, TransportBy.COUNCIL},
    )
