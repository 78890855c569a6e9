"""Dates that have passed, and dates in the wrong order. Days are days in England."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator

from lots.rules import telling
from notices.rules.dates import ENGLAND
from notices.rules.findings.shape import Finding, Notice, Side

# Each of these comes no later than the next.
ORDER = {
    "enquiries_until": "the last day for questions",
    "closes_at": "the deadline for applications",
    "award_by_on": "the day by which it is decided",
    "starts_on": "the start of the framework",
    "ends_on": "the end of the framework",
    "scheme_ends_on": "the end of the open framework",
}
_KINDS = {
    "engagement": "a meeting for providers",
    "notice": "the planned notice",
    "reopening": "the planned re-opening",
    "other": "another date",
}
_MOST = 40


def find(notice: Notice, *, today: dt.date) -> Iterator[Finding]:
    """Dates before `today`, then each pair in the wrong order."""
    said = {key: getattr(notice.facts, key) for key in ORDER if getattr(notice.facts, key) is not None}
    yield from _past(notice, said, today)
    for earlier, later in itertools.pairwise(said):
        if _before(said[later], said[earlier]):
            yield _wrong_order(
                f"order_{earlier}_{later}", ORDER[earlier], ORDER[later], _side(notice, earlier), _side(notice, later)
            )
    yield from _key_dates(notice, said)


def day_of(when: dt.date) -> dt.date:
    """The day in England."""
    return when.astimezone(ENGLAND).date() if isinstance(when, dt.datetime) else when


def _before(one: dt.date, other: dt.date) -> bool:
    """Moments are compared as moments, anything else by its day."""
    if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
        return one < other
    return day_of(one) < day_of(other)


def _side(notice: Notice, key: str) -> Side:
    value = getattr(notice.facts, key)
    return Side(notice.path_of(key), f"{ORDER[key].capitalize()}: {telling.told(value)}")


def _past(notice: Notice, said: dict[str, dt.date], today: dt.date) -> Iterator[Finding]:
    sides = [_side(notice, key) for key, when in said.items() if day_of(when) < today]
    sides += [
        Side(notice.path_of(f"key_dates.{index}"), f"{_KINDS[date.kind].capitalize()}: {telling.told(date.at)}")
        for index, date in enumerate(notice.facts.key_dates)
        if day_of(date.at) < today
    ]
    if sides:
        yield Finding(
            "dates_in_the_past",
            f"{'A date has' if len(sides) == 1 else f'{len(sides)} dates have'} passed",
            "Nobody can apply after a deadline that has passed. Dates are kept as they were published; put later ones "
            "in before you publish here, and publish a change of the notice.",
            tuple(sides[:_MOST]),
        )


def _wrong_order(code: str, earlier: str, later: str, *sides: Side) -> Finding:
    return Finding(
        code,
        f"{later[0].upper()}{later[1:]} comes before {earlier}",
        f"As published, {later} comes before {earlier}. One of the two cannot be meant. Providers first ask, then "
        "apply, and are then judged (Procurement Act 2023, s.54).",
        sides,
    )


def _key_dates(notice: Notice, said: dict[str, dt.date]) -> Iterator[Finding]:
    """Meetings come before the deadline; re-openings between start and end."""
    closes, starts = said.get("closes_at"), said.get("starts_on")
    ends_key = "scheme_ends_on" if "scheme_ends_on" in said else "ends_on"
    for index, date in enumerate(notice.facts.key_dates):
        side = Side(notice.path_of(f"key_dates.{index}"), f"{_KINDS[date.kind].capitalize()}: {telling.told(date.at)}")
        kind = _KINDS[date.kind]
        if date.kind == "engagement" and closes and _before(closes, date.at):
            yield _wrong_order(f"order_meeting_{index}", kind, ORDER["closes_at"], side, _side(notice, "closes_at"))
        if date.kind == "reopening" and starts and _before(date.at, starts):
            yield _wrong_order(
                f"order_reopening_{index}_start", ORDER["starts_on"], kind, side, _side(notice, "starts_on")
            )
        if date.kind == "reopening" and ends_key in said and _before(said[ends_key], date.at):
            yield _wrong_order(f"order_reopening_{index}_end", kind, ORDER[ends_key], side, _side(notice, ends_key))
