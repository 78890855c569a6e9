"""A worker takes a job up, does it and writes down how it ended."""

from __future__ import annotations

import datetime as dt

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.management import call_command
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from audit.models import Event
from core.access import Denied
from jobs import actions, queries, rules, running, tasks
from jobs.models import Job
from jobs.states import State
from tests.apframework.test_logs import lines  # noqa: F401
from tests.jobs import MINUTE, make_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_every_word(monkeypatch):
    """The progress is written at every word, not once a second."""
    monkeypatch.setattr(rules, "TOLD_EVERY", -1.0)


def seen(job, *fields):
    job.refresh_from_db()
    return tuple(getattr(job, field) for field in fields)


def later(job, **fields) -> None:
    """Change the row behind the worker's back."""
    Job.objects.filter(pk=job.pk).update(**fields)


def test_a_job_is_done_and_says_what_came_of_it(world, plan):
    job = make_job(world)
    plan(lambda job, progress: f"Read for {job.asked_by.name}")

    assert running.sweep() == 1

    assert seen(job, "state", "result", "problem", "attempts", "token") == (State.DONE, "Read for Max", "", 1, "")
    assert job.started_at <= job.ended_at
    assert Event.objects.count() == 0
    assert running.sweep() == 0


def test_while_it_runs_the_row_says_how_far_it_is(world, plan, at_every_word):
    make_job(world)
    found = []

    def work(job, progress):
        for step in (1, 2):
            progress(step, 4, f"release {step}")
            found.append((*seen(job, "state", "told"), job.try_at > timezone.now()))
        return ""

    plan(work)
    running.sweep()

    assert found == [
        (State.RUNNING, "25 % done: release 1", True),
        (State.RUNNING, "50 % done: release 2", True),
    ]


def test_progress_is_written_once_a_second_and_at_the_end(world, plan, django_assert_max_num_queries):
    def work(job, progress):
        for step in range(10_000):
            progress(step, 10_000, "going")
        raise rules.Failed("The file is not JSON")

    job = make_job(world)
    plan(work)

    with django_assert_max_num_queries(40):
        running.sweep()

    assert seen(job, "done", "total", "progress") == (9_999, 10_000, "going")


@pytest.mark.parametrize(
    ("said", "kept"),
    [("\x00\ud800 half\n", "half"), ("x" * 10**6, "x" * 499 + "…"), (None, "None")],
    ids=["what no database takes", "a million characters", "nothing"],
)
def test_whatever_the_work_says_is_kept_as_a_line(world, plan, at_every_word, said, kept):
    job = make_job(world)
    plan(lambda job, progress: progress(2**70, 2**71, said) or said)

    running.sweep()

    assert seen(job, "state", "result") == (State.DONE, kept)


def test_what_cannot_be_done_fails_at_once_with_the_works_own_words_and_is_recorded(world, plan):
    def work(job, progress):
        raise rules.Failed("The file is not JSON: see line 4.")

    job = make_job(world)
    plan(work)
    running.sweep()

    assert seen(job, "state", "problem", "attempts") == (State.FAILED, "The file is not JSON: see line 4.", 1)
    event = Event.objects.get()
    assert (event.action, str(event.by_label), event.organisation_id, event.data) == (
        "jobs.job.failed",
        "system:jobs.run",
        world.larkshire.pk,
        {"kind": "test", "attempts": 1},
    )


def test_whoever_may_no_longer_do_it_is_told_so(world, plan):
    def work(job, progress):
        raise Denied("Max")

    job = make_job(world)
    plan(work)
    running.sweep()

    assert seen(job, "state", "problem") == (State.FAILED, rules.NOT_ALLOWED)


def test_what_breaks_is_tried_three_times_ever_later_and_tells_nobody_why(world, plan, lines):  # noqa: F811
    def work(job, progress):
        raise ZeroDivisionError("Canarina Yellowfinch, 1 Road")

    job, found = make_job(world), []
    plan(work)
    for _ in range(4):
        began = timezone.now()
        running.sweep()
        state, attempts, try_at = seen(job, "state", "attempts", "try_at")
        found.append((state, attempts, try_at and round((try_at - began).total_seconds())))
        if try_at:
            later(job, try_at=timezone.now())

    assert found == [(State.WAITING, 1, 10), (State.WAITING, 2, 60), (State.FAILED, 3, None), (State.FAILED, 3, None)]
    assert job.problem == rules.BROKE
    assert Event.objects.get().action == "jobs.job.failed"
    text = "".join(map(str, lines()))
    assert text.count("ZeroDivisionError") == 3
    assert "anarina" not in text


@pytest.mark.parametrize("kind", ["gone", "a kind of yesterday"])
def test_work_that_is_not_there_any_more_breaks_calmly(world, kind):
    job = make_job(world, kind=kind)

    running.sweep()

    assert seen(job, "state", "attempts") == (State.WAITING, 1)


def test_the_oldest_is_done_first_and_one_that_waits_for_its_next_try_not_yet(world, plan):
    now, order = timezone.now(), []
    make_job(world, title="second", at=now - MINUTE)
    make_job(world, title="first", at=now - 2 * MINUTE)
    make_job(world, title="not yet", try_at=now + MINUTE)
    plan(lambda job, progress: order.append(job.title) or "")

    assert running.sweep() == 2

    assert order == ["first", "second"]


def test_a_sweep_takes_up_nothing_new_when_its_time_is_over(world, plan):
    make_job(world)

    assert running.sweep(seconds=0) == 0


def test_somebody_stops_it_and_it_stops_at_its_next_word(world, plan, at_every_word):
    job, steps = make_job(world), []

    def work(job, progress):
        for step in range(5):
            progress(step, 5, f"step {step}")
            steps.append(step)
            if step == 1:
                actions.cancel_job(job=job, by=world.max, at=timezone.now())
        return "All of it"

    plan(work)
    running.sweep()

    assert steps == [0, 1]
    assert seen(job, "state", "result", "told") == (State.CANCELLED, "", "40 % done: step 2")


def test_the_last_step_is_told_at_once_so_that_a_wish_to_stop_is_heard_before_the_result_is_written(world, plan):
    job, written = make_job(world), []

    def work(job, progress):
        progress(1, 2)
        actions.cancel_job(job=job, by=world.max, at=timezone.now())
        progress(2, 2)
        written.append("the result")

    plan(work)
    running.sweep()

    assert written == []
    assert seen(job, "state") == (State.CANCELLED,)


def test_work_that_catches_every_fault_of_its_own_is_stopped_all_the_same(world, plan, at_every_word):
    job = make_job(world)
    later(job, cancel_asked_at=timezone.now())

    def work(job, progress):
        try:
            progress(1, 2)
        except Exception:
            return "went on"

    plan(work)
    running.run(_claimed_though_stopped(job))

    assert seen(job, "state") == (State.CANCELLED,)


def _claimed_though_stopped(job) -> Job:
    later(job, state="running", token="ours", attempts=1, try_at=timezone.now() + MINUTE)
    job.refresh_from_db()
    return job


def test_work_that_was_done_before_the_wish_to_stop_arrived_is_done(world, plan):
    job = make_job(world)

    def work(job, progress):
        actions.cancel_job(job=job, by=world.max, at=timezone.now())
        return "All of it"

    plan(work)
    running.sweep()

    assert seen(job, "state", "result") == (State.DONE, "All of it")


def test_what_breaks_after_somebody_wanted_it_stopped_is_not_tried_again(world, plan):
    job = make_job(world)

    def work(job, progress):
        actions.cancel_job(job=job, by=world.max, at=timezone.now())
        raise ZeroDivisionError

    plan(work)
    running.sweep()

    assert seen(job, "state") == (State.CANCELLED,)


@pytest.mark.parametrize(
    ("fields", "state", "attempts"),
    [
        ({"attempts": 1}, State.DONE, 2),
        ({"attempts": 2}, State.DONE, 3),
        ({"attempts": 3}, State.FAILED, 3),
        ({"attempts": 1, "cancel_asked_at": timezone.now()}, State.CANCELLED, 1),
    ],
    ids=["once", "twice", "at every try", "when it was to be stopped"],
)
def test_a_job_that_its_worker_left_behind_is_brought_to_an_end(world, plan, fields, state, attempts):
    job = make_job(world, state="running", try_at=timezone.now() - MINUTE, **fields)

    running.sweep()

    assert seen(job, "state", "attempts") == (state, attempts)
    assert job.problem == (rules.BROKE if state == State.FAILED else "")


def test_nobody_takes_over_a_job_whose_worker_lives(world, plan):
    job = make_job(world, state="running")

    assert running.sweep() == 0
    assert seen(job, "state", "attempts", "token") == (State.RUNNING, 1, "somebody")


@pytest.mark.parametrize(
    "change",
    [{"token": "another"}, {"state": "cancelled", "try_at": None, "ended_at": timezone.now()}],
    ids=["another worker has it", "it is over"],
)
@pytest.mark.parametrize("how", ["goes on", "returns", "breaks"])
def test_a_worker_that_lost_its_job_writes_nothing_more(world, plan, at_every_word, change, how):
    job, steps = make_job(world), []

    def work(job, progress):
        progress(1, 9, "ours")
        later(job, **change)
        if how == "breaks":
            raise ZeroDivisionError
        if how == "goes on":
            progress(5, 9, "lost")
            steps.append("went on")
        return "All of it"

    plan(work)
    running.sweep()

    assert steps == []
    expected = {"state": "running", "token": job.token} | change
    assert seen(job, "done", "progress", "result", "problem") == (1, "ours", "", "")
    assert (job.state, job.token != "") == (expected["state"], True)
    assert Event.objects.count() == 0


def test_once_lost_it_stays_lost(world, plan):
    hold = running.Hold(_claimed_though_stopped(make_job(world)))
    later(hold.job, token="another")
    hold.extend()
    later(hold.job, token="ours")

    with pytest.raises(running.LeaseLost):
        hold(1, 2)
    assert seen(hold.job, "done") == (0,)


@pytest.mark.django_db(transaction=True)
def test_the_work_says_how_far_it_is_outside_its_transactions(world, plan):
    def work(job, progress):
        with transaction.atomic():
            progress(1, 2)

    job = make_job(world)
    plan(work)
    running.sweep()

    assert seen(job, "state") == (State.WAITING,)


@pytest.mark.django_db(transaction=True)
def test_signs_of_life_come_while_the_work_is_silent(world, plan, monkeypatch):
    monkeypatch.setattr(rules, "BEAT_SECONDS", 0.05)
    job, ends = make_job(world), []

    def work(job, progress):
        import time

        for _ in range(3):
            ends.append(seen(job, "try_at")[0])
            time.sleep(0.4)
        return ""

    plan(work)
    running.sweep()

    assert ends == sorted(set(ends))
    assert seen(job, "state") == (State.DONE,)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_for_a_moment_costs_a_sign_of_life_and_not_the_job(world, plan, monkeypatch):
    monkeypatch.setattr(rules, "BEAT_SECONDS", 0.01)
    real, failures = running.Hold.extend, []

    def extend(self, **fields):
        if len(failures) < 3:
            failures.append(1)
            raise OperationalError("gone")
        real(self, **fields)

    monkeypatch.setattr(running.Hold, "extend", extend)
    job = make_job(world)

    def work(job, progress):
        import time

        until = time.monotonic() + 10
        while len(failures) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        return "All of it"

    plan(work)
    running.sweep()

    assert (len(failures), seen(job, "state")) == (3, (State.DONE,))


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_costs_a_try_and_not_the_job(world, plan, at_every_word):
    job, said = make_job(world), []

    def work(job, progress):
        progress(1, 2, "before the cut")
        if job.attempts == 1:
            connection.connection.close()
            progress(2, 2, "after the cut")
            said.append("went on")
        return "All of it"

    plan(work)
    running.sweep()
    first = seen(job, "state", "attempts")
    later(job, try_at=timezone.now())
    running.sweep()

    assert (first, said) == ((State.WAITING, 1), [])
    assert seen(job, "state", "attempts", "result") == (State.DONE, 2, "All of it")


def test_what_hangs_for_two_hours_is_broken_off_and_tried_again(world, plan):
    """Celery raises this inside the work."""

    def work(job, progress):
        raise SoftTimeLimitExceeded

    job = make_job(world)
    plan(work)
    running.sweep()

    assert seen(job, "state", "attempts") == (State.WAITING, 1)


def test_the_end_of_a_job_is_written_again_when_the_connection_broke(world, plan, monkeypatch):
    real, tries = running._finish, []

    def finish(*arguments):
        tries.append(arguments)
        if len(tries) == 1:
            raise OperationalError("the connection was cut")
        real(*arguments)

    monkeypatch.setattr(running, "_finish", finish)
    monkeypatch.setattr(running.connection, "close", lambda: None)
    job = make_job(world)

    running.sweep()

    assert (len(tries), seen(job, "state")) == (2, (State.DONE,))


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ([{"ago": 1}], False),
        ([{"ago": 3}], True),
        ([{"state": "running", "try_at": timezone.now() - 3 * MINUTE}], True),
        ([{"ago": 3}, {"state": "running"}], False),
        ([{"state": "done"}], False),
        ([], False),
    ],
    ids=["asked a minute ago", "asked long ago", "left by a dead worker", "workers are busy", "over", "nothing"],
)
def test_the_tick_starts_what_no_worker_takes_up(world, monkeypatch, fields, left):
    started, now = [], timezone.now()
    monkeypatch.setattr(tasks.subprocess, "Popen", lambda command, **more: started.append(command[1:]))
    for one in fields:
        ago = one.pop("ago", 0)
        make_job(
            world, at=now - ago * MINUTE, **({"try_at": now + MINUTE} if one.get("state") == "running" else {}) | one
        )

    assert queries.all_left_behind(at=now) == left
    tasks.start_where_no_worker_does()

    assert started == [["manage.py", "run_jobs"]] * left


def test_the_command_does_all_there_is(world, plan, capsys):
    make_job(world)
    make_job(world, at=timezone.now() - dt.timedelta(hours=2))

    call_command("run_jobs")
    call_command("run_jobs")

    assert capsys.readouterr().out == "Taken up: 2\nNothing to do\n"


def test_the_task_of_beat_does_what_waits(world, plan):
    job = make_job(world)

    tasks.sweep()

    assert seen(job, "state") == (State.DONE,)


def test_without_a_broker_a_view_goes_on(monkeypatch, lines):  # noqa: F811
    def gone(*args, **kwargs):
        raise OSError("no broker at redis://secret@host")

    monkeypatch.setattr("kombu.Connection.connect", gone)
    monkeypatch.setattr("kombu.Connection.default_channel", property(gone))

    tasks.start_soon()

    assert "secret" not in str(lines())
