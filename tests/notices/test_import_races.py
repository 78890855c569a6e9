"""Two people bring the same notice in, or make a framework of it, at once. Each race is first shown to happen when the
lock is taken away, then not to happen with it."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError
from django.utils import timezone

from lots.actions import transfers
from lots.models import Framework
from lots.rules.differences import print_of
from lots.rules.refusals import Refused as LotsRefused
from notices import store
from notices.actions import files, releases
from notices.models import NoticeFile, Release
from notices.queries import releases as queries
from notices.rules.refusals import Refused
from tests.cast import make_world
from tests.notices.made import answers_to, brought_in, confirmed, framework, upload
from tests.patience import together, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(transactional_db):
    return make_world()


def receive(world):
    """Bring one file in, as one of two windows of Max's."""
    kept = store.keep(upload(framework()))
    return lambda: files.receive_file(organisation=world.larkshire, kept=kept, by=world.max, at=timezone.now())


def test_one_file_is_taken_once_however_often_it_is_sent_at_once(world, meet, monkeypatch):
    meet(files, "enqueue")
    raised = together(receive(world), receive(world))

    assert raised == [None, None]
    assert NoticeFile.objects.count() == 1


def test_without_the_lock_it_is_taken_twice(world, meet, monkeypatch):
    meet(files, "enqueue")
    without_lock(monkeypatch, files.Organisation)

    together(receive(world), receive(world))

    assert NoticeFile.objects.count() == 2


def confirm(world, release):
    answers = answers_to(release)
    return lambda: releases.confirm_release(release=release, answers=answers, parts={}, by=world.max, at=timezone.now())


def test_two_who_confirm_at_once_make_one_framework(world, meet):
    release = brought_in(world, framework()).releases.get()
    calls = confirm(world, release), confirm(world, release)
    meet(queries, "framework_of")

    raised = together(*calls)

    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "Refused"]
    assert Framework.objects.count() == 1


def test_without_the_lock_only_the_database_stops_the_second(world, meet, monkeypatch):
    release = brought_in(world, framework()).releases.get()
    calls = confirm(world, release), confirm(world, release)
    meet(queries, "framework_of")
    without_lock(monkeypatch, releases.Organisation, Release)

    raised = together(*calls)

    assert sorted(type(error).__name__ for error in raised) == ["IntegrityError", "NoneType"]


def take(world, release):
    seen = print_of(queries.facts_of(queries.framework_of(release)))
    return lambda: releases.take_release(
        release=release, keys={"title"}, answers={}, seen=seen, by=world.max, at=timezone.now()
    )


def two_later(world):
    made = confirmed(world, brought_in(world, framework()).releases.get())
    later = [
        brought_in(world, framework(id=f"00001{number}-2026", title=f"Title {number}")).releases.get()
        for number in (1, 2)
    ]
    return made, [take(world, release) for release in later]


def test_of_two_later_notices_at_once_the_second_sees_what_the_first_changed(world, meet):
    made, calls = two_later(world)
    meet(queries, "sides")

    raised = together(*calls)

    assert sorted(type(error).__name__ for error in raised) == ["NoneType", "Refused"]
    assert made.releases.filter(is_source=True).count() == 1


def test_without_the_lock_one_is_written_over_the_other(world, meet, monkeypatch):
    _, calls = two_later(world)
    meet(queries, "sides")
    without_lock(monkeypatch, Framework, Release)

    raised = together(*calls)

    assert [error for error in raised if isinstance(error, Refused)] == []


def take_over_and_confirm(world):
    """Oak Trust takes Larkshire's framework over while it makes one of its own of the same notice."""
    release = brought_in(world, framework()).releases.get()
    confirmed(world, release)
    one = transfers.offer_succession(
        buyer=world.larkshire, successor=world.oak_trust, reason="Reorganised", by=world.max, at=timezone.now()
    )
    own = brought_in(world, framework(), organisation=world.oak_trust, by=world.tariq).releases.get()
    answers = answers_to(own)

    def confirm():
        releases.confirm_release(
            release=own, answers=answers, parts={}, is_our_buyer=True, by=world.tariq, at=timezone.now()
        )

    return together(
        lambda: transfers.accept_succession(succession=one, by=world.tariq, at=timezone.now()),
        confirm,
    )


def meet_once_one_has_checked_and_the_other_has_written(meet):
    both = threading.Barrier(2)
    meet(transfers.audit, "record", both)
    meet(releases.rules, "missing", both)


def test_without_the_lock_a_framework_taken_over_meets_one_of_the_same_notice(world, meet, monkeypatch):
    meet_once_one_has_checked_and_the_other_has_written(meet)
    without_lock(monkeypatch, transfers.Organisation)

    raised = take_over_and_confirm(world)

    assert IntegrityError in [type(one) for one in raised]


def test_a_framework_taken_over_and_one_of_the_same_notice_come_one_after_the_other(world, meet):
    meet_once_one_has_checked_and_the_other_has_written(meet)

    raised = take_over_and_confirm(world)

    assert [type(one) for one in raised if one] in ([Refused], [LotsRefused])
    assert Framework.objects.filter(buyer=world.oak_trust).count() == 1
