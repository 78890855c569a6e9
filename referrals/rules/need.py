"""The anonymised need: all that a provider is told before it is chosen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """`ages` is a band ("11 to 13"), never a date of birth; `area` the first half of a postcode; `minutes` are a
    week's; days are ISO dates; `weekdays` numbers (0 is Monday). One that was purged is empty."""

    ages: str = ""
    phase: str = ""
    needs: tuple[str, ...] = ()
    outline: str = ""
    area: str = ""
    mode: str = ""
    minutes: int = 0
    weekdays: tuple[int, ...] = ()
    starts_on: str = ""
    ends_on: str = ""
    has_ehcp: bool = False
    targets: int = 0
