"""What people and the calendar do to messages."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from audit.models import Event
from core.access import Anonymous, Denied, System
from outbox import actions, permissions
from outbox.models import Message
from outbox.states import Mode, Queue, State

AT = timezone.now()
DAY = dt.timedelta(days=1)


def dead(message, days_ago=0, **more):
    Message.objects.filter(pk=message.pk).update(
        state=State.DEAD, try_at=None, over_at=AT - days_ago * DAY, attempts=8, last_error="refused", **more
    )
    message.refresh_from_db()
    return message


@pytest.mark.django_db
def test_an_operator_tries_a_dead_letter_again_and_it_is_written_down(world, write):
    message = dead(write())

    actions.retry_message(message=message, by=world.olu, at=AT)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.try_at, message.over_at) == (State.DUE, 0, AT, None)
    event = Event.objects.get()
    assert (event.action, event.by, event.data) == ("outbox.message.retried", world.olu, {"key": "one"})


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["alice", "ada", "nobody"])
def test_nobody_but_an_operator_tries_again(who, world, write):
    message = dead(write())

    with pytest.raises(Denied):
        actions.retry_message(message=message, by=Anonymous if who == "nobody" else getattr(world, who), at=AT)

    message.refresh_from_db()
    assert message.state == State.DEAD


@pytest.mark.django_db
def test_what_is_not_dead_or_has_nothing_to_say_any_more_is_not_tried_again(world, write):
    waiting = write()
    empty = dead(write("two"), body="")

    for message in (waiting, empty):
        with pytest.raises(Denied):
            actions.retry_message(message=message, by=world.olu, at=AT)
    assert Event.objects.count() == 0


@pytest.mark.django_db
def test_if_it_cannot_be_written_down_it_is_not_tried_again(world, write, monkeypatch):
    message = dead(write())
    monkeypatch.setattr("outbox.actions.audit.record", lambda *a, **k: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actions.retry_message(message=message, by=world.olu, at=AT)

    message.refresh_from_db()
    assert message.state == State.DEAD


@pytest.mark.django_db
def test_an_operator_stops_an_alarm_that_can_never_arrive(world, write):
    alarm = write(mode=Mode.SEND_FIRST, queue=Queue.ALARMS)

    actions.give_up_message(message=alarm, by=world.olu, at=AT)

    alarm.refresh_from_db()
    assert (alarm.state, alarm.try_at, alarm.over_at) == (State.DEAD, None, AT)
    assert [event.action for event in Event.objects.all()] == ["outbox.message.stopped"]


@pytest.mark.django_db
def test_mail_is_not_stopped_by_hand_and_a_stranger_stops_nothing(world, write):
    with pytest.raises(Denied):
        actions.give_up_message(message=write(), by=world.olu, at=AT)
    with pytest.raises(Denied):
        actions.give_up_message(message=write("two", mode=Mode.SEND_FIRST), by=world.alice, at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days_ago", "secret", "body", "sealed", "blanked"),
    [
        (6, True, "", True, False),
        (8, True, "", False, False),
        (8, False, "Hello", False, False),
        (89, False, "Hello", False, False),
        (91, False, "", False, True),
        (91, True, "", False, True),
    ],
)
def test_what_nobody_needs_any_more_is_forgotten(days_ago, secret, body, sealed, blanked, write):
    message = dead(write(secret=secret), days_ago)

    actions.blank_old_messages(by=System("outbox.blank"), at=AT)

    message.refresh_from_db()
    assert (message.body, message.sealed_body is not None, message.to == "") == (body, sealed, blanked)
    assert (message.subject == "", message.blanked_at == AT) == (blanked, blanked)


@pytest.mark.django_db
def test_forgetting_is_written_down_once_with_counts_and_not_at_all_when_nothing_was_to_do(write):
    dead(write(secret=True), 8)
    dead(write("two"), 91)

    assert actions.blank_old_messages(by=System("outbox.blank"), at=AT) == 2
    assert actions.blank_old_messages(by=System("outbox.blank"), at=AT) == 0
    assert [event.data for event in Event.objects.all()] == [{"links": 1, "messages": 1}]


@pytest.mark.django_db
def test_what_is_still_waiting_is_never_forgotten(write):
    message = write(at=AT - 400 * DAY)

    actions.blank_old_messages(by=System("outbox.blank"), at=AT)

    message.refresh_from_db()
    assert message.to == "alice@alice.example"


@pytest.mark.django_db
def test_only_the_portal_itself_forgets(world):
    with pytest.raises(Denied):
        actions.blank_old_messages(by=world.olu, at=AT)
    with pytest.raises(Denied):
        actions.blank_old_messages(by=System("outbox.sweep"), at=AT)


@pytest.mark.django_db
def test_who_may_look(world, settings, write):
    letter = write()

    assert [permissions.can_see_outbox(who) for who in (world.olu, world.ada, world.nora)] == [True, False, False]
    assert [permissions.can_operate(who, letter) for who in (world.olu, world.ada)] == [True, False]
    assert permissions.can_read_bodies(world.olu) is False
    assert set(Message.objects.visible_to(world.olu)) == {letter}
    assert set(Message.objects.visible_to(world.ada)) == set()
    settings.DEMO = True
    assert permissions.can_see_outbox(world.nora) is True
    assert permissions.can_read_bodies(world.nora) is True
    assert set(Message.objects.visible_to(world.ada)) == {letter}
