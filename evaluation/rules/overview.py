"""How far an evaluation is: its steps in order, what comes next and who does it, and what waits for one person."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import Enum

from evaluation.states import Duty, SetState, Stage

ORDER = list(Stage)


class State(Enum):
    """How one step stands. What is open can be done at any time and holds nothing up."""

    DONE = "done"
    NOW = "now"
    OPEN = "open"
    LATER = "later"


@dataclass(frozen=True)
class Me:
    """The person who looks."""

    duties: Collection[Duty] = ()
    oversees: bool = False
    runs: bool = False
    declared_before: bool = False
    declared_after: bool = False
    to_judge: int = 0
    proposed_opening: bool = False
    proposed_award: bool = False

    @property
    def declares(self) -> bool:
        """Has to say which interests they have."""
        return bool(self.duties) or self.oversees


@dataclass(frozen=True)
class Facts:
    """An evaluation in numbers. `few` are standards that fewer than two judge, `thin` those with fewer than two who
    have declared their interests. `settled` and `asked` are outcomes that stand and that are needed; `differ` those
    where two evaluators differ: for people who moderate or run it, zero for everybody else."""

    stage: Stage
    deadline_passed: bool = False
    two_open: bool = True
    proposed: bool = False
    missing_duties: Collection[Duty] = ()
    few: int = 0
    thin: int = 0
    not_declared: int = 0
    not_declared_again: int = 0
    given: bool = False
    asked: int = 0
    settled: int = 0
    differ: int = 0
    run_waits: bool = False
    award: str = ""
    letters: int = 0
    letters_sent: int = 0
    me: Me = field(default_factory=Me)

    def past(self, stage: Stage) -> bool:
        """The evaluation is beyond this stage."""
        return ORDER.index(Stage(self.stage)) > ORDER.index(stage)


@dataclass(frozen=True)
class Step:
    """One step: what is to be done, how it stands, who does it, whether it waits for the person who looks, and what is
    said of it."""

    code: str
    title: str
    state: State
    who: str
    yours: bool = False
    said: str = ""


RUNNER = "whoever buys"


def steps(facts: Facts) -> tuple[Step, ...]:
    """All of them in order."""
    return (*_before(facts), *_judging(facts), *_after(facts))


def next_of(found: Collection[Step]) -> Step | None:
    """What comes next: the first that can be done now."""
    return next((one for one in found if one.state == State.NOW), None)


def _before(facts: Facts) -> Iterator[Step]:
    me, preparing = facts.me, facts.stage == Stage.PREPARING
    lacks = [f"no {Duty(duty).label.lower()}" for duty in facts.missing_duties]
    if facts.few:
        lacks.append(f"{_many(facts.few, 'standard')} with fewer than two evaluators")
    whole = not lacks
    yield Step(
        "panel", "Appoint the panel", _when(preparing, done=whole, open_after=True), RUNNER,
        yours=me.runs and preparing and not whole,
        said=f"Still: {', '.join(lacks)}" if lacks else "",
    )  # fmt: skip
    yield Step(
        "rules", "Fix the rules", State.OPEN if preparing else State.DONE, RUNNER,
        said="They can be changed until the applications are opened" if preparing else "Fixed by the opening",
    )  # fmt: skip
    waits = facts.not_declared
    yield Step(
        "declare", "Declare interests before the names are known",
        State.DONE if not waits else State.NOW if preparing else State.OPEN, "everybody on the panel",
        yours=me.declares and not me.declared_before,
        said=f"{_many(waits, 'person', 'people')} still to declare" if waits else "",
    )  # fmt: skip
    ready = facts.deadline_passed and not facts.thin
    said = "" if facts.deadline_passed else "After the deadline, and never before"
    if preparing and facts.proposed:
        said = "Proposed. A second person confirms it"
    elif preparing and facts.deadline_passed and facts.thin:
        said = f"{_many(facts.thin, 'standard')} with fewer than two evaluators who have declared"
    yield Step(
        "opening", "Open the applications",
        State.DONE if not preparing else State.NOW if ready else State.LATER,
        "two openers" if facts.two_open else "an opener",
        yours=preparing and ready and Duty.OPENER in me.duties and not me.proposed_opening, said=said,
    )  # fmt: skip


def _judging(facts: Facts) -> Iterator[Step]:
    me, judging, opened = facts.me, facts.stage == Stage.JUDGING, facts.stage != Stage.PREPARING
    waits = facts.not_declared_again
    yield Step(
        "declare_again", "Declare interests again, with the names",
        State.LATER if not opened else State.DONE if not waits else State.NOW if judging else State.OPEN,
        "everybody on the panel",
        yours=opened and me.declares and not me.declared_after,
        said=f"{_many(waits, 'person', 'people')} still to declare" if opened and waits else "",
    )  # fmt: skip
    yield Step(
        "given", "Give out the judging", _when(judging, done=facts.given, past=facts.past(Stage.JUDGING)), RUNNER,
        yours=me.runs and judging and not facts.given,
    )  # fmt: skip
    all_settled = facts.given and facts.settled >= facts.asked
    evaluates = Duty.EVALUATOR in me.duties
    said = f"{_many(me.to_judge, 'decision')} for you" if evaluates and judging and me.to_judge else ""
    if (me.oversees or Duty.MODERATOR in me.duties) and judging and facts.given:
        said = f"{facts.settled:,} of {facts.asked:,} outcomes stand"
    yield Step(
        "judging", "Judge every standard",
        _when(judging and facts.given, done=all_settled and facts.asked > 0, past=facts.past(Stage.JUDGING)),
        "evaluators", yours=evaluates and judging and me.to_judge > 0, said=said,
    )  # fmt: skip
    moderates = Duty.MODERATOR in me.duties
    yield Step(
        "moderation", "Decide where evaluators differ",
        _when(judging and facts.given and facts.differ > 0, done=all_settled, past=facts.past(Stage.JUDGING)),
        "moderators", yours=moderates and judging and facts.differ > 0,
        said=f"{_many(facts.differ, 'difference')} to decide" if facts.differ and (moderates or me.oversees) else "",
    )  # fmt: skip
    yield Step(
        "freeze", "Freeze quality", _when(judging and all_settled, past=facts.past(Stage.JUDGING)), "moderators",
        yours=moderates and judging and all_settled,
    )  # fmt: skip


def _after(facts: Facts) -> Iterator[Step]:
    me, stage = facts.me, facts.stage
    yield Step(
        "prices", "Open the prices", _when(stage == Stage.FROZEN, past=facts.past(Stage.FROZEN)),
        "an opener who did not freeze quality",
        yours=stage == Stage.FROZEN and Duty.OPENER in me.duties,
    )  # fmt: skip
    prices = bool({Duty.OPENER, Duty.APPROVER} & set(me.duties)) or me.oversees
    prices = prices and not {Duty.EVALUATOR, Duty.MODERATOR} & set(me.duties)
    yield Step(
        "check", "Check the prices", _when(stage == Stage.PRICES, past=facts.past(Stage.PRICES)),
        "whoever may see prices", yours=stage == Stage.PRICES and prices,
        said="A price check waits for a signature" if facts.run_waits and prices else "",
    )  # fmt: skip
    approves = facts.award == SetState.PROPOSED and Duty.APPROVER in me.duties and not me.proposed_award
    yield Step(
        "award", "Award", _when(stage == Stage.CHECKED, past=facts.past(Stage.CHECKED)),
        "an approver" if facts.award == SetState.PROPOSED else f"{RUNNER}, then an approver",
        yours=stage == Stage.CHECKED and (approves or (me.runs and facts.award != SetState.PROPOSED)),
        said="An award waits for approval" if facts.award == SetState.PROPOSED else "",
    )  # fmt: skip
    awarded = stage == Stage.AWARDED
    yield Step(
        "letters", "Send the letters",
        _when(awarded, done=facts.letters > 0 and facts.letters_sent == facts.letters), "the portal",
        said=f"{facts.letters_sent} of {facts.letters} sent" if awarded and facts.letters else "",
    )  # fmt: skip
    yield Step(
        "report", "Read the evaluation report", State.OPEN if facts.past(Stage.PREPARING) else State.LATER, RUNNER
    )


def _when(now: bool, *, done: bool = False, past: bool = False, open_after: bool = False) -> State:
    """Done; or to be done now; or later. With `open_after` it can still be done when its time is over."""
    if past or (done and (now or open_after)):
        return State.DONE
    if now:
        return State.NOW
    return State.OPEN if open_after else State.LATER


def _many(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
