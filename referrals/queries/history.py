"""What was changed of a placement, in the order in which it was written down, as people read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from core.money import Money
from referrals.models import Amendment, Placement
from referrals.queries import life, papers
from referrals.queries.running import weekly_of
from referrals.rules.amending import in_words
from referrals.rules.overlaps import in_words as session_in_words
from referrals.rules.placing import percent
from referrals.rules.timetable import WEEKDAYS
from referrals.states import AmendmentKind, Runs


@dataclass(frozen=True)
class Line:
    """One change: when it was written down and by whom, from which day it holds, what changed, and why."""

    at: dt.datetime
    what: str
    by: str = ""
    from_on: dt.date | None = None
    says: list[str] = field(default_factory=list)
    why: str = ""


def week(placement: Placement) -> list[tuple]:
    """Every weekly session that was ever agreed, with its times and where, as the overview says them."""
    rows = placement.sessions.select_related("site").order_by("weekday", "starts", "from_on", "id")
    return [(row, session_in_words(weekly_of(row)), papers.where_of(row)) for row in rows]


def lines(placement: Placement, *, knows_cost: bool) -> list[Line]:
    """Newest first. Prices, totals and who pays are left out for whoever does not know what it costs."""
    found = [*_states(placement), *_amendments(placement, knows_cost), *_pauses(placement)]
    if knows_cost:
        found += _shares(placement)
    return sorted(found, key=lambda one: one.at, reverse=True)


def _states(placement: Placement) -> list[Line]:
    found = [Line(placement.made_at, "Written down", _name(placement.made_by))]
    if placement.agreed_at:
        found.append(Line(placement.agreed_at, "Signed by both sides"))
    if placement.live_at:
        by = _name(placement.emergency_by) if placement.emergency_at else ""
        found.append(Line(placement.live_at, "Started in an emergency" if by else "Started", by))
    return found


def _amendments(placement: Placement, knows_cost: bool) -> list[Line]:
    rows = list(placement.amendments.select_related("made_by"))
    sites = life.sites_named(rows)
    return [
        Line(
            row.made_at,
            row.get_kind_display(),
            _name(row.made_by),
            row.from_on,
            _says(row, sites, knows_cost),
            row.reason,
        )
        for row in rows
        if knows_cost or row.kind != AmendmentKind.PRICE
    ]


def _says(row: Amendment, sites: dict, knows_cost: bool) -> list[str]:
    before, after, found = row.before, row.after, []
    if row.kind == AmendmentKind.HOURS:
        gone = [one for one in before["sessions"] if one not in after["sessions"]]
        come = [one for one in after["sessions"] if one not in before["sessions"]]
        found += [f"No longer {_session(one, sites)}" for one in gone]
        found += [f"Now {_session(one, sites)}" for one in come]
        was, now = before.get("dated", []), after.get("dated", [])
        found += [f"No session on {_dated(one)}" for one in was if one not in now]
        found += [f"One session more on {_dated(one)}" for one in now if one not in was]
    if before.get("ends_on") != after.get("ends_on"):
        was, now = (in_words(dt.date.fromisoformat(side["ends_on"])) for side in (before, after))
        found.append(f"Last day {now} instead of {was}")
    if knows_cost and row.kind == AmendmentKind.PRICE:
        found.append(f"{Money(after['pence'])} a unit instead of {Money(before['pence'])}")
    if knows_cost and before.get("total_pence") != after.get("total_pence"):
        found.append(f"{Money(after['total_pence'])} in all instead of {Money(before['total_pence'])}")
    return found


def _session(one: dict, sites: dict) -> str:
    where = sites.get(one["site"]) or "at an address"
    return f"{WEEKDAYS[one['weekday']]} {one['starts']} to {one['ends']}, {where}, {Runs(one['runs']).label.lower()}"


def _dated(one: dict) -> str:
    return f"{in_words(dt.date.fromisoformat(one['day']))}, {one['starts']} to {one['ends']}"


def _pauses(placement: Placement) -> list[Line]:
    return [
        Line(
            row.written_at,
            "Paused",
            _name(row.written_by),
            row.from_on,
            [f"Until {in_words(row.until_on)}" if row.until_on else "Until somebody says that it goes on"],
            row.reason,
        )
        for row in placement.pauses.select_related("written_by")
    ]


def _shares(placement: Placement) -> list[Line]:
    """One line for each change of who pays; the shares that were agreed at the start are no change."""
    by_day: dict[dt.date, list] = {}
    for row in life.shares_shown(placement):
        if row.from_on > placement.starts_on:
            by_day.setdefault(row.from_on, []).append(row)
    return [
        Line(
            rows[0].written_at,
            "Who pays changed",
            _name(rows[0].written_by),
            day,
            [f"{row.funder.name}: {percent(row.share)}%" for row in rows],
            rows[0].reason,
        )
        for day, rows in by_day.items()
    ]


def _name(user) -> str:
    return (user.name or user.email) if user else ""
