"""What the tables of an evaluation's report are made of, and what one reader may know.

What the reader may not know is not read at all:

- verdicts, outcomes, questions to bidders and the blind sample only once quality is frozen;
- prices and what follows from them only for whoever may see prices (`permissions.duties.can_see_prices`);
- nothing about a bidder whose bid the reader may not meet, and then no sum from which it could be worked out and no
  text that might name it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from django.db.models import QuerySet

from core.money import Money
from evaluation.models import Bid, Evaluation
from evaluation.states import Stage

AT_ONCE = 2000
JUDGED_LATER = "Verdicts, outcomes, questions to bidders and the blind sample stand here once quality is frozen."
NO_PRICES = "Prices and the award are not shown to you at this stage of the evaluation."
OF_ALL = "Not shown: a bidder whose bid you do not meet is in it"
MAY_NAME = "Not shown: it may name a bidder whose bid you do not meet"
Cell = str | int | bool | dt.datetime | dt.date | Money | None


@dataclass(frozen=True)
class Column:
    """A heading, where the value stands, and how it is said."""

    heading: str
    field: str
    said: Callable = lambda value: value


@dataclass(frozen=True)
class Section:
    """A table of the report. `read(most)` gives its rows anew, where it can only so many of them; `withheld` says why
    there is none for this reader. The first `lead` columns name a row."""

    code: str
    title: str
    about: str
    headings: tuple[str, ...]
    read: Callable[[int | None], Iterable[tuple[Cell, ...]]]
    withheld: str = ""
    lead: int = 1

    def rows(self, most: int | None = None) -> Iterator[tuple[Cell, ...]]:
        """The rows, up to `most`. What is withheld is never read."""
        return iter(()) if self.withheld else islice(self.read(most), most)


@dataclass(frozen=True)
class Reader:
    """Who reads which evaluation, and what they may know of it."""

    evaluation: Evaluation
    user: object
    prices: bool

    @property
    def full(self) -> bool:
        """Quality is frozen: verdicts are no secret within the buyer any more."""
        return self.evaluation.stage not in {Stage.PREPARING, Stage.JUDGING}

    @property
    def bids(self) -> QuerySet:
        """Keys of the bids that they may meet, for a subquery."""
        return Bid.objects.visible_to(self.user).filter(evaluation=self.evaluation).order_by().values("pk")

    @cached_property
    def left_out(self) -> dict[int, str]:
        """The bidders whose bids they do not meet, by key, with their names."""
        rows = Bid.objects.filter(evaluation=self.evaluation).exclude(pk__in=self.bids)
        return dict(rows.order_by("provider_name", "pk").values_list("provider", "provider_name"))

    def text(self, value: str) -> str:
        """A text about the evaluation as a whole. Where a bidder is left out it might name them."""
        return MAY_NAME if value and self.left_out else value

    def sum_of_all(self, value: Cell) -> Cell:
        """A count, sum or hash over all bids: with one bidder left out it would tell of them."""
        return OF_ALL if self.left_out else value

    def later(self) -> str:
        """Why verdicts are not shown; empty where they are."""
        return "" if self.full else JUDGED_LATER

    def priceless(self) -> str:
        """Why prices are not shown; empty where they are."""
        return "" if self.prices else NO_PRICES


def table(
    code: str, title: str, about: str, rows: QuerySet, *columns: Column, withheld: str = "", lead: int = 1
) -> Section:
    """A section of the rows of one query."""

    def read(most: int | None) -> Iterator[tuple[Cell, ...]]:
        found = rows.values_list(*(one.field for one in columns))
        for row in found[:most] if most else found.iterator(chunk_size=AT_ONCE):
            yield tuple(one.said(value) for one, value in zip(columns, row, strict=True))

    return Section(code, title, about, tuple(one.heading for one in columns), read, withheld, lead)


def facts(code: str, title: str, about: str, found: Callable[[], Iterable[tuple[str, Cell]]]) -> Section:
    """A section of names and values."""
    return Section(code, title, about, ("What", "How it stands"), lambda most: found())


def label(states) -> Callable:
    """A value of these states in words; what is none of them stays as it is."""
    words = dict(states.choices)
    return lambda value: words.get(value, value)


def pence(value: int | None) -> Money | None:
    """Pence as money."""
    return None if value is None else Money(value)
