"""Parts of lots: where the prose says two things of them, and where it says nothing that could be read."""

from __future__ import annotations

from collections.abc import Iterator

from lots.rules.facts import LotFacts
from notices.rules import paths, prose, where
from notices.rules.findings.shape import CHOOSE, Finding, Notice, Option, Side

_NAMES = {"A": "A (primary)", "B": "B (secondary)", "C": "C (16+)"}


def find(notice: Notice) -> Iterator[Finding]:
    """Letters that a sentence gives a lot and its list does not; lists that differ; lots without any list."""
    text = paths.get(notice.tree, where.PROSE)
    said = prose.parts(text) if isinstance(text, str) else prose.Parts()
    path = paths.text(where.PROSE)
    for lot in notice.facts.lots:
        number = prose.plain_number(lot.number)
        named, words = said.named.get(number, ("", ""))
        if number in said.letters and set(named) - set(said.letters[number]):
            yield _two_tellings(lot, said.letters[number], named, Side(path, words), Side(path, said.words[number]))
        elif number in said.unclear:
            yield _unread(lot, Side(path, said.unclear[number]), "lists different parts for it in two places")
        elif not lot.sub_lots and not lot.is_auto:
            yield _unread(lot, Side(path, "not said"), "has no list of its parts that could be read")


def listed(letters: str) -> str:
    """`BC` → `B (secondary) and C (16+)`."""
    names = [_NAMES[letter] for letter in letters]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _two_tellings(lot: LotFacts, letters: str, named: str, *sides: Side) -> Finding:
    both = "".join(sorted(set(letters) | set(named)))
    more = "".join(letter for letter in both if letter not in letters)
    policy = f"lot_{lot.number}_parts"
    return Finding(
        policy,
        f"Lot {lot.number}: part {listed(more)} is named in a sentence and missing from the list",
        f"A sentence of the notice speaks of parts {listed(named)} of lot {lot.number}; the list of lots gives it "
        f"{listed(letters)} only. Whether part {listed(more)} is offered decides who may apply for it.",
        sides,
        CHOOSE,
        policy,
        (
            Option(
                letters,
                f"Not offered: lot {lot.number} has {listed(letters)}",
                f"Lot {lot.number} has the parts {listed(letters)}. Part {listed(more)} is not offered.",
            ),
            Option(
                both,
                f"Offered: lot {lot.number} has {listed(both)}",
                f"Lot {lot.number} has the parts {listed(both)}. Part {listed(more)} is offered too.",
            ),
        ),
        letters,
    )


def _unread(lot: LotFacts, side: Side, what: str) -> Finding:
    return Finding(
        f"lot_{lot.number}_parts_unread",
        f"Lot {lot.number}: the parts could not be read",
        f"The notice {what}. The lot has no parts until you enter them: tick the age phases for which it is offered. "
        "Parts are A (primary), B (secondary) and C (16+).",
        (side,),
    )
