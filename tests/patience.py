"""Two at once: the tools of the race tests. Each race is first shown to happen when its lock is taken away, then not to
happen with it.

How long the two sides of a race wait for each other is said in seconds. With the lock one side cannot come, so little
is enough; where the lock was taken away both come, however busy the computer is, so they are given time."""

from __future__ import annotations

import contextlib
import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection

from jobs import rules as jobs

SHORT, LONG = 0.5, 20

# What a side may lose a race with: our refusals, a door that shut meanwhile, a rule of the database.
LOSSES = (ValueError, jobs.Refused, PermissionDenied, IntegrityError)


class Patience:
    """What `meet` waits by."""

    seconds = SHORT


def be_patient(monkeypatch) -> None:
    """For the rest of this test both sides will come."""
    monkeypatch.setattr(Patience, "seconds", LONG)


def found_by(*calls) -> list:
    """Run the calls at the same time, each in a thread and on a connection of its own; what each returned, or what it
    lost with. Anything else that a call raises is a defect, and is raised here."""
    start, found, defects = threading.Barrier(len(calls)), [None] * len(calls), []

    def run(number, call):
        try:
            start.wait(10)
            found[number] = call()
        except LOSSES as error:
            found[number] = error
        except Exception as error:
            defects.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if defects:
        raise defects[0]
    return found


def together(*calls) -> list[Exception | None]:
    """Run the calls at the same time, each on its own connection; what each lost with, if anything."""
    return [found if isinstance(found, Exception) else None for found in found_by(*calls)]


@pytest.fixture
def meet(monkeypatch):
    """`meet(rules, "check")` makes both sides wait for each other where they check the rule, after they have read and
    before they write. With the lock the second one cannot come, so the first goes on after half a second.

    A side waits once, however often it comes by. Sides that meet in two places are given the same `barrier`."""

    def at(module, name, barrier=None):
        barrier, original = barrier or threading.Barrier(2), getattr(module, name)
        came = barrier.__dict__.setdefault("came", threading.local())

        def waiting(*arguments, **words):
            if not hasattr(came, "by") and threading.current_thread() is not threading.main_thread():
                came.by = True
                with contextlib.suppress(threading.BrokenBarrierError):
                    barrier.wait(Patience.seconds)
            return original(*arguments, **words)

        monkeypatch.setattr(module, name, waiting)

    return at


def without_lock(monkeypatch, *models) -> None:
    """Take the lock away: `locked` reads the row and holds nothing."""
    be_patient(monkeypatch)
    for model in models:
        for kind in (type(model.objects.all()), type(model.objects)):
            monkeypatch.setattr(kind, "locked", lambda self, pk: self.get(pk=pk))
