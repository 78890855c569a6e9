"""When a message is tried again, when it is given up, and what it is called on the wire. No clock, no query."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from enum import Enum

MAIL_WAITS = (60, 300, 900, 3600, 10_800, 21_600, 43_200)  # seconds after the 1st, 2nd … failure: about a day in all
ALARM_WAITS = (10, 20, 40, 80, 160, 300)  # seconds; the last one for ever
MOST_ATTEMPTS = len(MAIL_WAITS) + 1
OUTAGE_WAIT = {"alarms": 10, "mail": 60}  # seconds until a server that nobody could reach is asked again
BATCH = {"alarms": 10, "mail": 50}  # messages claimed in one round
LEASE = {"send_first": 60, "claim_first": 600}  # seconds that a claim holds, by mode
SEND_SECONDS = 20  # longest that one letter may take
READABLE_DAYS = 90  # after that, a message that is over loses its address, subject and body
DEAD_SECRET_DAYS = 7  # after that, a link that never arrived is destroyed
LATE = {"alarms": 60, "mail": 900}  # seconds after which `/readyz` is red


class Outcome(Enum):
    """What came of trying to send."""

    SENT = "sent"
    LATER = "the receiving side asked to be tried again, or fell silent"
    REFUSED = "the receiving side will never take this message at this address"
    OUTAGE = "our own way out is shut; the message is not at fault"


class Fate(Enum):
    """Where a message goes after a try."""

    SENT = "sent"
    AGAIN = "tried again later"
    GIVEN_UP = "given up"


@dataclass(frozen=True)
class Next:
    """Where a message goes now. `wait` is in seconds and stands only with `AGAIN`. `counted`: the try used up one."""

    fate: Fate
    wait: int | None = None
    counted: bool = True


def after(outcome: Outcome, *, mode: str, queue: str, attempts: int) -> Next:
    """What happens to a message after its `attempts`-th try (1 is the first).

    Mail is given up when it is refused for good or after `MOST_ATTEMPTS` tries. An alarm (`send_first`) is never given
    up: only a person can do that. An outage uses up no try."""
    if outcome is Outcome.SENT:
        return Next(Fate.SENT)
    if outcome is Outcome.OUTAGE:
        return Next(Fate.AGAIN, OUTAGE_WAIT[queue], counted=False)
    if mode == "send_first":
        waits = ALARM_WAITS[-1:] if outcome is Outcome.REFUSED else ALARM_WAITS
        return Next(Fate.AGAIN, waits[min(attempts, len(waits)) - 1])
    if outcome is Outcome.REFUSED or attempts >= MOST_ATTEMPTS:
        return Next(Fate.GIVEN_UP)
    return Next(Fate.AGAIN, MAIL_WAITS[attempts - 1])


def smtp_outcome(code: int, *, about_sender: bool = False) -> Outcome:
    """What an SMTP answer means (RFC 5321 section 4.2.1): 5yz for good, 4yz for now; 421 closes the whole service.

    Whatever the server says about our own address or password is our outage, never the fault of the message."""
    if about_sender or code == 421:
        return Outcome.OUTAGE
    return Outcome.REFUSED if 500 <= code < 600 else Outcome.LATER


def notify_outcome(status: int) -> Outcome:
    """What an HTTP answer of GOV.UK Notify means: 400 is this message, 403 and 404 our key or template, 429 and 5xx
    the service."""
    if status in {401, 403, 404, 429} or status >= 500:
        return Outcome.OUTAGE
    return Outcome.REFUSED


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the letter with this key: the same at every try, so that a mailbox can drop a duplicate
    (RFC 5322 section 3.6.4)."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def one_line(subject: str) -> str:
    """A subject that cannot start a new header: one line of at most 200 characters."""
    return " ".join(subject.split())[:200]


def forget_before(at: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """(messages over before this are blanked, secrets of messages given up before this are destroyed)."""
    return at - dt.timedelta(days=READABLE_DAYS), at - dt.timedelta(days=DEAD_SECRET_DAYS)
