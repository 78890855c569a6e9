"""Where everybody is on a day: how each session stands, why one does not run, who sees it, what it costs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Closure, Membership
from accounts.states import Role
from audit.models import Event
from bench.today import placed
from core import clock
from core.calendars import Calendar
from providers.models import Profile
from referrals.models import Cover, Pause, Placement, Transport, WeeklySession
from referrals.permissions import timetable as permissions
from referrals.queries import today as queries
from referrals.rules import today as rules
from referrals.rules.today import Cell, Scale, Stands
from tests.apframework.test_logs import lines  # noqa: F401
from tests.referrals.made import AT, CANARIES, PRIVATE, made_pupil, made_site
from tests.referrals.placed import made_placement, made_terms_of_year, placed_story

MONDAY = dt.date(2026, 10, 5)
NOW = dt.datetime(2026, 10, 5, 8, 45, tzinfo=dt.UTC)  # 09:45 in England, and Ash House has begun at 09:30
DAY = dt.timedelta(days=1)


@pytest.fixture
def at_a_quarter_to_ten(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: MONDAY)


def page_of(client, organisation, day: dt.date | str = "") -> str:
    address = reverse("today", args=[organisation.pk])
    answer = client.get(f"{address}?day={day}" if day else address)
    assert answer.status_code == 200
    return answer.text


def cover(world, **fields) -> Cover:
    fields = {
        "name": "Olive Office",
        "phone": "01632 960111",
        "weekdays": [0, 2],
        "starts": dt.time(8),
        "ends": dt.time(16),
        "from_on": MONDAY - 9 * DAY,
        "written_at": AT,
    } | fields
    return Cover.objects.create(commissioner=world.elm_grove, **fields)


class TestRules:
    @pytest.mark.parametrize(
        ("day", "time", "fields", "found"),
        [
            (0, (9, 29), {}, Stands.LATER),
            (0, (9, 30), {}, Stands.NOW),
            (0, (14, 29), {}, Stands.NOW),
            (0, (14, 30), {}, Stands.OVER),
            (-1, (9, 30), {}, Stands.OVER),
            (1, (9, 30), {}, Stands.PLANNED),
            (0, (9, 30), {"begun": False}, Stands.NOT_STARTED),
            (0, (9, 30), {"begun": False, "paused": True}, Stands.PAUSED),
            (0, (9, 30), {"runs": False, "paused": True}, Stands.CLOSED),
        ],
    )
    def test_how_a_session_stands(self, day, time, fields, found):
        known = {"begun": True, "paused": False, "runs": True} | fields

        stands = rules.stands(
            day=MONDAY + day * DAY,
            starts=dt.time(9, 30),
            ends=dt.time(14, 30),
            today=MONDAY,
            time=dt.time(*time),
            **known,
        )

        assert stands == found
        assert stands.takes_place == (found in {Stands.NOW, Stands.LATER, Stands.OVER, Stands.PLANNED})

    @pytest.mark.parametrize(
        ("day", "calendar", "reasons", "words"),
        [
            (MONDAY, Calendar(), [], ""),
            (MONDAY - DAY, Calendar(), ["Training"], "It is a Sunday"),
            (dt.date(2026, 12, 25), Calendar(), [], "It is a bank holiday"),
            (MONDAY, Calendar(closures=((MONDAY, MONDAY),)), ["Training"], "Elm is closed: Training"),
            (MONDAY, Calendar(terms=((MONDAY + DAY, MONDAY + 9 * DAY),)), [], "Elm is closed: school holidays"),
            (
                MONDAY,
                Calendar(terms=((MONDAY - 9 * DAY, MONDAY - DAY),)),
                [],
                "Elm has not written down its term dates for this day",
            ),
        ],
    )
    def test_why_somebody_is_closed(self, day, calendar, reasons, words):
        assert rules.why_closed("Elm", day, calendar, reasons) == words

    def test_a_row_of_hours_is_filled_and_never_has_two_bars_at_one_place(self):
        bars = [
            (dt.time(8, 10), dt.time(9, 40), "early"),
            (dt.time(9, 40), dt.time(10), "meets it"),
            (dt.time(10), dt.time(12), "after it"),
            (dt.time(16, 30), dt.time(18, 10), "late"),
        ]
        scale = rules.scale_of([*bars, (dt.time(7, 45), dt.time(8), "first")])

        found = rules.lanes(bars, scale)

        assert (scale, scale.slots, scale.hours[0], scale.hours[-1]) == (
            Scale(7 * 60, 19 * 60), 48, dt.time(7), dt.time(18),
        )  # fmt: skip
        assert found == [
            [Cell(4), Cell(7, "early"), Cell(1), Cell(8, "after it"), Cell(18), Cell(7, "late"), Cell(3)],
            [Cell(10), Cell(2, "meets it"), Cell(36)],
        ]
        assert rules.lanes([(dt.time(8), dt.time(17), "all day")], rules.scale_of([])) == [[Cell(36, "all day")]]

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("2026-10-07", MONDAY + 2 * DAY),
            ("", MONDAY),
            ("tomorrow", MONDAY),
            ("2026-02-30", MONDAY),
            ("\0", MONDAY),
            ("9999-12-31", MONDAY),
            ("0001-01-01", MONDAY),
        ],
    )
    def test_which_day_an_address_asks_for(self, text, day):
        assert rules.day_asked(text, MONDAY) == day

    def test_the_days_beside_a_day_are_no_weekend(self):
        friday = MONDAY + 4 * DAY

        assert rules.weekday_beside(friday, 1) == MONDAY + 7 * DAY
        assert rules.weekday_beside(MONDAY, -1) == MONDAY - 3 * DAY
        assert rules.weekday_beside(MONDAY, 1) == MONDAY + DAY

    @pytest.mark.parametrize(
        ("minutes", "words"), [(0, "no time"), (45, "45 minutes"), (60, "1 hour"), (121, "2 hours 1 minute")]
    )
    def test_how_long_something_is_in_words(self, minutes, words):
        assert rules.length_in_words(minutes) == words


class TestThePage:
    def test_sana_sees_at_a_quarter_to_ten_where_everybody_is(self, world, sign_in, at_a_quarter_to_ten, lines):  # noqa: F811
        placement = placed_story(world)
        place, site = placement.place, made_site(world, name="The Old Bakery")
        Transport.objects.create(placement=placement, arranged_by="council", changed_at=AT)
        Profile.objects.create(provider=world.ash_house, lead_phone="01632 960555", updated_at=AT)
        cover(world, ends=dt.time(12))

        def another(name, **fields):
            pupil = made_pupil(world, private=PRIVATE.__class__(), last_name=name)
            return made_placement(world, place=place, pupil=pupil, site=site, **fields)

        another("Later")
        WeeklySession.objects.filter(placement__pupil__last_name="Later").update(starts=dt.time(13))
        another("Waiting", state="assurance")
        paused = another("Resting", state="paused")
        Pause.objects.create(placement=paused, from_on=MONDAY - DAY, reason="Ill", written_at=AT)
        another("Draft", state="draft")
        another("Gone", state="ended", ended_on=MONDAY - DAY)
        another("Cancelled", state="cancelled")

        text = page_of(sign_in(world.sana), world.elm_grove)

        assert "It is 09:45" in text
        picture, table = text.split("Where each pupil is")
        shown = [
            name
            for name in ("Quillsworth", "Later", "Waiting", "Resting", "Draft", "Gone", "Cancelled")
            if name in picture
        ]
        assert shown == ["Quillsworth", "Later", "Waiting"]
        table, resting = table.split("Paused</caption>")
        assert ("Resting" in resting, "Draft" in text, "Gone" in text, "Cancelled" in text) == (
            True,
            False,
            False,
            False,
        )
        for words in ("Running now", "Later today", "Not started", "The council", "01632 960555", "The Old Bakery"):
            assert words in table
        found = [table.count(words) for words in ("Olive Office", "Nobody answers 12:00 to 14:30", "Nobody answers<")]
        assert found == [2, 2, 1]  # from 13:00 nobody answers for the session that begins then
        assert reverse("pupil_week", args=[placement.pupil_id]) in table
        assert "<title>Where everybody is - " in text
        event = Event.objects.get(action="referrals.today.read")
        assert (event.by, event.organisation_id, event.data) == (world.sana, world.elm_grove.pk, {"day": "2026-10-05"})
        assert [line for line in lines() if any(canary in str(line) for canary in CANARIES)] == []

    def test_bob_sees_who_comes_at_which_site_and_whom_to_ring(self, world, sign_in, at_a_quarter_to_ten):
        placement = placed_story(world)
        Profile.objects.create(provider=world.ash_house, lead_phone="01632 960555", updated_at=AT)
        cover(world)
        client = sign_in(world.bob)

        text = page_of(client, world.ash_house)
        Placement.objects.filter(pk=placement.pk).update(hidden_at=AT)
        hidden = page_of(client, world.ash_house)

        for words in (
            "Who comes today",
            "Quillsworth",
            "Workshop",
            "Elm Grove School",
            "Olive Office",
            "Whom you ring",
        ):
            assert words in text
        assert (reverse("pupil_week", args=[placement.pupil_id]) in text, "01632 960555" in text) == (False, False)
        assert ("Quillsworth" in hidden, "No session is planned" in hidden) == (False, True)

    def test_whoever_answers_now_is_rung_while_a_session_runs_and_else_whoever_answers_at_its_start(self, world):
        placed_story(world)
        cover(world, name="Early Edna", ends=dt.time(9, 40))
        cover(world, starts=dt.time(9, 40))

        def rung(at) -> list[str]:
            return [line.cover.name for line in queries.day_of(world.elm_grove, MONDAY, user=world.sana, at=at).lines]

        assert [rung(NOW - dt.timedelta(hours=2)), rung(NOW), rung(NOW + 3 * DAY)] == [
            ["Early Edna"], ["Olive Office"], ["Early Edna"],
        ]  # fmt: skip

    def test_the_home_school_sees_a_pupil_whom_the_council_placed_and_no_way_to_the_councils_record(
        self, world, sign_in, at_a_quarter_to_ten
    ):
        pupil = made_pupil(world, commissioner=world.larkshire)
        made_placement(world, pupil=pupil)

        ours, councils = page_of(sign_in(world.sana), world.elm_grove), page_of(sign_in(world.eve), world.larkshire)

        week = reverse("pupil_week", args=[pupil.pk])
        assert ("Quillsworth" in ours, week in ours) == (True, False)
        assert ("Quillsworth" in councils, week in councils, "Elm Grove School" in councils) == (True, True, True)

    def test_a_trusts_person_sees_the_schools_that_are_listed_for_them(self, world, sign_in, at_a_quarter_to_ten):
        placed_story(world)
        client = sign_in(world.tariq)

        before = page_of(client, world.oak_trust)
        Membership.objects.get(user=world.tariq).schools.add(world.elm_grove)
        listed = page_of(client, world.oak_trust)

        assert ("Quillsworth" in before, "Quillsworth" in listed) == (False, True)

    def test_nobody_there_says_why(self, world, sign_in, at_a_quarter_to_ten):
        made_terms_of_year(world.elm_grove)
        Closure.objects.create(organisation=world.elm_grove, reason="Training", starts_on=MONDAY, ends_on=MONDAY)
        client = sign_in(world.sana)

        alone = page_of(client, world.elm_grove)
        placed_story(world)
        found = [
            page_of(client, world.elm_grove, day)
            for day in ("", "2026-10-26", "2026-10-06", "2026-10-04", "2027-01-04")
        ]

        assert "Elm Grove School is closed: Training. No session is planned." in alone
        assert (
            "Elm Grove School is closed: Training. 1 session that would be on this weekday does not take place"
            in found[0]
        )
        assert "Elm Grove School is closed: school holidays. 1 session" in found[1]
        assert "No session is planned for this day." in found[2]
        assert "It is a Sunday. No session is planned." in found[3]
        assert "Elm Grove School has not written down its term dates for this day. No session is planned." in found[4]

    def test_the_provider_or_the_area_may_be_closed(self, world, sign_in, at_a_quarter_to_ten):
        placement = placed_story(world)
        client = sign_in(world.sana)
        closed = Closure.objects.create(organisation=world.ash_house, reason="Flood", starts_on=MONDAY, ends_on=MONDAY)

        providers = page_of(client, world.elm_grove)
        closed.delete()
        Closure.objects.create(organisation=world.larkshire, reason="Snow", starts_on=MONDAY, ends_on=MONDAY)
        areas = page_of(client, world.elm_grove)
        WeeklySession.objects.filter(placement=placement).update(runs="provider")
        runs = page_of(client, world.elm_grove)
        Closure.objects.create(organisation=world.ash_house, reason="Flood", starts_on=MONDAY, ends_on=MONDAY)
        both = page_of(client, world.elm_grove)

        assert "Ash House is closed: Flood. 1 session" in providers
        assert "Elm Grove School is closed: Snow. 1 session" in areas
        assert "Running now" in runs
        assert "Ash House is closed: Flood. 1 session" in both

    def test_a_past_day_shows_nobody_who_had_not_begun_by_then(self, world, sign_in, at_a_quarter_to_ten):
        placement = placed_story(world)
        Placement.objects.filter(pk=placement.pk).update(live_at=NOW - 3 * DAY)
        client = sign_in(world.sana)

        late = page_of(client, world.elm_grove, "2026-09-28")
        Placement.objects.filter(pk=placement.pk).update(
            route="legacy", place=None, outside_reason="Began before", live_at=NOW - 3 * DAY
        )
        legacy = page_of(client, world.elm_grove, "2026-09-28")

        assert ("Not started" in late, "Not started" in legacy, "Over" in legacy) == (True, False, True)

    def test_as_many_queries_for_200_pupils_as_for_one_and_two_pages_for_more(
        self, world, sign_in, at_a_quarter_to_ten
    ):
        client, costs, before = sign_in(world.sana), [], 0
        for number in (1, 3, 200):
            placed(world, before, number, today=MONDAY)
            before = number
            with CaptureQueriesContext(connection) as asked:
                text = page_of(client, world.elm_grove)
            costs.append(len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]))
            assert text.count("Running now</strong>") == number + 1

        shut = placed_story(world)
        Placement.objects.filter(pk=shut.pk).update(provider=world.birch_farm)
        Closure.objects.create(organisation=world.birch_farm, reason="Flood", starts_on=MONDAY, ends_on=MONDAY)
        with CaptureQueriesContext(connection) as asked:
            assert "Birch Farm is closed: Flood. 1 session" in page_of(client, world.elm_grove)
        costs.append(len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]]))
        placed(world, 200, 201, today=MONDAY)
        first, second = (
            client.get(reverse("today", args=[world.elm_grove.pk]), {"page": number}).text for number in ("one", "2")
        )

        assert costs == [costs[0]] * 4
        assert costs[0] <= 8
        assert "These are 1 to 200 of 201 sessions." in first
        assert ("Pupil 0200" in first, "Pupil 0200" in second, "Pupil 0199" in second) == (False, True, False)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.SAFEGUARDING, True), (Role.COMMISSIONER, True), (Role.SCHOOL_ATTENDANCE, True),
        (Role.PROVIDER_STAFF, True), (Role.PROVIDER_DSL, True), (Role.PROVIDER_LEAD, False),
        (Role.PROCUREMENT, False), (Role.BUDGET, False), (Role.SCHOOL_FINANCE, False),
    ],
)  # fmt: skip
def test_who_sees_where_everybody_is(world, role, may):
    there = {"authority": world.larkshire, "school": world.elm_grove, "provider": world.ash_house}[role.kind]
    Membership.objects.create(user=world.nora, organisation=there, role=role, given_at=AT)

    assert permissions.can_see_today(world.nora, there) == may
    assert permissions.can_see_today(world.nora, world.birch_farm) is False


@pytest.mark.once
def test_the_way_there_stands_on_the_start_page_of_whoever_works_with_pupils(world, sign_in):
    shown = {}
    for name, organisation in (
        ("sana", "elm_grove"),
        ("bob", "ash_house"),
        ("alice", "ash_house"),
        ("max", "larkshire"),
    ):
        there = reverse("today", args=[getattr(world, organisation).pk])
        shown[name] = there in sign_in(getattr(world, name)).get(reverse("home")).text

    assert shown == {"sana": True, "bob": True, "alice": False, "max": False}
