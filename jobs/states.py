"""The states of a job, and the moves between them. The parts of the portal that are watched."""

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


class Sign(TextChoices):
    """A part of the portal that gives a sign of life every minute; the words say what an outage of it is."""

    PORTAL = "portal", "The portal was out of order"
    WEB = "web", "The portal’s pages did not answer"
