"""What the alternative provision census and the school census ask of a placement. Days are days in England."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from referrals.rules.placing import LUNCH_ENDS, NOON
from referrals.states import Basis

FULL_TIME_SESSIONS = 10  # mornings and afternoons a week
# Arranged in another way than as alternative provision: neither census asks for it.
LEFT_OUT = (Basis.EOTAS, Basis.POST_16)
COLLEGE = "further education"
HEADINGS = (
    "UPN", "ULN", "Surname", "Forenames", "Date of birth", "Sex", "URN", "UKPRN", "Setting type", "Primary reason",
    "Entry date", "Leaving date", "Attendance pattern", "Sessions a week", "SEN provision", "Postcode", "Missing",
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """Where a pupil is taught: exactly one of a school's URN, a UKPRN and a type. Raises `ValueError` for anything
    else."""

    urn: str = ""
    ukprn: str = ""
    kind: str = ""

    def __post_init__(self):
        if sum(bool(one) for one in (self.urn, self.ukprn, self.kind)) != 1:
            raise ValueError("Exactly one of URN, UKPRN and setting type")


@dataclass(frozen=True)
class Line:
    """What a row of the census says of one placement. `missing` names what it lacks."""

    upn: str
    uln: str
    last_name: str
    first_names: str
    born_on: dt.date
    sex: str
    setting: Setting
    reason: str
    entry_on: dt.date
    leaving_on: dt.date | None
    sessions: int
    has_ehcp: bool
    postcode: str

    @property
    def pattern(self) -> str:
        """F for ten sessions a week or more, P for fewer."""
        return "F" if self.sessions >= FULL_TIME_SESSIONS else "P"

    @property
    def missing(self) -> list[str]:
        asked = {
            "UPN": self.upn,
            "Sex": self.sex,
            "Primary reason": self.reason,
            "Sessions a week": self.sessions,
            "Postcode": self.postcode,
        }
        return [name for name, value in asked.items() if not value]

    @property
    def cells(self) -> list:
        """In the order of `HEADINGS`; days as the census writes them."""
        return [
            self.upn, self.uln, self.last_name, self.first_names, self.born_on.isoformat(), self.sex, self.setting.urn,
            self.setting.ukprn, self.setting.kind, self.reason, self.entry_on.isoformat(),
            self.leaving_on.isoformat() if self.leaving_on else "", self.pattern, self.sessions,
            "E" if self.has_ehcp else "", self.postcode, ", ".join(self.missing),
        ]  # fmt: skip


def setting_of(*, urn: str, ukprn: str, establishment: str, one_to_one: bool) -> Setting:
    """A registered school by its URN, then whoever has a UKPRN, then a type: NFE for a college, OOT for one-to-one
    tuition, OTH for anything else. Nothing that the portal knows tells a work-based placement (WBP)."""
    if urn:
        return Setting(urn=urn)
    if ukprn:
        return Setting(ukprn=ukprn)
    if COLLEGE in establishment.lower():
        return Setting(kind="NFE")
    return Setting(kind="OOT" if one_to_one else "OTH")


def sessions_a_week(sessions: Iterable[tuple[int, dt.time, dt.time]]) -> int:
    """Mornings and afternoons, of (weekday, from, to): one that begins before noon is a morning, one that begins after
    it or goes on after one o'clock an afternoon. Each counts once a day."""
    found = set()
    for weekday, starts, ends in sessions:
        if starts < NOON:
            found.add((weekday, "am"))
        if starts >= NOON or ends > LUNCH_ENDS:
            found.add((weekday, "pm"))
    return len(found)


def year_begins(day: dt.date) -> dt.date:
    """The first day of the school year in which a day lies."""
    return dt.date(day.year - (day.month < 9), 9, 1)
