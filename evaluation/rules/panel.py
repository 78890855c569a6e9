"""Who may hold which duties beside each other, and whether the standards are covered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from evaluation.states import Cure, Duty
from lots.rules.refusals import Refused
from lots.states import EvidenceKind

PEOPLE_FOR_A_STANDARD = 2
LEAST_DAYS, MOST_DAYS = 1, 20

# What is told where somebody is appointed. Each is held by a rule here, or by the action that it is about.
SEPARATION = (
    "An evaluator does nothing else here: they cannot moderate, open applications or prices, or approve.",
    "A moderator never judges: moderators see what two evaluators decided, once both have.",
    "An approver never evaluated here, and never approves what they proposed themselves.",
    "Nobody is the second person to what they proposed themselves: the opening, a reopening of quality, an award.",
    "Somebody who can see prices is not appointed to judge or moderate once prices were opened.",
    "Everybody declares their interests twice: before the names are known, and when they are.",
)
# What may be sent for each kind of evidence, as pre-selected: a certificate proves a fact of its own date and may be
# sent anew; what was written for the bid is explained, never written again.
CURES = {
    EvidenceKind.FILE: Cure.EXPLAIN,
    EvidenceKind.CERTIFICATE: Cure.REPLACE,
    EvidenceKind.DECLARATION: Cure.EXPLAIN,
    EvidenceKind.TEXT: Cure.EXPLAIN,
    EvidenceKind.LINK: Cure.EXPLAIN,
}
_MEETS = {
    Duty.MODERATOR: "a moderator sees what others decided",
    Duty.OPENER: "an opener opens the prices later",
    Duty.APPROVER: "an approver decides about the award as a whole",
}


@dataclass(frozen=True)
class Record:
    """What somebody holds in this evaluation, what they held before it, and what they have seen. `opened` says that
    the names are known, `sees_prices` that prices were opened and that they could read them."""

    holds: Collection[Duty]
    held: Collection[Duty]
    opened: bool = False
    sees_prices: bool = False


def check_appointment(duty: Duty, record: Record) -> None:
    """Duties that would let somebody see what they must not know, or approve what they made, are never one person's.
    What ended before the opening counts for nothing but an approval. Raises `Refused`."""
    if duty in record.holds:
        raise Refused(f"This person is appointed as {_a(duty)} already", field="duty")
    if duty == Duty.EVALUATOR:
        for other, why in _MEETS.items():
            if other in record.holds:
                raise Refused(f"This person is {_a(other)}, so they cannot evaluate: {why}", field="duty")
    elif Duty.EVALUATOR in record.holds:
        raise Refused(f"This person is an evaluator, so they cannot be {_a(duty)} too", field="duty")
    if duty == Duty.APPROVER and Duty.EVALUATOR in record.held:
        raise Refused("This person evaluated here, so they cannot approve the award", field="duty")
    if record.opened and duty == Duty.EVALUATOR and Duty.MODERATOR in record.held:
        raise Refused("This person moderated here and has seen what others decided: they cannot evaluate", field="duty")
    if record.opened and duty == Duty.MODERATOR and Duty.EVALUATOR in record.held:
        raise Refused("This person evaluated here: they cannot moderate what they decided themselves", field="duty")
    if record.sees_prices and duty in {Duty.EVALUATOR, Duty.MODERATOR}:
        raise Refused("Prices were opened and this person can see them: they cannot judge any more", field="duty")


def check_days(days: int) -> None:
    """How many working days a bidder has to answer a question. Raises `Refused`."""
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise Refused(
            f"Give bidders {LEAST_DAYS} to {MOST_DAYS} working days to answer a question", field="clarify_days"
        )


@dataclass(frozen=True)
class Asked:
    """A standard to be judged."""

    pk: int
    number: str
    title: str
    safeguarding: bool


@dataclass(frozen=True)
class Row:
    """A standard and who judges it. `judges` says for each evaluator, in their order, whether they do."""

    standard: Asked
    judges: tuple[bool, ...]
    count: int
    declared: int
    problem: str


@dataclass(frozen=True)
class Coverage:
    """Standards × evaluators. `loads` are the judgements that each evaluator would get, in the order of `people`."""

    people: tuple[int, ...]
    rows: tuple[Row, ...]
    loads: tuple[int, ...]
    warnings: tuple[str, ...]
    bids: int

    @property
    def few(self) -> tuple[str, ...]:
        """The numbers of the standards that fewer than two judge, whether or not they have declared."""
        return tuple(row.standard.number for row in self.rows if row.count < PEOPLE_FOR_A_STANDARD)

    @property
    def thin(self) -> tuple[str, ...]:
        """The numbers of the standards that fewer than two judge who have declared their interests."""
        return tuple(row.standard.number for row in self.rows if row.declared < PEOPLE_FOR_A_STANDARD)


def coverage(
    standards: Sequence[Asked],
    people: Sequence[int],
    assigned: Mapping[int, Collection[int]],
    declared: Collection[int],
    *,
    bids: int,
) -> Coverage:
    """Every standard needs two evaluators who have declared their interests: every standard of every bid is judged by
    two, whatever the policy, and shared out among those who judge it. `bids` is how many there are, or may be."""
    rows = tuple(_row(standard, people, assigned.get(standard.pk, ()), declared) for standard in standards)
    loads = []
    for person in people:
        shares = (_share(len(assigned[one.pk]), bids) for one in standards if person in assigned.get(one.pk, ()))
        loads.append(ceil(sum(shares)))
    return Coverage(tuple(people), rows, tuple(loads), tuple(_warnings(rows, people, loads, declared)), bids)


def check_coverage(found: Coverage) -> None:
    """Nothing is opened while a standard has fewer than two evaluators who have declared. Raises `Refused`."""
    if thin := found.thin:
        raise Refused(
            f"Fewer than two evaluators who have declared their interests judge {_listed(thin)}. Appoint or assign "
            "somebody, or ask them to declare; then open the applications"
        )


def _row(standard: Asked, people: Sequence[int], judges: Collection[int], declared: Collection[int]) -> Row:
    count, ready = len(judges), len(set(judges) & set(declared))
    problem = ""
    if count < PEOPLE_FOR_A_STANDARD:
        many = "Nobody judges it" if not count else "Only one person judges it"
        problem = f"{many}: safeguarding needs two" if standard.safeguarding else many
    elif ready < PEOPLE_FOR_A_STANDARD:
        problem = "Fewer than two have declared their interests"
    return Row(standard, tuple(person in judges for person in people), count, ready, problem)


def _share(judges: int, bids: int) -> float:
    return bids * min(PEOPLE_FOR_A_STANDARD, judges) / judges


def _warnings(rows: Sequence[Row], people: Sequence[int], loads: Sequence[int], declared) -> Iterator[str]:
    few = [row.standard for row in rows if row.count < PEOPLE_FOR_A_STANDARD]
    if guarding := [one.number for one in few if one.safeguarding]:
        yield f"Safeguarding needs two people who judge: {_listed(guarding)}"
    if others := [one.number for one in few if not one.safeguarding]:
        yield f"Fewer than two people judge {_listed(others)}"
    if waiting := sum(person not in declared for person in people):
        yield f"Interests not declared yet: {waiting} of {len(people)} evaluators"
    busy = [load for load in loads if load]
    if busy and max(busy) > 2 * min(busy):
        yield "The work is uneven: somebody would judge more than twice as much as somebody else"
    if idle := sum(not load for load in loads) if busy else 0:
        yield f"{idle} of {len(people)} evaluators judge nothing"


def _a(duty: Duty) -> str:
    word = Duty(duty).label.lower()
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _listed(numbers: Sequence[str]) -> str:
    """standard 1.1; standards 1.1 and 1.2; standards 1.1, 1.2 and 3 more."""
    if len(numbers) == 1:
        return f"standard {numbers[0]}"
    if len(numbers) > 8:
        return f"standards {', '.join(numbers[:7])} and {len(numbers) - 7} more"
    return f"standards {', '.join(numbers[:-1])} and {numbers[-1]}"
