"""What a mark means for alerts."""

from __future__ import annotations

import datetime as dt

from core.steps import step
from monitoring.models import Session


@step
def note_mark(*, session: Session, before: str, by, at: dt.datetime) -> None:
    """A register's mark has just been written to a locked session, which said `before` until now (empty: not taken).
    Absent raises an alert, held for two minutes; taking that back within them undoes it; coming after all, or a
    register taken late, ends what stands without erasing it."""
