"""When an absence is told, what is a breach, who is told next: tables."""

from __future__ import annotations

import datetime as dt

import pytest

from lots.rules.refusals import Refused
from monitoring.rules import alarms as rules
from monitoring.rules.alarms import Person, Rung, Told
from monitoring.states import Whom
from tests.monitoring.alarms import after
from tests.monitoring.made import DAY

ANN, BEN, CAT = Person(user=1, email="ann@x"), Person(user=2, email="ben@x"), Person(cover=9, mobile="07700900111")
ROTA_ANN, SILENT = Person(cover=7, user=1, email="ann@x"), Person(cover=8)
COVER, DSL, COUNCIL = Whom.COVER, Whom.DSL, Whom.AUTHORITY


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (-30, -28),  # the school rang before the session
        (0, 2),
        (10, 12),
        (26.9, 28.9),
        (27, 29),
        (28, 29),  # what is left of the two minutes
        (29, 29),
        (29.5, 29.5),
        (30, 30),
        (45, 45),  # too late already: at once
    ],
)
def test_an_absence_is_held_for_two_minutes_and_never_past_the_thirtieth(made, told):
    assert rules.tell_at(starts_at=after(0), made_at=after(made)) == after(told)


@pytest.mark.parametrize("start", ["2026-10-25T00:30", "2026-10-25T01:30", "2026-03-29T00:45", "2026-06-01T08:30"])
def test_thirty_elapsed_minutes_whatever_the_clocks_do(start):
    starts_at = dt.datetime.fromisoformat(start).replace(tzinfo=dt.UTC)

    assert rules.late_at(starts_at) - starts_at == dt.timedelta(minutes=30)


@pytest.mark.parametrize(
    ("told_at", "tell_at", "at", "can"),
    [
        (None, after(2), after(1.9), True),
        (None, after(2), after(2), False),
        (after(2), after(12), after(3), False),
        (None, None, after(1), False),
    ],
)
def test_a_mark_is_taken_back_only_before_its_moment(told_at, tell_at, at, can):
    assert rules.can_undo(told_at=told_at, tell_at=tell_at, at=at) is can


@pytest.mark.parametrize(
    ("at", "is_today"),
    [
        ("2026-10-05T08:30", True),
        ("2026-10-05T22:59", True),
        ("2026-10-05T23:00", False),  # midnight in England, which is on summer time
        ("2026-10-04T23:00", True),
    ],
)
def test_a_mark_is_of_today_on_englands_calendar(at, is_today):
    assert rules.is_of_today(DAY, dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)) is is_today


@pytest.mark.parametrize(
    ("rungs", "told", "next_one"),
    [
        ([], Told(), None),
        ([Rung(COVER, (ANN,)), Rung(DSL, (BEN,))], Told(), (COVER, (ANN,))),
        ([Rung(COVER, (ANN,)), Rung(DSL, (BEN,))], Told(users=frozenset({1})), (DSL, (BEN,))),
        ([Rung(COVER, (ANN,)), Rung(DSL, (BEN,))], Told(users=frozenset({1, 2})), None),
        ([Rung(COVER, (SILENT,)), Rung(COVER, (CAT,))], Told(), (COVER, (CAT,))),  # no message reaches the first
        ([Rung(COVER, (CAT,)), Rung(DSL, (BEN,))], Told(covers=frozenset({9})), (DSL, (BEN,))),
        ([Rung(COVER, (CAT,)), Rung(DSL, (BEN,))], Told(mobiles=frozenset({"07700900111"})), (DSL, (BEN,))),
        ([Rung(DSL, (ANN, BEN))], Told(users=frozenset({1})), (DSL, (BEN,))),
        ([Rung(COVER, (ROTA_ANN,)), Rung(DSL, (ANN,)), Rung(COUNCIL, (BEN,), 5)], Told(users=frozenset({1})),
         (COUNCIL, (BEN,))),  # told from the rota, and not told again as a lead
        ([Rung(DSL, ()), Rung(COUNCIL, (BEN, BEN), 5)], Told(), (COUNCIL, (BEN,))),
    ],
)  # fmt: skip
def test_the_next_rung_tells_nobody_twice(rungs, told, next_one):
    found = rules.next_rung(rungs, told)

    assert (found and (found.whom, found.people)) == next_one
    if found and found.whom == COUNCIL:
        assert found.authority == 5


@pytest.mark.parametrize(
    ("found", "was_told", "next_at"), [(True, False, 12), (True, True, 12), (False, False, 12), (False, True, None)]
)
def test_ten_minutes_to_answer_and_nobody_more_when_all_were_told(found, was_told, next_at):
    said = rules.next_tell_at(found=found, was_told=was_told, at=after(2))

    assert said == (after(next_at) if next_at else None)


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("07700 900111", "07700900111"),
        ("+44 7700 900-111", "07700900111"),
        ("+44 (0)7700 900111", "07700900111"),
        ("0044 7700.900111", "07700900111"),
        ("01632 960 111", ""),
        ("7700 900111", ""),
        ("07700 90011", ""),
        ("07700 900111 ext 4", ""),
        ("", ""),
    ],
)
def test_only_a_british_mobile_gets_a_text(phone, number):
    assert rules.mobile(phone) == number


@pytest.mark.parametrize(
    ("kinds", "subject"),
    [
        (["absent"], "A pupil has not arrived"),
        (["absent", "not_told", "absent"], "3 pupils have not arrived"),
        (["not_taken"], "No register was taken for a pupil"),
        (["not_taken"] * 2, "No register was taken for 2 pupils"),
        (["not_taken", "absent"], "2 pupils have not arrived, or no register was taken for them"),
    ],
)
def test_a_message_says_how_many_and_nothing_else(kinds, subject):
    said, text = rules.letter(kinds, skipped=False, whom=COVER)

    assert said == subject
    assert text == f"{subject}. Sign in to see who it is and what to do."


def test_a_message_says_why_it_comes_to_somebody_who_is_not_on_the_rota():
    assert "Nobody on your rota could be told" in rules.letter(["absent"], skipped=True, whom=DSL)[1]
    assert "Nobody has answered yet" in rules.letter(["absent"], skipped=False, whom=COUNCIL)[1]
    assert "one pupil" in rules.nudge(1)[1]
    assert "4 pupils" in rules.nudge(4)[1]


@pytest.mark.parametrize(
    ("is_open", "done", "why"),
    [
        (False, "Rang", "Sana has answered"),
        (True, " \n ", "Write what was done"),
        (True, "x" * 2001, "2,000 characters or fewer"),
    ],
)
def test_an_alert_is_answered_once_and_with_words(is_open, done, why):
    with pytest.raises(Refused, match=why):
        rules.check_answer(is_open=is_open, by="Sana", done=done)
    assert rules.check_answer(is_open=True, by="", done=" Rang home \n") == "Rang home"
