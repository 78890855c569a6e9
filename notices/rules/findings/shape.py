"""What a finding is: what in a notice contradicts itself, the law or the calendar, or leaves open who wins."""

from __future__ import annotations

from dataclasses import dataclass

from core.money import Money
from lots.rules import telling
from lots.rules.differences import LABELS
from lots.rules.facts import FrameworkFacts, LotFacts
from notices.rules import paths
from notices.rules.paths import Path
from notices.rules.reader import quoted
from notices.rules.understand import Understanding

# What the officer owes: nothing, a reason, or a choice with its reason.
NOTE, REASON, CHOOSE = "note", "reason", "choose"


@dataclass(frozen=True)
class Side:
    """One of the figures or texts that a finding is about, with its place in the notice as text."""

    path: str
    text: str


@dataclass(frozen=True)
class Option:
    """One way to settle a finding. `clarification` is the text that goes to all bidders when it is chosen."""

    value: str
    label: str
    clarification: str


@dataclass(frozen=True)
class Finding:
    """`code` is the finding's own within one notice. `policy` is the field of `lots.models.Policies` that a choice
    sets, or `lot_1_parts` for the parts of lot 1, whose options are letters (`BC`). `chosen` stands pre-selected.
    `reason` is filled in where the notice itself states what is chosen: nobody need type why."""

    code: str
    title: str
    explanation: str
    sides: tuple[Side, ...]
    effect: str = NOTE
    policy: str = ""
    options: tuple[Option, ...] = ()
    chosen: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Notice:
    """The tree with what was understood of it."""

    tree: dict
    understood: Understanding
    facts: FrameworkFacts

    def path_of(self, key: str) -> str:
        """Where the fact stands, as text; empty where the notice does not state it."""
        return paths.text(self.understood.sources.get(key, ()))

    def side(self, key: str, holder: FrameworkFacts | LotFacts) -> Side:
        """A fact that the notice states, in the words of pages, with its place. `key` may be `lots.1.net_pence`."""
        name = key.rpartition(".")[2]
        return Side(self.path_of(key), f"{LABELS[name]}: {telling.told(getattr(holder, name), field=name)}")


def side(path: Path, value: object) -> Side:
    return Side(paths.text(path), quoted(value))


def pounds(pence: int) -> str:
    return Money(pence).in_short
