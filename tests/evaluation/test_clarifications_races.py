"""Two at once about one question. Each race is first shown to happen without its lock, then not to with it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import User
from core import clock
from evaluation.actions import clarifying as actions
from evaluation.models import Bid, Clarification
from evaluation.rules import clarifying as rules
from lots.rules.refusals import Refused
from outbox.models import Message
from tests.evaluation import clarify
from tests.patience import found_by, without_lock

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
AGAIN = range(5)
CLIENTS = 8


def answered_by(world, one, *texts) -> list:
    def answer(text):
        by = User.objects.get(pk=world.alice.pk)
        return actions.answer_clarification(clarification=one, text=text, version=None, by=by)

    return found_by(*[lambda text=text: answer(text) for text in texts])


def test_without_the_lock_a_second_answer_is_written_over_the_first(world, monkeypatch, meet):
    one = clarify.asked(world)
    without_lock(monkeypatch, Bid, Clarification)
    meet(rules, "check_answer")

    found = answered_by(world, one, "On page 2.", "On page 3.")

    assert [type(each) for each in found] == [Clarification, Clarification]


@pytest.mark.parametrize("turn", AGAIN)
def test_of_many_answers_at_once_one_is_taken_and_told_once(world, turn):
    one = clarify.asked(world)

    found = answered_by(world, one, *[f"On page {number}." for number in range(CLIENTS)])

    [taken] = [each for each in found if isinstance(each, Clarification)]
    assert {type(each) for each in found if each is not taken} == {Refused}
    assert Clarification.objects.get().answer == taken.answer
    assert Message.objects.filter(key__startswith="clarification-answered:").count() == 1


@pytest.mark.parametrize("turn", range(2))
def test_at_the_last_moment_one_is_taken_and_after_it_none(world, monkeypatch, turn):
    one = clarify.asked(world)
    moments = iter([one.due_at + dt.timedelta(microseconds=more) for more in (0, 0, 1, 1)])
    monkeypatch.setattr(clock, "database_now", lambda: next(moments))

    found = answered_by(world, one, *"abcd")

    assert sorted(type(each).__name__ for each in found if not isinstance(each, Refused)) == ["Clarification"]
    assert Clarification.objects.get().answered_at == one.due_at


def test_a_double_click_asks_once(world):
    made = clarify.judging(world)
    judgement = clarify.judgement_of(world, made)

    def ask():
        by = User.objects.get(pk=world.eve.pk)
        return actions.ask_bidder(judgement=judgement, evidence_id=None, text="Who?", by=by, at=timezone.now())

    found = found_by(*[ask] * CLIENTS)

    assert sorted(type(each).__name__ for each in found) == ["Clarification"] + ["Refused"] * (CLIENTS - 1)
    assert Clarification.objects.count() == 1
