"""The runs. Each says what it saw, and in `kept` whether everything that was promised held; the naive way is there to
be seen losing something."""

from __future__ import annotations

import datetime as dt
import random
import time

from django.db import transaction

from bench.faults import process
from bench.faults.around import Mail, Processes, environment, redis, wait_until
from bench.faults.naive import remind as remind_naively
from bench.faults.world import BEGINS, moved_to, owing
from bench.noon.cluster import free_port
from core import clock
from monitoring import running
from monitoring.models import Alert, Reminder, ReportTerms
from monitoring.states import AlertKind
from outbox import delivery
from outbox.models import Message
from outbox.states import Channel, Mode, Queue, State
from outbox.steps import post
from tests.monitoring.made import STARTS, made_session, watched

THINKS = 0.03  # seconds that the mail server takes before and after it takes a letter


def kills(framework, *, number: int, kills: int, waves: int = 1, apart: float = 0, naive: bool = False) -> dict:
    """Worker and beat are killed again and again while so many reminders are written and sent; then one pass and one
    sweep, when the leases of the dead are over."""
    owing(framework, number, waves=waves, apart=apart)
    dice = random.Random(7)
    moved = moved_to(BEGINS)
    process.move(moved)
    slow = Mail(before=4 * THINKS) if naive else Mail(before=THINKS, after=THINKS)
    with slow.open() as mail, redis() as address:
        env = environment(redis_url=address, mail=mail, moved=moved)
        for killed in range(kills):
            with Processes(env) as portal:
                portal.start("worker", "mail,alarms", f"kills{killed}@portal")
                portal.start_beat("naive-beat" if naive else "beat")
                wait_until(lambda goal=number * (killed + 1) // (kills + 1): mail.begun >= goal)
                time.sleep(0 if naive else dice.uniform(0, 2 * THINKS))
            _leases_are_over()
        if naive:
            time.sleep(1)
            wait_until(lambda: clock.now() >= BEGINS + dt.timedelta(seconds=waves * apart))
            remind_naively()
        else:
            wait_until(lambda: clock.now() >= BEGINS + dt.timedelta(seconds=waves * apart))
            running.remind(clock.now())
            delivery.sweep(Queue.MAIL, seconds=600)
        return _judge(mail, number, kills, naive)


def _leases_are_over() -> None:
    """The time in which somebody else must not take what a dead worker held has passed."""
    Message.objects.filter(state=State.CLAIMED).update(try_at=clock.now() - dt.timedelta(seconds=1))


def _judge(mail: Mail, number: int, kills: int, naive: bool) -> dict:
    copies = mail.copies()
    people = {to for to, _, _ in mail.letters}
    twice = sum(copies.values()) - len(copies)
    rows = Reminder.objects.count()
    found = {
        "reminders": number,
        "kills": kills,
        "rows": rows,
        "messages": Message.objects.count(),
        "people_without_a_letter": number - len(people),
        "letters_twice_under_one_id": twice,
        "letters_twice_under_two_ids": len(copies) - len(people),
    }
    if naive:
        return found | {"kept": found["people_without_a_letter"] > 0}
    once = rows == number == found["messages"] == len(people) == len(copies)
    return found | {"kept": once and twice <= kills and Message.objects.exclude(state=State.SENT).count() == 0}


def two_beats(framework, *, number: int) -> dict:
    """Two beats and two workers at once: one set."""
    owing(framework, number)
    moved = moved_to(BEGINS)
    process.move(moved)
    with Mail().open() as mail, redis() as address, _portal(address, mail, moved) as portal:
        for name in ("one", "two"):
            portal.start("worker", "mail,alarms", f"{name}@portal")
            portal.start_beat()
        wait_until(lambda: len(mail.letters) >= number)
        time.sleep(2)
        return _judge(mail, number, 0, naive=False)


def alarm_beside_letters(*, number: int, thinks: float) -> dict:
    """So many letters wait, each of which takes the mail server some time, when an alarm is written. Alarms have a
    worker of their own."""
    moved = moved_to(BEGINS)
    process.move(moved)
    _post(f"letter:{n}" for n in range(number))
    with Mail(before=thinks).open() as mail, redis() as address, _portal(address, mail, moved) as portal:
        portal.start("worker", "mail", "mail@portal")
        portal.start("worker", "alarms", "alarms@portal")
        portal.start_beat()
        wait_until(lambda: bool(mail.letters))
        began = time.time()
        _post(["alarm"], queue=Queue.ALARMS, mode=Mode.SEND_FIRST)
        wait_until(lambda: _arrived(mail) is not None)
        waited = (_arrived(mail) or began + 999) - began
        before = len(mail.letters)
    return {
        "letters_waiting": number,
        "letters_sent_before_it": before,
        "alarm_seconds": round(waited, 2),
        "kept": waited <= 60 and before < number,
    }


def _portal(redis_url: str, mail: Mail, moved: float) -> Processes:
    return Processes(environment(redis_url=redis_url, mail=mail, moved=moved))


def _arrived(mail: Mail) -> float | None:
    return next((when for to, _, when in mail.letters if to.startswith("alarm")), None)


def _post(keys, **words) -> None:
    with transaction.atomic():
        for key in keys:
            to = f"{key.replace(':', '')}@somebody.example"
            post(key=key, to=to, subject="A letter", body="Sign in.", at=clock.now(), **words)


def redis_away(world, *, minutes: list[int]) -> dict:
    """Redis is away for the hour from a quarter past nine; `manage.py tick` runs at these minutes of it. Ash House’s
    morning message falls into it at 9:45, and at ten the alarm of a register that nobody takes: its session began at
    half past nine."""
    session = made_session(watched(world))
    begins, due = STARTS - dt.timedelta(minutes=15), STARTS + dt.timedelta(minutes=15)
    ReportTerms.objects.create(buyer=world.larkshire, due_today_at=dt.time(9, 45), changed_at=begins)
    process.move(moved_to(begins))
    with Mail().open() as mail:
        env = environment(redis_url=f"redis://127.0.0.1:{free_port()}/0", mail=mail, moved=moved_to(begins))
        with Processes(env) as portal:
            portal.start("ticks", *map(str, minutes))
            ended = portal.running[0].wait(900)
        sent = Message.objects.filter(state=State.SENT)
        alarms = sent.filter(queue=Queue.ALARMS, channel=Channel.EMAIL).exclude(created_at__lt=_minute_of(session))
        reminders = sent.filter(key__startswith="reminder:today:")
        found = {
            "ticks": len(minutes),
            "ticks_failed": ended != 0,
            "breaches_written": Alert.objects.filter(session=session, kind=AlertKind.NOT_TAKEN).count(),
            "alarm_seconds": _after(_minute_of(session), alarms.order_by("over_at").first()),
            "reminders_sent": reminders.count(),
            "reminder_latest_seconds": _after(due, reminders.order_by("over_at").last()),
            "waiting": Message.objects.exclude(state=State.SENT).filter(due_at__lte=begins).count(),
            "twice": len(mail.letters) - len(mail.copies()),
        }
    on_time = (found["alarm_seconds"] or 999) <= 60 and (found["reminder_latest_seconds"] or 999) <= 60
    all_there = found["breaches_written"] == 1 and found["reminders_sent"] == 2  # Alice and Bob
    lost = found["waiting"] or found["twice"] or found["ticks_failed"]
    return found | {"kept": on_time and all_there and not lost}


def _minute_of(session) -> dt.datetime:
    return session.starts_at + dt.timedelta(minutes=30)


def _after(moment: dt.datetime, message: Message | None) -> float | None:
    """How many seconds after a moment a message was sent; None where there is none."""
    return round((message.over_at - moment).total_seconds(), 1) if message else None
