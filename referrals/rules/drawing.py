"""What placements draw from the value of a lot and of its framework. Net pence throughout: values stand without VAT,
and so do prices (framework notice, estimated value; Procurement Act 2023, s.74 and Schedule 8 for what may be added).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.money import Money
from lots.rules.refusals import Refused

WARN_PERCENT = 80


@dataclass(frozen=True)
class Drawn:
    """How much of a value is drawn. `worth` is empty where the notice gave none: then nothing is warned of."""

    what: str
    worth: int | None
    pence: int

    @property
    def percent(self) -> int | None:
        """Whole per cent, rounded down: 100 means that all of it is drawn."""
        return 100 * self.pence // self.worth if self.worth else None

    @property
    def is_over(self) -> bool:
        """More is drawn than there is. The whole value itself may be drawn."""
        return self.worth is not None and self.pence > self.worth

    @property
    def is_near(self) -> bool:
        """80 % or more is drawn."""
        return self.worth is not None and 100 * self.pence >= WARN_PERCENT * self.worth

    def with_more(self, pence: int) -> Drawn:
        """The same after so much more was drawn."""
        return Drawn(self.what, self.worth, self.pence + pence)


def check_room(drawn: Sequence[Drawn], more: int, reason: str) -> list[Drawn]:
    """Those values that would be overdrawn by `more` pence. Raises `Refused` where there are any and nobody gave a
    reason."""
    over = [after for one in drawn if (after := one.with_more(more)).is_over]
    if over and not reason.strip():
        said = ", ".join(f"{one.what} ({Money(one.worth)})" for one in over)
        raise Refused(
            f"With this placement more would be spent than the value of {said}. Enter why it is agreed all the same. "
            "The buyer’s officers are told",
            field="over_reason",
        )
    return over


def warnings(drawn: Iterable[Drawn]) -> list[str]:
    """What has to be said of values that are nearly or wholly drawn."""
    found = []
    for one in drawn:
        if one.is_over:
            found.append(f"More is drawn than the value of {one.what}: {one.percent}%")
        elif one.is_near:
            found.append(f"{one.percent}% of the value of {one.what} is drawn")
    return found
