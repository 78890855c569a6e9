"""Two at once at one job. Each race is first shown to happen without what prevents it."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from jobs import actions, rules, running
from jobs.models import Job, JobQuerySet
from jobs.states import State
from jobs.steps import enqueue
from tests.cast import make_world
from tests.jobs import make_job
from tests.patience import LONG, be_patient, found_by
from tests.patience import without_lock as without_lock_on

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 3


@pytest.fixture
def world(transactional_db):
    return make_world()


@pytest.fixture
def without_lock(monkeypatch):
    """Take the locks away: rows are read and not held."""
    without_lock_on(monkeypatch, Job)
    monkeypatch.setattr(JobQuerySet, "select_for_update", lambda self, **words: self)


def claim_twice() -> list:
    def claim():
        job = running.claim(at=timezone.now())
        return job and job.pk

    return found_by(claim, claim)


def test_without_the_lock_two_workers_take_up_one_job(world, meet, without_lock):
    job = make_job(world)
    meet(rules, "on_taking_up")

    assert claim_twice() == [job.pk, job.pk]


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_of_two_workers_one_takes_a_job_up(world, meet, turn):
    job = make_job(world)
    meet(rules, "on_taking_up")

    assert sorted(claim_twice(), key=bool) == [None, job.pk]
    assert Job.objects.get().attempts == 1


def test_two_workers_take_up_two_jobs_without_waiting_for_each_other(world, meet, monkeypatch):
    be_patient(monkeypatch)
    found = sorted(job.pk for job in (make_job(world), make_job(world)))
    meet(rules, "on_taking_up")
    began = time.monotonic()

    assert sorted(claim_twice()) == found

    assert time.monotonic() - began < LONG / 2


def test_eight_workers_do_forty_jobs_once_each(world, plan):
    for _ in range(40):
        make_job(world)
    done = []
    plan(lambda job, progress: done.append(job.pk) or "")

    found_by(*[running.sweep] * 8)

    assert sorted(done) == sorted(Job.objects.values_list("pk", flat=True))
    assert set(Job.objects.values_list("state", "attempts")) == {(State.DONE, 1)}


def claimed(world) -> Job:
    make_job(world)
    return running.claim(at=timezone.now())


def cancel(world, job):
    return lambda: actions.cancel_job(job=job, by=User.objects.get(pk=world.max.pk), at=timezone.now())


def end(job):
    return lambda: running.finish(running.Hold(job), rules.Ending.DONE, "All of it")


def test_without_the_lock_a_wish_to_stop_and_the_end_write_over_each_other(world, meet, without_lock, monkeypatch):
    """The wish was granted, the end forgot it. (With the lock one comes after the other, and either way it is true.)"""
    job = claimed(world)
    both = threading.Barrier(2)
    for module, name in ((rules, "check_stop"), (rules, "after")):
        original = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, original=original, **w: (both.wait(10), original(*a, **w))[1])

    found_by(cancel(world, job), end(job))

    job.refresh_from_db()
    assert (job.stop_asked and job.state == State.DONE) is False  # one of the two was lost
    assert Event.objects.filter(action="jobs.job.cancelled").count() == 1


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_wish_to_stop_and_the_end_come_one_after_the_other(world, turn):
    job = claimed(world)

    [stopped, _] = found_by(cancel(world, job), end(job))

    job.refresh_from_db()
    assert (job.state, job.result) == (State.DONE, "All of it")
    assert isinstance(stopped, rules.Refused) != job.stop_asked


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_a_worker_whose_lease_ran_out_and_the_one_that_took_over_end_it_once(world, turn):
    first = claimed(world)
    Job.objects.update(try_at=timezone.now())
    second = running.claim(at=timezone.now())

    def finish(job, said):
        return lambda: running.finish(running.Hold(job), rules.Ending.DONE, said)

    found_by(finish(first, "the first"), finish(second, "the second"))

    assert Job.objects.values_list("state", "result", "attempts").get() == (State.DONE, "the second", 2)


def ask_twice(world) -> list:
    def ask():
        with transaction.atomic():
            user = User.objects.get(pk=world.max.pk)
            words = {"kind": "test", "title": "A", "organisation": world.larkshire, "about": world.larkshire}
            return enqueue(**words, by=user, at=timezone.now()).pk

    return found_by(ask, ask)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_work_that_two_ask_for_at_once_is_one_job(world, meet, turn):
    meet(rules, "line")

    found = ask_twice(world)

    assert len(set(found)) == 1
    assert (Job.objects.count(), Event.objects.count()) == (1, 1)


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_two_tasks_about_one_thing_that_are_both_tried_again_become_one(world, turn):
    pair = [make_job(world, state="failed", about_id=7) for _ in range(2)]

    found = found_by(
        *[
            lambda job=job: actions.retry_job(job=job, by=User.objects.get(pk=world.max.pk), at=timezone.now())
            for job in pair
        ]
    )

    assert [type(one) for one in found if isinstance(one, Exception)] == [rules.Refused]
    assert sorted(Job.objects.values_list("state", flat=True)) == ["failed", "waiting"]
