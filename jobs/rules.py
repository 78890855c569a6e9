"""When a job is taken up, taken over, tried again and given up, how its progress is said; when the portal was out of
order. No clock, no query."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from dataclasses import dataclass
from enum import Enum

from jobs.states import State

LEASE_SECONDS = 60  # a worker that gave no sign of life for so long has lost its job
BEAT_SECONDS = 15  # how often it gives one
TOLD_EVERY = 1.0  # seconds between two writes of the progress: on SQLite everybody waits for each write
WAITS = (10, 60)  # seconds after the 1st, 2nd try that broke off
MOST_ATTEMPTS = len(WAITS) + 1
LEFT_SECONDS = 120  # a job that nobody took up for so long has no workers: the tick sees to it
SWEEP_SECONDS = 60  # a sweep takes up nothing new after so long
GAP_SECONDS = 180  # a part of the portal that gave no sign of life for longer was out of order

BROKE = (
    "Something went wrong on our side, three times in a row. What was finished before it is kept. Try again later. "
    "If it happens again, tell us the number of this task."
)
NOT_ALLOWED = "It could not go on: whoever asked for it may no longer do this."


class Failed(Exception):
    """The work cannot be done. The text is a sentence for the person who asked: what is wrong, and what to do."""


class Refused(Exception):
    """What was asked of a job makes no sense any more; the text is for the person who asked."""


class Ending(Enum):
    """How a worker let go of a job."""

    DONE = "it is done"
    FAILED = "it cannot be done, and the work says why"
    STOPPED = "somebody asked to stop it"
    BROKE = "an error of ours, or of what we need"


@dataclass(frozen=True)
class Next:
    """Where a job goes. `wait` is in seconds, and only before another try."""

    state: State
    wait: int = 0


def after(ending: Ending, *, attempts: int, stop_asked: bool) -> Next:
    """What becomes of a job when its `attempts`-th try (1 is the first) ended.

    Only what broke is tried again by itself, and not when somebody wanted it stopped. Work that was done before the
    wish to stop arrived is done."""
    if ending is Ending.DONE:
        return Next(State.DONE)
    if ending is Ending.STOPPED or (ending is Ending.BROKE and stop_asked):
        return Next(State.CANCELLED)
    if ending is Ending.FAILED or attempts >= MOST_ATTEMPTS:
        return Next(State.FAILED)
    return Next(State.WAITING, WAITS[attempts - 1])


def on_taking_up(*, attempts: int, stop_asked: bool) -> State:
    """What becomes of a job that can be taken up after `attempts` tries: one that was to be stopped when its worker
    died is stopped; one whose workers died at every try is given up, because whatever killed them would kill us."""
    if stop_asked:
        return State.CANCELLED
    return State.FAILED if attempts >= MOST_ATTEMPTS else State.RUNNING


def lease_end(at: dt.datetime) -> dt.datetime:
    """Until when a sign of life given at `at` holds."""
    return at + dt.timedelta(seconds=LEASE_SECONDS)


def left_before(at: dt.datetime) -> dt.datetime:
    """What could be taken up before this and was not has been left."""
    return at - dt.timedelta(seconds=LEFT_SECONDS)


def can_stop(state: str, *, stop_asked: bool) -> bool:
    """It is not over, and nobody asked before."""
    return state in {State.WAITING, State.RUNNING} and not stop_asked


def can_try_again(state: str) -> bool:
    """It ended without a result."""
    return state in {State.FAILED, State.CANCELLED}


def check_stop(state: str, *, stop_asked: bool) -> None:
    """Raise `Refused` unless it can be stopped."""
    if can_stop(state, stop_asked=stop_asked):
        return
    raise Refused("It is being stopped already." if state == State.RUNNING else "It was over before we could stop it.")


def check_try_again(state: str) -> None:
    """Raise `Refused` unless it can be tried again."""
    if not can_try_again(state):
        raise Refused("It is done already." if state == State.DONE else "It is under way already.")


def share(done: int, total: int) -> int | None:
    """How much is done, in whole percent rounded down; nothing where nobody knows how much there is to do."""
    if total <= 0:
        return None
    return max(0, min(100, 100 * done // total))


def told(state: str, done: int, total: int, words: str) -> str:
    """The progress as a line to read: "50 % done: release 350 of 700"."""
    if state == State.DONE:
        return "100 % done"
    known = share(done, total)
    return ": ".join(part for part in (f"{known} % done" if known is not None else "", words) if part)


def heard(state: str, *, done: int, total: int, stop_asked: bool) -> str:
    """What a screen reader has been told of a job: the next word is due when this changes. A quarter at a time."""
    if state != State.RUNNING:
        return str(state)
    return "stopping" if stop_asked else f"{state}-{(share(done, total) or 0) // 25}"


def line(text: object, longest: int) -> str:
    """One line of text that both databases take and people can read: no control characters, no half characters, no
    change of direction, `longest` characters at most. What is cut ends in an ellipsis."""
    cut = str(text)[: 2 * longest]
    kept = "".join(
        " " if unicodedata.category(one) == "Cc" else one
        for one in cut
        if unicodedata.category(one) not in {"Cs", "Co", "Cn", "Cf"}
    )
    clean = " ".join(kept.split())
    return clean if len(clean) <= longest else f"{clean[: longest - 1].rstrip()}…"


def count(number: int) -> int:
    """A number of steps that a column holds."""
    return max(0, min(int(number), 2**63 - 1))


def was_out(seen_at: dt.datetime, at: dt.datetime) -> bool:
    """A part of the portal that was last seen to be well at `seen_at` counts at `at` as out of order since then: it
    missed three signs of life, of which it gives one each minute. Exactly three minutes are no outage yet."""
    return at - seen_at > dt.timedelta(seconds=GAP_SECONDS)


def pages_answer(body: bytes) -> bool:
    """Whether this answer to `/readyz` says that pages can be opened and applications be sent: somebody answered, and
    reaches the database. A letter that is late makes `/readyz` red and keeps nobody from applying, so it does not
    count. Anything that is no answer of ours (a proxy's own page) says that nobody could."""
    try:
        said = json.loads(body)
        return said["checks"]["database"] == "ok"
    except (ValueError, KeyError, TypeError, RecursionError):
        return False
