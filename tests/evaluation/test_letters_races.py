"""Several workers that send the letters of one award at once. The race is first shown without its lock."""

from __future__ import annotations

import pytest

from core import clock, pdf
from evaluation.actions import letters
from evaluation.models import Evaluation, Letter
from evaluation.queries import letters as queries
from evaluation.work import letters as work
from jobs.models import Job
from lots.models import Framework
from outbox.models import Message
from tests.cast import make_world
from tests.evaluation.letters import awarded
from tests.evaluation.made import evaluation
from tests.patience import found_by, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
CLIENTS, ROUNDS = 8, 5


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def award_set(world, monkeypatch):
    """Everything is made, nothing is sent."""
    monkeypatch.setattr(pdf, "render", lambda template, context, **_: f"%PDF {template}".encode())
    award_set = awarded(world, evaluation(world, count=2, read=False))
    monkeypatch.setattr(letters, "send_letters", lambda **_: 0)
    work.letters(Job.objects.get(kind=queries.KIND), lambda *_: None)
    monkeypatch.undo()
    return award_set


def send(award_set):
    return lambda: letters.send_letters(award_set=award_set, by=work.BY, at=clock.now())


def test_without_the_lock_two_send(award_set, monkeypatch, meet):
    without_lock(monkeypatch, Framework, Evaluation)
    meet(letters.letters, "leads_of")

    assert found_by(*[send(award_set)] * 2) == [4, 4]


def test_of_eight_that_send_at_once_one_does(award_set):
    for _ in range(ROUNDS):
        Letter.objects.update(sent_at=None)
        Message.objects.all().delete()

        assert sorted(found_by(*[send(award_set)] * CLIENTS)) == [0] * (CLIENTS - 1) + [4]
        assert Message.objects.filter(key__startswith="evaluation-letter:").count() == 4
