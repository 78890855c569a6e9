"""What an officer answers to a notice's contradictions: whether it is enough, and what it makes of the facts.

`findings` are those of `notices.rules.findings`: an effect of `choose` wants an option and a reason, `reason` a reason,
`note` nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lots.rules.facts import FrameworkFacts, SubLotFacts
from lots.states import LETTERS
from notices.rules.findings import Finding


@dataclass(frozen=True)
class Answer:
    """To one finding: the value of an option, where there are any, and why."""

    option: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Settled:
    """A finding with its answer: what is written down. `clarification` is the text that goes to all bidders."""

    finding: Finding
    answer: Answer
    label: str
    clarification: str


def asked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that want an answer."""
    return tuple(finding for finding in findings if finding.effect != "note")


def missing(findings: Iterable[Finding], answers: Mapping[str, Answer]) -> dict[str, str]:
    """Code of a finding → what is still to be said about it. Empty when everything is answered."""
    found = {}
    for finding in asked(findings):
        answer = answers.get(finding.code, Answer())
        if finding.effect == "choose" and answer.option not in {option.value for option in finding.options}:
            found[finding.code] = "Choose what holds"
        elif not answer.reason.strip():
            found[finding.code] = "Enter the reason"
        elif finding.reason and answer.option != finding.chosen and answer.reason.strip() == finding.reason:
            found[finding.code] = "You chose something else than the notice says. Give your reason"
    return found


def settled(findings: Iterable[Finding], answers: Mapping[str, Answer]) -> tuple[Settled, ...]:
    """What was decided, for findings whose answers are whole (`missing` is empty)."""
    return tuple(_settled(finding, answers[finding.code]) for finding in asked(findings))


def _settled(finding: Finding, answer: Answer) -> Settled:
    option = next((option for option in finding.options if option.value == answer.option), None)
    return Settled(finding, answer, option.label if option else "", option.clarification if option else "")


def parts_chosen(settled: Iterable[Settled]) -> dict[str, str]:
    """Number of a lot → letters, where a finding settled its parts (policy `lot_1_parts`, option `BC`)."""
    found = {}
    for one in settled:
        if number := lot_of(one.finding):
            found[number] = one.answer.option
    return found


def lot_of(finding: Finding) -> str:
    """The number of the lot whose parts a finding settles; empty for any other finding."""
    policy = finding.policy
    return policy[len("lot_") : -len("_parts")] if policy.startswith("lot_") and policy.endswith("_parts") else ""


def with_parts(facts: FrameworkFacts, parts: Mapping[str, Iterable[str]]) -> FrameworkFacts:
    """The facts with the parts that the officer ticked: lot number → letters. Lots that are not named keep theirs; a
    letter without a meaning counts for nothing. Letters A, B and C mean primary, secondary and 16+ in every lot."""
    lots = []
    for lot in facts.lots:
        letters = sorted(set(parts.get(lot.number, ())) & set(LETTERS))
        own = tuple(SubLotFacts(letter, LETTERS[letter]) for letter in letters)
        lots.append(replace(lot, sub_lots=own) if lot.number in parts else lot)
    return replace(facts, lots=tuple(lots))
