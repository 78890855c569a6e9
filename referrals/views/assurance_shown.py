"""How items are shown: as tasks with their state, as facts, and as they were before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.urls import reverse

from referrals.models import Assurance, Placement, Transport
from referrals.queries import assurance as queries
from referrals.queries.assurance import Journey
from referrals.queries.cover import rota_of
from referrals.rules import assurance as rules
from referrals.rules import direction
from referrals.rules.assurance import Said
from referrals.states import Item

HINTS = {
    Item.STAFF: "The provider confirms in writing that everybody who works with the pupil has been checked",
    Item.SITES: "Where each session takes place",
    Item.RISKS: "What the provider must know of the pupil, and what the pupil meets there",
    Item.EMERGENCY: "Whom to ring, medicines and allergies",
    Item.ABSENCE: "Somebody answers through every session when the pupil is missing",
    Item.VISIT: "Somebody has seen the site",
    Item.CONSENT: "Of a parent or carer, or the written notice",
    Item.TRANSPORT: "Who arranges and pays, who hands over and who takes over",
    Item.LINK: "Whom the provider asks for on any day",
    Item.REVIEW: "Half a term after the start at the latest, thirty days for a direction",
}
# What a field of `Said` is called when it is shown, by item; in this order.
LABELS = {
    "who": "Who",
    "phone": "Telephone number",
    "paper": "List of staff",
    "ours": "What the provider has to know",
    "theirs": "What the provider’s risk assessment says",
    "medication": "Medication, allergies and health",
    "report_to": "Whom the pupil reports to",
    "breaks": "Break",
    "reasons": "Reasons",
    "objectives": "Objectives",
    "note": "Note",
    "why": "Reason",
}
DATES = {
    Item.STAFF: "Confirmed on",
    Item.VISIT: "Visited on",
    Item.CONSENT: "Given on",
    Item.REVIEW: "First review on",
}


def tasks(placement: Placement, rows: Mapping[str, Assurance], today: dt.date, *, reads: bool) -> list[dict]:
    """Each item as a task: who has done it and when, or what it waits for."""
    return [_task(placement, item, rows.get(item), today, reads=reads) for item in Item]


def _task(placement: Placement, item: Item, row: Assurance | None, today: dt.date, *, reads: bool) -> dict:
    name = "transport" if item == Item.TRANSPORT else "assurance_item"
    args = [placement.pk] if item == Item.TRANSPORT else [placement.pk, item.value]
    status, colour = _status(row, today)
    settled = bool(row and (row.done or row.not_needed))
    return {
        "title": item.label,
        "url": reverse(name, args=args) if reads else "",
        "hint": HINTS[item],
        "row": row,
        "settled": settled,
        "status": status,
        "colour": colour,
        "needed": item in rules.NEVER_WAIVED,
    }


def _status(row: Assurance | None, today: dt.date) -> tuple[str, str]:
    if row is not None and row.not_needed:
        return "Not needed", "grey"
    if row is not None and row.done:
        return "In place", "green"
    if row is not None and rules.days_overdue(row.due_on, today):
        return "Late", "red"
    if row is not None and row.due_on:
        return "Due soon", "orange"
    if row is not None:
        return "Begun", "light-blue"
    return "To do", "blue"


def facts(item: str, row: Assurance, said: Said) -> list[dict]:
    """What was written of an item, for a summary list."""
    found = []
    if row.on:
        found.append({"key": DATES.get(Item(item), "On"), "day": row.on})
    found += [{"key": label, "value": getattr(said, name)} for name, label in LABELS.items() if getattr(said, name)]
    return found


def history(placement: Placement, item: str) -> list[dict]:
    """What was written before, newest first."""
    return [{"row": row, "facts": facts(item, row, said)} for row, said in queries.history(placement, item)]


def transport_values(row: Transport | None, journey: Journey) -> dict:
    """What the form of transport begins with."""
    named = {"hands_over": journey.hands_over, "receives": journey.receives, "note": journey.note}
    return named | ({"arranged_by": row.arranged_by, "paid_by": row.paid_by} if row else {})


def watched(placement: Placement, today: dt.date) -> list:
    """Who stands on the rota on the weekdays of the sessions."""
    weekdays = {one.weekday for one in queries.week_now(placement, today)}
    day = max(today, placement.starts_on)
    rows = rota_of(placement.commissioner_id)
    return [one for one in rows if weekdays & set(one.weekdays) and (one.until_on is None or one.until_on >= day)]


def given_by(placement: Placement) -> dt.date | None:
    """The last day on which the notice of a direction is given in time; None where the terms do not say."""
    return direction.last_notice_day(placement.starts_on, queries.school_calendar(placement))
