"""Whether facts can become rows: what no column holds, or no framework can be, is refused before anything is written,
by the key of the fact and with a sentence. Lengths are characters, money pence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields

import regex

from core.money import LARGEST_PENCE, Money
from lots.rules.facts import FrameworkFacts, LotFacts
from lots.rules.refusals import Refused

LONGEST_TEXT = 100_000
LONGEST = {
    "title": 500,
    "ocid": 200,
    "reference": 200,
    "lots.number": 20,
    "lots.title": 500,
    "regions": 60,
    "texts.name": 200,
    "documents.title": 500,
    "documents.reference": 200,
    "documents.kind": 100,
    "documents.notice_type": 20,
    "documents.url": 2000,
}
LARGEST_COUNT = 100_000
MOST_LOTS = 1000
EARLIEST, LATEST = 1900, 2200
# What no column of either database takes: NUL, and half of a character.
UNSTORABLE = regex.compile("[\x00\ud800-\udfff]")


class NotFit(Refused):
    """These facts cannot become a framework. `key` is the fact's (`lots.1.title`), the message says why."""

    def __init__(self, key: str, message: str):
        super().__init__(message, field=key)
        self.key = key


def check(facts: FrameworkFacts) -> None:
    """Raise `NotFit` for the first fact that cannot be written."""
    for key, message in _faults(facts):
        raise NotFit(key, message)


def _faults(facts: FrameworkFacts) -> Iterator[tuple[str, str]]:
    if not facts.title.strip():
        yield "title", "The framework has no title"
    yield from _of_fields(facts, "", "")
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        yield "ends_on", "The framework ends before it starts"
    if len(facts.lots) > MOST_LOTS:
        yield "lots", f"There are more than {MOST_LOTS:,} lots"
    seen = set()
    for lot in facts.lots:
        key = f"lots.{lot.number}"
        if not lot.number.strip():
            yield key, "A lot has no number"
        if lot.number in seen:
            yield key, f"There are two lots {lot.number}"
        seen.add(lot.number)
        yield from _of_lot(lot, key)
    for position, document in enumerate(facts.documents):
        yield from _of_fields(document, f"documents.{position}.", "documents.")
    for position, date in enumerate(facts.key_dates):
        yield from _of_fields(date, f"key_dates.{position}.", "key_dates.")


def _of_lot(lot: LotFacts, key: str) -> Iterator[tuple[str, str]]:
    yield from _of_fields(lot, f"{key}.", "lots.")
    for region in lot.regions:
        yield from _of_text(f"{key}.regions", region, LONGEST["regions"])
    letters = [part.letter for part in lot.sub_lots]
    if len(set(letters)) < len(letters):
        yield f"{key}.sub_lots", f"Lot {lot.number} has two parts of one letter"
    for text in lot.texts:
        yield from _of_fields(text, f"{key}.texts.", "texts.")


def _of_fields(thing, prefix: str, kind: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the single values of `thing`; `kind` is where `LONGEST` knows its fields."""
    for field in fields(thing):
        key, value = f"{prefix}{field.name}", getattr(thing, field.name)
        if isinstance(value, str):
            yield from _of_text(key, value, LONGEST.get(f"{kind}{field.name}", LONGEST_TEXT))
        elif isinstance(value, dt.date) and not EARLIEST <= value.year <= LATEST:
            yield key, f"The year {value.year} is not one that a framework could have"
        elif isinstance(value, int) and not isinstance(value, bool):
            pence = field.name.endswith("_pence")
            if value < 0:
                yield key, "A number below nothing cannot be right"
            elif value > (LARGEST_PENCE if pence else LARGEST_COUNT):
                most = Money(LARGEST_PENCE).in_short if pence else f"{LARGEST_COUNT:,}"
                yield key, f"The number is larger than {most}"


def _of_text(key: str, value: str, longest: int) -> Iterator[tuple[str, str]]:
    if len(value) > longest:
        yield key, f"The text is longer than {longest:,} characters"
    elif UNSTORABLE.search(value):
        yield key, "The text holds characters that cannot be kept, such as half of a character"
