"""The worked example of each topic of policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lots.rules import worked, worked_money
from lots.rules.examples import Example
from lots.rules.policies import Value

EXAMPLES: dict[str, Callable[[Mapping[str, Value]], Example]] = {
    "pool": worked.pool,
    "counted": worked.counted,
    "margin": worked.margin,
    "low": worked.low,
    "fail-costs": worked.fail_costs,
    "basis": worked.basis,
    "quality": worked.quality,
    "evaluators": worked_money.evaluators,
    "lots-that-come": worked_money.auto_places,
    "limits": worked_money.limits,
    "who-may-use-it": worked_money.call_off,
    "selection": worked_money.selection,
    "being-made": worked_money.in_flight,
    "price-review": worked_money.price_review,
    "charging": worked_money.charging,
    "payment": worked_money.payment,
}


def example(slug: str, values: Mapping[str, Value]) -> Example:
    """The worked example of a topic, under these values of all policies."""
    return EXAMPLES[slug](values)
