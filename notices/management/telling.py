"""A notice in lines for a terminal: what was understood, and what contradicts itself, with its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from lots.rules import telling
from lots.rules.differences import LABELS
from notices.rules.findings import Finding, find
from notices.rules.understand import Understanding

SHORT = 100
MARKS = {"choose": "CHOOSE", "reason": "SAY WHY", "note": "NOTE"}


def lines_of(whole, understood: Understanding, *, today: dt.date) -> Iterator[str]:
    """The framework of a release (an object of JSON, and what was understood of it)."""
    facts = understood.facts
    yield f"\n{facts.title}\n{understood.what}"
    buyer = understood.buyer
    yield f"  Buyer: {' '.join(filter(None, [buyer.name, buyer.scheme, buyer.number])) or telling.NOTHING}"
    for name, label in LABELS.items():
        if name not in {"title", "key_dates", "documents"}:
            yield f"  {label}: {_short(telling.told(getattr(facts, name), field=name))}"
    for lot in facts.lots:
        auto = ", comes with the others" if lot.is_auto else ""
        yield f"  Lot {lot.number}: {_short(telling.told((lot,)))}{auto}"
    for item in (*facts.key_dates, *facts.documents):
        yield f"  {_short(telling.told((item,)))}"
    yield from findings_in_lines(whole, understood, today=today)


def findings_in_lines(whole, understood: Understanding, *, today: dt.date) -> Iterator[str]:
    """What contradicts itself in a release, whatever notice it is."""
    for finding in find(whole, understood, today=today):
        yield from _of_finding(finding)


def _of_finding(finding: Finding) -> Iterator[str]:
    yield f"\n{MARKS[finding.effect]} ({finding.code}): {finding.title}"
    yield f"  {finding.explanation}"
    for side in finding.sides:
        yield f"    {side.path or 'the notice'}: {side.text}"
    for option in finding.options:
        preselected = " (stands pre-selected)" if option.value == finding.chosen else ""
        yield f"    --choose {finding.code}={option.value}: {option.label}{preselected}"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"
