"""Whether a round takes applications at a moment. The deadline itself is in; the next microsecond is out."""

from __future__ import annotations

import datetime as dt

from lots.states import FrameworkState
from providers.rules.refusals import Refused, TooLate


def check_open(*, state: FrameworkState | str, closes_at: dt.datetime | None, opened: bool, at: dt.datetime) -> None:
    """Raise `TooLate` after the deadline, or once the applications were opened whatever a clock said; `Refused` for a
    framework that takes none. One without a deadline takes them until it has one. Moments are UTC."""
    if state == FrameworkState.DRAFT:
        raise Refused("This framework is not published yet, so nobody can apply")
    if state == FrameworkState.WITHDRAWN:
        raise Refused("This framework was withdrawn, so nobody can apply any more. What you wrote is kept")
    if opened or state != FrameworkState.PUBLISHED or (closes_at is not None and at > closes_at):
        raise TooLate(closes_at=closes_at, at=at)
