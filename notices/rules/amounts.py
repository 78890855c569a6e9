"""Numbers of a notice as the portal keeps them: pounds as whole pence, limits as whole numbers. Exact: no float, no
rounding. What cannot be kept exactly is refused with its place."""

from __future__ import annotations

from decimal import Decimal

from core.money import LARGEST_PENCE
from notices.rules import paths
from notices.rules.errors import BadNotice
from notices.rules.paths import Path

LARGEST_LIMIT = 2**31 - 1
# OCDS writes "no maximum" as 1e9999: a number that a computer's own numbers read as infinite.
NO_MAXIMUM_FROM = 308


def pence(number: Decimal, path: Path) -> int:
    """Pounds as pence. Raises `BadNotice` for a negative amount, one of a hundred billion pounds or more, and one with
    a fraction of a penny."""
    where = paths.text(path)
    if not number.is_finite() or number.copy_abs() > LARGEST_PENCE // 100:
        raise BadNotice("The amount must be under £100 billion", where)
    sign, digits, exponent = number.as_tuple()
    if not any(digits):
        return 0
    if sign:
        raise BadNotice("The amount must not be negative", where)
    shift = int(exponent) + 2
    kept, dropped = (digits, ()) if shift >= 0 else (digits[:shift], digits[shift:])
    if any(dropped):
        raise BadNotice("The amount must have no more than two decimal places", where)
    return int("".join(map(str, kept))) * 10 ** max(shift, 0)


def pounds(amount: int) -> Decimal:
    """Pence as the number of pounds that a notice writes: an integer when they are whole."""
    whole, rest = divmod(amount, 100)
    return Decimal(whole) if not rest else Decimal(f"{whole}.{rest:02d}")


def limit(number: Decimal, path: Path) -> int | None:
    """How many at most, or None where the notice says "no maximum" (`1e9999`). Raises `BadNotice` for a number that is
    not whole, not positive, or too large to be meant."""
    where = paths.text(path)
    if number.is_infinite() or (number and number.adjusted() >= NO_MAXIMUM_FROM):
        if number.is_signed():
            raise BadNotice("The limit must be 1 or more", where)
        return None
    if number > LARGEST_LIMIT:
        raise BadNotice("The limit is too large a number", where)
    if number < 1:
        raise BadNotice("The limit must be 1 or more", where)
    if number != int(number):
        raise BadNotice("The limit must be a whole number", where)
    return int(number)
