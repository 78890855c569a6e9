"""Two scanners meet."""

from __future__ import annotations

import pytest
from django.utils import timezone

from audit.models import Event
from core.access import System
from files import actions, running
from files.models import File, FileQuerySet
from tests.files import made
from tests.files.received import received
from tests.patience import be_patient, together, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def taken_up_by_two() -> list[int]:
    """Two scanners take up what waits, at the same time; what both together hold."""
    taken: list[int] = []

    def one():
        taken.extend(file.pk for file in running.claim(at=timezone.now()))

    assert together(one, one) == [None, None]
    return taken


def test_two_scanners_take_up_a_file_once(world, clamd, meet):
    file = received(world)
    meet(running, "lease_end")

    assert taken_up_by_two() == [file.pk]


def test_without_the_lock_both_would_take_it_up(world, clamd, meet, monkeypatch):
    be_patient(monkeypatch)
    monkeypatch.setattr(FileQuerySet, "select_for_update", lambda self, **words: self)
    file = received(world)
    meet(running, "lease_end")

    assert taken_up_by_two() == [file.pk, file.pk]


def judged_by_two(file) -> int:
    """Two scanners write the same verdict at the same time; how often it was written."""

    def one():
        actions.judge_file(file=file, found="Eicar", by=System("files.scan"), at=timezone.now())

    assert together(one, one) == [None, None]
    return Event.objects.filter(action="files.file.infected").count()


def test_a_verdict_is_written_once(world, clamd, meet):
    file = received(world, made.infected())
    meet(actions.access, "require")

    assert judged_by_two(file) == 1


def test_without_the_lock_it_would_be_written_twice(world, clamd, meet, monkeypatch):
    without_lock(monkeypatch, File)
    file = received(world, made.infected())
    meet(actions.access, "require")

    assert judged_by_two(file) == 2
