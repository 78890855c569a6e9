"""Bidders who are connected with each other, as far as what they submitted and their numbers in registers say. A flag
for people to look into, never a decision: one firm may own two bidders quite openly."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

PERSON, NAMED, NUMBER, PARENT = "person", "named", "number", "parent"
HOW = {
    PERSON: "Both name the same connected person or firm",
    NAMED: "One names the other as connected",
    NUMBER: "Both have the same number in a register",
    PARENT: "One belongs to the other, or both to the same organisation",
}
# A sub-contractor that two bidders would use connects neither with the other.
_NO_TIE = {"subcontractor"}


@dataclass(frozen=True)
class Bidder:
    """What is compared of one bid. `numbers` are (register, number); `parent` is an organisation's key."""

    bid_id: int
    name: str
    organisation_id: int
    parent_id: int | None
    numbers: frozenset[tuple[str, str]]
    persons: frozenset[str]


@dataclass(frozen=True, order=True)
class Pair:
    """Two bids, the lower key first, and how they are connected: one of HOW."""

    one: int
    other: int
    how: str


def folded(name: str) -> str:
    """A name as it is compared: case, accents, signs and the order of spaces do not tell two people apart."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join(re.findall(r"\w+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


def persons_in(document: Mapping) -> frozenset[str]:
    """Whom a frozen application names as connected, without sub-contractors."""
    rows = document.get("connected", {}).get("persons", ())
    names = {folded(str(row.get("name", ""))) for row in rows if row.get("kind") not in _NO_TIE}
    return frozenset(names - {""})


def pairs(bidders: Iterable[Bidder]) -> list[Pair]:
    """Every pair that is connected, each way once. Compared by what they share, so that a thousand bidders are quick;
    whatever is shared by more than 20 of them (“none”, “director”) ties nobody."""
    bidders = list(bidders)
    shared: dict[tuple[str, object], set[int]] = defaultdict(set)
    names = {folded(one.name): one.bid_id for one in bidders}
    found = set()
    for one in bidders:
        for person in one.persons:
            shared[PERSON, person].add(one.bid_id)
            if names.get(person, one.bid_id) != one.bid_id:
                found.add(_pair(one.bid_id, names[person], NAMED))
        for number in one.numbers:
            shared[NUMBER, number].add(one.bid_id)
        for organisation in {one.parent_id, one.organisation_id} - {None}:
            shared[PARENT, organisation].add(one.bid_id)
    for (how, _), bids in shared.items():
        if len(bids) <= 20:
            found |= {_pair(one, other, how) for one, other in combinations(bids, 2)}
    return sorted(found)


def _pair(one: int, other: int, how: str) -> Pair:
    return Pair(min(one, other), max(one, other), how)


def written(found: Iterable[Pair]) -> str:
    """As the opening of prices keeps it. It names nobody."""
    return json.dumps([[pair.one, pair.other, pair.how] for pair in found], separators=(",", ":"))


def read(text: str) -> list[Pair] | None:
    """As it was kept; None where nobody could look."""
    return [Pair(*row) for row in json.loads(text)] if text else None
