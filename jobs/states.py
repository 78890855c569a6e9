"""The states of a job, and the moves between them."""

from __future__ import annotations

from django.db.models import TextChoices


class State(TextChoices):
    WAITING = "waiting", "Waiting to start"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Did not finish"
    CANCELLED = "cancelled", "Stopped"


# A running job whose lease ran out is taken over as it stands: that is no move. One that broke waits for its next try.
MOVES = {
    State.WAITING: {State.RUNNING, State.CANCELLED},
    State.RUNNING: {State.DONE, State.FAILED, State.CANCELLED, State.WAITING},
    State.DONE: set(),
    State.FAILED: {State.WAITING},
    State.CANCELLED: {State.WAITING},
}
OVER = {State.DONE, State.FAILED, State.CANCELLED}
