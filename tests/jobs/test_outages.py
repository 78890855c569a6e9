"""The portal logs its own outages: a sign of life every minute, and what it means when there was none."""

from __future__ import annotations

import datetime as dt
import io
import json
import urllib.error

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Event
from core import access, clock
from jobs import actions, rules, tasks
from jobs.models import Outage, Pulse, PulseQuerySet
from jobs.states import Sign
from tests.patience import be_patient, found_by

NOON = dt.datetime(2026, 4, 20, 11, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
WATCH = access.System("jobs.watch")


def after(minutes: float) -> dt.datetime:
    return NOON + minutes * MINUTE


@pytest.fixture
def at(monkeypatch):
    """`at(3)`: the database's clock stands at three minutes after noon."""

    def stand(minutes: float) -> None:
        monkeypatch.setattr(clock, "database_now", lambda: after(minutes))

    return stand


def sign(what=Sign.PORTAL, *, well=True):
    return actions.note_sign(what=what, well=well, by=WATCH)


def logged() -> list[tuple]:
    def minutes(moment):
        return None if moment is None else (moment - NOON) / MINUTE

    rows = Outage.objects.order_by("id")
    return [(one.what, minutes(one.began_at), minutes(one.ended_at)) for one in rows]


@pytest.mark.parametrize(
    ("seconds", "out"),
    [(-5, False), (0, False), (60, False), (180, False), (180.000001, True), (86_400, True)],
)
def test_three_missed_signs_of_life_are_an_outage(seconds, out):
    assert rules.was_out(NOON, NOON + dt.timedelta(seconds=seconds)) is out


WELL = {"state": "failing", "checks": {"database": "ok", "mail": "late by 1000 seconds"}}


@pytest.mark.parametrize(
    ("body", "answers"),
    [
        (json.dumps(WELL).encode(), True),
        (b'{"checks": {"database": "no answer in time"}}', False),
        (b'{"checks": {}}', False),
        (b'{"checks": null}', False),
        (b"[]", False),
        (b"<html>502 Bad Gateway</html>", False),
        (b"", False),
        (b"\xff\xfe", False),
        (b"[" * 100_000, False),
    ],
)
def test_pages_answer_where_the_database_is_reached_whatever_else_is_late(body, answers):
    assert rules.pages_answer(body) is answers


@pytest.mark.django_db
class TestSignsOfLife:
    """What the rows say after a while."""

    def test_while_it_is_well_nothing_is_logged(self, at):
        for minute in range(5):
            at(minute)
            assert sign() is None

        assert (Pulse.objects.get().seen_at, logged()) == (after(4), [])

    def test_a_gap_is_an_outage_from_the_last_sign_until_the_next(self, at):
        at(0)
        sign()
        at(17)
        sign()
        at(18)
        sign()

        assert logged() == [("portal", 0, 17)]
        event = Event.objects.get(action="jobs.outage.logged")
        assert (event.by_label, event.data) == ("system:jobs.watch", {"part": "portal"})

    def test_pages_that_do_not_answer_are_out_of_order_until_they_do(self, at):
        for minute in range(9):
            at(minute)
            sign()
            sign(Sign.WEB, well=minute in {0, 8})

        assert logged() == [("web", 0, 8)]
        assert Event.objects.filter(action="jobs.outage.ended").count() == 1

    def test_one_answer_that_was_lost_is_no_outage(self, at):
        for minute in range(5):
            at(minute)
            sign(Sign.WEB, well=minute != 2)

        assert logged() == []

    def test_an_outage_that_lasts_is_open(self, at):
        for minute in range(6):
            at(minute)
            sign(Sign.WEB, well=minute == 0)

        assert logged() == [("web", 0, None)]

    def test_what_nobody_asked_while_all_of_it_was_away_is_counted_once(self, at):
        at(0)
        sign()
        sign(Sign.WEB)
        for minute in (30, 31):
            at(minute)
            sign()
            sign(Sign.WEB, well=minute == 31)

        assert logged() == [("portal", 0, 30)]

    def test_a_clock_that_goes_back_moves_nothing_back(self, at):
        at(5)
        sign()
        at(4)
        sign()

        assert (Pulse.objects.get().seen_at, logged()) == (after(5), [])

    def test_nobody_logs_one_by_hand(self, world):
        for by in (world.olu, world.max, access.System("jobs.run")):
            with pytest.raises(access.Denied):
                actions.note_sign(what=Sign.PORTAL, well=True, by=by)

    @pytest.mark.parametrize(
        "second",
        [
            {"what": "web", "began_at": after(9), "ended_at": None},
            {"what": "portal", "began_at": after(0), "ended_at": after(4)},
            {"what": "portal", "began_at": after(9), "ended_at": after(8)},
        ],
    )
    def test_the_database_refuses_a_second_copy_and_an_end_before_the_beginning(self, second):
        Outage.objects.create(what="web", began_at=after(0))
        Outage.objects.create(what="portal", began_at=after(0), ended_at=after(4))

        with pytest.raises(IntegrityError), transaction.atomic():
            Outage.objects.create(**second)


@pytest.mark.django_db
class TestTheWatch:
    """What beat and the tick start."""

    @pytest.fixture
    def answer(self, monkeypatch, settings):
        """`answer(body)` or `answer(error)`: what our own address gives back."""
        settings.WATCH_URL = "https://portal.example/readyz"

        def give(found):
            def opened(url, timeout):
                assert (url, timeout) == ("https://portal.example/readyz", tasks.WATCH_SECONDS)
                if isinstance(found, bytes):
                    return io.BytesIO(found)
                raise found()

            monkeypatch.setattr("urllib.request.urlopen", opened)

        return give

    @pytest.mark.parametrize(
        ("found", "open_outage"),
        [
            (json.dumps(WELL).encode(), False),
            (lambda: urllib.error.HTTPError("", 503, "", None, io.BytesIO(json.dumps(WELL).encode())), False),
            (lambda: urllib.error.HTTPError("", 502, "", None, io.BytesIO(b"Bad gateway")), True),
            (lambda: urllib.error.URLError("refused"), True),
            (TimeoutError, True),
            (lambda: ValueError("no such address"), True),
        ],
    )
    def test_it_asks_its_own_pages(self, answer, at, found, open_outage):
        answer(json.dumps(WELL).encode())
        at(0)
        tasks.watch()
        answer(found)
        for minute in (2, 4):
            at(minute)
            tasks.watch()

        assert logged() == ([("web", 0, None)] if open_outage else [])
        assert Pulse.objects.get(what="portal").seen_at == after(4)

    def test_without_an_address_the_pages_are_not_asked(self, settings, at):
        at(0)
        tasks.watch()

        assert settings.WATCH_URL == ""
        assert [one.what for one in Pulse.objects.all()] == ["portal"]

    def test_a_demo_that_was_switched_off_was_not_out_of_order(self, settings):
        settings.DEMO = True
        tasks.watch()

        assert Pulse.objects.count() == 0


@pytest.mark.django_db
class TestThePage:
    """Anybody reads it."""

    def test_the_last_year_newest_first(self, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: after(10))
        Outage.objects.create(what="portal", began_at=NOON - dt.timedelta(days=400), ended_at=NOON)
        Outage.objects.create(
            what="portal", began_at=NOON - dt.timedelta(days=401), ended_at=NOON - 366 * 1440 * MINUTE
        )
        Outage.objects.create(what="web", began_at=after(-7))

        page = Client().get(reverse("outages")).content.decode()

        assert "2</strong> outages in the last year" in page
        assert page.index("The portal’s pages did not answer") < page.index("The portal was out of order</td>")
        assert "20 April 2026 at 11:53:00 (UK time)" in page
        assert "Not over" in page

    @pytest.mark.parametrize("rows", [1, 3])
    def test_it_costs_the_same_with_one_and_three(self, django_assert_num_queries, rows):
        for row in range(rows):
            Outage.objects.create(what="portal", began_at=clock.now() - (row + 9) * MINUTE, ended_at=clock.now())

        with django_assert_num_queries(1):
            Client().get(reverse("outages"))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestTwoBeats:
    """Beat and tick find the same gap at the same moment."""

    def both(self, meet):
        Pulse.objects.create(what="portal", seen_at=clock.now() - 10 * MINUTE)
        meet(rules, "was_out")
        return found_by(sign, sign)

    def test_without_the_lock_both_find_it_and_the_database_refuses_the_second(self, monkeypatch, meet):
        be_patient(monkeypatch)
        monkeypatch.setattr(PulseQuerySet, "locked", lambda self, pk: self.get(pk=pk))

        found = self.both(meet)

        assert sum(isinstance(one, IntegrityError) for one in found) == 1

    @pytest.mark.parametrize("turn", range(3))
    def test_one_outage_is_logged(self, meet, turn):
        found = self.both(meet)

        assert sorted(type(one).__name__ for one in found) == ["NoneType", "Outage"]
        assert Outage.objects.count() == 1
