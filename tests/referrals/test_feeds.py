"""Calendar feeds: made, used, ended; what they never say; sessions across the change of the clocks."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from accounts.models import Membership, Organisation, User
from accounts.rules.people import token_hash
from audit.models import Event
from core import clock
from core.access import Denied
from lots.rules.refusals import Refused
from referrals.actions import feeds as actions
from referrals.models import Feed, Placement, WeeklySession
from referrals.rules import ical
from referrals.rules.ical import Entry
from tests.apframework.test_logs import lines  # noqa: F401
from tests.referrals.made import AT, CANARIES
from tests.referrals.placed import placed_story

NOW = dt.datetime(2026, 10, 19, 6, 0, tzinfo=dt.UTC)
TODAY = NOW.date()


@pytest.fixture
def in_october(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def made(world, who="sana", organisation="elm_grove") -> tuple[Feed, str]:
    return actions.make_feed(organisation=getattr(world, organisation), by=getattr(world, who), at=AT)


def read(token: str):
    return Client().get(reverse("feed", args=[token]))


class TestRules:
    def test_a_session_keeps_its_time_on_the_clock_when_the_clocks_change(self):
        entries = [
            Entry(4, 2, dt.date(2026, 10, day), dt.time(9, 30), dt.time(14, 30)) for day in (24, 25, 26)
        ]  # they go back in the night to the 25th

        found = Calendar.from_ical(ical.feed_of(entries, host="ap.example", at=NOW)).walk("VEVENT")

        assert [one.decoded("dtstart") for one in found] == [
            dt.datetime(2026, 10, 24, 8, 30, tzinfo=dt.UTC),
            dt.datetime(2026, 10, 25, 9, 30, tzinfo=dt.UTC),
            dt.datetime(2026, 10, 26, 9, 30, tzinfo=dt.UTC),
        ]
        assert {one.decoded("dtend") - one.decoded("dtstart") for one in found} == {dt.timedelta(hours=5)}
        assert [str(one["uid"]) for one in found] == [f"session-4-202610{day}@ap.example" for day in (24, 25, 26)]
        assert {str(one["summary"]) for one in found} == {"Session, placement 2"}

    def test_it_has_what_the_standard_asks_for(self):
        body = ical.feed_of([Entry(4, 2, TODAY, dt.time(9), dt.time(10))], host="ap.example", at=NOW).decode()

        for line in ("BEGIN:VCALENDAR", "VERSION:2.0", "DTSTAMP:20261019T060000Z", "DTSTART:20261019T080000Z"):
            assert f"{line}\r\n" in body
        assert "PRODID:" in ical.feed_of([], host="ap.example", at=NOW).decode()

    def test_it_holds_the_next_eight_weeks_today_first(self):
        assert ical.days_of_feed(TODAY) == (TODAY, dt.date(2026, 12, 13))

    @pytest.mark.parametrize(("minutes", "noted"), [(None, True), (59, False), (60, True)])
    def test_a_use_is_written_down_once_an_hour(self, minutes, noted):
        used_at = None if minutes is None else NOW - dt.timedelta(minutes=minutes)

        assert ical.is_to_be_noted(used_at, NOW) == noted


class TestAFeed:
    def test_sana_makes_one_reads_it_and_ends_it(self, world, sign_in, in_october, lines):  # noqa: F811
        placement = placed_story(world)
        client = sign_in(world.sana)
        page = reverse("feeds", args=[world.elm_grove.pk])

        shown = client.post(reverse("make_feed", args=[world.elm_grove.pk]))
        token = re.search(r"/calendar/([\w-]{43})\.ics", shown.text)[1]
        feed = Feed.objects.get()
        answer = read(token)

        assert (feed.user, feed.organisation, feed.token_hash) == (world.sana, world.elm_grove, token_hash(token))
        assert shown["Cache-Control"] == answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        events = Calendar.from_ical(answer.content).walk("VEVENT")
        assert len(events) == 16  # two a week; the provider and the school have written down no terms
        assert {str(one["summary"]) for one in events} == {f"Session, placement {placement.pk}"}
        body = answer.content.decode()
        for canary in (*CANARIES, "Ash House", "Elm Grove", "Workshop", "LK1", "Larkford", "LOCATION", token):
            assert canary not in body
        again = client.get(page).text
        assert (token in again, "19 October 2026 at 7am" in again) == (False, True)
        end = reverse("revoke_feed", args=[feed.pk])
        assert "stops at once" in client.get(end).text
        assert client.post(end, follow=True).text.count("You have no feed") == 1
        client.post(end)
        assert read(token).status_code == 404
        written = Event.objects.filter(action__startswith="referrals.feed.").order_by("id")
        assert [(one.action, one.data) for one in written] == [
            ("referrals.feed.made", {}),
            ("referrals.feed.revoked", {}),
        ]
        assert [line for line in lines() if token in str(line)] == []

    def test_a_provider_gets_its_own_and_only_what_runs(self, world, in_october):
        placement = placed_story(world)
        _, token = made(world, "bob", "ash_house")

        def events() -> int:
            return read(token).content.decode().count("BEGIN:VEVENT")

        first = read(token).content
        found = [events()]
        WeeklySession.objects.filter(placement=placement, weekday=0).delete()
        found.append(events())
        Placement.objects.filter(pk=placement.pk).update(state="assurance")
        found.append(events())
        Placement.objects.filter(pk=placement.pk).update(state="live", hidden_at=AT)
        found.append(events())

        assert found == [16, 8, 0, 0]
        assert first.count(b"UID:") == 16

    @pytest.mark.parametrize(
        "lost",
        [
            lambda world: Membership.objects.filter(user=world.sana).update(ended_at=AT, person_name=""),
            lambda world: User.objects.filter(pk=world.sana.pk).update(is_active=False),
            lambda world: Organisation.objects.filter(pk=world.elm_grove.pk).update(is_open=False),
        ],
        ids=["role", "account", "organisation"],
    )
    def test_it_gives_nothing_to_whoever_lost_what_it_hangs_on(self, world, lost):
        feed, token = made(world)
        assert read(token).status_code == 200

        lost(world)

        assert read(token).status_code == 404
        with pytest.raises(Denied):
            actions.note_use(feed=feed, by=User.objects.get(pk=world.sana.pk), at=AT)

    @pytest.mark.parametrize("token", ["wrong", "%00", "a" * 3000, "\udcff"])
    def test_a_wrong_secret_opens_nothing(self, db, token):
        assert (
            Client().get(f"/calendar/{token}.ics".encode("utf-8", "surrogateescape").decode("latin-1")).status_code
            == 404
        )

    def test_a_use_is_not_written_at_every_request(self, world, in_october, monkeypatch):
        feed, token = made(world)
        Feed.objects.filter(pk=feed.pk).update(used_at=NOW - dt.timedelta(minutes=30))

        read(token)
        soon = Feed.objects.get().used_at
        Feed.objects.filter(pk=feed.pk).update(used_at=NOW - dt.timedelta(hours=2))
        read(token)

        assert (soon, Feed.objects.get().used_at) == (NOW - dt.timedelta(minutes=30), NOW)

    def test_ten_are_enough_and_one_that_ended_makes_room(self, world, sign_in):
        feeds = [made(world)[0] for _ in range(ical.MOST_FEEDS)]

        with pytest.raises(Refused, match="You have 10 calendar feeds"):
            made(world)
        said = sign_in(world.sana).post(reverse("make_feed", args=[world.elm_grove.pk]), follow=True).text
        actions.revoke_feed(feed=feeds[0], by=world.sana, at=AT)
        made(world)

        assert "End one that you no longer use" in said
        assert Feed.objects.standing().count() == ical.MOST_FEEDS

    def test_nobody_makes_ends_or_sees_one_that_is_not_theirs(self, world, sign_in):
        feed, _ = made(world)

        with pytest.raises(Denied):
            made(world, "alice", "ash_house")  # the lead runs the account and sees no pupil
        with pytest.raises(Denied):
            made(world, "sana", "larkshire")
        with pytest.raises(Denied):
            actions.revoke_feed(feed=feed, by=world.tom, at=AT)
        with pytest.raises(Denied):
            actions.note_today(organisation=world.elm_grove, day=TODAY, by=world.max, at=AT)
        assert sign_in(world.eve).post(reverse("revoke_feed", args=[feed.pk])).status_code == 404
        assert Feed.objects.get().revoked_at is None

    def test_whoever_left_still_ends_theirs(self, world, sign_in):
        feed, _ = made(world)
        Membership.objects.filter(user=world.sana).update(ended_at=AT, person_name="")

        actions.revoke_feed(feed=feed, by=User.objects.get(pk=world.sana.pk), at=AT)

        assert Feed.objects.get().revoked_at == AT
