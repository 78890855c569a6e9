"""What letters about an award tell: who is sent which, and which figures of the price check may stand in them without
giving away what somebody else bid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.money import Money
from evaluation.states import BidState, LetterKind

# Sums in which fewer prices of others stand than these say too much of each of them.
FEWEST_OTHERS = 3
# Per cent of the limit: a figure that fixes somebody's price to within this much of it is not told.
CLOSE_PERCENT = 20
SHARES = 8  # jobs among which the letters of one award are divided, at most
SMALLEST_SHARE = 10  # letters: below it, more jobs cost more than they save
_PRIME = 2**61 - 1  # sums of up to 40 pools are told apart as exactly by it as by fractions


def kinds_of(state: str, *, awarded: bool) -> tuple[LetterKind, ...]:
    """The letters to one bidder. A summary of the assessment goes to whoever was assessed and not disregarded, also
    to those who failed (Procurement Act 2023, s.50(3), (5)); whoever withdrew, was excluded or could not be read was
    not. The decision goes to everybody about whom one was made."""
    decision = LetterKind.AWARD if awarded else LetterKind.NOT_AWARDED
    return (LetterKind.SUMMARY, decision) if state == BidState.IN else (decision,)


@dataclass(frozen=True)
class Pool:
    """A pool of the price check as one bidder reads it, in hundredths of a penny. `count` and `total` are of the prices
    that count, `own` is the sum of the `known` ones among them: the bidder's, and those of firms connected with it."""

    key: int
    count: int
    total: int
    upper: int
    own: int
    known: int

    @property
    def others(self) -> int:
        """How many prices in it the bidder does not know."""
        return self.count - self.known


def tellable(
    pools: Iterable[Pool], groups: Mapping[frozenset[int], int], *, told: Collection[int] = frozenset()
) -> set[int]:
    """The pools whose average and limit one bidder may be told, by key. Whoever knows an average, the number of prices
    and their own price knows the sum of the others'. So neither is told

    - where fewer than three prices of others are in the pool: with two bidders the sum is the other's price; with
      three it is one that either of the two can take their own from; alone, a bidder would learn that nobody else bid;
    - where the sum and the limit together fix the others' prices closely (a very low own price, a narrow margin);
    - where sums told to the same bidder, added to and taken from one another, would leave one other price, or two of
      firms that are always together: a firm often asks the same in several lots, and is in one pool and not the next.

    `groups` says how many others are in exactly these pools. Those `told` in an earlier letter stay told, and are
    reckoned with; then the largest pools come first. Whatever is told, the rest is told only with it."""
    pools = list(pools)
    sums, found = _Sums(_merged(groups, {pool.key for pool in pools})), set()
    for pool in sorted(pools, key=lambda one: (one.key not in told, -one.count, one.key)):
        if pool.key in told or (pool.others >= FEWEST_OTHERS and not _fixes_prices(pool) and sums.hides(pool.key)):
            sums.add(pool.key)
            found.add(pool.key)
    return found


def _merged(groups: Mapping[frozenset[int], int], keys: set[int]) -> Counter[frozenset[int]]:
    """The same, as far as these pools are concerned: in which others somebody is tells nothing apart."""
    found: Counter[frozenset[int]] = Counter()
    for pools, size in groups.items():
        found[pools & keys] += size
    del found[frozenset()]
    return found


def _fixes_prices(pool: Pool) -> bool:
    """Everybody who passed is at the limit or below it, so the sum leaves each of them a lowest price. It must lie well
    below the limit."""
    lowest = pool.total - pool.own - (pool.others - 1) * pool.upper
    return 100 * lowest > (100 - CLOSE_PERCENT) * pool.upper


class _Sums:
    """The sums that somebody knows, as rows of which each begins where no other has anything (reduced row echelon
    form), in columns of bidders who are in the same pools: what can be worked out from them is read off."""

    def __init__(self, groups: Mapping[frozenset[int], int]):
        self.columns = sorted((sorted(pools), size) for pools, size in groups.items() if size)
        self.rows: list[list[int]] = []

    def hides(self, key: int) -> bool:
        """With this sum too, no combination leaves a column of fewer than `FEWEST_OTHERS` bidders alone."""
        return all(self._hides(row) for row in self._with(key))

    def add(self, key: int) -> None:
        """It is known from here on."""
        self.rows = self._with(key)

    def _hides(self, row: list[int]) -> bool:
        held = [column for column, value in enumerate(row) if value]
        return len(held) != 1 or self.columns[held[0]][1] >= FEWEST_OTHERS

    def _with(self, key: int) -> list[list[int]]:
        new = [int(key in pools) for pools, _ in self.columns]
        for row in self.rows:
            new = _without(new, row, _first(row))
        if not any(new):
            return self.rows
        at = _first(new)
        inverse = pow(new[at], -1, _PRIME)
        new = [value * inverse % _PRIME for value in new]
        return [*(_without(row, new, at) for row in self.rows), new]


def _first(row: list[int]) -> int:
    return next(column for column, value in enumerate(row) if value)


def _without(row: list[int], other: list[int], at: int) -> list[int]:
    """The row less so much of the other that nothing stands in the column `at`, where the other has 1."""
    factor = row[at]
    return [(value - factor * taken) % _PRIME for value, taken in zip(row, other, strict=True)] if factor else row


def average(total: int, count: int) -> int:
    """The average of `count` prices, from hundredths of a penny to the nearest penny. To be read, never to decide."""
    return (2 * total + 100 * count) // (200 * count)


def in_pounds(hundredths: int) -> str:
    """Hundredths of a penny as pounds, with as many decimals as it takes: `£56.10`, `£56.1042`."""
    pence, rest = divmod(hundredths, 100)
    return f"{Money(pence)}{rest:02d}" if rest else str(Money(pence))


def to_the_penny(limit: int, *, up: bool = False) -> int:
    """A limit, in hundredths of a penny, where all prices are whole pence: the last penny that passes."""
    return -(-limit // 100) * 100 if up else limit // 100 * 100


def uncapped(words: str) -> str:
    """The words of a policy inside a sentence: `Excluding VAT` → `excluding VAT`; an abbreviation stays as it is."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


OTHER = "[another bidder]"


def without_names(text: str, others: Iterable[str]) -> str:
    """A reason without the names of other bidders: whoever judged may have compared, and no letter tells of a rival. A
    name of one word is not taken for one where it begins a sentence: there every word has a capital."""
    flat = " ".join(text.split())
    for name in sorted(others, key=len, reverse=True):
        if name and name in flat:
            text = _pattern(name).sub(OTHER, text)
    return text


def _pattern(name: str) -> re.Pattern[str]:
    found = r"\s+".join(re.escape(word) for word in name.split(" "))
    begins = "" if " " in name else r"(?<!^)(?<![.!?:]\s)"
    return re.compile(rf"(?<!\w){begins}{found}(?!\w)", re.MULTILINE)


def size_of_share(count: int) -> int:
    """How many letters of so many one job makes: there are `SHARES` jobs at most, none of them tiny."""
    return max(SMALLEST_SHARE, -(-count // SHARES))
