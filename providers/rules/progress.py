"""How far each part of an application is, as its task list says it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from providers.rules.draft import Part
from providers.rules.reading import Reading


class Progress(Enum):
    """A part's state, with the colour of its tag."""

    NOT_STARTED = ("Not started", "blue")
    IN_PROGRESS = ("In progress", "light-blue")
    ATTENTION = ("Needs attention", "red")
    CARRIED = ("Carried over: check", "yellow")
    COMPLETED = ("Completed", "green")

    @property
    def words(self) -> str:
        return self.value[0]

    @property
    def colour(self) -> str:
        return self.value[1]


def progress(part: Part, reading: Reading) -> Progress:
    """What the bidder is not asked is done. What was carried over is to be looked at, whatever it says. Something wrong
    in what was typed needs attention; where things are only missing, the part is in progress."""
    if "not_asked" in reading.values:
        return Progress.COMPLETED
    if part.carried:
        return Progress.CARRIED
    if not reading.begun:
        return Progress.NOT_STARTED
    if not reading.problems:
        return Progress.COMPLETED
    wrong = any(_is_typed(part, problem.field) for problem in reading.problems)
    return Progress.ATTENTION if wrong else Progress.IN_PROGRESS


def together(found: Iterable[Progress]) -> Progress:
    """Several parts as one line: the worst of what asks for something, completed where all are."""
    found = set(found)
    if not found or found == {Progress.NOT_STARTED}:
        return Progress.NOT_STARTED
    for one in (Progress.ATTENTION, Progress.CARRIED):
        if one in found:
            return one
    return Progress.COMPLETED if found == {Progress.COMPLETED} else Progress.IN_PROGRESS


def _is_typed(part: Part, field: str) -> bool:
    names = (field, f"{field}_0", f"{field}_1", f"{field}_2")
    return bool(field) and any(part.answers.get(name) for name in names)
