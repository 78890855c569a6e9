"""Which visits are due and overdue, who is told, and the pages on which they stand."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.db.transaction import atomic
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.access import Denied, System
from monitoring import running
from monitoring.actions import visits as actions
from monitoring.models import Visit, VisitSchedule
from monitoring.permissions.visits import REMIND
from monitoring.queries import schedules as queries
from monitoring.steps import visits as steps
from outbox.models import Message
from tests.monitoring.made import DAY, NINE, made_schedule, made_visit
from tests.referrals.made import CANARIES
from tests.referrals.placed import made_placement

TODAY = DAY


def remind(world, owner=None, today=TODAY):
    owners = [(owner or world.larkshire).pk]
    return actions.remind_of_visits(owners=owners, by=System(REMIND), at=NINE, today=today)


class TestDue:
    """What is overdue, and who is told."""

    def test_weekly_visits_are_due_in_weeks_with_a_session(self, world):
        placement = made_placement(world)  # Mondays and Wednesdays from 28 September
        first = dt.date(2026, 9, 21)
        one = made_schedule(world, owner=world.elm_grove, placement=placement, kind="face", every="week", from_on=first)
        two = made_schedule(world, owner=world.elm_grove, kind="face", every="week", from_on=first)
        made_schedule(world, owner=world.mereshire, kind="face", every="week", from_on=first)
        today = dt.date(2026, 10, 14)
        held = {"state": "held", "kind": "face", "owner": world.elm_grove}
        made_visit(world, **held, planned_on=dt.date(2026, 10, 1))
        made_visit(world, **held, placement=placement, planned_on=dt.date(2026, 10, 8))

        found = queries.scheduled(VisitSchedule.objects.order_by("pk"), today)

        assert [one.schedule.pk for one in found[:2]] == [one.pk, two.pk]
        assert [[str(gone.span.last) for gone in one.missed] for one in found] == [["2026-10-04"], [], []]
        assert [one.now and one.now.how for one in found] == ["due", "due", None]

    def test_planners_and_providers_are_told_once_a_week_without_names(self, world):
        placement = made_placement(world)
        first = dt.date(2026, 9, 28)
        fields = {"owner": world.elm_grove, "written_by": world.sana, "every": "week", "kind": "face"}
        made_schedule(world, **fields, placement=placement, from_on=first)
        made_schedule(world, **fields | {"written_by": world.nora}, from_on=first)
        made_visit(world, owner=world.elm_grove, visitor=world.sana, planned_on=dt.date(2026, 10, 2))
        held = made_visit(world, owner=world.elm_grove, state="held", planned_on=dt.date(2026, 9, 30))
        held.actions.create(what="Ring", owner="visitor", due_on=TODAY)
        wednesday = dt.date(2026, 10, 14)

        assert remind(world, world.elm_grove, wednesday) == 2
        assert remind(world, world.elm_grove, wednesday) == 0
        assert remind(world, world.elm_grove, dt.date(2026, 10, 20)) == 2

        letters = Message.objects.filter(key__contains="2026-10-12").order_by("key")
        assert {one.to for one in letters} == {world.sana.email, world.alice.email}
        assert "4 things are" in letters.get(to=world.sana.email).body
        assert not [word for word in CANARIES if any(word in one.subject + one.body for one in letters)]
        with pytest.raises(Denied):
            actions.remind_of_visits(owners=[1], by=System("other"), at=NINE, today=TODAY)

    def test_all_who_visit_are_written_to_by_themselves(self, world):
        made_visit(world, planned_on=dt.date(2020, 1, 6))
        made_visit(world, owner=world.mereshire, planned_on=dt.date(2020, 1, 6))

        assert running.remind_of_visits() == 1
        assert running.remind_of_visits() == 0

    def test_many_owners_are_read_like_one_and_a_piece_that_fails_stops_no_other(self, world, monkeypatch):
        placement, spring = made_placement(world), dt.date(2026, 1, 5)
        owners = [world.larkshire, world.elm_grove, world.oak_trust]
        for owner in owners:
            made_schedule(world, owner=owner, from_on=spring)
            made_schedule(world, owner=owner, kind="face", every="week", from_on=spring)
            made_visit(world, owner=owner, planned_on=spring)
            made_visit(world, owner=owner, state="held", planned_on=spring)
        made_schedule(world, owner=world.elm_grove, placement=placement, kind="face", every="week", from_on=spring)

        def costs(some) -> int:
            with CaptureQueriesContext(connection) as made, atomic():
                steps.remind(owners=[one.pk for one in some], today=TODAY, at=NINE)
            return sum(one["sql"].startswith("SELECT") for one in made)

        assert costs(owners[:1]) == costs(owners) <= 10
        Message.objects.all().delete()
        monkeypatch.setattr(running, "OWNERS_AT_ONCE", 1)
        remind_of = actions.remind_of_visits

        def failing(*, owners, **rest):
            if owners == [world.elm_grove.pk]:
                raise ZeroDivisionError
            return remind_of(owners=owners, **rest)

        monkeypatch.setattr(actions, "remind_of_visits", failing)
        with pytest.raises(ZeroDivisionError):
            running.remind_of_visits()
        keys = Message.objects.filter(key__startswith="visits:").values_list("key", flat=True)
        assert {int(key.split(":")[1]) for key in keys} == {world.larkshire.pk, world.oak_trust.pk}


class TestPages:
    """The lists."""

    @time_machine.travel(dt.datetime(2026, 10, 14, 9, tzinfo=dt.UTC), tick=False)
    def test_the_pages_show_what_is_overdue_in_red(self, world, sign_in):
        placement = made_placement(world)
        fields = {"owner": world.elm_grove, "every": "week", "kind": "face", "from_on": dt.date(2026, 9, 28)}
        made_schedule(world, **fields, placement=placement)
        made_schedule(world, owner=world.elm_grove)
        made_visit(world, owner=world.elm_grove, state="held")
        made_visit(world, owner=world.elm_grove, planned_on=dt.date(2026, 10, 1))
        made_visit(world, state="held", shared_at=NINE)
        client = sign_in(world.sana)

        def page(name, **asked):
            found = client.get(reverse(name, args=[world.elm_grove.pk]), asked).content.decode()
            assert "<title>Visits" in found.replace("\n", "") or "<title>To do" in found.replace("\n", "")
            assert not [word for word in CANARIES if word in found.partition("</title>")[0]]
            return found

        due = page("visits")
        assert due.index("Overdue</caption>") < due.index("Schedules with nothing missed")
        assert "govuk-tag--red" in due
        assert "Quillsworth" in due
        assert "Not written down" in page("visits_planned")
        assert page("visits_planned", show="held").count(", held on") == 1
        assert "Ask for the reference" in page("visits_to_do")
        assert "Larkshire Council" in page("visits_shared")

    def test_planned_scheduled_and_ended_on_pages(self, world, sign_in):
        placement = made_placement(world)
        client = sign_in(world.sana)
        pages = {name: reverse(name, args=[world.elm_grove.pk]) for name in ("plan_visit", "schedule_visits")}
        day = {f"planned_on_{part}": value for part, value in enumerate(("5", "10", "2099"))}
        first = {f"from_on_{part}": value for part, value in enumerate(("5", "10", "2026"))}
        whom = {"kind": "face", "placement": placement.pk}

        nobody = client.post(pages["plan_visit"], {"kind": "face"} | day).content.decode()
        past = client.post(pages["plan_visit"], whom | day | {"planned_on_2": "2020"}).content.decode()
        planned = client.post(pages["plan_visit"], whom | day, follow=True).content.decode()
        made = client.post(pages["schedule_visits"], whom | first, follow=True).content.decode()
        twice = client.post(pages["schedule_visits"], whom | first).content.decode()
        ended = client.post(reverse("end_schedule", args=[VisitSchedule.objects.get().pk]), follow=True)
        cancel = reverse("cancel_visit", args=[Visit.objects.get().pk])
        empty = client.post(cancel, {}).content.decode()
        cancelled = client.post(cancel, {"reason": "Snow"}, follow=True).content.decode()

        assert "Select the provider" in nobody
        assert "must be today or later" in past
        assert "The visit is planned" in planned
        assert "The schedule is made" in made
        assert "There is a schedule of this kind already" in twice
        assert "The schedule is ended" in ended.content.decode()
        assert "Write why the visit does not take place" in empty
        assert "The visit is cancelled" in cancelled

    def test_an_action_is_done_by_the_provider_on_its_page(self, world, sign_in):
        visit = made_visit(world, state="held", planned_on=dt.date(2026, 9, 7))
        url = reverse("action_done", args=[visit.actions.get().pk])
        client = sign_in(world.bob)
        day = {f"done_on_{part}": value for part, value in enumerate(("8", "9", "2026"))}

        wrong = client.post(url, day).content.decode()
        right = client.post(url, day | {"words": "It came"}, follow=True).content.decode()

        assert "Write how it was done" in wrong
        assert "The action is done" in right
        assert "It came" in right
        assert "It came" in client.get(url).content.decode()
