"""Sessions on days of their own: on top of the week, whatever the calendars say. The placement stands as
`tests.referrals.placed` makes it: Mondays and Wednesdays, 09:30 to 14:30, until 18 December 2026; it is 5 October."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from core.access import Denied
from core.calendars import Calendar
from lots.rules.refusals import Refused
from lots.states import Unit
from outbox.models import Message
from providers.models import Seats
from referrals.actions import amending as weeks
from referrals.actions import own_dates as actions
from referrals.models import Pause, Placement
from referrals.queries import census, history, life, papers, sealed, threshold, today
from referrals.queries.placing import Part
from referrals.queries.week import week_of
from referrals.rules import amending
from referrals.rules.running import Course, Weekly, minutes_a_week, runs_on
from referrals.states import Runs
from tests.providers.seats import made_seats
from tests.referrals.placed import made_placement, made_terms_of_year
from tests.referrals.test_amending import AT, HALF_NINE, HALF_TWO, NOON, TEN, TODAY, fresh, october, site_of

__all__ = ["october"]
DAY = dt.date
MONDAY, SATURDAY, INSET = DAY(2026, 10, 26), DAY(2026, 10, 31), DAY(2026, 11, 2)  # the Monday is in half-term
SCHOOL = Calendar(
    terms=((DAY(2026, 9, 2), DAY(2026, 10, 23)), (DAY(2026, 11, 2), DAY(2026, 12, 18))), closures=((INSET, INSET),)
)
PROVIDER = Calendar(closures=((MONDAY, MONDAY),))
COURSE = Course(DAY(2026, 9, 28), DAY(2026, 12, 18), ((DAY(2026, 11, 9), None),), SCHOOL, PROVIDER)
WEEKLY = Weekly(1, 0, HALF_NINE, HALF_TWO, Runs.SCHOOL, DAY(2026, 9, 28), None)


def dated(first: dt.date, last: dt.date | None = None, starts=TEN, ends=NOON) -> Weekly:
    return Weekly(9, first.weekday(), starts, ends, Runs.DATES, first, last or first)


class TestRules:
    @pytest.mark.parametrize(
        ("session", "day", "runs"),
        [
            (dated(MONDAY), MONDAY, True),
            (dated(MONDAY), MONDAY + dt.timedelta(days=7), False),
            (dated(MONDAY), MONDAY - dt.timedelta(days=7), False),
            (dated(SATURDAY), SATURDAY, True),
            (dated(INSET), INSET, True),
            (dated(DAY(2026, 10, 19), INSET), MONDAY, True),
            (dated(DAY(2026, 10, 19), INSET), SATURDAY, False),
            (dated(DAY(2026, 11, 9)), DAY(2026, 11, 9), False),
            (dated(DAY(2026, 12, 19)), DAY(2026, 12, 19), False),
            (Weekly(9, 0, TEN, NOON, Runs.DATES, MONDAY, None), MONDAY, False),
            (WEEKLY, MONDAY, False),
        ],
        ids=[
            "both are closed", "a week later", "a week earlier", "a Saturday", "an INSET day", "each week of a span",
            "another weekday of it", "paused", "after the end", "no last day", "the week itself",
        ],
    )  # fmt: skip
    def test_it_takes_place_on_its_days_whoever_is_closed(self, session, day, runs):
        assert runs_on(session, day, COURSE) is runs

    @pytest.mark.parametrize(
        ("session", "field"),
        [
            (dated(MONDAY), None),
            (dated(INSET, starts=HALF_NINE, ends=HALF_TWO), None),
            (dated(TODAY, starts=HALF_TWO, ends=dt.time(15)), None),
            (dated(TODAY), "starts"),
            (dated(TODAY - dt.timedelta(days=1)), "day"),
            (dated(DAY(2026, 12, 19)), "day"),
            (dated(DAY(2026, 11, 9)), "day"),
            (dated(MONDAY, starts=NOON, ends=NOON), "ends"),
        ],
    )
    def test_where_one_can_be_added(self, session, field):
        def check():
            amending.check_dated(session, [WEEKLY], COURSE, today=TODAY, first=COURSE.first, last=COURSE.last)

        if field is None:
            check()
        else:
            with pytest.raises(Refused) as refusal:
                check()
            assert refusal.value.field == field

    @pytest.mark.parametrize("row", [None, WEEKLY, dated(TODAY), dated(DAY(2026, 9, 28))])
    def test_only_one_that_is_to_come_is_taken_away(self, row):
        amending.check_taken_away(dated(MONDAY), today=TODAY)
        with pytest.raises(Refused):
            amending.check_taken_away(row, today=TODAY)

    def test_it_is_paid_and_is_no_part_of_the_week(self):
        given = {"agreed": 45_00, "steps": [], "first": TODAY, "last": MONDAY, "unit": Unit.HOUR}
        calendars = {Runs.SCHOOL: SCHOOL, Runs.PROVIDER: PROVIDER}
        three = [dated(MONDAY), dated(DAY(2026, 9, 28)), dated(DAY(2026, 10, 19), DAY(2026, 11, 9))]

        assert amending.worth(three, calendars=calendars, **given) == (3 * 200, 3 * 90_00)
        paused = amending.worth(three, pauses=[(MONDAY, MONDAY)], calendars=calendars, **given)
        assert paused == (200, 90_00)
        assert minutes_a_week([WEEKLY, dated(MONDAY)], MONDAY) == 300


def placed(world) -> Placement:
    """Elm Grove has its half-term from 26 to 30 October."""
    made_terms_of_year(world.elm_grove)
    return made_placement(world)


def add(world, placement, day=MONDAY, part=None, **fields):
    part = part or Part(day.weekday(), TEN, NOON, site_of(placement), Runs.DATES)
    fields = {
        "seen": placement.revision, "day": day, "reason": "A trip", "over_reason": "", "by": world.sana, "at": AT,
        "today": TODAY,
    } | fields  # fmt: skip
    return actions.add_dated_session(placement=placement, part=part, **fields)


def remove(world, placement, **fields):
    fields = {"seen": placement.revision, "reason": "Rain", "by": world.sana, "at": AT, "today": TODAY} | fields
    return actions.remove_dated_session(session=placement.sessions.get(runs=Runs.DATES), **fields)


def test_one_is_added_reckoned_told_and_taken_away_again(world, october):
    placement = placed(world)
    made_seats(placement.place, site_of(placement))
    free = list(Seats.objects.values())
    units, total = life.worth_of(placement)
    in_census = census.line_of(placement, MONDAY).sessions

    made = add(world, placement, part=Part(0, TEN, NOON, None, Runs.DATES, "2 Canary Wharf Lane"))

    row = placement.sessions.get(runs=Runs.DATES)
    assert (row.weekday, row.from_on, row.until_on) == (0, MONDAY, MONDAY)
    assert sealed.text_of(row, "address") == "2 Canary Wharf Lane"
    now = fresh(placement)
    assert (now.units, now.total_pence) == (units + 200, total + 90_00)
    assert (made.kind, made.from_on) == ("hours", MONDAY)
    assert [one["day"] for one in made.after["dated"]] == [MONDAY.isoformat()]
    assert "Canary" not in f"{made.before}{made.after}"
    letters = Message.objects.filter(key__startswith="placement-amended")
    assert [one.to for one in letters] == [world.bob.email]
    says = history.lines(placement, knows_cost=True)[0].says
    assert "One session more on 26 October 2026, 10:00 to 12:00" in says
    assert list(Seats.objects.values()) == free

    # Today, the week, the census, the papers and the threshold know what it is.
    at = dt.datetime(2026, 10, 26, 9, tzinfo=dt.UTC)
    assert [one.row.pk for one in today.day_of(world.ash_house, MONDAY, user=world.bob, at=at).lines] == [row.pk]
    assert today.day_of(world.ash_house, MONDAY + dt.timedelta(days=7), user=world.bob, at=at).lines != []
    seen = week_of(placement.pupil, MONDAY, user=world.sana, at=at)
    assert [(one.day, one.row.pk) for one in seen.sessions if one.day == MONDAY][-1] == (MONDAY, row.pk)
    assert any("One session more" in one.words for one in seen.changes)
    assert census.line_of(fresh(placement), MONDAY).sessions == in_census
    assert not any(one.runs == Runs.DATES for one in threshold._sessions(MONDAY, None))
    document = papers.document_for(fresh(placement), number=2, at=AT)
    assert "Monday 10:00 to 12:00 on 26 October 2026" in str(document)

    gone = remove(world, fresh(placement))

    now = fresh(placement)
    assert (now.units, now.total_pence) == (units, total)
    assert gone.after["dated"] == []
    told = [words for one in history.lines(placement, knows_cost=True) for words in one.says]
    assert "No session on 26 October 2026, 10:00 to 12:00" in told
    with pytest.raises(Refused, match="meanwhile"):
        actions.remove_dated_session(session=row, seen=now.revision, reason="Rain", by=world.sana, at=AT, today=TODAY)


def test_a_change_of_the_week_leaves_it_alone(world):
    placement = placed(world)
    add(world, placement)
    part = Part(0, HALF_NINE, HALF_TWO, site_of(placement))
    weeks.amend_week(
        placement=placement, seen=fresh(placement).revision, from_on=DAY(2026, 10, 12), parts=[part], reason="Fewer",
        hours_reason="", over_reason="", by=world.sana, at=AT, today=TODAY,
    )  # fmt: skip

    assert placement.sessions.get(runs=Runs.DATES).from_on == MONDAY


def test_what_is_refused_and_who_may_not(world):
    placement = placed(world)
    Pause.objects.create(placement=placement, from_on=DAY(2026, 11, 3), until_on=DAY(2026, 11, 6), written_at=AT)
    refused = [
        ({"day": DAY(2026, 11, 4)}, "paused"),
        ({"seen": 99}, "since you opened"),
        ({"day": DAY(2026, 10, 7)}, "already"),
    ]
    for fields, words in refused:
        with pytest.raises(Refused, match=words):
            add(world, placement, **fields)
    with pytest.raises(Denied):
        add(world, placement, by=world.bob)
    add(world, placement)
    with pytest.raises(Denied):
        remove(world, fresh(placement), by=world.bob)
    Placement.objects.update(state="cancelled")
    with pytest.raises(Refused, match="moved on"):
        remove(world, fresh(placement))


def test_the_pages_keep_what_was_typed_and_say_what_is_wrong(world, sign_in, october):
    placement, client = placed(world), sign_in(world.sana)
    address = reverse("add_dated_session", args=[placement.pk])
    typed = {
        "revision": placement.revision, "day_0": "26", "day_1": "10", "day_2": "2026", "starts": "10am",
        "ends": "12:00",
        "site": site_of(placement).pk, "address": "", "reason": "A trip", "over_reason": "", "agreed": "on",
    }  # fmt: skip
    assert 'value="dates"' not in client.get(reverse("amend_placement", args=[placement.pk])).content.decode()

    wrong = client.post(address, typed | {"site": "0"}).content.decode()
    assert "Enter the address" in wrong
    assert "A trip</textarea>" in wrong
    late = client.post(address, typed | {"day_2": "2027"}).content.decode()
    assert "Enter a day from 5 October 2026 to 18 December 2026" in late

    shown = client.post(address, typed, follow=True).content.decode()
    assert "Still to come" in shown
    row = placement.sessions.get(runs=Runs.DATES)
    away = reverse("remove_dated_session", args=[placement.pk, row.pk])
    assert away in shown
    assert "On that day only" in client.get(reverse("placement", args=[placement.pk])).content.decode()
    told = {"revision": fresh(placement).revision, "agreed": "on"}
    assert "Write why it does not take place" in client.post(away, told).content.decode()
    assert "Still to come" not in client.post(away, told | {"reason": "Rain"}, follow=True).content.decode()
    assert client.get(away).status_code == 404
