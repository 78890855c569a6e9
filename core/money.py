"""Money is integer pence everywhere inside; this is the edge where people read and type it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

WHAT_TO_TYPE = "Enter an amount in pounds and pence, like 45 or 1,234.50"
LARGEST_PENCE = 10**13  # a hundred billion pounds: more than any framework, less than 2**63

_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_PLAIN = re.compile(r"[0-9]+")


class NotMoney(ValueError):
    """What was typed is not an amount; the message says what to type."""


@dataclass(frozen=True, order=True)
class Money:
    """An amount in pence. Exact: there is no float anywhere near it."""

    pence: int

    def __post_init__(self):
        if isinstance(self.pence, bool) or not isinstance(self.pence, int):
            raise TypeError("Money is whole pence")

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read what a person typed. Accepts `£1,234.50` and ` 45 `; raises `NotMoney` for anything that could mean
        two things: exponents, underscores, digits of other scripts, signs, more than two decimals."""
        typed = text.strip()
        typed = typed.removeprefix("£").strip()
        pounds, point, pence = typed.partition(".")
        if not (_PLAIN.fullmatch(pounds) or _GROUPED.fullmatch(pounds)):
            raise NotMoney(WHAT_TO_TYPE)
        if point and not re.fullmatch(r"[0-9]{1,2}", pence):
            raise NotMoney(WHAT_TO_TYPE + ", with no more than two decimal places")
        # Without the noughts in front: of thousands of them Python makes no number.
        digits = pounds.replace(",", "").lstrip("0") or "0"
        if len(digits) > 12:
            raise NotMoney("Enter an amount under £100 billion")
        amount = int(digits) * 100 + int((pence or "0").ljust(2, "0"))
        if amount > LARGEST_PENCE:
            raise NotMoney("Enter an amount under £100 billion")
        return cls(amount)

    def __str__(self) -> str:
        sign = "−" if self.pence < 0 else ""
        pounds, pence = divmod(abs(self.pence), 100)
        return f"{sign}£{pounds:,}.{pence:02d}"

    @property
    def in_short(self) -> str:
        """Without pence where it is whole pounds: `£24,200,000`, `£1,234.50`. For values, not for prices."""
        return str(self).removesuffix(".00")

    def __add__(self, other: Money) -> Money:
        return Money(self.pence + other.pence)

    def __sub__(self, other: Money) -> Money:
        return Money(self.pence - other.pence)


def split(total: Money, weights: list[int]) -> list[Money]:
    """Share `total` by `weights` so that the parts add up to it to the penny (largest remainder, earliest first on a
    tie). Raises ValueError when there is no weight to share by."""
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("Shares must be positive")
    parts = [divmod(total.pence * weight, whole) for weight in weights]
    left = total.pence - sum(part for part, _ in parts)
    order = sorted(range(len(parts)), key=lambda i: (-parts[i][1], i))
    extra = set(order[:left])
    return [Money(part + (i in extra)) for i, (part, _) in enumerate(parts)]
