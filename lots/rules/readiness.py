"""Whether a framework can be published: what is missing, and what to think about. The list of tasks is derived from the
same answer, so that no task says "Done" while its check says otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.money import Money
from lots.rules import outline, price_lines, timetable
from lots.rules.price_lines import Priced
from lots.rules.scheme import last_day
from lots.rules.timetable import Timetable
from lots.states import CallOff, FrameworkState, RecoveryState

BLOCKS, WARNS = "blocks", "warns"
TERM, USERS = "term_over_eight_years", "call_off"  # what decisions of other tasks are about
ONLY_BUYER = "nobody_may_use_it"  # the officer's answer to a notice that names nobody (notices.rules.findings)
OTHER_DECISIONS = {TERM, USERS, ONLY_BUYER}
MOST_YEARS_OTHERWISE = 4  # of a framework that is neither open nor light touch (s.47)

ABOUT, LOTS, LINES = "about_framework", "framework_lots", "price_lines"
STANDARDS, POLICIES = "framework_standards", "framework_policies"
DATES, CALLERS, CHECK = "framework_timetable", "framework_users", "check_framework"
RECOVERY = "framework_recovery"
TASKS = {
    ABOUT: "About the framework",
    LOTS: "Lots and their parts",
    LINES: "Price lines",
    STANDARDS: "Quality standards",
    POLICIES: "Policies",
    DATES: "Timetable",
    CALLERS: "Who may use the framework",
    RECOVERY: "Recovery file for sealed applications",
    CHECK: "Check and publish",
}


@dataclass(frozen=True)
class Value:
    """A lot's values in pence; None where nothing was said."""

    net_pence: int | None
    gross_pence: int | None


@dataclass(frozen=True)
class Before:
    """The opening that this one replaces: its state, and when its scheme ends."""

    state: str
    scheme_ends_on: dt.date | None


@dataclass(frozen=True)
class Setup:
    """Everything that decides whether a framework can be published. `undecided` names the policies that decide who
    wins and have no decision yet; `decided` holds the codes of the decisions that stand. `recovery` is the state of the
    recovery file, empty where nobody has begun."""

    description: str
    is_open: bool
    light_touch: bool
    value: Value
    max_participants: int | None
    over_limit_rule: str
    pool: str
    call_off: str
    permitted_users: int
    has_standards: bool
    timetable: Timetable
    decided: frozenset[str] = frozenset()
    undecided: tuple[str, ...] = ()
    lots: tuple[Priced, ...] = ()
    values: tuple[Value, ...] = field(default=())
    before: Before | None = None
    recovery: str = ""


@dataclass(frozen=True)
class Gap:
    """Something that is missing (`blocks`) or to think about (`warns`); `url_name` is the page that mends it, which
    takes the framework's key."""

    code: str
    severity: str
    text: str
    url_name: str


@dataclass(frozen=True)
class Task:
    """A task with its state in words: "Not started", "In progress", "Done"."""

    url_name: str
    title: str
    state: str


def check(setup: Setup, *, now: dt.datetime) -> tuple[Gap, ...]:
    """Everything that is missing, and everything to think about, in the order of the tasks."""
    parts = (_about, _lots, _lines, _standards, _policies, _dates, _callers, _recovery, _generation)
    return tuple(Gap(*found) for part in parts for found in part(setup, now))


def blocking(gaps: Iterable[Gap]) -> list[Gap]:
    """What must be mended before publication."""
    return [gap for gap in gaps if gap.severity == BLOCKS]


def tasks(setup: Setup, gaps: Iterable[Gap]) -> tuple[Task, ...]:
    """The tasks with their states, the last one ("Check and publish") apart."""
    missing = {gap.url_name for gap in blocking(gaps)}
    begun = {
        ABOUT: True,
        LOTS: bool(setup.lots),
        LINES: any(lot.lines for lot in setup.lots),
        STANDARDS: setup.has_standards,
        POLICIES: bool(setup.decided - OTHER_DECISIONS),
        DATES: setup.timetable != Timetable(),
        CALLERS: _users_said(setup),
        RECOVERY: bool(setup.recovery),
    }
    return tuple(
        Task(
            name,
            TASKS[name],
            "Not started" if not started else "In progress" if name in missing else "Done",
        )
        for name, started in begun.items()
    )


def _about(setup: Setup, now) -> Iterator[tuple]:
    if not setup.description.strip():
        yield "description", BLOCKS, "Say what the framework is for", ABOUT
    if setup.value.net_pence is None:
        yield "value", BLOCKS, "Enter the estimated value of the framework excluding VAT", ABOUT
    if setup.value.gross_pence is None:
        yield "gross_value", WARNS, "The value including VAT is not given: thresholds are checked against it", ABOUT
    if setup.max_participants and not setup.over_limit_rule.strip():
        text = (
            f"The framework takes {setup.max_participants} providers at most, and no rule says who gets a place when "
            "more of them pass. Without one nobody can be awarded a place then"
        )
        yield "over_limit", WARNS, text, POLICIES


def _lots(setup: Setup, now) -> Iterator[tuple]:
    if not any(not lot.is_auto for lot in setup.lots):
        yield "lots", BLOCKS, "Add at least one lot that providers bid for", LOTS
    for name, what in (("net_pence", "excluding"), ("gross_pence", "including")):
        headline = getattr(setup.value, name)
        total = outline.values_apart(headline, [getattr(value, name) for value in setup.values])
        if total is not None:
            text = (
                f"The values of the lots {what} VAT add up to {Money(total).in_short}; the framework’s own value is "
                f"{Money(headline).in_short}"
            )
            yield f"{name}_apart", WARNS, text, LOTS


def _lines(setup: Setup, now) -> Iterator[tuple]:
    for lot in setup.lots:
        if not lot.is_auto and not lot.lines:
            yield "no_lines", BLOCKS, f"Lot {lot.number} has no price line: say what is priced in it", LINES
    for caution in price_lines.cautions(setup.lots, setup.pool):
        yield caution.code, WARNS, caution.text, LINES


def _standards(setup: Setup, now) -> Iterator[tuple]:
    if not setup.has_standards:
        yield "standards", BLOCKS, "Choose the quality standards that providers must meet", STANDARDS


def _policies(setup: Setup, now) -> Iterator[tuple]:
    for label in setup.undecided:
        yield "policy", BLOCKS, f"Decide “{label}”: it decides who gets a place", POLICIES
    if not setup.undecided and not setup.decided - OTHER_DECISIONS:
        text = "Nobody has looked at the policies yet: all of them stand as they were pre-selected"
        yield "policies_untouched", WARNS, text, POLICIES


def _dates(setup: Setup, now: dt.datetime) -> Iterator[tuple]:
    dates = setup.timetable
    needed = {
        "closes_at": "the deadline for applications",
        "starts_on": "the first day of the framework",
        "ends_on": "the last day of the framework",
    }
    if setup.is_open:
        needed["scheme_ends_on"] = "the last day of the whole scheme"
    for name, what in needed.items():
        if getattr(dates, name) is None:
            yield name, BLOCKS, f"Enter {what}", DATES
    for name, text in timetable.disorder(dates).items():
        yield f"{name}_order", BLOCKS, text, DATES
    for name, words in (
        ("enquiries_until", "until when they can ask questions"),
        ("award_by_on", "when you will decide"),
    ):
        if getattr(dates, name) is None:
            yield name, WARNS, f"Providers are not told {words}", DATES
    for name, text in timetable.cautions(dates, now=now).items():
        yield f"{name}_caution", WARNS, text, DATES
    latest = timetable.too_long(dates, is_open=setup.is_open)
    if latest:
        text = (
            "An open framework ends 8 years after its first award at the latest (Procurement Act 2023, section "
            f"49(2)(c)). Counted from its first day that is {timetable.in_words(latest)}; yours ends later"
        )
        if TERM in setup.decided:
            yield TERM, WARNS, f"{text}. Your reason is recorded", DATES
        else:
            yield TERM, BLOCKS, f"{text}. Change the dates, or record why", DATES
    if not (setup.is_open or setup.light_touch) and dates.starts_on and dates.ends_on:
        latest = last_day(dates.starts_on, MOST_YEARS_OTHERWISE)
        if dates.ends_on > latest:
            text = (
                "A framework that is neither open nor light touch runs for 4 years unless its notice says why longer "
                f"(section 47); yours runs beyond {timetable.in_words(latest)}"
            )
            yield "term_over_four_years", WARNS, text, DATES


def _callers(setup: Setup, now) -> Iterator[tuple]:
    if setup.call_off == CallOff.NAMED and not setup.permitted_users:
        yield (
            "nobody_named",
            BLOCKS,
            "Name those who may use the framework beside you, or say that only you may",
            CALLERS,
        )
    if not _users_said(setup):
        text = "Say who may use the framework. Only those who are named may, and nobody can be added later"
        yield "callers", BLOCKS, text, CALLERS


def _users_said(setup: Setup) -> bool:
    """Somebody is named, or it was decided that only the buyer may: here, or in answer to the notice."""
    return bool(setup.permitted_users or setup.decided & {USERS, ONLY_BUYER})


def _recovery(setup: Setup, now) -> Iterator[tuple]:
    missing = {
        "": "Make the recovery file: without it, applications would be lost with the portal’s own keys",
        RecoveryState.BEGUN: "A second person must choose a passphrase for the recovery file",
        RecoveryState.MADE: "The recovery file must be tried by the person who chose its second passphrase",
        RecoveryState.HALF_TRIED: "The recovery file must be tried by the person who chose its first passphrase",
    }
    if setup.recovery in missing:
        yield "recovery", BLOCKS, missing[setup.recovery], RECOVERY


def _generation(setup: Setup, now) -> Iterator[tuple]:
    if setup.before is None:
        return
    if setup.before.state != FrameworkState.RUNNING:
        text = "The opening before this one is not running, so there is nothing that this one can follow"
        yield "before_not_running", BLOCKS, text, CHECK
    last = setup.before.scheme_ends_on
    if last and setup.timetable.ends_on and setup.timetable.ends_on > last:
        text = (
            f"The scheme ends on {timetable.in_words(last)}, and no opening of it can run longer (Procurement Act "
            "2023, section 49(2)(c)): choose an earlier last day"
        )
        yield "after_scheme", BLOCKS, text, DATES
