"""Where everybody is today, at Elm Grove: every size of the other pages is 200 placements here, the school's number."""

from __future__ import annotations

import datetime as dt

from bench.page import AT, Page, in_chunks, of
from core import clock
from core.calendars import nth_working_day_from
from providers.models import Site
from referrals.models import Cover, Placement, Pupil, Transport, WeeklySession
from referrals.states import NoUpn, PlacementState, Route

PLACEMENTS = 200
_DAY = dt.timedelta(days=1)


def placed(world, first: int, last: int, *, today: dt.date) -> None:
    """Pupils of Elm Grove's at Ash House, number `first` up to and without `last`, each with a session on every
    weekday."""
    site, _ = Site.objects.get_or_create(
        provider=world.ash_house, name="Workshop", kind="premises", town="Larkford", postcode="LK1 1AA", added_at=AT
    )

    def pupil(number):
        name = f"Pupil {number:04}"
        return Pupil(
            commissioner=world.elm_grove,
            first_names="Made Up",
            last_name=name,
            name_key=f"made up {name.lower()}",
            born_on=dt.date(2012, 5, 4),
            no_upn_reason=NoUpn.ASKED_FOR,
            added_at=AT,
            changed_at=AT,
        )

    pupils = in_chunks(Pupil, first, last, pupil)

    def placement(number):
        return Placement(
            pupil=pupils[number - first],
            commissioner=world.elm_grove,
            contracting_party=world.elm_grove,
            home_school=world.elm_grove,
            provider=world.ash_house,
            route=Route.SPOT,
            outside_reason="Before the framework",
            unit="hour",
            pence=45_00,
            units=12_000,
            total_pence=45_00 * 120,
            state=PlacementState.LIVE,
            starts_on=today - 7 * _DAY,
            ends_on=today + 100 * _DAY,
            made_at=AT,
            agreed_at=AT,
            live_at=AT,
        )

    placements = in_chunks(Placement, first, last, placement)
    in_chunks(
        Transport,
        first,
        last,
        lambda n: Transport(placement=placements[n - first], arranged_by="council", changed_at=AT),
    )

    def session(number):
        number, weekday = divmod(number, 5)
        return WeeklySession(
            placement=placements[number - first],
            weekday=weekday,
            starts=dt.time(9, 30),
            ends=dt.time(14, 30),
            site=site,
            from_on=today - 7 * _DAY,
        )

    in_chunks(WeeklySession, 5 * first, 5 * last, session)
    Cover.objects.get_or_create(
        commissioner=world.elm_grove,
        name="The office",
        phone="01632 960111",
        weekdays=[0, 1, 2, 3, 4],
        starts=dt.time(8),
        ends=dt.time(17),
        from_on=today - 7 * _DAY,
        written_at=AT,
    )


def fill_today(world, first: int, last: int) -> None:
    """A school's 200 placements, or fewer where the other pages have fewer rows."""
    placed(world, min(first, PLACEMENTS), min(last, PLACEMENTS), today=clock.today())


def _on_a_working_day(world) -> str:
    day = nth_working_day_from(clock.today(), 1)
    return f"{of('today', 'elm_grove')(world)}?day={day.isoformat()}"


PAGES = [Page("today", "sana", _on_a_working_day, fill_today)]
