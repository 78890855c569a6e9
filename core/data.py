"""What kind of data a field holds and how long it is kept: every model field of ours is classified in its app's
`data.py` (a house test demands it), and the record of processing is printed from there (`manage.py data_map`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    PUBLIC = "public"
    COMMERCIAL = "commercial"
    PERSONAL = "personal"
    SPECIAL = "special category"


class Keep(Enum):
    """Retention class: how long, counted from when, and what happens then."""

    SYSTEM = "as long as the portal runs"
    ACCOUNT = "while the account is open, then pseudonymised after 6 years"
    SESSION = "until the session ends, 14 days at most"
    MESSAGE = "90 days after it was sent"
    HELD = "1 hour"
    PROCUREMENT = "the life of the framework and 6 years"
    AUDIT = "the life of the framework and 12 years, never changed"
    PUPIL = "until the pupil is 25"
    HANDED = "28 days after it was handed over to the school’s own record"


@dataclass(frozen=True)
class Data:
    kind: Kind
    keep: Keep


def every(fields: str, kind: Kind, keep: Keep) -> dict[str, Data]:
    """Classify several fields at once, named in one string with spaces between."""
    return {field: Data(kind, keep) for field in fields.split()}
