"""Prices: one for each pool, that is for each price line of a chosen lot, or of each of its chosen parts where the
framework compares parts by themselves. The unit is fixed by the line and never converted; pence are whole.

A price's fields end in `<line>_<part>`, with 0 where there is no part: `price_…`, `vat_…`, `hours_…`. `vat_all` says it
for the prices that do not say themselves how they stand to VAT. Hours are the bidder's own help, to see
what an hour comes to: no price is made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.money import Money, NotMoney
from lots.states import Unit
from providers.rules.draft import Answers
from providers.rules.offer import Line, OfferedLot, Part
from providers.rules.reading import Context, Problem, Reading
from providers.rules.typed import begun, lower_first, text
from providers.states import Vat

FAR_APART = 10  # a price this many times another of one's own for the same unit is asked about
DEAR = 1_000_000  # pence for one unit, £10,000: asked about
MOST_HOURS = {Unit.HALF_DAY: 12, Unit.DAY: 24, Unit.SESSION: 24, Unit.WEEK: 168}
VAT_ALL = "vat_all"


@dataclass(frozen=True)
class Pool:
    """What one price is asked for. Without `part` it is for the lot."""

    lot: OfferedLot
    part: Part | None
    line: Line

    @property
    def key(self) -> str:
        """What its fields end in."""
        return f"{self.line.pk}_{self.part.pk if self.part else 0}"

    @property
    def name(self) -> str:
        """Lot, part and line in words: lot 1B, “Half-day session”."""
        return f"lot {self.lot.number}{self.part.letter if self.part else ''}, “{self.line.title}”"


def pools(context: Context) -> tuple[Pool, ...]:
    """What must be priced for the lots that were chosen, in the order of the framework."""
    found: list[Pool] = []
    for lot in context.offer.biddable:
        if lot.pk not in context.chosen:
            continue
        parts = [part for part in lot.parts if part.pk in context.chosen[lot.pk]]
        each = parts if context.offer.price_per_part and parts else [None]
        found += [Pool(lot, part, line) for part in each for line in lot.lines]
    return tuple(found)


def hourly(pence: int, hours: str) -> Money:
    """What an hour comes to, to the nearest penny, a half up; `hours` as `read_hours` gives them."""
    whole, _, rest = hours.partition(".")
    hundredths = int(whole) * 100 + int(rest.ljust(2, "0"))
    return Money((2 * pence * 100 + hundredths) // (2 * hundredths))


def read_hours(typed: str, unit: str) -> str | None:
    """Hours with two decimals at most, more than none and not more than the unit can have; None for anything else."""
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", typed) or not any(one in "123456789" for one in typed):
        return None
    whole, _, rest = typed.partition(".")
    if int(whole) * 100 + int(rest.ljust(2, "0")) > MOST_HOURS.get(unit, 0) * 100:
        return None
    rest = rest.rstrip("0")
    return f"{int(whole)}.{rest}" if rest else str(int(whole))


def read(answers: Answers, context: Context) -> Reading:
    """Each required price is there, above nothing, with its VAT; an optional one may be left out. What looks like a
    slip of the finger is asked about and stands."""
    asked = pools(context)
    rows = [_Row(pool, answers) for pool in asked]
    return Reading(
        values={"prices": [row.values for row in rows if row.counts]},
        problems=tuple(_without_vat(rows)) + tuple(problem for row in rows for problem in row.problems),
        begun=begun(answers) or bool(context.chosen and not asked),
        notices=tuple(notice for row in rows for notice in row.notices) + tuple(_compared(rows)),
    )


def write(values: Mapping, context: Context) -> Answers:
    """The way back, for an application that begins with an earlier one's prices."""
    answers = {}
    for row in values.get("prices", ()):
        key = f"{row['line']}_{row['part'] or 0}"
        answers[f"price_{key}"] = str(Money(row["pence"])).removeprefix("£")
        answers[f"vat_{key}"] = row["vat"]
        if row.get("hours"):
            answers[f"hours_{key}"] = row["hours"]
    return answers


class _Row:
    """One price as it was typed."""

    def __init__(self, pool: Pool, answers: Answers):
        self.pool = pool
        self.typed = text(answers, f"price_{pool.key}")
        self.typed_hours = text(answers, f"hours_{pool.key}")
        self.vat = text(answers, f"vat_{pool.key}") or text(answers, VAT_ALL)
        self.pence, self.wrong = read_price(self.typed)
        self.hours = read_hours(self.typed_hours, pool.line.unit) if self.typed_hours else None

    @property
    def counts(self) -> bool:
        return self.pence is not None and self.vat in Vat.values

    @property
    def values(self) -> dict:
        pool = self.pool
        return {
            "lot": pool.lot.pk,
            "part": pool.part.pk if pool.part else None,
            "line": pool.line.pk,
            "pence": self.pence,
            "vat": self.vat,
            "hours": self.hours,
        }

    @property
    def problems(self) -> Iterator[Problem]:
        name, lot = self.pool.name, self.pool.lot.pk
        field = f"price_{self.pool.key}"
        if not self.typed:
            if self.pool.line.required:
                yield Problem(f"Enter your price for {name}", field, lot)
            return
        if self.pence is None:
            yield Problem(f"Your price for {name}: {lower_first(self.wrong)}", field, lot)
        if self.vat and self.vat not in Vat.values:
            yield Problem(f"Say how your price for {name} stands to VAT", f"vat_{self.pool.key}", lot)

    @property
    def notices(self) -> Iterator[Problem]:
        name, lot = self.pool.name, self.pool.lot.pk
        if self.pence is not None and self.pence >= DEAR:
            words = f"{Money(self.pence)} for one {self.pool.line.unit_name}: is your price for {name} what you meant?"
            yield Problem(words, f"price_{self.pool.key}", lot)
        if self.typed_hours and self.hours is None:
            words = f"The hours for {name} are not counted: enter a number, like 3 or 2.5, that fits the unit"
            yield Problem(words, f"hours_{self.pool.key}", lot)


def read_price(typed: str) -> tuple[int | None, str]:
    """The price, or what to type. Nothing is no price: a place cannot be paid with it."""
    if not typed:
        return None, ""
    try:
        pence = Money.parse(typed).pence
    except NotMoney as wrong:
        return None, str(wrong)
    return (pence, "") if pence else (None, "Enter an amount above £0.00, or ask the buyer how to bid without a charge")


def _without_vat(rows: list[_Row]) -> Iterator[Problem]:
    """Prices that say nothing of VAT, where nothing is said for all: told once, or for each lot that has any."""
    lots = {row.pool.lot.pk: row.pool.lot for row in rows if row.typed and not row.vat}
    if len(lots) == len({row.pool.lot.pk for row in rows}):
        lots = {None: None} if lots else {}
    for pk, lot in lots.items():
        which = f" for lot {lot.number}" if lot else ""
        yield Problem(f"Say how VAT is charged on your prices{which}", VAT_ALL, pk)


def _compared(rows: list[_Row]) -> Iterator[Problem]:
    """For each unit the dearest against the cheapest: ten times as much is more often a slip than an offer. And firms
    that are not registered for VAT charge none."""
    units: dict[str, list[_Row]] = {}
    for row in rows:
        if row.pence is not None:
            units.setdefault(row.pool.line.unit, []).append(row)
    for same in units.values():
        least, most = min(same, key=lambda row: row.pence), max(same, key=lambda row: row.pence)
        if most.pence > FAR_APART * least.pence:
            words = (
                f"{Money(most.pence)} for {most.pool.name} is more than {FAR_APART} times {Money(least.pence)} for "
                f"{least.pool.name}. Both are for one {most.pool.line.unit_name}: are both what you meant?"
            )
            yield Problem(words, f"price_{most.pool.key}", most.pool.lot.pk)
    declared = {row.vat for row in rows if row.counts}
    if Vat.NOT_REGISTERED in declared and declared & {Vat.STANDARD, Vat.REDUCED, Vat.ZERO}:
        yield Problem("You say of some prices that VAT is added, and of others that you are not registered for it")
