"""How often a scan for viruses is tried, and when somebody must look."""

from __future__ import annotations

BATCH = 10  # files taken up at once
LEASE = 180  # seconds that a scanner may take over those it took up; then another takes them
SCAN_SECONDS = 60  # that the scanner may be silent
FIRST_WAIT, LONGEST_WAIT = 10, 600  # seconds
LATE = 600  # seconds after which a file that waits makes /readyz red


def wait_after(tries: int) -> int:
    """Seconds until the next try, after so many that failed: twice as long each time, ten minutes at most. A file is
    tried for ever: its link waits, it is never lost."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(max(tries, 1) - 1, 10))


def is_late(seconds: float) -> bool:
    """Whether the file that has waited longest waits too long."""
    return seconds > LATE
