"""Amounts of the price check as people read them. They are whole hundredths of a penny, so everything is shown exactly;
an average, which may have no end, as its exact fraction and with four decimals."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

POUND = 10_000  # in hundredths of a penny


def pounds(amount: int) -> str:
    """`561000` → `£56.10`; hundredths of a penny where there are any: `533280` → `£53.328`."""
    sign, amount = ("−", -amount) if amount < 0 else ("", amount)
    whole, rest = divmod(amount, POUND)
    digits = f"{rest:04d}"
    return f"{sign}£{whole:,}.{digits[:2]}{digits[2:].rstrip('0')}"


@dataclass(frozen=True)
class Average:
    """Of one pool, in pounds. `exact` is a fraction (`187/4`) or a whole number; `decimals` is for reading only."""

    exact: str
    decimals: str


def average(total: int, count: int) -> Average | None:
    """None of a pool in which nothing counts."""
    if not count:
        return None
    exact = Fraction(total, count * POUND)
    return Average(str(exact), f"£{decimals(exact, 4)}")


def decimals(exact: Fraction, places: int) -> str:
    """So many places, a half rounded up; no less than nothing."""
    scale = 10**places
    whole = (2 * scale * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return f"{whole // scale:,}.{whole % scale:0{places}d}"


def against(amount: int, limit: int) -> tuple[str, str]:
    """How far a price lies from a limit: in pounds with its sign, and in per cent of the limit in words."""
    apart = amount - limit
    if not apart:
        return "£0.00", "at the limit"
    sign = "+" if apart > 0 else ""
    side = "above" if apart > 0 else "below"
    if not limit:
        return f"{sign}{pounds(apart)}", side
    share = decimals(Fraction(100 * abs(apart), limit), 1)
    return f"{sign}{pounds(apart)}", f"{'less than 0.1' if share == '0.0' else share}% {side}"
