"""How the lines of an evaluation's report are told, and when a report is long."""

from __future__ import annotations

from collections.abc import Sequence

from lots.rules.refusals import Refused

# A report of so many lines is printed while somebody waits; a longer one is a task with its own page.
SMALL = 150
MOST_COLUMNS = 5  # that stand beside one another on a page; wider rows are told as sentences
_NUMBERED = {"Award", "Bid", "Freeze", "Lot", "Part", "Price check", "Standard"}
SECTION_98 = (
    "This report is the record of the decisions in this evaluation: who decided, when, why and on what (Procurement "
    "Act 2023, section 98). Keep it for at least three years from the day on which the last agreement was entered "
    "into or, where an award is not followed by one, from the day of that award."
)


def is_wide(headings: Sequence[str]) -> bool:
    """Too wide for a table that can be read on a phone and on paper."""
    return len(headings) > MOST_COLUMNS


def name_of(headings: Sequence[str], cells: Sequence[str], lead: int) -> str:
    """What a row is about, from its first `lead` cells: `Bid 3, Ash House, standard 1.1`."""
    pairs = zip(headings[:lead], cells, strict=False)
    said = ", ".join(f"{heading.lower()} {cell}" if heading in _NUMBERED else cell for heading, cell in pairs if cell)
    return said[:1].upper() + said[1:]


def rest_of(headings: Sequence[str], cells: Sequence[str], lead: int) -> list[tuple[str, str]]:
    """The other cells with their headings. What is empty is not told."""
    pairs = zip(headings[lead:], cells[lead:], strict=True)
    return [(heading, cell) for heading, cell in pairs if cell]


def check_waiting(waits: bool) -> None:
    """One copy at a time for each person: raises `Refused`."""
    if waits:
        raise Refused("A copy of this report is being made for you already. Look at your tasks")
