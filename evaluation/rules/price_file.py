"""A price check of a list of prices: a file is read line by line, and every price gets its result.

The list has the columns pool, provider and price (pounds), in any order; other columns are left alone. Everything is
reckoned in whole pence by `lots.rules.prices`. Whatever could mean two things is refused, with its line.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import IO, NamedTuple

from core.money import WHAT_TO_TYPE, Money, NotMoney
from evaluation.rules.csv_lines import BadPriceFile, Fault, lines_of, records
from lots.rules import prices as rules
from lots.rules.price_lines import FEWEST

COLUMNS = ("pool", "provider", "price")
MARGIN = 20  # per cent, where nobody says another
MOST_MARGIN = 100
LOW_PERCENT = 50  # of the average of the others: what is pointed out as unusually low
MOST_ROWS = 1_000_000
MOST_FAULTS = 20
LONGEST_NAME = 200
_SEPARATORS = (",", ";", "\t")
_LOOKS_CUT = re.compile(r"£?[0-9]{1,3}")
_LOOKS_LIKE_THE_REST = re.compile(r"[0-9]{3}(\.[0-9]{1,2})?")

SOLE = "sole_bidder"
FEW = "fewer_than_three"
LOW = "unusually_low"
FLAGS = {
    SOLE: "Only bidder: the price is its own average",
    FEW: "Fewer than three prices: an average of so few says little",
    LOW: "Unusually low: ask about it before the average is taken",
}


class Price(NamedTuple):
    """One price of the list, and the line that it stands on."""

    line: int
    pool: str
    provider: str
    pence: int


@dataclass(frozen=True)
class Result:
    """One price with the average and the limit of its pool. Pence; `total` is the sum of the pool's `count` prices,
    `upper` the last whole pence that pass."""

    pool: str
    provider: str
    pence: int
    count: int
    total: int
    upper: int
    passes: bool
    flags: tuple[str, ...]

    @property
    def mean(self) -> Fraction:
        """The exact average, in pounds."""
        return Fraction(self.total, 100 * self.count)

    @property
    def mean_in_decimals(self) -> str:
        """The average in pounds to four places, a half rounded up: for people to read, never to compare with."""
        return decimals(self.mean)

    @property
    def is_low(self) -> bool:
        return LOW in self.flags

    def as_json(self) -> dict:
        """The result as plain facts: money as text in pounds, so that no reader makes a float of it."""
        return {
            "pool": self.pool,
            "provider": self.provider,
            "price": pounds(self.pence),
            "n": self.count,
            "mean": {"exact": str(self.mean), "decimal": self.mean_in_decimals},
            "limit": pounds(self.upper),
            "passes": self.passes,
            "flags": list(self.flags),
        }


def as_csv(prices: Iterable[Price]) -> str:
    """The list as it was understood, to be read again by `read_csv`."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows((price.pool, price.provider, pounds(price.pence)) for price in prices)
    return out.getvalue()


def pounds(pence: int) -> str:
    """Pence as pounds without signs: `5610` → `56.10`."""
    return f"{pence // 100}.{pence % 100:02d}"


def decimals(exact: Fraction) -> str:
    """Four places, a half rounded up."""
    whole = (2 * 10_000 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return f"{whole // 10_000}.{whole % 10_000:04d}"


def margin_of(text: str) -> int:
    """A margin as it was typed: a whole number from 0 to 100. Raises ValueError that says so."""
    typed = text.strip().removesuffix("%").rstrip()
    if not re.fullmatch(r"0*[0-9]{1,3}", typed) or int(typed) > MOST_MARGIN:
        raise ValueError(f"Enter the margin as a whole number from 0 to {MOST_MARGIN}, like 20")
    return int(typed)


def checked(prices: Sequence[Price], *, margin: int) -> Iterator[Result]:
    """The result of every price, in the order of the list. A price passes if it is at most `margin` per cent above the
    average of all prices in its pool, the limit itself included; the average is taken once, of all of them."""
    pools: dict[str, dict[int, int]] = {}
    for at, price in enumerate(prices):
        pools.setdefault(price.pool, {})[at] = price.pence
    found = {name: rules.limits(there, margin=margin) for name, there in pools.items()}
    low = {at for there in pools.values() for at in rules.unusually_low(there, percent=LOW_PERCENT)}
    for at, price in enumerate(prices):
        pool = found[price.pool]
        flags = (SOLE,) if pool.count == 1 else (FEW,) if pool.count < FEWEST else ()
        yield Result(
            price.pool,
            price.provider,
            price.pence,
            pool.count,
            pool.total,
            pool.upper,
            rules.passes(price.pence, pool, margin=margin),
            flags + (LOW,) * (at in low),
        )


def read_csv(file: IO[bytes], *, most: int = MOST_ROWS) -> list[Price]:
    """The prices of a CSV: UTF-8 with or without a byte order mark, any line ends, values between commas, semicolons
    or tabs (the first line says which), quoted where they hold one. Raises `BadPriceFile`."""
    lines = lines_of(file)
    beginning = ((at, text) for at, text in lines if text.strip() and not re.fullmatch(r"sep=.\s*", text))
    number, line = next(beginning, (0, ""))
    separator = next((one for one in _SEPARATORS if set(COLUMNS) <= set(_headings(line.split(one)))), ",")
    return read_rows(records(number, line, lines, separator), most=most)


def read_rows(rows: Iterable[tuple[int, Sequence[str]]], *, most: int = MOST_ROWS) -> list[Price]:
    """The prices of rows of text, each with its line; the first one holds the headings. Raises `BadPriceFile` with
    what is wrong on up to 20 lines."""
    rows = iter(rows)
    number, headings = next(((at, row) for at, row in rows if any(map(str.strip, row))), (0, ()))
    where = _columns(number, _headings(headings))
    known = _Known()
    prices, faults = [], []
    for at, row in rows:
        if not any(cell and not cell.isspace() for cell in row):
            continue
        if len(prices) == most:
            faults.append(Fault(at, f"The list has more than {most:,} prices. Check it in parts, each pool whole"))
            break
        try:
            prices.append(_price(at, row, where, len(headings), known))
        except _Wrong as wrong:
            faults.append(Fault(at, str(wrong)))
            if len(faults) == MOST_FAULTS:
                break
    if faults:
        raise BadPriceFile(*faults, more=len(faults) == MOST_FAULTS)
    if not prices:
        raise BadPriceFile(Fault(0, "There is no price under the headings"))
    return prices


class _Wrong(ValueError):
    """What is wrong with one row."""


class _Known:
    """Names as they were first written, and who bid in which pool on which line."""

    def __init__(self):
        self.names: dict[tuple[str, str], tuple[str, int]] = {}
        self.bids: dict[tuple[str, str], int] = {}
        self.clean: dict[str, str] = {}

    def name(self, what: str, text: str, at: int) -> str:
        """A pool's or provider's name. Two spellings of one name would be two pools or two bidders."""
        name = self.clean.get(text) or self.clean.setdefault(text, _clean(what, text))
        first, line = self.names.setdefault((what, _folded(name)), (name, at))
        if first != name:
            raise _Wrong(
                f"“{name}” is written “{first}” on line {line}. Write the name of a {what} the same everywhere"
            )
        return first

    def bid(self, pool: str, provider: str, at: int) -> None:
        line = self.bids.setdefault((pool, provider), at)
        if line != at:
            raise _Wrong(f"{provider} already has a price in the pool “{pool}”, on line {line}. Keep one of them")


def _price(at: int, row: Sequence[str], where: dict[str, int], width: int, known: _Known) -> Price:
    if any(cell.strip() for cell in row[width:]):
        raise _Wrong(
            "There are more values than headings. Put a price or name that holds a comma between quotes, "
            'like "1,234.50"'
        )
    pool_text, provider_text, text = (row[where[name]] if where[name] < len(row) else "" for name in COLUMNS)
    after = row[where["price"] + 1] if where["price"] + 1 < len(row) else ""
    if _LOOKS_CUT.fullmatch(text.strip()) and _LOOKS_LIKE_THE_REST.fullmatch(after):
        raise _Wrong(
            f'Is the price {text.strip()} or "{text.strip()},{after}"? Put a price with a comma between quotes'
        )
    pool, provider = known.name("pool", pool_text, at), known.name("provider", provider_text, at)
    if not text.strip():
        raise _Wrong(f"There is no price. {WHAT_TO_TYPE}")
    if text.startswith("="):
        raise _Wrong("The price is a formula. Copy the column and paste it as values")
    try:
        pence = Money.parse(text).pence
    except NotMoney as wrong:
        raise _Wrong(f"“{_short(text)}” is not a price. {wrong}") from None
    if not pence:
        raise _Wrong(f"A price of nothing cannot be compared. {WHAT_TO_TYPE}, or leave the line out")
    known.bid(pool, provider, at)
    return Price(at, pool, provider, pence)


def _columns(number: int, headings: Sequence[str]) -> dict[str, int]:
    if not headings:
        raise BadPriceFile(Fault(0, "The file is empty"))
    missing = [name for name in COLUMNS if name not in headings]
    if missing:
        words = "The columns must be called pool, provider and price. Missing: " + ", ".join(missing)
        raise BadPriceFile(Fault(number, words))
    twice = [name for name in COLUMNS if headings.count(name) > 1]
    if twice:
        raise BadPriceFile(Fault(number, f"There are two columns called {twice[0]}. Keep one of them"))
    return {name: headings.index(name) for name in COLUMNS}


def _headings(cells: Iterable[str]) -> list[str]:
    return [" ".join(cell.strip().strip('"').split()).casefold() for cell in cells]


def _clean(what: str, text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise _Wrong(f"There is no {what}. Enter its name")
    if name.startswith("="):
        raise _Wrong(f"The {what} is a formula. Copy the column and paste it as values")
    if len(name) > LONGEST_NAME:
        raise _Wrong(f"The name of the {what} is longer than {LONGEST_NAME} characters. Shorten it")
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Co"} for sign in name):
        raise _Wrong(f"The name of the {what} holds a sign that cannot be shown. Type the name again")
    return name


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    return "".join(
        sign for sign in unicodedata.normalize("NFKC", name).casefold() if unicodedata.category(sign) != "Cf"
    )


def _short(text: str) -> str:
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in text.strip())
    return shown if len(shown) <= 40 else f"{shown[:40]}…"
