"""Asking for long work, stopping it, having it tried again, and who may."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership
from accounts.states import Role
from audit.models import Event
from core.access import Denied, System
from jobs import actions, rules
from jobs.models import Job
from jobs.states import State
from jobs.steps import enqueue
from tests.jobs import MINUTE, make_job

pytestmark = pytest.mark.django_db
AT = timezone.now()


def ask(world, **more) -> Job:
    words = {"kind": "test", "title": "Read notice.json", "organisation": world.larkshire, "about": world.larkshire}
    with transaction.atomic():
        return enqueue(**(words | {"by": world.max, "at": AT} | more))


def events() -> list[tuple]:
    return list(Event.objects.order_by("pk").values_list("action", "by__name", "organisation_id", "data"))


def test_max_asks_for_work_and_it_waits_and_is_recorded(world):
    job = ask(world)

    kept = Job.objects.get()
    assert kept == job
    assert (kept.state, kept.asked_by, kept.organisation, kept.about_id) == (
        State.WAITING,
        world.max,
        world.larkshire,
        world.larkshire.pk,
    )
    assert (kept.try_at, kept.attempts) == (AT, 0)
    assert events() == [("jobs.job.asked", "Max", world.larkshire.pk, {"kind": "test"})]


def test_the_same_work_on_the_same_thing_is_not_asked_for_twice(world):
    first = ask(world)

    assert ask(world) == first
    assert (Job.objects.count(), Event.objects.count()) == (1, 1)


def test_once_it_is_over_it_can_be_asked_for_again(world):
    first = make_job(world, about_id=world.larkshire.pk, state="done")

    assert ask(world) != first


def test_work_about_nothing_is_asked_for_as_often_as_one_likes(world):
    assert ask(world, about=None) != ask(world, about=None)


def test_the_portal_itself_asks_too(world):
    assert ask(world, by=System("test"), organisation=None).asked_by is None


def test_a_kind_that_nobody_knows_is_refused(world):
    with pytest.raises(KeyError):
        ask(world, kind="unknown")


def test_a_title_from_outside_becomes_one_short_line(world):
    assert ask(world, title="Read\x00 a\ud800\nfile\u202e" + "x" * 10**6).title == "Read a file" + "x" * 188 + "…"


@pytest.mark.parametrize(
    ("fields", "state", "asked"),
    [
        ({"state": "waiting"}, State.CANCELLED, True),
        ({"state": "running", "at": AT}, State.RUNNING, True),
        ({"state": "running", "try_at": AT - MINUTE}, State.CANCELLED, True),
    ],
    ids=["that waits", "that runs", "whose worker died"],
)
def test_max_stops_a_job(world, fields, state, asked):
    job = make_job(world, **fields)

    found = actions.cancel_job(job=job, by=world.max, at=AT)

    job.refresh_from_db()
    assert (found.state, job.state, job.stop_asked) == (state, state, asked)
    assert (job.ended_at == AT, job.try_at is None) == (state == State.CANCELLED,) * 2
    assert events() == [("jobs.job.cancelled", "Max", world.larkshire.pk, {})]


@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
def test_what_is_over_is_not_stopped(world, state):
    job = make_job(world, state=state)

    with pytest.raises(rules.Refused, match="over before"):
        actions.cancel_job(job=job, by=world.max, at=AT)

    assert events() == []


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_ada_has_it_tried_again_and_it_begins_from_the_start_in_maxs_name(world, state):
    job = make_job(world, state=state, attempts=3, done=4, total=5, progress="four", problem="No", cancel_asked_at=AT)

    actions.retry_job(job=job, by=world.ada, at=AT)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.done, job.total, job.progress, job.problem) == (State.WAITING, 0, 0, 0, "", "")
    assert (job.try_at, job.started_at, job.ended_at, job.cancel_asked_at) == (AT, None, None, None)
    assert job.asked_by == world.max
    assert events() == [("jobs.job.retried", "Ada", world.larkshire.pk, {})]


@pytest.mark.parametrize("state", ["waiting", "running", "done"])
def test_what_is_under_way_or_done_is_not_tried_again(world, state):
    job = make_job(world, state=state)

    with pytest.raises(rules.Refused, match="already"):
        actions.retry_job(job=job, by=world.max, at=AT)


def test_what_was_asked_for_again_meanwhile_is_not_tried_again_beside_it(world):
    job = make_job(world, state="failed", about_id=7)
    make_job(world, about_id=7)

    with pytest.raises(rules.Refused, match="asked for again"):
        actions.retry_job(job=job, by=world.max, at=AT)

    job.refresh_from_db()
    assert (job.state, events()) == (State.FAILED, [])


MAY = {"max": True, "ada": True, "olu": True, "eve": False, "fay": False, "ines": False, "alice": False, "nora": False}


@pytest.mark.parametrize("who", MAY)
@pytest.mark.parametrize(("act", "state"), [(actions.cancel_job, "running"), (actions.retry_job, "failed")])
def test_who_stops_a_councils_job_or_has_it_tried_again(world, act, state, who):
    job, may = make_job(world, state=state), True
    words = {"job": job, "by": getattr(world, who), "at": AT}

    try:
        act(**words)
    except Denied:
        may = False

    assert may == MAY[who]
    assert Event.objects.count() == MAY[who]


def test_a_job_of_no_organisation_is_the_operators(world):
    job = make_job(world, by="olu", organisation=None)

    assert [list(Job.objects.visible_to(who)) for who in (world.olu, world.max, world.nora)] == [[job], [], []]
    with pytest.raises(Denied):
        actions.cancel_job(job=job, by=world.max, at=AT)
    actions.cancel_job(job=job, by=world.olu, at=AT)


def test_whoever_has_left_the_council_sees_and_stops_its_jobs_no_more(world):
    job = make_job(world)
    Membership.objects.filter(user=world.max).update(ended_at=AT, person_name="")

    assert list(Job.objects.visible_to(world.max)) == []
    with pytest.raises(Denied):
        actions.cancel_job(job=job, by=world.max, at=AT)


def test_a_role_in_another_organisation_gives_no_hold_on_a_councils_job(world):
    Membership.objects.create(user=world.ines, organisation=world.larkshire, role=Role.FINANCE, given_at=AT)
    job = make_job(world)

    with pytest.raises(Denied):
        actions.cancel_job(job=job, by=world.ines, at=AT)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "running", "try_at": None},
        {"state": "waiting", "ended_at": AT},
        {"state": "done", "try_at": AT, "ended_at": AT},
        {"state": "done", "try_at": None},
    ],
    ids=["running without a lease", "waiting and over", "over and to be tried", "over without an end"],
)
def test_the_database_refuses_a_state_that_cannot_be(world, fields):
    words = {"kind": "test", "title": "A", "asked_at": AT, "try_at": AT} | fields

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(**words)


def test_the_database_holds_one_job_at_a_time_for_a_thing(world):
    make_job(world, about_id=7, state="done")
    make_job(world, about_id=7)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_job(world, about_id=7, state="running", at=AT + dt.timedelta(1))
