"""Doing long work: take a job up, do it outside any transaction, write down how it ended.

A room of its own, like `outbox.delivery` (docs/adr/0013): the row is the record of it, and what ends badly is written
into the audit trail. A worker holds a job by a lease and a token in its row. While it lives a thread of its own moves
the lease on, whatever the work is at; a worker that is killed leaves a lease that runs out, and the next one takes the
job over from its start. A worker that lost its lease finds out at its next word and writes nothing more.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import threading
import time
import uuid

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils.module_loading import import_string

from audit import steps as audit
from core import clock
from core.access import System
from jobs import rules
from jobs.models import Job
from jobs.rules import Ending
from jobs.states import State

log = logging.getLogger("portal.jobs")
WORKER = System("jobs.run")


class Stopped(BaseException):
    """Somebody asked to stop. No Exception, so that no work can take it for a fault of its own and go on."""


class LeaseLost(BaseException):
    """Another worker has this job, or it is over."""


def sweep(*, seconds: float = rules.SWEEP_SECONDS) -> int:
    """Do what there is to do, one job after the other, and take up nothing new after about `seconds`. Returns how many
    were done. Harmless beside any number of other sweeps."""
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until and Job.objects.ready(clock.now()).exists():
        job = claim(at=clock.now())
        if job is None:
            break
        run(job)
        done += 1
    return done


def claim(*, at: dt.datetime) -> Job | None:
    """Take up the job that has waited longest, if there is one that nobody else is taking up. On the way, jobs that
    were to be stopped when their worker died, or whose workers died at every try, are brought to their end."""
    while True:
        with transaction.atomic(durable=True):
            ready = Job.objects.ready(at).order_by("try_at", "pk")
            job = ready.select_for_update(of=("self",), skip_locked=True).first()
            if job is None:
                return None
            state = rules.on_taking_up(attempts=job.attempts, stop_asked=job.stop_asked)
            if state != State.RUNNING:
                _end(job, state, problem=rules.BROKE if state == State.FAILED else "", at=at)
                continue
            if job.state == State.WAITING:
                job.move(State.RUNNING, at=at)
            job.token, job.try_at = uuid.uuid4().hex, rules.lease_end(at)
            job.attempts += 1
            job.started_at = job.started_at or at
            job.save(update_fields=["state", "token", "try_at", "attempts", "started_at"])
            return job


def run(job: Job) -> None:
    """Do a job that `claim` gave us, and write down how it ended."""
    hold, said = Hold(job), ""
    try:
        with hold.kept():
            said = import_string(settings.JOBS[job.kind]["run"])(job, hold)
        ending = Ending.DONE
    except LeaseLost:
        log.warning("job lost", extra={"job_id": job.pk, "attempt": job.attempts})
        return
    except Stopped:
        ending = Ending.STOPPED
    except rules.Failed as reason:
        ending, said = Ending.FAILED, str(reason)
    except PermissionDenied:
        ending, said = Ending.FAILED, rules.NOT_ALLOWED
    except Exception:
        # Anything may come out of the work. The log keeps where, and not its text: it may quote what people typed.
        ending, said = Ending.BROKE, rules.BROKE
        log.exception("job broke", extra={"job_id": job.pk, "kind": job.kind, "attempt": job.attempts})
    finish(hold, ending, said)


class Hold:
    """What the work gets as `progress`: its word of how far it is, and its worker's hold on the row."""

    def __init__(self, job: Job):
        self.job, self.lost = job, False
        self.fields: dict = {}
        self.written_at = float("-inf")

    def __call__(self, done: int, total: int, words: str = "") -> None:
        """`done` of `total` (0: nobody knows), and what is being done, in words. Call it as often as you like, outside
        transactions: it writes once a second, and the last of all at once, so that a wish to stop is heard before the
        result is written. Raises `Stopped` when somebody asked to stop, `LeaseLost` when the job is no longer this
        worker's."""
        self.fields = {
            "done": rules.count(done),
            "total": rules.count(total),
            "progress": rules.line(words, 200),
        }
        is_last = 0 < total == done
        if not (self.lost or is_last) and time.monotonic() - self.written_at < rules.TOLD_EVERY:
            return
        with transaction.atomic(durable=True):
            self.extend(**self.fields)
            if self.lost:
                raise LeaseLost
            wanted = Job.objects.filter(pk=self.job.pk).values_list("cancel_asked_at", flat=True).get()
        self.written_at = time.monotonic()
        if wanted is not None:
            raise Stopped

    def extend(self, **fields) -> None:
        """A sign of life. Notes when the job is no longer ours."""
        ours = Job.objects.filter(pk=self.job.pk, token=self.job.token, state=State.RUNNING)
        if not self.lost and not ours.update(try_at=rules.lease_end(clock.now()), **fields):
            self.lost = True

    @contextlib.contextmanager
    def kept(self):
        """While this is open, a thread on a connection of its own gives signs of life, so that a step which says
        nothing for minutes does not lose the job."""
        over = threading.Event()

        def beat():
            while not over.wait(rules.BEAT_SECONDS) and not self.lost:
                try:
                    self.extend()
                except (DatabaseError, InterfaceError) as error:
                    log.warning("no sign of life", extra={"job_id": self.job.pk, "why": type(error).__name__})
                finally:
                    connection.close()

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def finish(hold: Hold, ending: Ending, said: str) -> None:
    """Write down how a try ended, if the job is still ours. Tried twice, because a job that is done and not marked is
    done again."""
    try:
        _finish(hold, ending, said)
    except (DatabaseError, InterfaceError):
        connection.close()
        _finish(hold, ending, said)


def _finish(hold: Hold, ending: Ending, said: str) -> None:
    at = clock.now()
    with transaction.atomic(durable=True):
        job = Job.objects.locked(hold.job.pk)
        if (job.state, job.token) != (State.RUNNING, hold.job.token):
            log.warning("job lost", extra={"job_id": job.pk, "attempt": hold.job.attempts})
            return
        for name, value in hold.fields.items():
            setattr(job, name, value)
        what = rules.after(ending, attempts=job.attempts, stop_asked=job.stop_asked)
        _end(
            job,
            what.state,
            result=said if what.state == State.DONE else "",
            problem=said if what.state == State.FAILED else "",
            at=at + dt.timedelta(seconds=what.wait) if what.wait else at,
        )


def _end(job: Job, state: State, *, at: dt.datetime, result: str = "", problem: str = "") -> None:
    """Save a job that nobody works at any more. What ends badly is recorded."""
    job.move(state, at=at)
    job.token, job.result, job.problem = "", rules.line(result, 500), rules.line(problem, 1000)
    job.save()
    log.info("job let go", extra={"job_id": job.pk, "kind": job.kind, "state": str(state), "attempt": job.attempts})
    if state == State.FAILED:
        data = {"kind": job.kind, "attempts": job.attempts}
        audit.record("jobs.job.failed", by=WORKER, about=job, organisation=job.organisation_id, data=data, at=at)
