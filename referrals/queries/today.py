"""Where everybody is on a day, for a commissioner, a home school or a provider, in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Organisation
from accounts.queries import calendars_and_closures_for
from accounts.states import OrganisationKind
from core.calendars import Calendar
from referrals.models import Cover, Pause, Placement, WeeklySession
from referrals.queries.running import last_day_of, school_of, weekly_of
from referrals.rules import cover as cover_rules
from referrals.rules import today as rules
from referrals.rules.cover import Answers, Times
from referrals.rules.running import Course, runs_on
from referrals.rules.today import Stands
from referrals.states import PlacementState, Route, Runs

_PARTY = ("name", "kind", "la_code")
# What is read of the rows that a day joins.
SHOWN = (
    *("weekday", "starts", "ends", "runs", "from_on", "until_on", "site__name"),
    *(f"placement__{one}" for one in ("state", "route", "starts_on", "ends_on", "ended_on", "live_at")),
    *(f"placement__{party}__{one}" for party in ("provider", "commissioner", "home_school") for one in _PARTY),
    *(f"placement__pupil__{one}" for one in ("first_names", "last_name", "known_as", "commissioner")),
    *("placement__provider__profile__lead_phone", "placement__transport__arranged_by"),
)
Closures = Mapping[int, Sequence[tuple[dt.date, dt.date, str]]]  # first and last day, reason, by whose they are
KNOWN = (PlacementState.ASSURANCE, PlacementState.LIVE, PlacementState.PAUSED, PlacementState.ENDED)


@dataclass(frozen=True)
class Line:
    """One session of the day: how it stands, whom the provider rings about it (now, while it runs; else when it
    starts), from when to when nobody answers, the number of the provider's safeguarding lead."""

    placement: Placement
    row: WeeklySession
    stands: Stands
    cover: Cover | None = None
    gaps: Sequence[Times] = ()

    @property
    def phone(self) -> str:
        return getattr(getattr(self.placement.provider, "profile", None), "lead_phone", "")

    @property
    def travel(self) -> str:
        transport = getattr(self.placement, "transport", None)
        return transport.get_arranged_by_display() if transport else ""


@dataclass(frozen=True)
class Day:
    """The sessions of a day but those that do not run because somebody is closed: of these `closed` says why, and how
    many there are of each."""

    lines: list[Line]
    closed: list[tuple[str, int]]

    @property
    def counts(self) -> list[tuple[Stands, int]]:
        """How many there are of each state, in the order of the states."""
        found = Counter(line.stands for line in self.lines)
        return [(one, found[one]) for one in Stands if found[one]]


def placements_of(organisation: Organisation, *, user) -> QuerySet[Placement]:
    """The placements that an organisation's people ask about: a provider's own; a commissioner's and those of the
    pupils on a school's roll; for a trust also those of its schools that are listed for the person."""
    if organisation.kind == OrganisationKind.PROVIDER:
        ours = Q(provider=organisation)
    else:
        ours = Q(commissioner=organisation) | Q(home_school=organisation)
        if organisation.kind == OrganisationKind.TRUST:
            ours |= Q(commissioner__parent=organisation) | Q(home_school__parent=organisation)
    return Placement.objects.visible_to(user).filter(ours)


def day_of(organisation: Organisation, day: dt.date, *, user, at: dt.datetime) -> Day:
    """The day as it stands at this moment. Three queries: sessions with all that is shown of them, calendars, rotas."""
    rows = list(_rows(placements_of(organisation, user=user), day))
    parties = {party for row in rows for party in (row.placement.provider, school_of(row.placement))}
    calendars, closures = calendars_and_closures_for(parties) if parties else ({}, {})
    whys = {one.pk: why_closed(one, day, calendars[one.pk], closures) for one in parties}
    local = timezone.localtime(at)
    lines, closed = [], Counter()
    for row in rows:
        stands = _stands(row, day, calendars, local)
        if stands == Stands.CLOSED:
            closed[_why(row, whys)] += 1
        else:
            lines.append(Line(row.placement, row, stands))
    rotas = _rotas({line.placement.commissioner_id for line in lines}, day) if lines else {}
    lines = [_with_cover(line, day, rotas, calendars, local.time()) for line in lines]
    return Day(sorted(lines, key=_by_site if _is_provider(organisation) else _by_name), sorted(closed.items()))


def nobody_because(organisation: Organisation, day: dt.date) -> str:
    """Why an organisation is closed on a day, in words; empty where it is open. One query."""
    calendars, closures = calendars_and_closures_for([organisation])
    return why_closed(organisation, day, calendars[organisation.pk], closures)


def _is_provider(organisation: Organisation) -> bool:
    return organisation.kind == OrganisationKind.PROVIDER


def _rows(placements: QuerySet[Placement], day: dt.date) -> QuerySet[WeeklySession]:
    """The weekly sessions of this weekday that these placements hold on it, with everything that is shown."""
    held = placements.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=day), state__in=KNOWN, starts_on__lte=day, ends_on__gte=day
    )
    rows = WeeklySession.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=day),
        placement__in=held.order_by().values("pk"),
        weekday=day.weekday(),
        from_on__lte=day,
    )
    pauses = Pause.objects.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)
    rows = rows.annotate(is_paused=Exists(pauses.filter(placement=OuterRef("placement"))))
    of = ("provider__profile", "commissioner", "home_school", "pupil", "transport")
    return rows.select_related("site", *(f"placement__{one}" for one in of)).only(*SHOWN).order_by("id")


def _stands(row, day: dt.date, calendars: Mapping[int, Calendar], local: dt.datetime) -> Stands:
    placement = row.placement
    course = Course(
        first=placement.starts_on,
        last=last_day_of(placement),
        pauses=(),
        school=calendars[school_of(placement).pk],
        provider=calendars[placement.provider_id],
    )
    return rules.stands(
        day=day,
        starts=row.starts,
        ends=row.ends,
        begun=has_begun(placement, day),
        paused=row.is_paused,
        runs=runs_on(weekly_of(row), day, course),
        today=local.date(),
        time=local.time(),
    )


def has_begun(placement: Placement, day: dt.date) -> bool:
    """Whether everything was in place by then. What began before the portal began on its first day."""
    if placement.state == PlacementState.ASSURANCE:
        return False
    if placement.route == Route.LEGACY or placement.live_at is None:
        return True
    return timezone.localdate(placement.live_at) <= day


def _why(row, whys: Mapping[int, str]) -> str:
    """Why a session does not run: its own side first."""
    sides = [school_of(row.placement).pk, row.placement.provider_id]
    if row.runs == Runs.PROVIDER:
        sides.reverse()
    return next((whys[side] for side in sides if whys.get(side)), "")


def why_closed(party: Organisation, day: dt.date, calendar: Calendar, closures: Closures) -> str:
    """Why an organisation is closed on a day, in words; empty where it is open."""
    reasons = [reason for first, last, reason in closures.get(party.pk, ()) if first <= day <= last]
    return rules.why_closed(party.name, day, calendar, list(dict.fromkeys(reasons)))


def _rotas(commissioners: set[int], day: dt.date) -> dict[int, dict[int, Cover]]:
    """Who answers for each commissioner on a day, by the keys of their lines."""
    rows = Cover.objects.standing().filter(
        Q(until_on__isnull=True) | Q(until_on__gte=day), commissioner__in=commissioners, from_on__lte=day
    )
    found: dict[int, dict[int, Cover]] = defaultdict(dict)
    for row in rows:
        found[row.commissioner_id][row.pk] = row
    return found


def _with_cover(line: Line, day: dt.date, rotas: Mapping[int, dict[int, Cover]], calendars, now: dt.time) -> Line:
    row, rota = line.row, rotas.get(line.placement.commissioner_id, {})
    is_open = calendars[school_of(line.placement).pk].is_open(day)
    answers = [_answers(one) for one in rota.values()]
    at = now if line.stands == Stands.NOW else row.starts
    keys = cover_rules.covers(answers, day, at, school_open=is_open)
    gaps = cover_rules.gaps(answers, day, row.starts, row.ends, school_open=is_open)
    return replace(line, cover=rota[keys[0]] if keys else None, gaps=gaps)


def _answers(one: Cover) -> Answers:
    return Answers(
        one.pk, one.position, tuple(one.weekdays), one.starts, one.ends, one.holidays, one.from_on, one.until_on
    )


def _by_name(line: Line):
    pupil = line.placement.pupil
    return pupil.last_name.casefold(), pupil.first_names.casefold(), pupil.pk, line.row.starts, line.row.pk


def _by_site(line: Line):
    site = line.row.site.name.casefold() if line.row.site else ""
    return site, *_by_name(line)
