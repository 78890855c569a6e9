"""Days for tests: passes over them at a moment, and a made-up world of every case that a calendar can have."""

from __future__ import annotations

import datetime as dt
import itertools
import random

from django.db import transaction
from django.utils import timezone

from accounts.models import Closure, Organisation, TermDates
from accounts.states import OrganisationKind
from core.access import System
from monitoring.actions import days as actions
from monitoring.models import Session
from monitoring.permissions.days import RUN
from monitoring.rules.times import moment
from monitoring.steps import sessions
from providers.models import Site
from referrals.models import Pause, Placement, Pupil, WeeklySession
from referrals.queries.running import sessions_between
from referrals.queries.today import has_begun
from referrals.states import NoUpn, PlacementState, Route, Runs
from tests.referrals.made import AT

BEGAN = (PlacementState.LIVE, PlacementState.PAUSED, PlacementState.ENDED)
FIRST, LAST = dt.date(2026, 10, 1), dt.date(2027, 1, 5)


def run(day: dt.date, at: dt.datetime) -> actions.Written:
    return actions.run_day(day=day, by=System(RUN), at=at)


def by_sql(days) -> set[tuple]:
    """What the statement writes for these days."""
    with transaction.atomic():
        for day in days:
            sessions.keep_up_sessions(day=day, at=AT, looked_at=AT, caught_up=False)
    return set(Session.objects.values_list("placement", "weekly", "day", "starts_at", "ends_at"))


def by_rule(days) -> set[tuple]:
    """What the rule of registers gives for the same days."""
    placements = Placement.objects.filter(state__in=BEGAN).select_related("provider", "commissioner", "home_school")
    found = set()
    for one in sessions_between(placements, min(days), max(days)):
        starts, ends = moment(one.day, one.row.starts), moment(one.day, one.row.ends)
        went_live = one.placement.live_at
        legacy = one.placement.route == Route.LEGACY
        if one.day in days and has_begun(one.placement, one.day) and (legacy or not went_live or went_live <= starts):
            found.add((one.placement.pk, one.row.pk, one.day, starts, ends))
    return found


def made_up_world(world, *, seed: int, placements: int) -> None:
    """Three councils, one with terms and closures, one with terms, one with closures alone; schools and providers
    in and outside them, with and without terms and closures of their own; placements of all kinds."""
    dice = random.Random(seed)
    codes = ["971", "972", "973", ""]
    councils = [_organisation(OrganisationKind.AUTHORITY, f"Council {code}", code) for code in codes[:3]]
    schools = [_organisation(OrganisationKind.SCHOOL, f"Academy {n}", code) for n, code in enumerate(codes * 3)]
    providers = [_organisation(OrganisationKind.PROVIDER, f"Farm {n}", code) for n, code in enumerate(codes * 3)]
    everybody = Organisation.objects.bulk_create([*councils, *schools, *providers])
    terms, closures = [], []
    for n, one in enumerate(everybody):
        if one.kind == OrganisationKind.AUTHORITY:
            has_terms, has_closures = n < 2, n in (0, 2)
        else:
            has_terms, has_closures = dice.random() < 0.4, dice.random() < 0.5
        if has_terms:
            half_term = dt.date(2026, 10, 19 + dice.randrange(8))
            terms += [(one, dt.date(2026, 9, 2), half_term), (one, half_term + dt.timedelta(days=9), LAST)]
        if has_closures:
            closures += [(one, first, first + dt.timedelta(days=dice.randrange(4))) for first in _days(dice, 3)]
    TermDates.objects.bulk_create(TermDates(organisation=o, name="Term", starts_on=a, ends_on=b) for o, a, b in terms)
    Closure.objects.bulk_create(
        Closure(organisation=o, reason=f"INSET {n}", starts_on=a, ends_on=b) for n, (o, a, b) in enumerate(closures)
    )
    pupil = Pupil.objects.create(
        commissioner=world.elm_grove, first_names="Made", last_name="Up", name_key="made up",
        born_on=dt.date(2012, 5, 4), no_upn_reason=NoUpn.ASKED_FOR, added_at=AT, changed_at=AT,
    )  # fmt: skip
    site = Site.objects.create(
        provider=providers[0], name="Barn", kind="premises", town="Larkford", postcode="LK1 1AA", added_at=AT
    )
    rows = Placement.objects.bulk_create(
        _placement(
            dice, pupil, dice.choice([*schools, *councils]), dice.choice([None, *schools]), dice.choice(providers)
        )
        for _ in range(placements)
    )
    Pause.objects.bulk_create(
        Pause(placement=one, from_on=first, until_on=dice.choice([first, first + dt.timedelta(days=9), None]),
              reason="Ill", written_at=AT)
        for one in rows if dice.random() < 0.3 for [first] in [_days(dice, 1)]
    )  # fmt: skip
    WeeklySession.objects.bulk_create(
        itertools.chain.from_iterable(_week(dice, one, dice.choice([None, site])) for one in rows)
    )


def _organisation(kind, name, code) -> Organisation:
    urn = str(500_000 + int(name.split()[-1])) if kind == OrganisationKind.SCHOOL else None
    return Organisation(kind=kind, name=name, name_key=name.lower(), la_code=code, urn=urn, compared_at=AT)


def _days(dice, number) -> list[dt.date]:
    return [FIRST + dt.timedelta(days=one) for one in dice.sample(range((LAST - FIRST).days), number)]


def _placement(dice, pupil, commissioner, school, provider) -> Placement:
    starts, ends = sorted(_days(dice, 2))
    state = dice.choice([*BEGAN, *BEGAN, PlacementState.ASSURANCE, PlacementState.CANCELLED])
    [other] = _days(dice, 1)
    midday = timezone.make_aware(dt.datetime.combine(starts + dt.timedelta(days=dice.randrange(-3, 9)), dt.time(11)))
    return Placement(
        pupil=pupil, commissioner=commissioner, contracting_party=commissioner, home_school=school, provider=provider,
        route=dice.choice([Route.SPOT, Route.LEGACY]), outside_reason="Made up", unit="hour", pence=1, units=1,
        total_pence=1, state=state, starts_on=starts, ends_on=ends, made_at=AT, agreed_at=AT,
        live_at=dice.choice([AT, midday, None]) if state in BEGAN else None,
        ended_on=other if state == PlacementState.ENDED else dice.choice([None, None, other]),
    )  # fmt: skip


def _week(dice, placement, site) -> list[WeeklySession]:
    """Sessions on some weekdays, the morning of which changes its days in the middle of a week."""
    rows = []
    for weekday in dice.sample(range(7), 4):
        changes = _days(dice, 1)[0] if dice.random() < 0.3 else None
        for starts, ends in dice.sample([((8, 50), (11, 5)), ((11, 5), (12, 0)), ((13, 15), (15, 25))], 2):
            runs = dice.choice(list(Runs))
            held = {"placement": placement, "weekday": weekday, "starts": dt.time(*starts), "ends": dt.time(*ends)}
            until = changes or (LAST if runs == Runs.DATES else None)
            rows.append(WeeklySession(**held, site=site, runs=runs, from_on=FIRST, until_on=until))
            if changes:
                rows.append(WeeklySession(**held, runs=Runs.PROVIDER, from_on=changes + dt.timedelta(days=1)))
    return rows
