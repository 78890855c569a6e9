"""Limits of a framework that are changed after it was published: on how many providers it takes, and on how many lots
one provider can be. Policies stay as they were published; a limit changes only on a ground in law, by two people."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lots.rules.refusals import Refused

LARGEST = 100_000
_WRITTEN = re.compile(r"Providers: ([0-9]+|no limit)\. Lots for each provider: ([0-9]+|no limit)")


@dataclass(frozen=True)
class Limits:
    """The most providers on a framework, and the most lots of one provider; None where there is no limit."""

    providers: int | None
    lots: int | None

    def __str__(self) -> str:
        first, second = ("no limit" if one is None else str(one) for one in (self.providers, self.lots))
        return f"Providers: {first}. Lots for each provider: {second}"


def read(text: str) -> Limits:
    """Limits as a decision keeps them."""
    return Limits(*(None if one == "no limit" else int(one) for one in _WRITTEN.fullmatch(text).groups()))


def check_change(state: str, now: Limits, then: Limits, providers_now: int) -> None:
    """A limit that there is can be raised or lowered while the framework is published or runs, never below the
    providers that are on it. One is neither added nor removed: whether the number of suppliers is limited decides how a
    supplier carries on at the next opening (Procurement Act 2023, s.49(4), (5)). Raises `Refused`."""
    if state not in {"published", "running"}:
        raise Refused("A limit can be changed while a framework is published or running")
    if now == then:
        raise Refused("Enter a limit that differs from the one now", field="providers")
    for name, before, after in (("providers", now.providers, then.providers), ("lots", now.lots, then.lots)):
        if (before is None) != (after is None):
            raise Refused("A limit can be changed, but not added or removed", field=name)
        if after is not None and not 1 <= after <= LARGEST:
            raise Refused(f"Enter a limit from 1 to {LARGEST:,}", field=name)
    if then.providers is not None and then.providers < providers_now:
        raise Refused(
            f"{providers_now:,} providers are on the framework, so the limit must not be lower",
            field="providers",
        )


def check_second(asked_by: int | None, by: int | None) -> None:
    """Whoever asked for the change does not confirm it. Raises `Refused`."""
    if asked_by == by:
        raise Refused("You asked for this change, so somebody else must confirm it")
