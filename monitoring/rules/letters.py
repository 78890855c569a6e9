"""What reminders say: whose report, for which days, and a link. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.states import ReminderKind

MOST_DAYS = 5  # that are named one by one


@dataclass(frozen=True)
class Words:
    subject: str
    body: str


def to_provider(kind: str, provider: str, days: Sequence[tuple[dt.date, int]], link: str) -> Words:
    """To those who report for a provider: the days, and on how many measures something is to be said for each."""
    days = sorted(days)
    if kind == ReminderKind.OVERDUE:
        return _overdue(provider, [day for day, _ in days], link)
    [(day, number)] = days
    measures = f"{number} measure" + ("" if number == 1 else "s")
    what = f"{provider}’s daily report for {_named(day)} is due today. It answers {measures} of your agreements."
    if kind == ReminderKind.TODAY:
        return Words("Your daily report is due today", f"{what}\n\n{_sign_in(link)}\n\n{QUIET}\n")
    still = f"{provider}’s daily report for {_named(day)} is not filed yet, and will soon be late. "
    return Words(
        "Your daily report is due soon", f"{still}It answers {measures} of your agreements.\n\n{_sign_in(link)}\n"
    )


QUIET = "On a quiet day it takes one tick."


def _overdue(provider: str, days: list[dt.date], link: str) -> Words:
    if len(days) == 1:
        subject = "A daily report is overdue"
        says = f"{provider}’s daily report for {_named(days[0])} is overdue."
    else:
        subject = f"{len(days)} daily reports are overdue"
        named = "\n".join(f"- {_named(day)}" for day in days[:MOST_DAYS])
        more = f"\n- and {len(days) - MOST_DAYS} more" if len(days) > MOST_DAYS else ""
        says = f"{provider}’s daily reports are overdue for these days:\n\n{named}{more}"
    return Words(subject, f"{says}\n\n{_sign_in(link)}\n\nA report that is filed late is worth more than none.\n")


def to_manager(provider: str, reference: str, days: int, link: str) -> Words:
    """To whoever manages an agreement whose reports were missed several reporting days in a row."""
    in_a_row = "for 1 reporting day" if days == 1 else f"for {days} reporting days in a row"
    return Words(
        "A provider has not filed its daily reports",
        f"{provider} has not reported in full {in_a_row} under your agreement {reference}.\n\n"
        f"Sign in to see which days:\n{link}\n",
    )


def _sign_in(link: str) -> str:
    return f"Sign in to file it:\n{link}"


def _named(day: dt.date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
