"""The policies of a framework: what one is, which values it takes, when a reason is owed, when it is too late.

The policies themselves stand in `policy_list`. Percentages are whole numbers. Where a decision is kept a value is text
(`written`, `read`): "20", "upper", "yes", "2028-03-01".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lots.rules.refusals import Refused
from lots.states import FrameworkState

Value = str | int | bool | dt.date | None
LONGEST = 4000


@dataclass(frozen=True)
class Policy:
    """One policy. `code` is its field of `lots.models.Policies`, `kind` one of choice, percent, number, yes_no, text,
    day. `options` are value and label of a choice. `unit` follows a number on pages."""

    code: str
    label: str
    kind: str
    default: Value
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    unit: str = ""
    largest: int = 100


@dataclass(frozen=True)
class Topic:
    """Policies that one page decides together, with one reason. `decides` says what depends on them, `clause` where
    that comes from, `why` why the values that stand pre-selected do."""

    slug: str
    heading: str
    title: str
    decides: str
    clause: str
    why: str
    policies: tuple[Policy, ...] = field(default=())


# What decides who wins. Where the notice contradicts itself or is silent, the officer chooses these with a reason and
# the choice goes to all bidders. `basis` is one of them: with VAT in, a registered provider's price is a fifth dearer.
WHO_WINS = frozenset({"pool", "counted", "margin_percent", "sides", "fail_costs", "basis", "quality"})


def written(value: Value) -> str:
    """A value as text, as decisions keep it. Nothing is kept as empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def read(policy: Policy, text: str) -> Value:
    """The value that a text stands for. Raises `Refused`, with the policy's field, for what it does not take."""
    if policy.kind == "choice":
        return _one_of(policy, text)
    if policy.kind == "yes_no":
        if text not in {"yes", "no"}:
            raise Refused(f"{policy.label}: choose yes or no", field=policy.code)
        return text == "yes"
    if policy.kind == "text":
        return text[:LONGEST]
    if text == "" and policy.default is None:
        return None
    return _day(policy, text) if policy.kind == "day" else _number(policy, text)


def _one_of(policy: Policy, text: str) -> str:
    if text not in dict(policy.options):
        raise Refused(f"{policy.label}: choose one of the options", field=policy.code)
    return text


def _day(policy: Policy, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{policy.label}: enter a real date", field=policy.code) from error


def _number(policy: Policy, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= policy.largest):
        raise Refused(f"{policy.label}: enter a whole number from 0 to {policy.largest}", field=policy.code)
    return int(text)


def said(policy: Policy, value: Value) -> str:
    """A value in the words of pages; `None` where there is none."""
    if value is None or value == "":
        return "None"
    if policy.kind == "choice":
        return dict(policy.options).get(str(value), str(value))
    if policy.kind == "yes_no":
        return "Yes" if value else "No"
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    return f"{value}%" if policy.kind == "percent" else f"{value} {policy.unit}".strip()


def check_open(locked_at: dt.datetime | None, state: str) -> None:
    """Policies can be changed until the framework is published: whoever bids must know the rules."""
    if locked_at is not None:
        raise Refused(
            "The policies were locked when the framework was published. "
            "Bidders rely on them, so they can only change when the framework is opened again"
        )
    if state != FrameworkState.DRAFT:
        raise Refused("The framework is no longer being set up, so its policies cannot change")


def check_together(values: Mapping[str, Value]) -> None:
    """A review of prices by the index needs its cap and its date: without them a price has no rule (s.45(5))."""
    if values.get("price_review") == "cpi":
        if values.get("review_cap_percent") is None:
            raise Refused("Enter the cap on a rise", field="review_cap_percent")
        if values.get("review_on") is None:
            raise Refused("Enter the date of the first review", field="review_on")


def reason_owed(policy: Policy, value: Value, *, from_notice: bool) -> bool:
    """A reason is owed for every departure from what stands pre-selected, and, where the framework comes from a notice,
    for every policy that decides who wins: the notice contradicts itself or is silent on them. Where nothing stands
    pre-selected, there is nothing to depart from."""
    return departs(policy, value) or (from_notice and policy.code in WHO_WINS)


def departs(policy: Policy, value: Value) -> bool:
    """The value is another than the one that stands pre-selected."""
    return policy.default not in {"", None} and value != policy.default


def check_reason(policies: Collection[Policy], values: Mapping[str, Value], reason: str, *, from_notice: bool) -> None:
    """Raises `Refused` where a reason is owed and none was given."""
    owed = [policy for policy in policies if reason_owed(policy, values[policy.code], from_notice=from_notice)]
    if not owed or reason:
        return
    if any(departs(policy, values[policy.code]) for policy in owed):
        raise Refused("Enter a reason: this is not what stands pre-selected", field="reason")
    raise Refused("Enter a reason: it decides who wins, and the notice does not settle it", field="reason")


def check_clarification(policies: Collection[Policy], clarification: str, *, from_notice: bool) -> None:
    """Where the notice leaves open who wins, the text that goes to all bidders is owed too (equal treatment,
    Procurement Act 2023, s.12)."""
    if from_notice and not clarification and any(policy.code in WHO_WINS for policy in policies):
        raise Refused("Enter the text that goes to all bidders: the choice decides who wins", field="clarification")


def undecided(decided: Collection[str], *, from_notice: bool) -> frozenset[str]:
    """The codes of policies that an officer still has to decide before publication: with a notice behind the framework
    those that decide who wins, else none (what stands pre-selected is stated openly to all)."""
    return WHO_WINS - set(decided) if from_notice else frozenset()
