"""Two workers meet over the pages of one file."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.utils import timezone

from core.access import System
from files import actions, running
from files.models import PageImage, PageSet, PageSetQuerySet
from tests.files import made
from tests.files.received import received
from tests.files.test_pages import wanted
from tests.patience import be_patient, found_by, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def file(world):
    file = received(world, made.pdf())
    wanted(file)
    return file


def taken_up_by_two() -> list[int]:
    found = found_by(*[lambda: running.claim_pages(at=timezone.now())] * 2)
    return [one.pk for one in found if one is not None]


def test_two_workers_take_up_a_file_once(file, meet):
    meet(running, "pages_lease_end")

    assert taken_up_by_two() == [file.pk]


def test_without_the_lock_both_would_take_it_up(file, meet, monkeypatch):
    be_patient(monkeypatch)
    monkeypatch.setattr(PageSetQuerySet, "select_for_update", lambda self, **words: self)
    meet(running, "pages_lease_end")

    assert taken_up_by_two() == [file.pk, file.pk]


def kept_by_two(file) -> list:
    def keep():
        images = [PageImage(file=file, number=1)]
        return actions.keep_pages(file=file, pages=1, images=images, by=System("files.pages"), at=timezone.now())

    return found_by(keep, keep)


def test_pages_are_written_down_once(file, meet):
    meet(actions.access, "require")

    assert sorted(kept_by_two(file)) == [False, True]


def test_without_the_lock_one_of_them_breaks(file, meet, monkeypatch):
    without_lock(monkeypatch, PageSet)
    meet(actions.access, "require")

    assert {type(one) for one in kept_by_two(file)} == {bool, IntegrityError}
