"""When a job is taken up, tried again and given up, and how its progress is said."""

from __future__ import annotations

import datetime as dt

import pytest

from jobs import rules
from jobs.models import Job
from jobs.rules import Ending, Next
from jobs.states import MOVES, OVER, State

AT = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("ending", "attempts", "stop_asked", "what"),
    [
        (Ending.DONE, 1, False, Next(State.DONE)),
        (Ending.DONE, 3, True, Next(State.DONE)),
        (Ending.STOPPED, 1, True, Next(State.CANCELLED)),
        (Ending.FAILED, 1, False, Next(State.FAILED)),
        (Ending.FAILED, 1, True, Next(State.FAILED)),
        (Ending.BROKE, 1, False, Next(State.WAITING, 10)),
        (Ending.BROKE, 2, False, Next(State.WAITING, 60)),
        (Ending.BROKE, 3, False, Next(State.FAILED)),
        (Ending.BROKE, 4, False, Next(State.FAILED)),
        (Ending.BROKE, 1, True, Next(State.CANCELLED)),
        (Ending.BROKE, 3, True, Next(State.CANCELLED)),
    ],
)
def test_what_becomes_of_a_job_after_a_try(ending, attempts, stop_asked, what):
    assert rules.after(ending, attempts=attempts, stop_asked=stop_asked) == what


@pytest.mark.parametrize(
    ("attempts", "stop_asked", "state"),
    [
        (0, False, State.RUNNING),
        (2, False, State.RUNNING),
        (3, False, State.FAILED),
        (1, True, State.CANCELLED),
        (3, True, State.CANCELLED),
    ],
)
def test_what_becomes_of_a_job_that_somebody_could_take_up(attempts, stop_asked, state):
    assert rules.on_taking_up(attempts=attempts, stop_asked=stop_asked) == state


def test_every_ending_of_a_try_is_a_move_of_a_running_job():
    found = {
        rules.after(ending, attempts=attempts, stop_asked=asked).state
        for ending in Ending
        for attempts in range(1, 5)
        for asked in (False, True)
    }

    assert found == MOVES[State.RUNNING]


def test_a_sign_of_life_holds_for_four_beats_and_what_is_left_for_two_minutes_has_no_workers():
    assert rules.lease_end(AT) == AT + dt.timedelta(minutes=1)
    assert rules.BEAT_SECONDS * 4 <= rules.LEASE_SECONDS
    assert rules.left_before(AT) == AT - dt.timedelta(minutes=2)


STOP = {
    (State.WAITING, False): "",
    (State.RUNNING, False): "",
    (State.RUNNING, True): "It is being stopped already.",
    (State.DONE, False): "It was over before we could stop it.",
    (State.DONE, True): "It was over before we could stop it.",
    (State.FAILED, False): "It was over before we could stop it.",
    (State.CANCELLED, True): "It was over before we could stop it.",
}


@pytest.mark.parametrize(("state", "asked"), STOP)
def test_what_is_not_over_can_be_stopped_once(state, asked):
    refusal = ""
    try:
        rules.check_stop(state, stop_asked=asked)
    except rules.Refused as error:
        refusal = str(error)

    assert refusal == STOP[state, asked]
    assert rules.can_stop(state, stop_asked=asked) == (not refusal)


AGAIN = {
    State.WAITING: "It is under way already.",
    State.RUNNING: "It is under way already.",
    State.DONE: "It is done already.",
    State.FAILED: "",
    State.CANCELLED: "",
}


@pytest.mark.parametrize("state", State)
def test_what_ended_without_a_result_can_be_tried_again(state):
    refusal = ""
    try:
        rules.check_try_again(state)
    except rules.Refused as error:
        refusal = str(error)

    assert refusal == AGAIN[state]
    assert rules.can_try_again(state) == (State.WAITING in MOVES[state] and state in OVER)


@pytest.mark.parametrize(
    ("done", "total", "percent"),
    [
        (0, 0, None),
        (5, 0, None),
        (5, -1, None),
        (0, 3, 0),
        (1, 3, 33),
        (2, 3, 66),
        (999, 1000, 99),
        (3, 3, 100),
        (4, 3, 100),
        (-1, 3, 0),
        (2**70, 2**71, 50),
    ],
)
def test_the_share_is_in_whole_percent_rounded_down(done, total, percent):
    assert rules.share(done, total) == percent


@pytest.mark.parametrize(
    ("state", "done", "total", "words", "said"),
    [
        (State.RUNNING, 1, 2, "release 1 of 2", "50 % done: release 1 of 2"),
        (State.RUNNING, 1, 2, "", "50 % done"),
        (State.RUNNING, 0, 0, "looking", "looking"),
        (State.RUNNING, 0, 0, "", ""),
        (State.CANCELLED, 1, 4, "", "25 % done"),
        (State.DONE, 0, 0, "looking", "100 % done"),
    ],
)
def test_the_progress_is_said_in_words(state, done, total, words, said):
    assert rules.told(state, done, total, words) == said


@pytest.mark.parametrize(
    ("state", "done", "total", "stop_asked", "key"),
    [
        (State.WAITING, 0, 0, False, "waiting"),
        (State.RUNNING, 0, 0, False, "running-0"),
        (State.RUNNING, 24, 100, False, "running-0"),
        (State.RUNNING, 25, 100, False, "running-1"),
        (State.RUNNING, 100, 100, False, "running-4"),
        (State.RUNNING, 50, 100, True, "stopping"),
        (State.CANCELLED, 50, 100, True, "cancelled"),
        (State.DONE, 0, 0, False, "done"),
    ],
)
def test_a_screen_reader_hears_every_quarter_and_every_change_of_state(state, done, total, stop_asked, key):
    assert rules.heard(state, done=done, total=total, stop_asked=stop_asked) == key


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Read notice.json", "Read notice.json"),
        ("two\nlines\tand\x00a NUL", "two lines and a NUL"),
        ("half \ud83d a character", "half a character"),
        ("notice\u202enosj.exe", "noticenosj.exe"),
        ("x" * 25, f"{'x' * 19}…"),
        ("a" * 18 + " bcdefg", f"{'a' * 18}…"),
        (None, "None"),
        ("", ""),
    ],
)
def test_a_line_is_one_that_can_be_stored_and_read(text, line):
    assert rules.line(text, 20) == line


@pytest.mark.parametrize(("number", "kept"), [(5, 5), (-5, 0), (2**63, 2**63 - 1), (1.9, 1)])
def test_a_number_of_steps_fits_its_column(number, kept):
    assert rules.count(number) == kept


@pytest.mark.parametrize("to", State)
@pytest.mark.parametrize("state", State)
def test_a_job_moves_only_where_the_table_says(state, to):
    job = Job(state=state, try_at=AT)
    if to not in MOVES[state]:
        with pytest.raises(ValueError, match="does not go"):
            job.move(to, at=AT)
        assert job.state == state
        return

    job.move(to, at=AT)

    assert (job.state, job.is_over) == (to, to in OVER)
    assert (job.try_at, job.ended_at) == ((None, AT) if to in OVER else (AT, None))
