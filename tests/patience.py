"""How long the two sides of a race wait for each other, in seconds. With the lock one side cannot come, so little is
enough; where the lock was taken away both come, however busy the computer is, so they are given time."""

from __future__ import annotations

SHORT, LONG = 0.5, 20


class Patience:
    """What `meet` of the race tests waits by."""

    seconds = SHORT


def be_patient(monkeypatch) -> None:
    """For the rest of this test both sides will come."""
    monkeypatch.setattr(Patience, "seconds", LONG)
